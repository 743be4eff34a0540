"""What the owner says of a face that a model has named: who it is, who it is not, or a stranger."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Self

from facegui.domain.entities import FaceProposal, ScannedPhoto
from facegui.domain.recognition import Identity


class Verdict(Enum):
    """The three things there are to say."""

    IS = "is"
    NOT = "not"
    STRANGER = "stranger"


class Source(Enum):
    """Where the face was seen: a file of the owner's, a pasted picture, a video, or live."""

    FILE = "file"
    PASTE = "paste"
    VIDEO = "video"
    LIVE = "live"


@dataclass(frozen=True, slots=True)
class Truth:
    """Who a face is, by the owner's word; *name* is whom IS and NOT are about."""

    verdict: Verdict
    name: str | None = None

    def allows(self, answer: str | None) -> bool:
        """Whether a model that says *answer* (None for unknown) is right."""
        match self.verdict:
            case Verdict.IS:
                return answer == self.name
            case Verdict.NOT:
                return answer != self.name
            case Verdict.STRANGER:
                return answer is None

    def name_for(self, answer: str | None) -> str | None:
        """Who the face is once a model has said *answer*; None for unknown."""
        if self.verdict is Verdict.IS:
            return self.name
        return answer if self.allows(answer) else None


@dataclass(frozen=True, slots=True)
class Answer:
    """What a model said of a face.

    Attributes:
        candidate: the most probable person; empty where that person has been deleted since.
        named: whether the face was called so; otherwise it was said to be unknown.
        score: what was held against *threshold*.
    """

    candidate: str
    named: bool
    score: float
    threshold: float

    @classmethod
    def of(cls, identity: Identity) -> Self:
        """What remains of *identity*."""
        named = identity.name is not None
        return cls(identity.candidate, named, identity.similarity, identity.threshold)

    @property
    def name(self) -> str | None:
        """The name that was given; None for unknown."""
        return self.candidate if self.named else None


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where a correction comes from.

    Attributes:
        origin: the video or the address that was watched; empty for a file, whose photo says it,
            and for a pasted picture.
        model: SHA-256 of the model's content, hex.
        run: id of the training that made it; None for a model from elsewhere.
        answer: what the model had said.
    """

    source: Source
    origin: str
    model: str
    run: str | None
    answer: Answer


@dataclass(frozen=True, slots=True)
class Correction:
    """A correction as the library keeps it; a face has one at most, the last.

    Attributes:
        said: what the owner said then.
        truth: what of it stands: decisions and names that came later count. None where nothing
            does.
        made_at: UTC.
    """

    id: int
    face_id: int
    path: str
    said: Truth
    truth: Truth | None
    made_at: datetime
    provenance: Provenance


@dataclass(frozen=True, slots=True)
class NewFace:
    """A face that the library does not have yet.

    Attributes:
        photo: id of its photo; or the photo's file and what a scan of it found, for one that is
            not in the library either.
        face: as it was measured.
        drawn: whether no scan found it; it is then kept as a box that the owner drew.
    """

    photo: int | tuple[str, ScannedPhoto]
    face: FaceProposal
    drawn: bool
