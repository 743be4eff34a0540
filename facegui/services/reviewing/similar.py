"""The faces of a library that look most like one of them, named or not, kept or not."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from facegui.services.libraries import Library

SHOWN = 200
"""Faces that are found at most."""


class SimilarFace(NamedTuple):
    """A face and its cosine to the one it was compared with."""

    face_id: int
    similarity: float


def find_similar(library: Library, face_id: int) -> list[SimilarFace]:
    """The faces nearest to *face_id*, itself first.

    Raises:
        LibraryError: the face has left the library.
    """
    wanted = library.embeddings([face_id])[0]
    ids = np.array(library.face_ids(), np.int64)
    alike = library.embeddings(ids.tolist()) @ wanted
    alike[ids == face_id] = np.inf  # a copy of its photo may tie with it
    order = np.argsort(-alike, kind="stable")[:SHOWN]
    return [SimilarFace(int(ids[n]), min(float(alike[n]), 1.0)) for n in order]
