"""Every face that counts, side by side as arrays: the start of suggestions, doubts and groups."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from facegui.services.libraries import Library

Ids = NDArray[np.int64]
Vectors = NDArray[np.float32]

BLOCK = 512
"""Rows that are compared with all others at once: 20,000 columns then take 40 MB."""


@dataclass(frozen=True, slots=True)
class Gallery:
    """The n faces that are kept, named or not, and perhaps those without a name that rules reject.

    Attributes:
        ids: int64 (n,), the faces'.
        photos: int64 (n,), the photo of each.
        people: int64 (n,), who it is; 0 where nobody is named.
        vectors: float32 (n, d), unit length; the product of two is their cosine.
        refused: pairs (face id, person id) that the owner said no to.
        affirmed: pairs that the owner said yes to when asked.
        rejected: ids of those that rules reject; they come last.
    """

    ids: Ids
    photos: Ids
    people: Ids
    vectors: Vectors
    refused: frozenset[tuple[int, int]] = frozenset()
    affirmed: frozenset[tuple[int, int]] = frozenset()
    rejected: frozenset[int] = frozenset()

    @classmethod
    def read(cls, library: Library, *, rejected: bool = False) -> Self:
        """What is kept in *library* now, and with *rejected* what rules reject without a name."""
        faces, poor = library.kept_faces(), frozenset[int]()
        if rejected:
            others = library.rejected_unnamed_faces()
            faces, poor = np.concatenate([faces, others]), frozenset(others[:, 0].tolist())
        ids, photos, people = faces.T
        answers = library.answers()
        return cls(
            ids,
            photos,
            people,
            library.embeddings(ids.tolist()),
            frozenset((a.face_id, a.person_id) for a in answers if not a.same),
            frozenset((a.face_id, a.person_id) for a in answers if a.same),
            poor,
        )

    @property
    def named(self) -> Ids:
        """The people who have a face here, ascending."""
        return np.unique(self.people[self.people > 0])

    def rows_of(self, person_id: int) -> NDArray[np.intp]:
        """Rows of one person's faces; of those without a name for 0."""
        return np.flatnonzero(self.people == person_id)

    def refusals(self, rows: NDArray[np.intp], people: Ids) -> NDArray[np.bool_]:
        """Which of *people* each of *rows* is not, bool (rows, people)."""
        found = np.zeros((len(rows), len(people)), np.bool_)
        row_of = {int(self.ids[row]): n for n, row in enumerate(rows)}
        column_of = {int(person): n for n, person in enumerate(people)}
        for face_id, person_id in self.refused:
            if face_id in row_of and person_id in column_of:
                found[row_of[face_id], column_of[person_id]] = True
        return found
