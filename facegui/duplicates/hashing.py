"""Perceptual hashes of pictures: `imagehash.phash`, of a picture and of its mirror image.

A hash is a Python int from 0 to 2**64 - 1, the first bit of imagehash's 8 × 8 array being the
highest, so that ``f"{value:016x}"`` is what imagehash prints. (SQLite knows signed integers only;
storage converts.)
"""

from __future__ import annotations

import imagehash
import numpy as np
from PIL import Image

from facegui.domain.entities import PhotoHashes, RgbImage

_SIDE_PX = 32  # imagehash's hash_size 8 times its highfreq_factor 4


def photo_hashes(image: RgbImage) -> PhotoHashes:
    """The 64-bit DCT hash of *image* (height × width × 3, RGB) and of its mirror image.

    Both equal what imagehash gives for the whole picture: it reduces to 32 × 32 greys first, so
    that is done once here, and Pillow's reduction of a mirrored picture is the mirrored reduction.
    """
    grey = Image.fromarray(image).convert("L")
    small = grey.resize((_SIDE_PX, _SIDE_PX), Image.Resampling.LANCZOS)
    return PhotoHashes(_phash(small), _phash(small.transpose(Image.Transpose.FLIP_LEFT_RIGHT)))


def _phash(picture: Image.Image) -> int:
    return int.from_bytes(np.packbits(imagehash.phash(picture).hash).tobytes(), "big")
