"""What recognition says about a face, a photo or a frame."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from facegui.domain.geometry import Box, Landmarks

if TYPE_CHECKING:
    from facegui.domain.corrections import Truth

UNSURE_BY = 0.05
"""Distance of a face's similarity from the threshold, on either side, that a little blur or another
turn of the head crosses."""

_MAJORITY = 0.5


@dataclass(frozen=True, slots=True)
class Identity:
    """Who a face is.

    Attributes:
        name: None means unknown: no person is near enough.
        candidate: the most probable person, known or not.
        probability: softmax probability of the candidate, 0 to 1.
        scores: every person's softmax probability; they sum to 1.
        similarity: the face's score for the candidate, -1 to 1; which score, its model says (see
            `facegui.network.scoring`).
        threshold: the similarity the candidate had to reach.
    """

    name: str | None
    candidate: str
    probability: float
    scores: Mapping[str, float]
    similarity: float
    threshold: float

    @property
    def margin(self) -> float:
        """How far from the threshold the similarity is, on whichever side."""
        return abs(self.similarity - self.threshold)

    @property
    def unsure(self) -> bool:
        """Whether somebody should look: near the threshold, or named by less than a majority."""
        torn = self.name is not None and self.probability < _MAJORITY
        return torn or self.margin < UNSURE_BY


@dataclass(frozen=True, slots=True)
class Moment:
    """Where a face is in one frame of a video, in pixels of the frame.

    Attributes:
        time_s: of the frame, from the start of the video.
        score: the detector's confidence, 0 to 1.
    """

    time_s: float
    box: Box
    landmarks: Landmarks
    score: float


@dataclass(frozen=True, slots=True)
class Appearance:
    """A face followed through a video, from its coming to its going.

    Attributes:
        moments: the frames looked at that show it, in order of time.
        best: which of them speaks for the others.
        agreement: share of the votes for the name that it was given, 0 to 1.
    """

    moments: tuple[Moment, ...]
    best: int
    agreement: float

    @property
    def first_s(self) -> float:
        """When it was seen first."""
        return self.moments[0].time_s

    @property
    def last_s(self) -> float:
        """When it was seen last."""
        return self.moments[-1].time_s

    @property
    def best_s(self) -> float:
        """When it is seen best."""
        return self.moments[self.best].time_s

    def at(self, time_s: float) -> Moment | None:
        """Where it is in the frame of that time, one of those looked at."""
        return next((moment for moment in self.moments if moment.time_s == time_s), None)


@dataclass(frozen=True, slots=True)
class RecognisedFace:
    """A face found in a photo or frame, in its upright pixels, and who it is.

    Attributes:
        appearance: in a video, all frames that it was followed through; the box is that of the
            best one.
        identity: what the model says.
        said: what the owner says; it wins.
    """

    box: Box
    landmarks: Landmarks
    score: float
    identity: Identity
    appearance: Appearance | None = None
    said: Truth | None = None

    @property
    def name(self) -> str | None:
        """Who it is: by the owner's word, else by the model's; None for unknown."""
        if self.said is None:
            return self.identity.name
        return self.said.name_for(self.identity.name)

    @property
    def standing(self) -> Identity:
        """The model's figures under the name that holds."""
        return self.identity if self.said is None else replace(self.identity, name=self.name)

    @property
    def unsure(self) -> bool:
        """Whether somebody should look, and has not yet."""
        return self.said is None and self.identity.unsure


@dataclass(frozen=True, slots=True)
class RecognisedPhoto:
    """One file after recognition, a photo or a video.

    Attributes:
        error: why it could not be read; None when it could.
        faces: of a photo, best score first; of a video, in order of appearance.
        duration_s: how much of a video was looked through; None for a photo.
    """

    path: str
    width: int
    height: int
    error: str | None
    faces: tuple[RecognisedFace, ...]
    duration_s: float | None = None
