"""Everything the rules want to know of a face that was found, from one pass of each network."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from pathlib import Path

from facegui.detection.blendshapes import Blendshapes
from facegui.detection.landmarks import FaceLandmarker
from facegui.detection.pose import head_pose
from facegui.detection.sunglasses import Sunglasses
from facegui.detection.view import Found
from facegui.domain.entities import Embedding, FaceProposal, PhotoHashes, RgbImage
from facegui.domain.ports import ModelStore
from facegui.imaging.align import TEMPLATE_SIZE_PX, aligned_crop, similarity
from facegui.imaging.quality import measure

_VERSION = "yunet-2023mar+sface-2021dec+mediapipe-face-landmarker-v2"
_SUNGLASSES_VERSION = "+face-classify-0.0.9"


class FaceMeasurer:
    """Measures faces. Cheap to make: a network is loaded when first needed. Not thread-safe."""

    def __init__(self, models: ModelStore, hash_crop: Callable[[RgbImage], PhotoHashes]) -> None:
        """Measure with the networks in *models*; see `LocalAnalyser` for *hash_crop*."""
        self._models = models
        self._hash_crop = hash_crop

    @cached_property
    def landmarker(self) -> FaceLandmarker:
        """The landmark network."""
        return FaceLandmarker(self._models.path("face-landmarker"))

    @cached_property
    def _blendshapes(self) -> Blendshapes:
        return Blendshapes(self._models.path("face-landmarker"))

    @cached_property
    def _sunglasses_path(self) -> Path | None:
        """Where the network is; it is not fetched here, since everything else goes without it."""
        known = {file.name: file.path for file in self._models.list()}
        return known.get("sunglasses")

    @cached_property
    def _sunglasses(self) -> Sunglasses | None:
        return None if self._sunglasses_path is None else Sunglasses(self._sunglasses_path)

    @property
    def version(self) -> str:
        """Names and versions of the networks, without those that are not on this machine."""
        return _VERSION + (_SUNGLASSES_VERSION if self._sunglasses_path else "")

    def measured(
        self, image: RgbImage, face: Found, embedding: Embedding, rotation: int
    ) -> FaceProposal:
        """All there is to know of *face*.

        Args:
            image: what *face* was found in.
            face: box, landmarks and score.
            embedding: its unit vector.
            rotation: degrees clockwise by which *image* has to be turned to stand upright.

        Raises:
            ModelUnavailable: the landmark network is neither here nor to be fetched.
        """
        mesh = self.landmarker.measure(image, face.landmarks)
        quality = measure(aligned_crop(image, face.landmarks))
        five = mesh.five
        crop = aligned_crop(image, five)  # steadier than by the detector's landmarks
        matrix = similarity(five, TEMPLATE_SIZE_PX, 0.0)
        upright = mesh.points[:, :2] @ matrix[:, :2].T + matrix[:, 2]
        expression = self._blendshapes.expression(upright)
        glasses = self._sunglasses
        return FaceProposal(
            box=face.box,
            landmarks=face.landmarks,
            score=face.score,
            pose=head_pose(mesh.points, self.landmarker.canonical, rotation),
            sharpness=quality.sharpness,
            brightness=quality.brightness,
            contrast=quality.contrast,
            embedding=embedding,
            hashes=self._hash_crop(crop),
            detector=self.version,
            chroma=quality.chroma,
            chroma_spread=quality.chroma_spread,
            sunglasses=None if glasses is None else glasses.probability(crop, upright),
            smile=expression.smile,
            eyes_closed=expression.eyes_closed,
            mouth_open=expression.mouth_open,
            presence=mesh.presence,
        )
