"""YuNet: boxes, five landmarks and a score for every face (Wu et al., MIR 2023), in OpenCV."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from facegui.detection.loading import model_file
from facegui.domain.detection import DetectOptions
from facegui.domain.entities import RgbImage
from facegui.domain.geometry import Box, Landmarks, Point
from facegui.imaging.cv import cv2

_NMS_IOU = 0.3
_MOST_FACES = 5000


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


class YuNet:
    """The detector. Not thread-safe."""

    def __init__(self, model: Path, options: DetectOptions) -> None:
        """Load the network.

        Raises:
            ModelUnavailable: *model* cannot be loaded.
        """
        side = options.side_px
        self._side_px = side
        with model_file(model):
            self._net = cv2.FaceDetectorYN.create(
                str(model), "", (side, side), options.min_score, _NMS_IOU, _MOST_FACES
            )

    def find(self, image: RgbImage) -> list[Found]:
        """Every face in *image*, best score first."""
        height, width = image.shape[:2]
        scale = min(1.0, self._side_px / max(height, width))
        if scale < 1:
            size = (max(1, round(width * scale)), max(1, round(height * scale)))
            image = np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA), np.uint8)
        self._net.setInputSize((image.shape[1], image.shape[0]))
        rows = self._net.detect(cv2.cvtColor(image, cv2.COLOR_RGB2BGR))[1]
        if np.ndim(rows) == 0:  # None: no face
            return []
        # Each side is rounded by itself, so each has its own way back.
        back = np.array([width / image.shape[1], height / image.shape[0]] * 7 + [1.0])
        found = [_found(row, width, height) for row in (rows * back).tolist()]
        return sorted(
            (face for face in found if face.box.area > 0), key=lambda face: face.score, reverse=True
        )


def _found(row: list[float], width: int, height: int) -> Found:
    """A row of YuNet: x, y, width, height, five points (x, y), score."""
    x, y, box_width, box_height = row[:4]
    points = (Point(row[4 + 2 * i], row[5 + 2 * i]) for i in range(5))
    box = Box(x, y, x + box_width, y + box_height).clipped(width, height)
    return Found(box, Landmarks(*points), min(row[14], 1.0))
