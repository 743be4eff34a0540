"""Faces found, embedded and measured on this machine; the composition of this room."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cached_property

from facegui.detection.close_up import find_in
from facegui.detection.finding import FaceSearch, Sighting
from facegui.detection.following import find_again
from facegui.detection.measuring import FaceMeasurer
from facegui.detection.sface import SFace
from facegui.detection.view import Found
from facegui.detection.yunet import YuNet
from facegui.domain.detection import DetectOptions
from facegui.domain.entities import Analysis, Embedding, FaceProposal, PhotoHashes, RgbImage
from facegui.domain.geometry import Box
from facegui.domain.ports import FoundFace, ModelStore, Picture
from facegui.imaging.align import detail_scale
from facegui.imaging.picture import picture_of


class LocalFinder:
    """Finds and embeds; implements `facegui.domain.ports.FaceFinder`.

    Cheap to make: a network is loaded when first needed. Not thread-safe.
    """

    def __init__(self, models: ModelStore, options: DetectOptions | None = None) -> None:
        self._models = models
        self._options = options or DetectOptions()

    @cached_property
    def detector(self) -> YuNet:
        """The network that finds."""
        return YuNet(self._models.path("yunet"))

    @cached_property
    def _follower(self) -> YuNet:
        """Another one, for small squares only: see `find_again` of the room."""
        return YuNet(self._models.path("yunet"))

    @cached_property
    def _search(self) -> FaceSearch:
        return FaceSearch(self.detector, self._options)

    @cached_property
    def _embedder(self) -> SFace:
        return SFace(self._models.path("sface"))

    def find(self, image: RgbImage | Picture) -> Sequence[Found]:
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

    def find_again(self, image: RgbImage, box: Box) -> Found | None:
        """The face that was in *box* a moment ago, looked for around there only.

        Raises:
            ModelUnavailable: the detector is neither here nor to be fetched.
        """
        return find_again(image, box, self._follower)

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
        self._finder = LocalFinder(models, options)
        self._measurer = FaceMeasurer(models, hash_crop)

    @property
    def version(self) -> str:
        """Names and versions of the networks."""
        return self._measurer.version

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
        seen = find_in(image, box, self._finder.detector, self._measurer.landmarker)
        return None if seen is None else self._measured_in(picture_of(image), *seen)

    def _measured_in(self, picture: Picture, face: Found, rotation: int) -> FaceProposal:
        """Measured in as coarse a picture as will do; places are those of the original."""
        image = picture.at_least(detail_scale(face.landmarks))
        scale = image.shape[1] / picture.width
        near = Found(face.box.scaled(scale), face.landmarks.scaled(scale), face.score)
        embedding = self._finder.embed(image, near)
        measured = self._measurer.measured(image, near, embedding, rotation)
        return replace(measured, box=face.box, landmarks=face.landmarks)
