"""Perceptual hashes of pictures: `imagehash.phash`, of a picture and of its mirror image.

A hash is a Python int from 0 to 2**64 - 1, the first bit of imagehash's 8 × 8 array being the
highest, so that ``f"{value:016x}"`` is what imagehash prints. (SQLite knows signed integers only;
storage converts.)

imagehash takes a whole cosine transform for each picture, though it looks at 8 × 8 numbers of it
only. Here two matrix products give those of any number of pictures at a time, and the mirror
image's with them: mirroring turns the sign of every other column. Sums in another order end in
other last digits, so wherever a number is so near to the median that these could decide, imagehash
itself is asked: the bits are always its own.
"""

from __future__ import annotations

from typing import NamedTuple

import imagehash
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from facegui.domain.entities import PhotoHashes, RgbImage

SIDE_PX = 32
"""imagehash's hash_size 8 times its highfreq_factor 4."""

_SIZE = 8
_ODD_COLUMNS = np.where(np.arange(_SIZE) % 2, -1.0, 1.0)

# The unscaled DCT-II, as SciPy computes it: 2 · Σ x[n] cos(π k (2n + 1) / 2N).
_COSINES = 2 * np.cos(
    np.pi * np.outer(np.arange(_SIZE), 2 * np.arange(SIDE_PX) + 1) / (2 * SIDE_PX)
)

_TOO_NEAR = 1e-5
"""Numbers reach a million; two ways to sum them differ by 1e-8 at most."""


class GreyHashes(NamedTuple):
    """Hashes picture by picture, each uint64 (n,)."""

    phash: NDArray[np.uint64]
    phash_mirror: NDArray[np.uint64]


def photo_hashes(image: RgbImage) -> PhotoHashes:
    """The 64-bit DCT hash of *image* (height × width × 3, RGB) and of its mirror image.

    Both equal what imagehash gives for the whole picture: it reduces to 32 × 32 greys first, so
    that is done once here, and Pillow's reduction of a mirrored picture is the mirrored reduction.
    """
    grey = Image.fromarray(image).convert("L")
    small = grey.resize((SIDE_PX, SIDE_PX), Image.Resampling.LANCZOS)
    found = grey_hashes(np.asarray(small)[None])
    return PhotoHashes(int(found.phash[0]), int(found.phash_mirror[0]))


def grey_hashes(greys: NDArray[np.uint8]) -> GreyHashes:
    """Hashes of many pictures at once, and of their mirror images.

    Args:
        greys: n × 32 × 32, each picture reduced as imagehash does (Pillow's LANCZOS).
    """
    numbers = _COSINES @ (greys @ _COSINES.T)
    mirrored = greys[:, :, ::-1]
    return GreyHashes(_bits(numbers, greys), _bits(numbers * _ODD_COLUMNS, mirrored))


def _bits(numbers: NDArray[np.float64], greys: NDArray[np.uint8]) -> NDArray[np.uint64]:
    """Which of the n × 8 × 8 *numbers* lie above their picture's median, as one word each."""
    flat = numbers.reshape(len(numbers), _SIZE * _SIZE)
    middle = np.partition(flat, (31, 32), axis=1)[:, 31:33].mean(axis=1, keepdims=True)
    above = flat - middle
    words = np.packbits(above > 0, axis=1).view(">u8")[:, 0].astype(np.uint64)
    for place in np.flatnonzero((np.abs(above) < _TOO_NEAR).any(axis=1)).tolist():
        bits = imagehash.phash(Image.fromarray(np.ascontiguousarray(greys[place]))).hash
        words[place] = int.from_bytes(np.packbits(bits).tobytes(), "big")
    return words
