"""What cameras leave in EXIF: found fast, turned upright, and not believed when it cannot be so."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from facegui.domain.errors import ImageError
from facegui.imaging.thumbnail import embedded_thumbnail
from tests.fakes.exif import camera_jpeg, exif_with_thumbnail, jpeg


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "photo.jpg"


@pytest.mark.parametrize(
    ("orientation", "shape", "white"),
    [
        (1, (120, 160, 3), np.s_[:50]),
        (3, (120, 160, 3), np.s_[70:]),
        (6, (160, 120, 3), np.s_[:, 70:]),  # lies on its left side: the top is to the right
        (8, (160, 120, 3), np.s_[:, :50]),
    ],
)
def test_it_is_turned_as_the_photo_is(
    file: Path, orientation: int, shape: tuple[int, int, int], white: tuple[slice, ...]
) -> None:
    file.write_bytes(camera_jpeg(800, 600, orientation=orientation))
    found = embedded_thumbnail(file)
    assert found is not None
    assert found.shape == shape
    assert found[white].min() > 240
    assert found.mean() == pytest.approx(127, abs=3)


def test_one_of_another_shape_is_none(file: Path) -> None:
    """A 3:2 photo's thumbnail is often 4:3 with black bars, or shows what a crop has taken away."""
    file.write_bytes(camera_jpeg(900, 600))
    assert embedded_thumbnail(file) is None


def test_the_rest_of_the_file_is_not_needed(file: Path) -> None:
    noise = np.random.default_rng(0).integers(0, 255, (1500, 2000, 3), np.uint8)
    small = jpeg(np.full((120, 160, 3), 77, np.uint8))
    whole = jpeg(noise, exif_with_thumbnail(small))
    assert len(whole) > 2**20
    file.write_bytes(whole[: 2**18])
    found = embedded_thumbnail(file)
    assert found is not None
    assert found.mean() == pytest.approx(77, abs=1)


@pytest.mark.parametrize(
    "exif",
    [
        b"",
        b"Exif\0\0II*\0\x08\0\0\0",
        exif_with_thumbnail(b""),
        exif_with_thumbnail(b"\xff\xd8 no picture"),
        exif_with_thumbnail(jpeg(np.zeros((12, 16, 3), np.uint8)))[:-40],
    ],
    ids=["no EXIF", "cut off", "empty", "damaged", "reaches beyond the block"],
)
def test_without_a_good_one_there_is_none(file: Path, exif: bytes) -> None:
    file.write_bytes(jpeg(np.zeros((600, 800, 3), np.uint8), exif))
    assert embedded_thumbnail(file) is None


def test_other_formats_have_none(tmp_path: Path) -> None:
    Image.new("RGB", (80, 60)).save(tmp_path / "a.png")
    (tmp_path / "page.jpg").write_text("<html>")
    assert embedded_thumbnail(tmp_path / "a.png") is None
    assert embedded_thumbnail(tmp_path / "page.jpg") is None


def test_a_file_that_cannot_be_read_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ImageError):
        embedded_thumbnail(tmp_path / "gone.jpg")
