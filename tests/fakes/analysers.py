"""A stand-in for the face analyser: coloured squares are faces, measured, frontal and sharp."""

from __future__ import annotations

import numpy as np

from facegui.domain.detection import DetectOptions
from facegui.domain.entities import Analysis, FaceProposal, PhotoHashes, RgbImage
from facegui.domain.geometry import Box, Pose
from facegui.domain.ports import FoundFace, Picture
from facegui.imaging.picture import picture_of
from tests.fakes.faces import SquareFinder


class SquareAnalyser:
    """Implements the `FaceAnalyser` port for the pictures of `tests.fakes.faces`."""

    version = "squares-1"

    def __init__(self, options: DetectOptions | None = None) -> None:
        self.options = options
        self._finder = SquareFinder()

    def analyse(self, image: RgbImage | Picture) -> Analysis:
        image = picture_of(image).at_least(1)
        return Analysis(tuple(self._measured(image, face) for face in self._finder.find(image)))

    def measure_at(self, image: RgbImage, box: Box) -> FaceProposal | None:
        faces = self.analyse(image).faces
        return next((face for face in faces if face.box.iou(box) > 0), None)

    def _measured(self, image: RgbImage, face: FoundFace) -> FaceProposal:
        embedding = self._finder.embed(image, face)
        value = int.from_bytes(np.packbits(embedding[:64] > 0).tobytes(), "big")
        return FaceProposal(
            box=face.box,
            landmarks=face.landmarks,
            score=face.score,
            pose=Pose(0.0, 0.0, 0.0),
            sharpness=100.0,
            brightness=128.0,
            contrast=40.0,
            embedding=embedding,
            hashes=PhotoHashes(value, value),
            detector=self.version,
        )
