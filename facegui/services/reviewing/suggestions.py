"""Who the faces without a name may be: the people whom their nearest named faces are.

A face is as near to a person as to the mean of the two nearest of that person's faces. On SFace's
vectors strangers stay below 0.35 there, and a face's own people above 0.4 but for one in a hundred
(`benchmarks/suggestions.py`). A name that the owner refused is never offered to that face again,
and everything that resembles it is moved away from that person by as much.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from itertools import pairwise
from typing import NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from facegui.services.reviewing.gallery import BLOCK, Gallery, Ids, Vectors

NEAREST_SHOWN = 4
"""Named faces that a suggestion shows as its reason."""

LIKELY, SURE, SURE_MARGIN = 0.3, 0.4, 0.1
_ALIKE = 0.5
_SAME = 0.363  # the cosine from which SFace's authors call two faces one person's
_NEVER = -2.0

_Scores = NDArray[np.float32]


class Grade(IntEnum):
    """How a suggestion stands, in the order in which the owner is asked."""

    OPEN = 0  # worth a look
    SURE = 1  # to be confirmed in bulk
    STRANGE = 2  # resembles nobody who is named


@dataclass(frozen=True, slots=True)
class Suggestion:
    """The candidate for one face.

    Attributes:
        distance: one minus the mean cosine to the candidate's nearest faces; 0 is the same.
        margin: by how much the next person is further away.
        near: the candidate's faces that are nearest, nearest first.
        rejected: rules reject the face.
    """

    face_id: int
    person_id: int
    distance: float
    margin: float
    grade: Grade
    near: tuple[int, ...]
    rejected: bool = False


def suggest(gallery: Gallery, most: int | None = None) -> list[Suggestion]:
    """A candidate for every face without a name, in the order that helps most.

    First those worth a look: the ones that most other open ones resemble, as they settle these
    too, and among equals the closest calls. Then the sure ones, surest first. Last those that
    resemble nobody; and after all these the faces that rules reject, surest first. Faces for which
    the owner has refused everybody are left out.

    Args:
        gallery: see `Gallery`.
        most: compare only so many, those that came first; None for all.
    """
    judged = _judge(gallery, most)
    if judged is None:
        return []
    ids, grades = gallery.ids[judged.rows].tolist(), judged.grades.tolist()
    people, margins = judged.candidates.tolist(), judged.margins.tolist()
    distances = (1 - judged.top).tolist()
    poor = gallery.rejected
    found = [
        Suggestion(
            ids[n], people[n], distances[n], margins[n], Grade(grades[n]), near, ids[n] in poor
        )
        for n, near in enumerate(judged.near)
    ]
    order = _order(gallery.vectors[judged.rows], judged, np.array([one.rejected for one in found]))
    return [found[n] for n in order if judged.top[n] > _NEVER / 2]


def suggested_counts(gallery: Gallery) -> dict[int, int]:
    """By person, to how many faces without a name `suggest` offers them as more than a stranger."""
    judged = _judge(gallery)
    if judged is None:
        return {}
    offered = judged.candidates[judged.grades != Grade.STRANGE]
    people, counts = np.unique(offered, return_counts=True)
    return dict(zip(people.tolist(), counts.tolist(), strict=True))


class _Judged(NamedTuple):
    """For each of *rows* the best candidate, how near they are, and their nearest faces."""

    rows: NDArray[np.intp]
    candidates: Ids
    top: _Scores
    margins: _Scores
    grades: NDArray[np.int_]
    near: Sequence[tuple[int, ...]]


def _judge(gallery: Gallery, most: int | None = None) -> _Judged | None:
    """None where nobody is to be named, or after."""
    rows, people = gallery.rows_of(0)[:most], gallery.named
    if not len(rows) or not len(people):
        return None
    pushed = _pushed(gallery, rows, people)
    pushed[gallery.refusals(rows, people)] = -2 * _NEVER  # below whatever a likeness can be
    named = _Named.of(gallery)
    best = np.empty(len(rows), np.intp)
    top, margins = np.empty(len(rows), np.float32), np.empty(len(rows), np.float32)
    near: list[tuple[int, ...]] = []
    for start in range(0, len(rows), BLOCK):
        block = slice(start, start + BLOCK)
        # One product for everybody: many small ones wait for each other where processors are busy.
        alike = gallery.vectors[rows[block]] @ named.vectors.T
        scores = _scores(alike, named) - pushed[block]
        each, first = np.arange(len(scores)), scores.argmax(1)
        best[block], top[block] = first, scores[each, first]
        scores[each, first] = _NEVER
        margins[block] = top[block] - np.maximum(scores.max(1), 0)
        near += _nearest(alike, named, first)
    grades = np.where(top < LIKELY, Grade.STRANGE, Grade.OPEN)
    grades[(top >= SURE) & (margins >= SURE_MARGIN)] = Grade.SURE
    return _Judged(rows, people[best], top, margins, grades, near)


class _Named(NamedTuple):
    """The faces with a name, person by person: whose they are tells a range of rows for each."""

    ids: Ids
    vectors: Vectors
    ranges: Sequence[slice]

    @classmethod
    def of(cls, gallery: Gallery) -> Self:
        rows = np.flatnonzero(gallery.people > 0)
        rows = rows[np.argsort(gallery.people[rows], kind="stable")]
        ends = np.searchsorted(gallery.people[rows], gallery.named, side="right").tolist()
        ranges = [slice(start, end) for start, end in pairwise([0, *ends])]
        return cls(gallery.ids[rows], gallery.vectors[rows], ranges)


def _scores(alike: _Scores, named: _Named) -> _Scores:
    """How near each row of *alike* (to all named faces) is to each person: (rows, people)."""
    scores = np.empty((len(alike), len(named.ranges)), np.float32)
    each = np.arange(len(alike))
    for column, theirs in enumerate(named.ranges):
        mine = alike[:, theirs]
        place = mine.argmax(1)
        highest = mine[each, place]
        scores[:, column] = highest
        if mine.shape[1] > 1:
            mine[each, place] = _NEVER
            scores[:, column] = (highest + mine.max(1)) / 2
            mine[each, place] = highest
    return scores


def _nearest(
    alike: _Scores, named: _Named, candidates: NDArray[np.intp]
) -> Sequence[tuple[int, ...]]:
    """For each row of *alike* the nearest faces of its candidate, who is a range of *named*."""
    found: list[tuple[int, ...]] = [()] * len(candidates)
    for candidate in np.unique(candidates).tolist():
        theirs, places = named.ranges[candidate], np.flatnonzero(candidates == candidate)
        order = np.argsort(-alike[places, theirs], axis=1)[:, :NEAREST_SHOWN]
        nearest = named.ids[theirs][order].tolist()
        for place, ids in zip(places.tolist(), nearest, strict=True):
            found[place] = tuple(ids)
    return found


def _pushed(gallery: Gallery, rows: NDArray[np.intp], people: Ids) -> _Scores:
    """How far refusals move each row away from each person: what it resembles, is not them."""
    push = np.zeros((len(rows), len(people)), np.float32)
    person_of = dict(zip(gallery.ids.tolist(), gallery.people.tolist(), strict=True))
    row_of = {face_id: row for row, face_id in enumerate(gallery.ids.tolist())}
    for column, person in enumerate(people.tolist()):
        refused = [
            row_of[face_id]
            for face_id, refused_id in gallery.refused
            if refused_id == person and person_of.get(face_id, person) != person
        ]
        if refused:
            alike = gallery.vectors[rows] @ gallery.vectors[refused].T
            push[:, column] = np.maximum(alike.max(1) - _SAME, 0)
    return push


def _order(vectors: Vectors, judged: _Judged, rejected: NDArray[np.bool_]) -> NDArray[np.intp]:
    """Places in the order in which the owner is asked."""
    settles = np.zeros(len(vectors))
    unsettled = np.flatnonzero((judged.grades == Grade.OPEN) & ~rejected)
    for start in range(0, len(unsettled), BLOCK):
        block = unsettled[start : start + BLOCK]
        alike = vectors[block] @ vectors[unsettled].T
        settles[block] = np.count_nonzero(alike >= _ALIKE, axis=1)
    grades = np.where(rejected, Grade.SURE, judged.grades)
    closest = np.where(grades == Grade.OPEN, judged.margins, -judged.top)
    return np.lexsort((closest, -settles, grades, rejected))
