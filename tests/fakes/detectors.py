"""A stand-in for the detector: a face is a bright square with a red band where its forehead is.

Like the real one it misses small faces and wonders about smallish ones, and it takes a face upside
down for an upright one, though not as surely.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from facegui.detection.view import Found
from facegui.domain.entities import RgbImage
from facegui.domain.geometry import Box, Landmarks, Point
from facegui.imaging.cv import cv2

SURE_PX, LEAST_PX = 14, 7


def draw(image: RgbImage, x: int, y: int, side: int, quarters: int = 0) -> Box:
    """Put a face at (*x*, *y*) of *image*, turned clockwise by *quarters*; returns its box."""
    face = np.full((side, side, 3), 220, np.uint8)
    face[: side // 3, :, 1:] = 0
    image[y : y + side, x : x + side] = np.rot90(face, -quarters)
    return Box(x, y, x + side, y + side)


class SquareDetector:
    """Implements what `FaceSearch` asks of a `YuNet`, and notes every look.

    Args:
        extra: further faces that it claims to see in a picture.
    """

    def __init__(self, extra: Callable[[RgbImage], Sequence[Found]] = lambda image: ()) -> None:
        self.looks: list[tuple[int, int]] = []
        self._extra = extra

    def look(self, image: RgbImage, min_score: float) -> list[Found]:
        self.looks.append((image.shape[1], image.shape[0]))
        bright = (image[..., 0] > 110).astype(np.uint8)
        _, _, stats, _ = cv2.connectedComponentsWithStats(bright)
        faces = [_face(image, *map(int, row[:4])) for row in stats[1:]]
        faces += self._extra(image)
        seen = [face for face in faces if face.score >= min_score and face.box.area > 0]
        return sorted(seen, key=lambda face: face.score, reverse=True)


def _face(image: RgbImage, x: int, y: int, width: int, height: int) -> Found:
    part = image[y : y + height, x : x + width].astype(int)
    third = max(1, height // 3)
    red = part[..., 0] - part[..., 2]
    top, bottom = red[:third].mean(), red[-third:].mean()
    score = 0.95 if top > 150 else 0.85 if bottom > 150 else 0.3
    size = min(width, height)
    if size < SURE_PX:
        score = min(score, 0.5 if size >= LEAST_PX else 0.1)
    marks = [(0.3, 0.4), (0.7, 0.4), (0.5, 0.6), (0.35, 0.8), (0.65, 0.8)]
    points = (Point(x + width * u, y + height * v) for u, v in marks)
    return Found(Box(x, y, x + width, y + height), Landmarks(*points), score)
