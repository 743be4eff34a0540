"""What a cloud detector answers about a photo, and the port behind which it stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import IntEnum
from typing import Protocol

from facegui.domain.geometry import Box, Landmarks, Point, Pose

SUNGLASSES_LABEL = "sunglasses"


class Likelihood(IntEnum):
    """How likely the service thinks something is; the numbers are those of its protocol."""

    UNKNOWN = 0
    VERY_UNLIKELY = 1
    UNLIKELY = 2
    POSSIBLE = 3
    LIKELY = 4
    VERY_LIKELY = 5


@dataclass(frozen=True, slots=True)
class CloudFace:
    """A face as the service describes it.

    Attributes:
        box: the tight one, around the skin of the face.
        landmarks: the five points that our own detector has too; None when one is missing.
        pose: degrees.
        score: detection confidence, 0 to 1.
    """

    box: Box
    landmarks: Landmarks | None
    pose: Pose
    score: float
    joy: Likelihood
    sorrow: Likelihood
    anger: Likelihood
    surprise: Likelihood
    blurred: Likelihood
    under_exposed: Likelihood
    headwear: Likelihood

    def scaled(self, factor: float) -> CloudFace:
        """The face in a picture resized by *factor*."""
        landmarks = self.landmarks
        if landmarks is not None:
            landmarks = Landmarks(*(Point(p.x * factor, p.y * factor) for p in landmarks))
        return replace(self, box=self.box.scaled(factor), landmarks=landmarks)


@dataclass(frozen=True, slots=True)
class CloudLabel:
    """Something that the service sees in the photo, in English, and how sure it is (0 to 1)."""

    text: str
    score: float


@dataclass(frozen=True, slots=True)
class CloudAnswer:
    """What the service says about one picture.

    Attributes:
        error: why it gave no answer for this picture, in its own words; None when it did.
    """

    faces: tuple[CloudFace, ...] = ()
    labels: tuple[CloudLabel, ...] = ()
    error: str | None = None

    def scaled(self, factor: float) -> CloudAnswer:
        """The same answer for the picture resized by *factor*."""
        return replace(self, faces=tuple(face.scaled(factor) for face in self.faces))

    @property
    def sunglasses(self) -> float | None:
        """1 or 0: whether the only face wears sunglasses, by the photo's labels.

        None unless there is exactly one face: a label belongs to the photo, and among several
        faces nobody knows to which.
        """
        if len(self.faces) != 1:
            return None
        return float(any(label.text.lower() == SUNGLASSES_LABEL for label in self.labels))


class CloudDetector(Protocol):
    """A connection to a service that finds faces. Close it when done."""

    @property
    def version(self) -> str:
        """Name and version of the service; stored with each face that is taken from it."""

    def ask(self, pictures: Sequence[bytes]) -> list[CloudAnswer]:
        """An answer for each of the JPEGs, in order, boxes in their pixels; waits for it.

        Raises:
            CloudError: the service refuses, cannot be reached, or does not answer in time.
        """

    def close(self) -> None:
        """End the connection, and a question that still waits where the transport can."""
