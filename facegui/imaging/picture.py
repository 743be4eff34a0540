"""A photo's pixels, decoded only as finely as somebody asks for them.

A JPEG comes at 1/2, 1/4 or 1/8 of its size several times faster than whole: of 12 megapixels, a
quarter of each side takes a sixth of the time. Finding faces and hashing the photo need no more,
nor does measuring a face that fills the photo; only for small faces is it decoded again.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path

import numpy as np

from facegui.domain.entities import RgbImage
from facegui.domain.ports import Picture
from facegui.imaging.decode import Decoded, decode_bytes

FIRST_SIDE_PX = 640
"""A reduced picture keeps at least so much of its shorter side."""


class WholePicture:
    """Pixels that are all there already; implements `facegui.domain.ports.Picture`."""

    def __init__(self, image: RgbImage) -> None:
        self.height, self.width = image.shape[:2]
        self._image = image

    def at_least(self, scale: float) -> RgbImage:  # noqa: ARG002 - the port's
        """All of them, whatever *scale*."""
        return self._image


class PhotoPicture:
    """The picture in a photo file's bytes; implements `facegui.domain.ports.Picture`.

    Not thread-safe.

    Attributes:
        first: the reduced picture, and what else the file says.
    """

    def __init__(
        self, data: bytes, path: Path | str, *, reserve: Callable[[int], None] | None = None
    ) -> None:
        """Decode a first, reduced picture.

        Args:
            data: the file's whole content.
            path: where it came from, for messages.
            reserve: told before decoding how many bytes that takes, and may wait until there is
                room for them; and afterwards how many are held from then on.

        Raises:
            ImageError: see `decode_bytes`.
        """
        self._data, self._path, self._reserve = data, path, reserve
        self.first = self._finest = self._decoded(FIRST_SIDE_PX)
        self.width, self.height = self.first.width, self.first.height

    def at_least(self, scale: float) -> RgbImage:
        """The picture at *scale* or finer, decoded again where what there is is too coarse.

        Raises:
            ImageError: see `decode_bytes`.
        """
        wanted = min(1.0, scale)
        if self.first.scale >= wanted:
            return self.first.image
        if self._finest.scale < wanted:
            self._finest = self.first  # let go of what was finest while something finer is made
            side = math.ceil(min(self.width, self.height) * wanted)
            self._finest = self._decoded(side)
        return self._finest.image

    def _decoded(self, min_side: int) -> Decoded:
        decoded = decode_bytes(self._data, self._path, min_side=min_side, reserve=self._reserve)
        if self._reserve is not None:
            self._reserve(decoded.image.nbytes)
        return decoded


def picture_of(image: RgbImage | Picture) -> Picture:
    """*image* as a picture; an array is all there is of it."""
    return WholePicture(image) if isinstance(image, np.ndarray) else image
