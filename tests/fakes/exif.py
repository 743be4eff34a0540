"""JPEG files with a thumbnail in their EXIF, as cameras write them."""

from __future__ import annotations

import io
import struct

import numpy as np
from PIL import Image

from facegui.domain.entities import RgbImage


def jpeg(image: RgbImage, exif: bytes = b"") -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(image).save(buffer, "JPEG", quality=92, exif=exif)
    return buffer.getvalue()


def exif_with_thumbnail(thumbnail: bytes, orientation: int = 1) -> bytes:
    """A little-endian EXIF block: the orientation in IFD0, *thumbnail* in IFD1."""
    first, second = 8, 8 + 2 + 12 + 4
    data = second + 2 + 2 * 12 + 4
    ifd0 = struct.pack("<HHHIHHI", 1, 0x0112, 3, 1, orientation, 0, second)
    ifd1 = struct.pack("<H", 2)
    ifd1 += struct.pack("<HHII", 0x0201, 4, 1, data)
    ifd1 += struct.pack("<HHII", 0x0202, 4, 1, len(thumbnail)) + struct.pack("<I", 0)
    return b"Exif\0\0II*\0" + struct.pack("<I", first) + ifd0 + ifd1 + thumbnail


def camera_jpeg(
    width: int, height: int, *, thumbnail: tuple[int, int] = (160, 120), orientation: int = 1
) -> bytes:
    """A grey photo whose thumbnail is white above and black below, as stored."""
    small = np.zeros((thumbnail[1], thumbnail[0], 3), np.uint8)
    small[: thumbnail[1] // 2] = 255
    exif = exif_with_thumbnail(jpeg(small), orientation)
    return jpeg(np.full((height, width, 3), 128, np.uint8), exif)
