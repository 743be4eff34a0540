"""A picture as the detector is shown it: reduced, turned, framed or cut, and the way back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from facegui.domain.entities import RgbImage
from facegui.domain.geometry import Box, Landmarks, Point
from facegui.domain.ports import Picture
from facegui.imaging.cv import cv2

_Matrix = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Found:
    """A face in pixels of the image it was found in; implements `facegui.domain.ports.FoundFace`.

    Attributes:
        box: clipped to the image.
        landmarks: may lie outside of it.
        score: 0 to 1.
    """

    box: Box
    landmarks: Landmarks
    score: float


class Span(NamedTuple):
    """Pixels from *start* (inside) to *end* (outside)."""

    start: int
    end: int


@dataclass(frozen=True, slots=True, eq=False)
class View:
    """Some of a picture's pixels, and where in the picture they come from.

    Places count from the picture's edge, so that a box that covers all of a view comes back as the
    box that covers all of what it shows.

    Attributes:
        pixels: what is shown.
        back: 3 × 3, from places in *pixels* to places in the picture.
    """

    pixels: RgbImage
    back: _Matrix

    @classmethod
    def of(cls, picture: RgbImage) -> View:
        """The whole picture as it is."""
        return cls(picture, np.eye(3))

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels."""
        return self.pixels.shape[1], self.pixels.shape[0]

    def resized(self, scale: float) -> View:
        """*scale* times as large, and at least one pixel each way."""
        width, height = self.size
        size = max(1, round(width * scale)), max(1, round(height * scale))
        if size == (width, height):
            return self
        how = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
        pixels = np.asarray(cv2.resize(self.pixels, size, interpolation=how), np.uint8)
        # Each side is rounded by itself, so each has its own way back.
        return self._shows(pixels, [[width / size[0], 0, 0], [0, height / size[1], 0]])

    def turned(self, quarters: int) -> View:
        """Turned clockwise by *quarters* of a full turn, 0 to 3."""
        if quarters == 0:
            return self
        width, height = self.size
        way_back = {
            1: [[0, 1, 0], [-1, 0, height]],
            2: [[-1, 0, width], [0, -1, height]],
            3: [[0, -1, width], [1, 0, 0]],
        }[quarters]
        return self._shows(np.ascontiguousarray(np.rot90(self.pixels, -quarters)), way_back)

    def framed(self, border_px: int) -> View:
        """With its edge pixels going on for *border_px* on every side."""
        sides = (border_px,) * 4
        pixels = cv2.copyMakeBorder(self.pixels, *sides, cv2.BORDER_REPLICATE)
        return self._shows(np.asarray(pixels, np.uint8), [[1, 0, -border_px], [0, 1, -border_px]])

    def cut(self, across: Span, down: Span) -> View:
        """The part that lies in *across* from left to right and in *down* from top to bottom."""
        pixels = self.pixels[down.start : down.end, across.start : across.end]
        way_back = [[1, 0, across.start], [0, 1, down.start]]
        return self._shows(np.ascontiguousarray(pixels), way_back)

    def in_picture(self, face: Found, width: int, height: int) -> Found:
        """*face*, found in *pixels*, in the picture of *width* × *height*."""
        corners = self._places([(face.box.x1, face.box.y1), (face.box.x2, face.box.y2)])
        low, high = corners.min(axis=0), corners.max(axis=0)
        return replace(
            face,
            box=Box(*low.tolist(), *high.tolist()).clipped(width, height),
            landmarks=Landmarks(*(Point(*at) for at in self._places(face.landmarks).tolist())),
        )

    def _places(self, places: object) -> _Matrix:
        return np.asarray(places, np.float64) @ self.back[:2, :2].T + self.back[:2, 2]

    def _shows(self, pixels: RgbImage, way_back: Sequence[Sequence[float]]) -> View:
        return View(pixels, self.back @ np.array([*way_back, [0, 0, 1]], np.float64))


def spans(length: int, longest: int, overlap: int) -> list[Span]:
    """As few spans as cover *length*, none longer than *longest*, neighbours sharing *overlap*."""
    count = max(1, -(-(length - overlap) // (longest - overlap)))
    size = -(-(length + (count - 1) * overlap) // count)
    return [
        Span(start, start + size)
        for start in np.linspace(0, length - size, count, dtype=int).tolist()
    ]


class Source:
    """A picture to make views of; it is decoded only as finely as each of them needs."""

    def __init__(self, picture: Picture) -> None:
        self._picture = picture

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels of the original."""
        return self._picture.width, self._picture.height

    def resized(self, scale: float) -> View:
        """All of it at *scale*; its way back leads to the original."""
        pixels = self._picture.at_least(scale)
        across, down = self.size[0] / pixels.shape[1], self.size[1] / pixels.shape[0]
        return View(pixels, np.diag([across, down, 1.0])).resized(scale * across)
