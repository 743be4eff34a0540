"""A model for other people's programs: ``from facegui import Recognizer``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from os import PathLike, fspath
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np
from numpy.typing import NDArray

from facegui.__main__ import make_tools
from facegui.domain.control import NullControl
from facegui.domain.entities import RgbImage
from facegui.domain.recognition import RecognisedFace
from facegui.services.engine.in_process import InProcess
from facegui.services.recognising.photo_recogniser import PhotoRecogniser
from facegui.services.recognising.recognise import fetch_models

Photo = str | PathLike[str] | bytes | NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Face:
    """A face in a photo and who it is.

    Attributes:
        name: None means unknown.
        candidate: the most probable person, known or not.
        probability: of the candidate, 0 to 1.
        similarity: how sure it is that it is the candidate; *name* is None below *threshold*.
        scores: every person's probability; they sum to 1.
        box: left, top, right and bottom edge, in pixels of the upright photo.
        landmarks: right eye, left eye, nose, right and left corner of the mouth, as (x, y); right
            and left are the person's own.
        detection: how sure it is that this is a face, 0 to 1.
    """

    name: str | None
    candidate: str
    probability: float
    similarity: float
    threshold: float
    scores: Mapping[str, float]
    box: tuple[float, float, float, float]
    landmarks: tuple[tuple[float, float], ...]
    detection: float


class Recognizer:
    """A trained model that names faces.

        with Recognizer("friends.facebundle") as recognizer:
            for face in recognizer.recognize("party.jpg"):
                print(face.name, face.probability, face.box)

    Safe to use from several threads. A model of a convolutional network brings TensorFlow into
    this process at the first face; Face transfer does without.
    """

    def __init__(self, bundle: str | PathLike[str]) -> None:
        """Open the model in the file *bundle*; detector and embedding are fetched if need be.

        Raises:
            facegui.domain.errors.BundleError: it cannot be used.
            facegui.domain.errors.ModelUnavailable: the detector is not here and cannot be fetched.
        """
        made = make_tools()
        self._tools = replace(made, inference=InProcess())
        self._recogniser = PhotoRecogniser(self._tools, Path(fspath(bundle)))
        fetch_models(self._tools, NullControl())

    @property
    def people(self) -> tuple[str, ...]:
        """Everybody it knows."""
        return tuple(self._recogniser.people)

    def recognize(self, photo: Photo) -> list[Face]:
        """All faces in *photo*, the surest first.

        Args:
            photo: a path, the content of a file, or upright RGB pixels, uint8 (height, width, 3).

        Raises:
            facegui.domain.errors.ImageError: it cannot be read.
            ValueError: an array of another shape or type.
        """
        return [_plain(face) for face in self._recogniser.image(_pixels(photo))]

    def close(self) -> None:
        """Give everything back; safe to call twice."""
        self._tools.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def _pixels(photo: Photo) -> RgbImage:
    from facegui.imaging.decode import decode, decode_bytes

    if isinstance(photo, np.ndarray):
        if photo.dtype != np.uint8 or photo.ndim != 3 or photo.shape[2] != 3:  # noqa: PLR2004 - RGB
            raise ValueError(
                f"wanted uint8 (height, width, 3) RGB, got {photo.dtype} {photo.shape}"
            )
        return np.ascontiguousarray(photo)
    if isinstance(photo, bytes):
        return decode_bytes(photo, "bytes").image
    return decode(fspath(photo)).image


def _plain(face: RecognisedFace) -> Face:
    who, box = face.identity, face.box
    return Face(
        name=who.name,
        candidate=who.candidate,
        probability=who.probability,
        similarity=who.similarity,
        threshold=who.threshold,
        scores=dict(who.scores),
        box=(box.x1, box.y1, box.x2, box.y2),
        landmarks=tuple((point.x, point.y) for point in face.landmarks),
        detection=face.score,
    )
