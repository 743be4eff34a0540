"""Any number of faces in an order in which those that look alike stand together.

For browsing, not for naming (`facegui.services.reviewing.clusters` is stricter and compares all
pairs): each face joins the nearest *leader* that is near enough, or else becomes one, so that
100,000 faces take seconds (leader clustering, Hartigan 1975).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from facegui.domain.queries import Section

_JOINS = 0.45  # cosine of SFace vectors; two pictures of one person are mostly above 0.36
_BLOCK = 1024


def in_sections(
    face_ids: Sequence[int], vectors: NDArray[np.float32]
) -> tuple[list[int], list[Section]]:
    """Ids cluster by cluster, and where each begins.

    Args:
        face_ids: n faces.
        vectors: float32 (n, d), unit length, row for row with them.

    Returns:
        Largest cluster first, in each those nearest to its leader first; the section of those that
        are like no other face comes last and has the key 0.
    """
    leaders, likeness = _leaders(vectors)
    sizes = np.bincount(leaders, minlength=len(leaders))[leaders]
    alone = sizes == 1
    order = np.lexsort((-likeness, leaders, -sizes))
    clusters = np.where(alone, -1, leaders)[order]
    starts = np.flatnonzero(np.diff(clusters, prepend=-2))
    sections = [
        Section(int(start), 0 if clusters[start] < 0 else number)
        for number, start in enumerate(starts, start=1)
    ]
    return [face_ids[n] for n in order], sections


def _leaders(vectors: NDArray[np.float32]) -> tuple[NDArray[np.intp], NDArray[np.float32]]:
    """For each row the row of its leader (its own for a leader), and how like it is."""
    joined = np.arange(len(vectors))
    likeness = np.ones(len(vectors), np.float32)
    leaders = np.empty(0, np.intp)
    for start in range(0, len(vectors), _BLOCK):
        here = np.arange(start, min(start + _BLOCK, len(vectors)))
        if len(leaders):
            alike = vectors[here] @ vectors[leaders].T
            best = alike.argmax(axis=1)
            near = alike[np.arange(len(here)), best]
            taken = near >= _JOINS
            joined[here[taken]], likeness[here[taken]] = leaders[best[taken]], near[taken]
            here = here[~taken]
        leaders = np.concatenate([leaders, _among(vectors, here, joined, likeness)])
    return joined, likeness


def _among(
    vectors: NDArray[np.float32],
    rows: NDArray[np.intp],
    joined: NDArray[np.intp],
    likeness: NDArray[np.float32],
) -> NDArray[np.intp]:
    """The leaders among *rows*, which no earlier one takes in; the others join them."""
    alike = vectors[rows] @ vectors[rows].T
    left = np.ones(len(rows), np.bool_)
    found = []
    for n, row in enumerate(rows):
        if not left[n]:
            continue
        found.append(row)
        takes = left & (alike[n] >= _JOINS)
        takes[n] = False
        joined[rows[takes]], likeness[rows[takes]] = row, alike[n, takes]
        left &= ~takes
        left[n] = False
    return np.array(found, np.intp)
