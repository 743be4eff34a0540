"""Faces whose name may be wrong: hardly nearer to their own person than to another, or to all.

Each face is compared with the mean of every person's faces, itself left out of its own person's.
That costs one product with as many vectors as there are people, so it is done anew at any time.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from facegui.services.reviewing.gallery import Gallery

NEAREST_SHOWN = 4
"""Faces shown of whom it resembles."""

_NOBODY = 0.2  # a mean cosine to one's own below this is no likeness
_LONE = 0.36  # stands for the likeness to oneself where there is no other face to compare with
_DOUBT_OF_FEW = 0.5  # faces
_DOUBTED_FROM = -0.1  # some are wrong that are no nearer to another person


@dataclass(frozen=True, slots=True)
class OddOne:
    """A face that may be somebody else's.

    Attributes:
        person_id: whom it is named after.
        like_id: whom it resembles more; None for nobody who is named.
        own: mean cosine to the other faces of its person.
        other: the same to the person it resembles most.
        oddness: how much is missing to its own person; the list goes by it, worst first.
        near: faces of the person it resembles, or of its own where that is nobody; nearest first.
    """

    face_id: int
    person_id: int
    like_id: int | None
    own: float
    other: float
    oddness: float
    near: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class TwiceInPhoto:
    """Faces of one photo that have the same name."""

    photo_id: int
    person_id: int
    face_ids: tuple[int, ...]


def odd_ones(gallery: Gallery) -> list[OddOne]:
    """Named faces that look like somebody else, or like nobody, worst first.

    Those that the owner has affirmed are left out, and refused people are not offered.
    """
    people = gallery.named
    rows = np.flatnonzero(gallery.people > 0)
    if not len(rows):
        return []
    column_of = np.searchsorted(people, gallery.people[rows])
    scores = _likeness(gallery, rows, people, column_of)
    each = np.arange(len(rows))
    own = scores[each, column_of]
    # One lucky likeness to somebody's only face says less than a mean over many.
    counts = np.bincount(column_of, minlength=len(people))
    scores *= counts / (counts + _DOUBT_OF_FEW)
    scores[each, column_of] = -1.0
    scores[gallery.refusals(rows, people)] = -1.0
    best = scores.argmax(1)
    other = scores[each, best]
    oddness = np.maximum(other, _NOBODY) - own
    found = []
    for n in np.argsort(-oddness, kind="stable"):
        face_id, person_id = int(gallery.ids[rows[n]]), int(people[column_of[n]])
        if oddness[n] <= _DOUBTED_FROM:
            break
        if (face_id, person_id) in gallery.affirmed:
            continue
        like_id = int(people[best[n]]) if other[n] >= _NOBODY else None
        near = _nearest(gallery, int(rows[n]), person_id if like_id is None else like_id)
        figures = float(own[n]), float(other[n]), float(oddness[n])
        found.append(OddOne(face_id, person_id, like_id, *figures, near))
    return found


def twice_in_photo(gallery: Gallery) -> list[TwiceInPhoto]:
    """Photos in which two faces or more have the same name, in the order of photos.

    Not those in which the owner has affirmed every one of them.
    """
    found: dict[tuple[int, int], list[int]] = {}
    columns = (gallery.photos.tolist(), gallery.people.tolist(), gallery.ids.tolist())
    for photo_id, person_id, face_id in zip(*columns, strict=True):
        if person_id:
            found.setdefault((photo_id, person_id), []).append(face_id)
    return [
        TwiceInPhoto(photo_id, person_id, tuple(faces))
        for (photo_id, person_id), faces in sorted(found.items())
        if len(faces) > 1 and not {(face, person_id) for face in faces} <= gallery.affirmed
    ]


def _likeness(
    gallery: Gallery, rows: NDArray[np.intp], people: NDArray[np.int64], column_of: NDArray[np.intp]
) -> NDArray[np.float32]:
    """Mean cosine of each row to each person's faces, float32 (rows, people), itself left out."""
    sums = np.zeros((len(people), gallery.vectors.shape[1]), np.float32)
    np.add.at(sums, column_of, gallery.vectors[rows])
    counts = np.bincount(column_of, minlength=len(people))
    scores = (gallery.vectors[rows] @ sums.T) / counts
    each, many = np.arange(len(rows)), counts[column_of]
    with_itself = scores[each, column_of] * many
    scores[each, column_of] = np.where(many > 1, (with_itself - 1) / np.maximum(many - 1, 1), _LONE)
    return scores.astype(np.float32, copy=False)


def _nearest(gallery: Gallery, row: int, person_id: int) -> tuple[int, ...]:
    theirs = gallery.rows_of(person_id)
    theirs = theirs[theirs != row]
    order = np.argsort(-(gallery.vectors[theirs] @ gallery.vectors[row]))[:NEAREST_SHOWN]
    return tuple(gallery.ids[theirs[order]].tolist())
