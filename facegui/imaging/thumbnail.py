"""Small pictures of large ones, and the JPEG bytes they are kept as."""

from __future__ import annotations

import io

import numpy as np
from PIL import Image

from facegui.domain.entities import RgbImage
from facegui.imaging.cv import cv2

_QUALITY = 88


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
