"""A stand-in for the face analyser: coloured squares are faces, measured, frontal and sharp."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from facegui.domain.entities import FaceProposal, PhotoHashes, RgbImage
from facegui.domain.geometry import Pose
from tests.fakes.faces import SquareFinder


class SquareAnalyser:
    """Implements the `FaceAnalyser` port for the pictures of `tests.fakes.faces`."""

    version = "squares-1"

    def __init__(self) -> None:
        self._finder = SquareFinder()

    def analyse(self, image: RgbImage) -> Sequence[FaceProposal]:
        found = []
        for face in self._finder.find(image):
            embedding = self._finder.embed(image, face)
            value = int.from_bytes(np.packbits(embedding[:64] > 0).tobytes(), "big")
            found.append(
                FaceProposal(
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
            )
        return found
