"""Whether each person has enough faces to train on, varied enough, and what is missing.

How many are enough is read off this library. Once there is a learning curve of one of its runs
(`facegui.services.judging.learning_curve`), it is the number from which more would bring next to
nothing. Before, and for people of whom the curve cannot tell: somebody whose faces differ more from
one another needs more of them. The spread of a person is one minus the mean cosine of two of the
faces; where there are too few to tell, the library's middle one stands for it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum, auto

import numpy as np
from numpy.typing import NDArray

from facegui.domain.entities import Face, FaceState
from facegui.domain.queries import FaceFilter
from facegui.services.libraries import Library
from facegui.services.reviewing.gallery import Vectors

TYPICAL_NEED = 20
"""Faces that a person of typical spread needs."""

_TYPICAL_SPREAD = 0.42
_NEEDS = (10, 40)
_TELLING = 5  # faces from which a person's own spread is believed
_TURNED_DEG, _NODDED_DEG = 8.0, 6.0
_SHARE = 0.1  # of the faces that a variety needs to count as there
_LIGHT_QUANTILES = (0.25, 0.75)


class Gap(Enum):
    """A variety of faces that a person has next to none of."""

    LEFT = auto()  # turned to the left of the picture
    RIGHT = auto()
    UP_OR_DOWN = auto()
    DARK = auto()  # as the darker quarter of the library
    BRIGHT = auto()
    OTHER_DAYS = auto()


@dataclass(frozen=True, slots=True)
class Readiness:
    """One person's faces as material to train on.

    Attributes:
        usable: faces that are kept.
        needed: as many as the learning curve says, or as somebody so varied needs.
        days: different days that the photos' files are of.
        gaps: what is missing among the usable ones.
        corrected: of the usable ones, those that came with a correction under Recognise or Live.
    """

    person_id: int
    usable: int
    needed: int
    days: int
    gaps: tuple[Gap, ...]
    corrected: int = 0

    @property
    def missing(self) -> int:
        """How many more it takes; 0 when there are enough."""
        return max(0, self.needed - self.usable)


def readiness(library: Library) -> list[Readiness]:
    """Everybody in the owner's order."""
    faces = library.faces(library.face_ids(FaceFilter(named=True, states=(FaceState.KEPT,))))
    vectors = library.embeddings([face.id for face in faces])
    photos = library.photos({face.photo_id for face in faces})
    day_of = {photo.id: _day(photo.mtime_ns) for photo in photos}
    owners = np.array([face.person_id for face in faces], np.int64)
    people = library.people()
    learned = _learned(library)
    rows_of = {person.id: np.flatnonzero(owners == person.id) for person in people}
    name_of = {person.id: person.name for person in people}
    spreads = {person: _spread(vectors[rows]) for person, rows in rows_of.items()}
    told = [s for person, s in spreads.items() if len(rows_of[person]) >= _TELLING]
    middle = float(np.median(told)) if told else _TYPICAL_SPREAD
    light = _light(faces)
    many_days = len(set(day_of.values())) > 1
    said = {one.face_id for one in library.corrections()}
    found = []
    for person, rows in rows_of.items():
        theirs = [faces[row] for row in rows]
        spread = spreads[person] if len(rows) >= _TELLING else middle
        days = len({day_of[face.photo_id] for face in theirs if face.photo_id in day_of})
        gaps = list(_gaps(theirs, light))
        if many_days and days == 1:
            gaps.append(Gap.OTHER_DAYS)
        needed = learned.get(name_of[person], _needed(spread))
        corrected = sum(face.id in said for face in theirs)
        found.append(Readiness(person, len(theirs), needed, days, tuple(gaps), corrected))
    return found


def uneven(people: list[Readiness]) -> tuple[Readiness, Readiness] | None:
    """The ones with fewest and most usable faces, where that is less than half; None if even."""
    some = sorted((one for one in people if one.usable), key=lambda one: one.usable)
    if len(some) > 1 and 2 * some[0].usable < some[-1].usable:
        return some[0], some[-1]
    return None


def _learned(library: Library) -> dict[str, int]:
    """By name, the faces that the newest learning curve finds enough; empty before there is one."""
    from facegui.services.judging.learning_curve import (
        latest_learning_curve,  # the window starts without
    )

    curve = latest_learning_curve(library)
    if curve is None:
        return {}
    return {g.name: int(np.clip(g.enough, *_NEEDS)) for g in curve.gains if g.telling}


def _needed(spread: float) -> int:
    return int(np.clip(round(TYPICAL_NEED * spread / _TYPICAL_SPREAD), *_NEEDS))


def _spread(vectors: Vectors) -> float:
    """One minus the mean cosine of two different rows."""
    n = len(vectors)
    if n < 2:  # noqa: PLR2004 - a pair
        return _TYPICAL_SPREAD
    total = float(np.square(vectors.sum(0)).sum())
    return 1 - (total - n) / (n * (n - 1))


def _light(faces: list[Face]) -> NDArray[np.float64]:
    """Up to where a face is one of the dark ones, and from where one of the bright ones."""
    values = [face.brightness for face in faces] or [0.0]
    return np.quantile(values, _LIGHT_QUANTILES)


def _gaps(faces: list[Face], light: NDArray[np.float64]) -> Iterator[Gap]:
    if not faces:
        return
    pan = np.array([face.pose.pan for face in faces])
    tilt = np.array([face.pose.tilt for face in faces])
    brightness = np.array([face.brightness for face in faces])
    there = {
        Gap.LEFT: pan <= -_TURNED_DEG,
        Gap.RIGHT: pan >= _TURNED_DEG,
        Gap.UP_OR_DOWN: np.abs(tilt) >= _NODDED_DEG,
        Gap.DARK: brightness <= light[0],
        Gap.BRIGHT: brightness >= light[1],
    }
    for gap, has in there.items():
        if has.mean() < _SHARE:
            yield gap


def _day(mtime_ns: int) -> str:
    return datetime.fromtimestamp(mtime_ns / 1e9, UTC).strftime("%Y-%m-%d")
