"""The named faces that look most like one face: what its owner compares it with at a glance."""

from __future__ import annotations

from typing import Self

import numpy as np
from numpy.typing import NDArray

from facegui.domain.entities import FaceState
from facegui.domain.errors import LibraryError
from facegui.domain.queries import FaceFilter
from facegui.services.libraries import Library
from facegui.services.reviewing.similar import SimilarFace


class NearestNamed:
    """The kept faces with a name, read once: a face is then compared in milliseconds."""

    def __init__(self, ids: NDArray[np.int64], vectors: NDArray[np.float32]) -> None:
        self._ids = ids
        self._vectors = vectors

    @classmethod
    def read(cls, library: Library) -> Self:
        """What *library* has now; a tenth of a second for each 10,000 faces."""
        ids = library.face_ids(FaceFilter(named=True, states=(FaceState.KEPT,)))
        return cls(np.array(ids, np.int64), library.embeddings(ids))

    def find(self, library: Library, face_id: int, count: int) -> list[SimilarFace]:
        """The nearest *count* to *face_id*, nearest first; none for a face that has left."""
        try:
            wanted = library.embeddings([face_id])[0]
        except LibraryError:
            return []
        alike = np.where(self._ids == face_id, -np.inf, self._vectors @ wanted)
        order = np.argsort(-alike, kind="stable")[:count]
        return [
            SimilarFace(int(self._ids[n]), min(float(alike[n]), 1.0))
            for n in order
            if np.isfinite(alike[n])
        ]
