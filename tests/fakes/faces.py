"""A stand-in for the face models: a face is a plain coloured square on black, its colour is who.

It implements the `FaceFinder` port for real pictures of that kind, so that whole paths (files,
videos, pages) run without models.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from facegui.domain.control import Control
from facegui.domain.detection import DetectOptions
from facegui.domain.entities import Embedding, RgbImage
from facegui.domain.geometry import Box, Landmarks, Point
from facegui.domain.ports import FoundFace, Picture
from facegui.imaging.cv import cv2
from facegui.imaging.picture import picture_of
from facegui.services.engine import Engine
from facegui.services.tools import Tools

Colour = tuple[int, int, int]
SIDE = 24
"""Pixels of a face's side."""


@dataclass(frozen=True)
class Square:
    """A found face."""

    box: Box
    landmarks: Landmarks
    score: float


def square(x: float, y: float, side: float = SIDE, score: float = 0.9) -> Square:
    """A face at a place, its landmarks roughly where a face has them."""
    points = [(0.3, 0.4), (0.7, 0.4), (0.5, 0.6), (0.35, 0.8), (0.65, 0.8)]
    landmarks = Landmarks(*(Point(x + side * u, y + side * v) for u, v in points))
    return Square(Box(x, y, x + side, y + side), landmarks, score)


def picture(
    *faces: tuple[int, int, Colour], width: int = 160, height: int = 96, side: int = SIDE
) -> RgbImage:
    """A black picture with a coloured square at each (x, y, colour)."""
    image = np.zeros((height, width, 3), np.uint8)
    for x, y, colour in faces:
        image[y : y + side, x : x + side] = colour
    return image


class SquareFinder:
    """Finds coloured squares, left to right, whatever the options."""

    def __init__(self, options: DetectOptions | None = None) -> None:
        self.options = options

    def find(self, image: RgbImage | Picture) -> Sequence[FoundFace]:
        """Every patch that is not black."""
        image = picture_of(image).at_least(1)
        bright = (image.max(axis=2) > 100).astype(np.uint8)
        _, _, stats, _ = cv2.connectedComponentsWithStats(bright)
        found = [(int(x), int(y), int(w)) for x, y, w, h, area in stats[1:] if area > 100]
        return [square(x, y, w) for x, y, w in sorted(found)]

    def find_again(self, image: RgbImage, box: Box) -> FoundFace | None:
        """The square that overlaps *box* most."""
        found = max(self.find(image), key=lambda face: face.box.iou(box), default=None)
        return found if found is not None and found.box.iou(box) > 0 else None

    def embed(self, image: RgbImage, face: FoundFace) -> Embedding:
        """The colour in the middle of the square."""
        x, y = (round(value) for value in face.box.centre)
        return colour_embedding(image[y, x])


def colour_embedding(colour: Sequence[int] | RgbImage) -> Embedding:
    """128 numbers of length one, of which the first three are red, green and blue."""
    vector = np.zeros(128, np.float32)
    vector[:3] = colour
    vector[3] = not vector.any()  # black has a direction too
    unit: Embedding = vector / np.linalg.norm(vector)
    return unit


class NoModels:
    """A `ModelStore` for tools that need no files."""

    def path(self, name: str, control: Control | None = None) -> Path:
        """Nobody opens it."""
        return Path(name)


def fake_tools(**replaced: object) -> Tools:
    """Tools over `SquareFinder` and real cameras; close them in the end."""

    def no_analyser() -> object:
        raise AssertionError("recognition needs no analyser")

    from facegui.collect.camera import open_source

    parts: dict[str, object] = {
        "models": NoModels(),
        "analyser": no_analyser,
        "finder": SquareFinder,
        "frame_source": open_source,
        "trainer": Engine("test-training"),
        "inference": Engine("test-recognition"),
    }
    return Tools(**{**parts, **replaced})  # type: ignore[arg-type]
