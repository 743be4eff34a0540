"""What recognition says about a face, a photo or a frame."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from facegui.domain.geometry import Box, Landmarks


@dataclass(frozen=True, slots=True)
class Identity:
    """Who a face is.

    Attributes:
        name: None means unknown: no person is near enough.
        candidate: the most probable person, known or not.
        probability: softmax probability of the candidate, 0 to 1.
        scores: every person's softmax probability; they sum to 1.
        similarity: cosine of the face's features to the candidate's prototype, -1 to 1.
        threshold: the similarity the candidate had to reach.
    """

    name: str | None
    candidate: str
    probability: float
    scores: Mapping[str, float]
    similarity: float
    threshold: float


@dataclass(frozen=True, slots=True)
class RecognisedFace:
    """A face found in a photo or frame, in its upright pixels, and who it is."""

    box: Box
    landmarks: Landmarks
    score: float
    identity: Identity


@dataclass(frozen=True, slots=True)
class RecognisedPhoto:
    """One file after recognition; *error* is None when it could be read."""

    path: str
    width: int
    height: int
    error: str | None
    faces: tuple[RecognisedFace, ...]
