"""Small pictures of large ones: made here, kept as JPEG bytes, or left in the file by a camera."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
from PIL import ExifTags, Image

from facegui.domain.entities import RgbImage
from facegui.imaging.cv import cv2
from facegui.imaging.decode import decode_bytes, read_file
from facegui.imaging.pixels import orientation_of, turn

_QUALITY = 88

_HEADER_BYTES = 2**18  # EXIF itself is at most 64 kB, but other blocks may come before it
_SAME_SHAPE = 0.02


def shrink(image: RgbImage, side_px: int) -> RgbImage:
    """*image* with its longer side at most *side_px*; itself where it is that small already."""
    height, width = image.shape[:2]
    scale = side_px / max(height, width)
    if scale >= 1:
        return image
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    return np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA), np.uint8)


def jpeg_bytes(image: RgbImage, quality: int = _QUALITY) -> bytes:
    """*image* as a JPEG file without any metadata."""
    buffer = io.BytesIO()
    Image.fromarray(image).save(buffer, "JPEG", quality=quality)
    return buffer.getvalue()


def embedded_thumbnail(path: Path | str) -> RgbImage | None:
    """The small picture that a camera left in the EXIF of a JPEG, upright; None where none is good.

    Only the file's beginning is read and the photo itself is not decoded, which makes this some
    hundred times faster. The thumbnail (Exif 2.32, 4.5.4) has no word on whether it still shows
    the photo; one of another shape, with black bars or from before a crop, counts as none.

    Raises:
        ImageError: the file cannot be read.
    """
    start = read_file(path, first=_HEADER_BYTES)
    try:
        with Image.open(io.BytesIO(start), formats=("JPEG", "MPO")) as photo:
            block = photo.info.get("exif", b"").removeprefix(b"Exif\0\0")
            place = photo.getexif().get_ifd(ExifTags.IFD.IFD1)
            first = place[ExifTags.Base.JpegIFOffset]
            data = block[first : first + place[ExifTags.Base.JpegIFByteCount]]
            thumbnail = decode_bytes(data, path)
            ratio = photo.width * thumbnail.height / (photo.height * thumbnail.width)
            orientation = orientation_of(photo)
    except Exception:  # whatever foreign bytes raise, there is no thumbnail in them
        return None
    return turn(thumbnail.image, orientation) if abs(ratio - 1) <= _SAME_SHAPE else None
