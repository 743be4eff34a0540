"""Faces found and measured on this machine: YuNet, SFace and the 478-landmark mesh together."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cached_property

from facegui.detection.finding import FaceSearch, Sighting
from facegui.detection.landmarks import FaceLandmarker, FaceMesh
from facegui.detection.pose import head_pose
from facegui.detection.sface import SFace
from facegui.detection.view import Found
from facegui.detection.yunet import YuNet
from facegui.domain.detection import DetectOptions
from facegui.domain.entities import Analysis, Embedding, FaceProposal, PhotoHashes, RgbImage
from facegui.domain.geometry import Box, Landmarks, Point
from facegui.domain.ports import FoundFace, ModelStore, Picture
from facegui.imaging.align import aligned_crop, detail_scale
from facegui.imaging.picture import picture_of
from facegui.imaging.quality import measure

VERSION = "yunet-2023mar+sface-2021dec+mediapipe-face-landmarker-v2"

_FIVE = (468, 473, 1, 61, 291)  # both irises, tip of the nose, corners of the mouth


def five_points(mesh: FaceMesh) -> Landmarks:
    """YuNet's five landmarks, taken from the mesh, where they are several times as steady.

    The crop for hashing is aligned by them: the hashes of a framed or cropped copy then differ by
    0 to 4 bits, where YuNet's own landmarks gave 0 to 14.
    """
    return Landmarks(*(Point(*mesh.points[n, :2].tolist()) for n in _FIVE))


class LocalFinder:
    """Finds and embeds; implements `facegui.domain.ports.FaceFinder`.

    Cheap to make: a network is loaded when first needed. Not thread-safe.
    """

    def __init__(self, models: ModelStore, options: DetectOptions | None = None) -> None:
        self._models = models
        self._options = options or DetectOptions()

    @cached_property
    def _search(self) -> FaceSearch:
        return FaceSearch(YuNet(self._models.path("yunet")), self._options)

    @cached_property
    def _embedder(self) -> SFace:
        return SFace(self._models.path("sface"))

    def find(self, image: RgbImage) -> Sequence[Found]:
        """All faces in *image*, best score first.

        Raises:
            ModelUnavailable: the detector is neither here nor to be fetched.
        """
        return self.look(image).faces

    def look(self, image: RgbImage | Picture) -> Sighting:
        """All faces in *image*, and how it has to be turned to stand upright.

        Raises:
            ModelUnavailable: the detector is neither here nor to be fetched.
        """
        return self._search.find(image)

    def embed(self, image: RgbImage, face: FoundFace) -> Embedding:
        """The 128-d unit vector of *face*.

        Raises:
            ModelUnavailable: the embedder is neither here nor to be fetched.
        """
        return self._embedder.embed(image, face.landmarks)


class LocalAnalyser:
    """Finds and measures everything; implements `facegui.domain.ports.FaceAnalyser`.

    Cheap to make: a network is loaded when first needed. Not thread-safe.
    """

    def __init__(
        self,
        models: ModelStore,
        options: DetectOptions | None = None,
        *,
        hash_crop: Callable[[RgbImage], PhotoHashes],
    ) -> None:
        """An analyser with the networks in *models*.

        Args:
            models: where the pretrained files are.
            options: how hard to look; the defaults when None.
            hash_crop: perceptual hashes of an aligned crop; handed in because the room that knows
                them is a sibling of this one.
        """
        self._models = models
        self._finder = LocalFinder(models, options)
        self._hash_crop = hash_crop

    @cached_property
    def _landmarker(self) -> FaceLandmarker:
        return FaceLandmarker(self._models.path("face-landmarker"))

    @property
    def version(self) -> str:
        """Names and versions of the networks."""
        return VERSION

    def analyse(self, image: RgbImage | Picture) -> Analysis:
        """Every face in *image*, which is upright as far as its file says.

        Raises:
            ModelUnavailable: a network is neither here nor to be fetched.
        """
        picture = picture_of(image)
        seen = self._finder.look(picture)
        faces = tuple(self._measured_in(picture, face, seen.rotation) for face in seen.faces)
        return Analysis(faces, seen.rotation)

    def measure_at(self, image: RgbImage, box: Box) -> FaceProposal | None:
        """The face that somebody says is in *box*; None where no face can be made out.

        Raises:
            ModelUnavailable: a network is neither here nor to be fetched.
        """
        seen = self._finder.look(image)
        face = max(seen.faces, key=lambda face: face.box.iou(box), default=None)
        if face is None or face.box.iou(box) <= 0:
            return None
        return self._measured(image, face, seen.rotation)

    def _measured_in(self, picture: Picture, face: Found, rotation: int) -> FaceProposal:
        """Measured in as coarse a picture as will do; places are those of the original."""
        image = picture.at_least(detail_scale(face.landmarks))
        scale = image.shape[1] / picture.width
        near = Found(face.box.scaled(scale), face.landmarks.scaled(scale), face.score)
        measured = self._measured(image, near, rotation)
        return replace(measured, box=face.box, landmarks=face.landmarks)

    def _measured(self, image: RgbImage, face: Found, rotation: int) -> FaceProposal:
        crop = aligned_crop(image, face.landmarks)
        quality = measure(crop)
        mesh = self._landmarker.measure(image, face.landmarks)
        return FaceProposal(
            box=face.box,
            landmarks=face.landmarks,
            score=face.score,
            pose=head_pose(mesh.points, self._landmarker.canonical, rotation),
            sharpness=quality.sharpness,
            brightness=quality.brightness,
            contrast=quality.contrast,
            embedding=self._finder.embed(image, face),
            hashes=self._hash_crop(aligned_crop(image, five_points(mesh))),
            detector=VERSION,
        )
