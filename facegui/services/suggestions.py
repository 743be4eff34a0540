"""Who the faces without a name may be: the people whom their nearest named faces are.

A face is as near to a person as to the mean of the two nearest of that person's faces. On SFace's
vectors strangers stay below 0.35 there, and a face's own people above 0.4 but for one in a hundred
(`benchmarks/suggestions.py`). A name that the owner refused is never offered to that face again,
and everything that resembles it is moved away from that person by as much.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from facegui.services.gallery import BLOCK, Gallery, Ids, Vectors

NEAREST_SHOWN = 4
"""Named faces that a suggestion shows as its reason."""

LIKELY, SURE, SURE_MARGIN = 0.3, 0.4, 0.1
_NEAREST_COUNTED = 2
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
    """

    face_id: int
    person_id: int
    distance: float
    margin: float
    grade: Grade
    near: tuple[int, ...]


def suggest(gallery: Gallery) -> list[Suggestion]:
    """A candidate for every face without a name, in the order that helps most.

    First those worth a look: the ones that most other open ones resemble, as they settle these
    too, and among equals the closest calls. Then the sure ones, surest first. Last those that
    resemble nobody. Faces for which the owner has refused everybody are left out.
    """
    rows, people = gallery.rows_of(0), gallery.named
    if not len(rows) or not len(people):
        return []
    refused = gallery.refusals(rows, people)
    scores = _scores(gallery, rows, people) - _pushed(gallery, rows, people)
    scores[refused] = _NEVER
    best = scores.argmax(1)
    top = scores[np.arange(len(rows)), best]
    others = scores.copy()
    others[np.arange(len(rows)), best] = _NEVER
    margins = top - np.maximum(others.max(1), 0)
    grades = np.where(top < LIKELY, Grade.STRANGE, Grade.OPEN)
    grades[(top >= SURE) & (margins >= SURE_MARGIN)] = Grade.SURE
    near = _nearest(gallery, rows, people[best])
    found = [
        Suggestion(int(gallery.ids[row]), int(people[best[n]]), float(1 - top[n]),
                   float(margins[n]), Grade(int(grades[n])), near[n])
        for n, row in enumerate(rows)
    ]  # fmt: skip
    order = _order(gallery.vectors[rows], grades, top, margins)
    return [found[n] for n in order if top[n] > _NEVER / 2]


def _scores(gallery: Gallery, rows: NDArray[np.intp], people: Ids) -> _Scores:
    """How near each row is to each person, float32 (rows, people)."""
    scores = np.empty((len(rows), len(people)), np.float32)
    galleries = [gallery.vectors[gallery.rows_of(int(person))] for person in people]
    for start in range(0, len(rows), BLOCK):
        block = gallery.vectors[rows[start : start + BLOCK]]
        for column, theirs in enumerate(galleries):
            count = min(_NEAREST_COUNTED, len(theirs))
            nearest = np.partition(block @ theirs.T, -count, axis=1)[:, -count:]
            scores[start : start + BLOCK, column] = nearest.mean(1)
    return scores


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


def _nearest(
    gallery: Gallery, rows: NDArray[np.intp], candidates: Ids
) -> dict[int, tuple[int, ...]]:
    """By place in *rows*, the nearest faces of its candidate."""
    found: dict[int, tuple[int, ...]] = {}
    for person in np.unique(candidates):
        theirs = gallery.rows_of(int(person))
        places = np.flatnonzero(candidates == person)
        for start in range(0, len(places), BLOCK):
            block = places[start : start + BLOCK]
            alike = gallery.vectors[rows[block]] @ gallery.vectors[theirs].T
            order = np.argsort(-alike, axis=1)[:, :NEAREST_SHOWN]
            for place, nearest in zip(block.tolist(), gallery.ids[theirs][order], strict=True):
                found[place] = tuple(nearest.tolist())
    return found


def _order(
    vectors: Vectors, grades: NDArray[np.int_], top: _Scores, margins: _Scores
) -> NDArray[np.intp]:
    """Places in the order in which the owner is asked."""
    settles = np.zeros(len(vectors))
    unsettled = np.flatnonzero(grades == Grade.OPEN)
    for start in range(0, len(unsettled), BLOCK):
        block = unsettled[start : start + BLOCK]
        alike = vectors[block] @ vectors[unsettled].T
        settles[block] = np.count_nonzero(alike >= _ALIKE, axis=1)
    closest = np.where(grades == Grade.OPEN, margins, -top)
    return np.lexsort((closest, -settles, grades))
