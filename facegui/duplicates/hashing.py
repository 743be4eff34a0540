"""Perceptual hashes of pictures: `imagehash.phash`, of a picture and of its mirror image.

A hash is a Python int from 0 to 2**64 - 1, the first bit of imagehash's 8 × 8 array being the
highest, so that ``f"{value:016x}"`` is what imagehash prints. (SQLite knows signed integers only;
storage converts.)
"""

from __future__ import annotations

import imagehash
from PIL import Image

from facegui.domain.entities import PhotoHashes, RgbImage


def photo_hashes(image: RgbImage) -> PhotoHashes:
    """The 64-bit DCT hash of *image* (height × width × 3, RGB) and of its mirror image."""
    picture = Image.fromarray(image)
    mirror = picture.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    return PhotoHashes(_phash(picture), _phash(mirror))


def _phash(picture: Image.Image) -> int:
    return int(str(imagehash.phash(picture)), 16)
