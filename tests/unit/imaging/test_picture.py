"""Pixels only as finely as they are asked for, and places in them that lead to the original."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from facegui.domain.errors import ImageError
from facegui.imaging.picture import FIRST_SIDE_PX, PhotoPicture, WholePicture, picture_of

WIDTH, HEIGHT = 4000, 3000


def photo(*, width: int = WIDTH, height: int = HEIGHT, kind: str = "JPEG", **save: object) -> bytes:
    """Grey with a red square from (800, 1600) to (1200, 2000)."""
    image = np.full((height, width, 3), 90, np.uint8)
    image[1600:2000, 800:1200] = (255, 0, 0)
    buffer = io.BytesIO()
    Image.fromarray(image).save(buffer, kind, **save)
    return buffer.getvalue()


@pytest.fixture(scope="module")
def large() -> bytes:
    return photo(quality=90)


def red_square(image: np.ndarray) -> tuple[float, float, float, float]:
    """Left, top, right, bottom as fractions of the picture."""
    red = (image[:, :, 0] > 170) & (image[:, :, 1] < 60)
    rows, columns = np.nonzero(red.any(axis=1))[0], np.nonzero(red.any(axis=0))[0]
    height, width = red.shape
    return columns[0] / width, rows[0] / height, (columns[-1] + 1) / width, (rows[-1] + 1) / height


def test_a_large_jpeg_comes_reduced_first_and_as_fine_as_asked_later(large: bytes) -> None:
    picture = PhotoPicture(large, "large.jpg")
    assert (picture.width, picture.height) == (WIDTH, HEIGHT)
    assert picture.at_least(0.0).shape == (750, 1000, 3)
    assert picture.at_least(0.25) is picture.first.image
    assert picture.at_least(0.26).shape == (1500, 2000, 3)
    assert picture.at_least(0.5).shape == (1500, 2000, 3)
    assert picture.at_least(0.51).shape == (HEIGHT, WIDTH, 3)
    assert picture.at_least(7.0).shape == (HEIGHT, WIDTH, 3)
    assert picture.at_least(0.25) is picture.first.image


def test_what_has_been_decoded_is_not_decoded_again(large: bytes) -> None:
    told: list[int] = []
    picture = PhotoPicture(large, "large.jpg", reserve=told.append)
    picture.at_least(0.2)
    assert len(told) == 2
    half = picture.at_least(0.4)
    assert picture.at_least(0.5) is half
    assert len(told) == 4


def test_it_tells_what_it_takes_before_and_what_it_holds_after(large: bytes) -> None:
    told: list[int] = []
    picture = PhotoPicture(large, "large.jpg", reserve=told.append)
    picture.at_least(1)
    quarter, whole = 1000 * 750, WIDTH * HEIGHT
    assert told[1] == 3 * quarter
    assert told[3] == 3 * whole
    assert told[0] > 6 * quarter
    assert told[2] > 6 * whole


@pytest.mark.parametrize("orientation", [1, 3, 6, 8])
def test_places_lead_to_the_original_whichever_way_the_file_lies(orientation: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    picture = PhotoPicture(photo(quality=90, exif=exif), "turned.jpg")
    assert (picture.width > picture.height) is (orientation < 5)
    fine = red_square(picture.at_least(1))
    for scale in (0.1, 0.5):
        assert red_square(picture.at_least(scale)) == pytest.approx(fine, abs=0.004)


def test_odd_sizes_keep_their_scale() -> None:
    picture = PhotoPicture(photo(width=3999, height=2999), "odd.jpg")
    small = picture.at_least(0.25)
    assert picture.width / small.shape[1] == pytest.approx(4, abs=0.01)
    assert picture.height / small.shape[0] == pytest.approx(4, abs=0.01)
    assert picture.at_least(1).shape == (2999, 3999, 3)


@pytest.mark.parametrize(
    ("width", "height", "kind"),
    [(1200, 2000, "JPEG"), (2100, FIRST_SIDE_PX, "JPEG"), (2500, 2500, "PNG")],
)
def test_small_photos_and_other_formats_are_whole_at_once(
    width: int, height: int, kind: str
) -> None:
    picture = PhotoPicture(photo(width=width, height=height, kind=kind), "whole")
    assert picture.at_least(0.1).shape == (height, width, 3)
    assert picture.at_least(1) is picture.first.image


def test_a_broken_file_is_told_at_once(large: bytes) -> None:
    with pytest.raises(ImageError):
        PhotoPicture(large[: len(large) // 2], "cut.jpg")


def test_an_array_is_all_there_is_of_it() -> None:
    image = np.zeros((30, 40, 3), np.uint8)
    picture = picture_of(image)
    assert isinstance(picture, WholePicture)
    assert (picture.width, picture.height) == (40, 30)
    assert picture.at_least(0.1) is image
    assert picture_of(picture) is picture
