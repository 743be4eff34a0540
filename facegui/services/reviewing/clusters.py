"""Faces without a name in groups that look like one person each.

Each face is tied to its nearest neighbours that are near enough; what hangs together is a group.
A chain of in-betweens can tie two people together: `tighter` finds how near faces of such a group
have to be for it to fall apart, and the owner's wish is kept by asking that of its faces from then
on.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from facegui.services.reviewing.gallery import BLOCK, Gallery, Ids, Vectors

_TIED = 0.45
_NEIGHBOURS = 8
_STEP = 0.02
_TIGHTEST = 0.99


@dataclass(frozen=True, slots=True)
class Cluster:
    """Faces that look like one person, those nearest to their mean first."""

    face_ids: tuple[int, ...]


def clusters(gallery: Gallery, tightness: Mapping[int, float] | None = None) -> list[Cluster]:
    """Groups of two or more faces without a name, largest first.

    Args:
        gallery: only its faces without a name count.
        tightness: by face id, the cosine from which it is tied to another, where the owner has
            split a group; see `tighter`.
    """
    rows = gallery.rows_of(0)
    ids, vectors = gallery.ids[rows], gallery.vectors[rows]
    limits = np.array([(tightness or {}).get(face_id, _TIED) for face_id in ids.tolist()])
    labels = _components(vectors, limits)
    order = np.argsort(labels, kind="stable")
    parts = np.split(order, np.flatnonzero(np.diff(labels[order])) + 1)
    found = [_cluster(ids, vectors, part) for part in parts if len(part) > 1]
    return sorted(found, key=lambda cluster: (-len(cluster.face_ids), cluster.face_ids))


def tighter(gallery: Gallery, cluster: Cluster) -> dict[int, float]:
    """By face of *cluster*, the tightness at which it falls apart; empty if it never does."""
    rows = np.flatnonzero(np.isin(gallery.ids, cluster.face_ids))
    vectors = gallery.vectors[rows]
    for limit in np.arange(_TIED, _TIGHTEST, _STEP):
        labels = _components(vectors, np.full(len(rows), limit))
        if len(np.unique(labels)) > 1:
            return dict.fromkeys(gallery.ids[rows].tolist(), float(limit))
    return {}


def _cluster(ids: Ids, vectors: Vectors, part: NDArray[np.intp]) -> Cluster:
    alike = vectors[part] @ vectors[part].mean(0)
    return Cluster(tuple(ids[part[np.argsort(-alike, kind="stable")]].tolist()))


def _components(vectors: Vectors, limits: NDArray[np.float64]) -> NDArray[np.intp]:
    """For each row the least row that it hangs together with."""
    labels = np.arange(len(vectors))
    one, other = _ties(vectors, limits)
    while True:
        least = np.minimum(labels[one], labels[other])
        new = labels.copy()
        np.minimum.at(new, labels[one], least)
        np.minimum.at(new, labels[other], least)
        new = new[new]
        if np.array_equal(new, labels):
            return labels
        labels = new


def _ties(
    vectors: Vectors, limits: NDArray[np.float64]
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Pairs of rows that are near neighbours, and near enough for both."""
    ones, others = [np.empty(0, np.intp)], [np.empty(0, np.intp)]
    count = min(_NEIGHBOURS, len(vectors) - 1)
    for start in range(0, len(vectors) if count > 0 else 0, BLOCK):
        alike = vectors[start : start + BLOCK] @ vectors.T
        here = np.arange(start, start + len(alike))
        alike[np.arange(len(alike)), here] = -2.0
        nearest = np.argpartition(alike, -count, axis=1)[:, -count:]
        near = np.take_along_axis(alike, nearest, axis=1)
        needed = np.maximum(limits[here][:, None], limits[nearest])
        row, column = np.nonzero(near >= needed)
        ones.append(here[row])
        others.append(nearest[row, column])
    return np.concatenate(ones), np.concatenate(others)
