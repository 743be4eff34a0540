"""Shrinking keeps the shape, never enlarges, and JPEG comes back as the same picture."""

from __future__ import annotations

import numpy as np
import pytest

from facegui.imaging.decode import decode_bytes
from facegui.imaging.thumbnail import jpeg_bytes, shrink


@pytest.mark.parametrize(
    ("height", "width", "side", "shape"),
    [
        (600, 800, 320, (240, 320)),
        (800, 600, 320, (320, 240)),
        (100, 80, 320, (100, 80)),
        (1, 2000, 100, (1, 100)),
    ],
)
def test_the_longer_side_fits(height: int, width: int, side: int, shape: tuple[int, int]) -> None:
    assert shrink(np.zeros((height, width, 3), np.uint8), side).shape == (*shape, 3)


def test_shrinking_averages() -> None:
    stripes = np.zeros((200, 200, 3), np.uint8)
    stripes[:, ::2] = 255
    small = shrink(stripes, 100)
    assert abs(float(small.mean()) - 127.5) < 2
    assert float(small.std()) < 2


def test_jpeg_bytes_are_the_picture_and_nothing_else() -> None:
    image = np.full((60, 80, 3), (200, 100, 50), np.uint8)
    data = jpeg_bytes(image)
    assert np.abs(decode_bytes(data, "x").image.astype(int) - image).max() <= 3
    assert b"Exif" not in data
