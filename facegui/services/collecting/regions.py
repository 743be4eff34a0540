"""Bringing together the faces that a detector finds and those that somebody else says are there."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from facegui.domain.entities import FaceProposal, Region
from facegui.domain.geometry import Box

SAME_FACE_IOU = 0.3
"""People draw faces with hair and chin, detectors without: overlap from which both mean one."""

Measure = Callable[[Box], FaceProposal | None]
"""Measures the face in a box; None where there is none. See `FaceAnalyser.measure_at`."""


def with_regions(
    faces: Sequence[FaceProposal], regions: Sequence[Region], measure: Measure
) -> tuple[FaceProposal, ...]:
    """*faces*, each with the region that means it, and the faces that only a region knew of.

    A region whose face another one has taken already, or in which nothing can be measured, adds
    nothing. Lists and manifests choose before photos' own metadata does.
    """
    found = list(faces)
    taken: dict[int, Region] = {}
    for group in (
        [region for region in regions if region.picks],
        [region for region in regions if not region.picks],
    ):
        free = [n for n in range(len(found)) if n not in taken]
        pairs = match([r.box for r in group], [found[n].box for n in free])
        taken.update((free[f], group[r]) for r, f in pairs.items())
        for r, region in enumerate(group):
            if r in pairs or any(_same(region.box, found[n].box) for n in taken):
                continue
            measured = measure(region.box)
            if measured is not None and not any(_same(measured.box, face.box) for face in found):
                taken[len(found)] = region
                found.append(measured)
    return tuple(replace(face, region=taken.get(n)) for n, face in enumerate(found))


def match(regions: Sequence[Box], faces: Sequence[Box]) -> dict[int, int]:
    """Pairs regions with faces one to one, best first: index of region to index of face.

    Best is the largest overlap from `SAME_FACE_IOU` on. A loosely drawn rectangle overlaps less:
    then the two must hold each other's centre, or the rectangle one face's only.
    """
    ranked = sorted(
        (rank, r, f)
        for r, region in enumerate(regions)
        for f, face in enumerate(faces)
        if (rank := _rank(region, face, faces)) is not None
    )
    pairs: dict[int, int] = {}
    for _, r, f in ranked:
        if r not in pairs and f not in pairs.values():
            pairs[r] = f
    return pairs


def _rank(region: Box, face: Box, faces: Sequence[Box]) -> tuple[int, float] | None:
    """How well the two fit, lowest best; None for not at all."""
    overlap = region.iou(face)
    if overlap >= SAME_FACE_IOU:
        return 0, -overlap
    if not _holds(region, face):
        return None
    if _holds(face, region):
        return 1, -overlap
    return (2, -overlap) if sum(_holds(region, other) for other in faces) == 1 else None


def _same(one: Box, other: Box) -> bool:
    return one.iou(other) >= SAME_FACE_IOU or (_holds(one, other) and _holds(other, one))


def _holds(outer: Box, inner: Box) -> bool:
    x, y = inner.centre
    return outer.x1 <= x <= outer.x2 and outer.y1 <= y <= outer.y2
