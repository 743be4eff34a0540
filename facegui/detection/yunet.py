"""YuNet: boxes, five landmarks and a score for every face (Wu et al., MIR 2023), in OpenCV."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from facegui.detection.loading import model_file
from facegui.detection.view import Found
from facegui.domain.entities import RgbImage
from facegui.domain.geometry import Box, Landmarks, Point
from facegui.imaging.cv import cv2

NMS_IOU = 0.3
"""Two boxes that overlap more than this are one face."""

_MOST_FACES = 5000


class YuNet:
    """The detector: one look at the pixels as they are. Not thread-safe."""

    def __init__(self, model: Path) -> None:
        """Load the network.

        Raises:
            ModelUnavailable: *model* cannot be loaded.
        """
        with model_file(model):
            self._net = cv2.FaceDetectorYN.create(
                str(model), "", (320, 320), 0.5, NMS_IOU, _MOST_FACES
            )

    def look(self, image: RgbImage, min_score: float) -> list[Found]:
        """Every face from *min_score* on in *image*, best first, its box clipped to the image."""
        height, width = image.shape[:2]
        self._net.setInputSize((width, height))
        self._net.setScoreThreshold(min_score)
        rows = self._net.detect(cv2.cvtColor(image, cv2.COLOR_RGB2BGR))[1]
        if np.ndim(rows) == 0:  # None: no face
            return []
        found = [_found(row, width, height) for row in rows.tolist()]
        return sorted(
            (face for face in found if face.box.area > 0), key=lambda face: face.score, reverse=True
        )


def _found(row: list[float], width: int, height: int) -> Found:
    """A row of YuNet: x, y, width, height, five points (x, y), score."""
    x, y, box_width, box_height = row[:4]
    points = (Point(row[4 + 2 * i], row[5 + 2 * i]) for i in range(5))
    box = Box(x, y, x + box_width, y + box_height).clipped(width, height)
    return Found(box, Landmarks(*points), min(row[14], 1.0))
