"""Why a face got its name, or none: whom it is like, what speaks against it, which part spoke.

For photos and frames alike: a picture, a face in it and a model. What is quick comes first, each
answer as a partial result, so that a window has something to show at once.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from facegui.domain.control import Control
from facegui.domain.detection import DetectOptions
from facegui.domain.entities import RgbImage
from facegui.domain.errors import Cancelled, DatasetError
from facegui.domain.geometry import Box
from facegui.domain.ports import FaceAnalyser, FaceFinder, FoundFace, Picture
from facegui.domain.recognition import Identity
from facegui.domain.rules import Limits, RuleResult
from facegui.services.libraries import Library
from facegui.services.tools import Tools

if TYPE_CHECKING:  # bring cv2, which a window that explains nothing does not need
    from facegui.network.bundle import Bundle, BundleInfo
    from facegui.recognition.recogniser import Recogniser
    from facegui.services.recognising.why_faces import LearnedFaces
    from facegui.services.recognising.why_subject import Subject

Floats = NDArray[np.float32]

SHOWN = 8
"""Faces that a model has learned from and that are shown beside the one in question."""


def picture_in(path: Path, time_s: float | None = None) -> Picture:
    """The picture in the file of a photo, or the frame of a video that is shown at *time_s*.

    Raises:
        ImageError: it cannot be read.
        OwnerError: it is not a video that can be played.
    """
    from facegui.imaging.decode import read_file
    from facegui.imaging.picture import PhotoPicture, WholePicture
    from facegui.services.recognising.video_files import frame_at

    if time_s is not None:
        return WholePicture(frame_at(path, time_s))
    return PhotoPicture(read_file(path), path)


def picture_of_frame(image: RgbImage) -> Picture:
    """A frame that is held already, to be explained."""
    from facegui.imaging.picture import WholePicture

    return WholePicture(image)


@dataclass(frozen=True, slots=True, eq=False)
class WhyRequest:
    """What to explain.

    Attributes:
        bundle: the model that was asked.
        load: gives the picture; called in the job.
        face: one that was found in it.
    """

    bundle: Path
    load: Callable[[], Picture]
    face: FoundFace


@dataclass(frozen=True, slots=True, eq=False)
class Closeness:
    """How the face stands between the people that the model knows.

    Attributes:
        crop: what the network was shown of it, or what its embedding was made of.
        identity: who the face is.
        runner_up: the most probable person after the candidate.
        runner_up_similarity: what the face would be held against that person's threshold with.
    """

    crop: RgbImage
    identity: Identity
    runner_up: str
    runner_up_similarity: float


@dataclass(frozen=True, slots=True, eq=False)
class NearFace:
    """A face that a model has learned from.

    Attributes:
        face_id: None when it has left the library since.
        name: what it was learned as.
        likeness: cosine of the network's features, -1 to 1.
        image: None when its photo cannot be read any more.
    """

    face_id: int | None
    name: str
    likeness: float
    image: RgbImage | None


@dataclass(frozen=True, slots=True)
class Learned:
    """The faces that the model has learned from and that are most like this one.

    Attributes:
        faces: nearest first; empty where they are not to be had.
        count: how many it has learned from in all.
        missing: why they are not to be had, in the owner's language; else empty.
    """

    faces: tuple[NearFace, ...]
    count: int
    missing: str = ""


@dataclass(frozen=True, slots=True)
class Quality:
    """What was measured of the face; *results* is empty where no face could be made out."""

    results: tuple[RuleResult, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Spoke:
    """Which part of the face spoke for the candidate.

    Attributes:
        carried: float32 (side, side), pixel by pixel of `Closeness.crop`: how much similarity is
            lost where it is covered; below 0 where covering makes the face more alike.
    """

    carried: Floats


@dataclass(frozen=True, slots=True)
class _Model:
    """A model that was opened; *stamp* tells whether its file is still the same."""

    path: Path
    stamp: tuple[int, int]
    recogniser: Recogniser
    learned: LearnedFaces | DatasetError


class Explainer:
    """Answers why; what it has loaded it keeps for the next face. Not thread-safe."""

    def __init__(self, tools: Tools, library: Library | None) -> None:
        """Explain with *tools*; what a model has learned from is looked for in *library*."""
        self._tools = tools
        self._library = library
        self._opened: _Model | None = None

    def explain(self, request: WhyRequest, control: Control) -> None:
        """The job of the window; partial results: `Closeness`, `Learned`, `Quality`, `Spoke`.

        Raises:
            ImageError: the picture cannot be read any more.
            BundleError: the model cannot be used.
            ModelUnavailable: a pretrained file is neither here nor to be fetched.
            EngineError: the process of a convolutional network died.
            Cancelled: told to stop.
        """
        picture = request.load()
        subject = self.subject(request.bundle, picture, request.face)
        model = self._model(request.bundle)
        features, probabilities = subject.ask(subject.crop[None], control)
        closeness = _closeness(model.recogniser.bundle, subject.crop, features, probabilities)
        steps: tuple[Callable[[], object], ...] = (
            lambda: closeness,
            lambda: _learned(model.learned, features[0]),
            lambda: self._quality(picture, request.face.box),
            lambda: _spoke(subject, closeness.identity.candidate, control),
        )
        for step in steps:
            if control.cancelled():
                raise Cancelled
            control.partial(step())

    def subject(self, bundle: Path, picture: Picture, face: FoundFace) -> Subject:
        """*face* of *picture* as the model in *bundle* sees it.

        Raises:
            BundleError, ModelUnavailable: as `explain`.
        """
        from facegui.services.recognising.why_subject import Subject

        return Subject(self._model(bundle).recogniser, self._finder, picture, face)

    def _model(self, path: Path) -> _Model:
        """The model at *path*, opened again if its file is another one than the last time."""
        from facegui.recognition.recogniser import Recogniser

        stamp = _stamp(path)
        if self._opened is None or (self._opened.path, self._opened.stamp) != (path, stamp):
            recogniser = Recogniser.load(path, lambda: self._tools.inference)
            learned = self._learned_faces(path, recogniser.bundle.info)
            self._opened = _Model(path, stamp, recogniser, learned)
        return self._opened

    def _learned_faces(self, path: Path, info: BundleInfo) -> LearnedFaces | DatasetError:
        """The faces the model has learned from, or why there are none."""
        from facegui.services.recognising.why_faces import LearnedFaces, not_here

        if self._library is None:
            return not_here()
        try:
            return LearnedFaces.of_model(self._library, path, info)
        except DatasetError as error:
            return error

    @cached_property
    def _finder(self) -> FaceFinder:
        return self._tools.finder(DetectOptions())

    @cached_property
    def _analyser(self) -> FaceAnalyser:
        return self._tools.analyser(DetectOptions())

    def _quality(self, picture: Picture, box: Box) -> Quality:
        from facegui.services.recognising.why_quality import quality

        limits = Limits() if self._library is None else self._library.limits()
        return Quality(quality(self._analyser, picture.at_least(1), box, limits))


def _stamp(path: Path) -> tuple[int, int]:
    try:
        status = path.stat()
    except OSError:
        return 0, 0  # opening it says why
    return status.st_size, status.st_mtime_ns


def _closeness(
    bundle: Bundle, crop: RgbImage, features: Floats, probabilities: Floats
) -> Closeness:
    from facegui.recognition.recogniser import identities, likenesses

    second = int(probabilities[0].argsort(kind="stable")[-2])
    return Closeness(
        crop=crop,
        identity=identities(bundle, features, probabilities)[0],
        runner_up=bundle.info.labels[second],
        runner_up_similarity=float(likenesses(bundle, features, probabilities)[0, second]),
    )


def _learned(learned: LearnedFaces | DatasetError, feature: Floats) -> Learned:
    if isinstance(learned, DatasetError):
        return Learned((), 0, str(learned))
    return Learned(learned.nearest(feature, SHOWN), learned.count)


def _spoke(subject: Subject, candidate: str, control: Control) -> Spoke:
    from facegui.recognition.occlusion import occlusion_map

    return Spoke(
        occlusion_map(
            lambda crops: subject.similarity(candidate, crops, control), subject.crop, control
        )
    )
