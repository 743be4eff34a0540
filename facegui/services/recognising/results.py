"""Many recognised files: which of them are asked for, in what order, and how many there are."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import Enum
from pathlib import Path

from facegui.domain.recognition import RecognisedFace, RecognisedPhoto

_DIGITS = re.compile(r"(\d+)")


class Kind(Enum):
    """What a file has to show; a file with several faces may be of several kinds.

    UNSURE is `facegui.domain.recognition.Identity.unsure`.
    """

    ALL = "all"
    KNOWN = "known"
    UNKNOWN = "unknown"
    UNSURE = "unsure"
    NO_FACE = "no_face"
    UNREADABLE = "unreadable"


class ResultOrder(Enum):
    """CERTAINTY begins with the face that is nearest to its threshold; others come last."""

    CAME = "came"
    NAME = "name"
    PERSON = "person"
    CERTAINTY = "certainty"


@dataclass(frozen=True, slots=True)
class ResultFilter:
    """Which files, and in what order.

    Attributes:
        person: only files with a face of this kind that was named so; for kinds of faces that
            were not named, the person whom they are most like.
        search: in the file's name, in any case.
    """

    kind: Kind = Kind.ALL
    person: str | None = None
    search: str = ""
    order: ResultOrder = ResultOrder.CAME

    def admits(self, photo: RecognisedPhoto) -> bool:
        """Whether *photo* is asked for."""
        if self.search and self.search.casefold() not in Path(photo.path).name.casefold():
            return False
        if self.person is None:
            return self.kind in kinds_of(photo)
        return any(self._admits_face(face) for face in photo.faces)

    def _admits_face(self, face: RecognisedFace) -> bool:
        match self.kind:
            case Kind.ALL | Kind.KNOWN:
                return face.name == self.person
            case Kind.UNKNOWN:
                return face.name is None and face.identity.candidate == self.person
            case Kind.UNSURE:
                return face.unsure and face.identity.candidate == self.person
        return False


def kinds_of(photo: RecognisedPhoto) -> frozenset[Kind]:
    """All that *photo* is."""
    if photo.error is not None:
        return frozenset({Kind.ALL, Kind.UNREADABLE})
    if not photo.faces:
        return frozenset({Kind.ALL, Kind.NO_FACE})
    found = {Kind.ALL}
    for face in photo.faces:
        found.add(Kind.UNKNOWN if face.name is None else Kind.KNOWN)
        if face.unsure:
            found.add(Kind.UNSURE)
    return frozenset(found)


def people_of(photo: RecognisedPhoto) -> frozenset[str]:
    """Everybody named in *photo*."""
    return frozenset(face.name for face in photo.faces if face.name is not None)


def faces_at(photo: RecognisedPhoto, time_s: float) -> dict[int, RecognisedFace]:
    """Everybody in one of the frames of a video that were looked at, with their boxes there.

    By their numbers among all faces of the video.
    """
    found = {}
    for number, face in enumerate(photo.faces):
        moment = None if face.appearance is None else face.appearance.at(time_s)
        if moment is not None:
            found[number] = replace(face, box=moment.box, landmarks=moment.landmarks)
    return found


def order_key(order: ResultOrder) -> Callable[[RecognisedPhoto], tuple[object, ...]] | None:
    """What files are compared by; None for the order in which they came."""
    keys: dict[ResultOrder, Callable[[RecognisedPhoto], tuple[object, ...]]] = {
        ResultOrder.NAME: _by_name,
        ResultOrder.PERSON: _by_person,
        ResultOrder.CERTAINTY: _by_certainty,
    }
    return keys.get(order)


def _by_name(photo: RecognisedPhoto) -> tuple[object, ...]:
    """As a person counts: 2 before 10. Text and digits alternate, so they are never compared."""
    parts = _DIGITS.split(Path(photo.path).name.casefold())
    return tuple(int(part) if number % 2 else part for number, part in enumerate(parts))


def _by_person(photo: RecognisedPhoto) -> tuple[object, ...]:
    people = sorted(name.casefold() for name in people_of(photo))
    return (not people, tuple(people), _by_name(photo))


def _by_certainty(photo: RecognisedPhoto) -> tuple[object, ...]:
    """What the owner has said is certain."""
    open_faces = (face for face in photo.faces if face.said is None)
    return (min((face.identity.margin for face in open_faces), default=math.inf),)


class Tally:
    """How many files there are of each kind, and of each person."""

    def __init__(self) -> None:
        self.kinds: Counter[Kind] = Counter()
        self.people: Counter[str] = Counter()

    def add(self, photo: RecognisedPhoto) -> None:
        """One more."""
        self.kinds.update(kinds_of(photo))
        self.people.update(people_of(photo))

    def remove(self, photo: RecognisedPhoto) -> None:
        """It is another one now."""
        self.kinds.subtract(kinds_of(photo))
        self.people.subtract(people_of(photo))
        self.people += Counter()  # without those that are nobody's any more
