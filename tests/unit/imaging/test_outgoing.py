"""What leaves the machine: small, upright, and nothing but pixels."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, PngImagePlugin

from facegui.domain.errors import ImageError
from facegui.imaging.outgoing import MAX_HEIGHT_PX, MAX_WIDTH_PX, outgoing
from tests.fakes.private_photos import SECRETS, private_photo


@pytest.mark.parametrize(
    ("size", "sent"),
    [
        ((800, 600), (800, 600)),
        ((1600, 1200), (1600, 1200)),
        ((4000, 3000), (1600, 1200)),
        ((3000, 4000), (900, 1200)),
        ((1200, 1600), (900, 1200)),
        ((5000, 500), (1600, 160)),
        ((1601, 1201), (1599, 1200)),
        ((1, 2401), (1, 1200)),
    ],
)
def test_it_fits_into_1600_by_1200(
    tmp_path: Path, size: tuple[int, int], sent: tuple[int, int]
) -> None:
    Image.new("RGB", size, "teal").save(tmp_path / "photo.jpg")
    picture = outgoing(tmp_path / "photo.jpg")
    assert (picture.width, picture.height) == pytest.approx(sent, abs=1)
    assert picture.width <= MAX_WIDTH_PX
    assert picture.height <= MAX_HEIGHT_PX
    assert picture.scale == pytest.approx(picture.width / size[0])
    assert Image.open(io.BytesIO(picture.jpeg)).size == (picture.width, picture.height)


@pytest.mark.parametrize("suffix", [".jpg", ".png", ".tif", ".webp"])
def test_nothing_but_pixels_goes_out(tmp_path: Path, suffix: str) -> None:
    path = private_photo(tmp_path / f"Ann Secret{suffix}")
    assert any(secret in path.read_bytes() for secret in SECRETS)  # or the test shows nothing
    picture = outgoing(path)
    for secret in (*SECRETS, b"Exif", b"http://ns.adobe.com", b"Ann Secret"):
        assert secret not in picture.jpeg
    opened = Image.open(io.BytesIO(picture.jpeg))
    assert not opened.getexif()
    assert set(opened.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


def test_a_comment_of_a_png_stays_here(tmp_path: Path) -> None:
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Comment", "at grandmother's house")
    Image.new("RGB", (40, 30)).save(tmp_path / "a.png", pnginfo=notes)
    assert b"grandmother" not in outgoing(tmp_path / "a.png").jpeg


def test_it_stands_upright(tmp_path: Path) -> None:
    """Stored on its side with a note: red is at the top once it is turned as the note says."""
    stored = np.zeros((60, 80, 3), np.uint8)
    stored[:, :40] = (255, 0, 0)
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.fromarray(stored).save(tmp_path / "a.jpg", exif=exif, quality=95)
    picture = outgoing(tmp_path / "a.jpg")
    assert (picture.width, picture.height) == (60, 80)
    sent = np.asarray(Image.open(io.BytesIO(picture.jpeg)).convert("RGB"))
    assert sent[10, 30, 0] > 200
    assert sent[70, 30, 0] < 50


def test_a_file_that_is_no_picture_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_bytes(b"<html>")
    with pytest.raises(ImageError, match="web page"):
        outgoing(tmp_path / "a.jpg")
