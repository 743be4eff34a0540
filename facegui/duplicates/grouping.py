"""Groups of photos that show one picture, and which of each group to keep.

Every member of a group is a copy of its *keeper*, not merely of another member: a series of shots
in which each resembles the next must not become one group.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence, Set

from facegui.domain.entities import DuplicateGroup, DuplicateMember
from facegui.duplicates.evidence import FaceRecord, PhotoRecord, copy_pairs, is_telling

_STEP = math.log(1.1)
_TURN_STEP_DEG = 5.0

Rank = tuple[object, ...]


def group_duplicates(
    photos: Iterable[PhotoRecord], distance: int, apart: Iterable[tuple[int, int]] = ()
) -> list[DuplicateGroup]:
    """Group the copies among *photos*; photos without a copy are in no group.

    Photos are taken best first (`keeper_rank`). Each that no group has yet begins one, and takes
    every photo into it that is a copy of it and in no group either.

    Args:
        photos: of one library.
        distance: bits of perceptual hash, of the photo or of a face in it, within which photos
            can be copies; exact copies are found at 0.
        apart: ids of photos that are no copies of each other, whatever they look like; no group
            has two such photos.

    Returns:
        Groups in the order of their keepers' ranks; the keeper first among the members, then by
        distance. The distance of a member is never more than *distance*.
    """
    foes: dict[int, set[int]] = {}
    for one, other in apart:
        foes.setdefault(one, set()).add(other)
        foes.setdefault(other, set()).add(one)
    units = _collapsed(sorted(photos, key=keeper_rank), foes)
    pairs = copy_pairs([unit[0] for unit in units], distance)
    # Units are in rank order and the pairs ascend, so the first of a pair is decided about first.
    copies: dict[int, list[tuple[int, bool, int]]] = {}
    taken: set[int] = set()
    enemies = [{foe for photo in unit for foe in foes.get(photo.id, ())} for unit in units]
    for keeper, copy, bits, mirrored in zip(*(column.tolist() for column in pairs), strict=True):
        if keeper in taken or copy in taken:
            continue
        if enemies[keeper].isdisjoint(photo.id for photo in units[copy]):
            taken.add(copy)
            enemies[keeper] |= enemies[copy]
            copies.setdefault(keeper, []).append((bits, mirrored, copy))
    return [
        _group(unit, [(bits, mirrored, units[n]) for bits, mirrored, n in copies.get(number, [])])
        for number, unit in enumerate(units)
        if number in copies or (len(unit) > 1 and number not in taken)
    ]


def keeper_rank(photo: PhotoRecord) -> Rank:
    """Sorts the photo to keep among copies to the front.

    In this order: the owner's choice; with a usable face; with any face; the largest face (the
    photo's own size where there is none), because a frame or banner enlarges a photo and adds
    nothing; the sharpest; the most frontal; the first path. Sizes and sharpnesses are compared in
    steps of a tenth: measures of one face differ by a little from copy to copy.
    """
    face = max(photo.faces, key=lambda face: face.size_px, default=None)
    return (
        not photo.preferred,
        not any(face.usable for face in photo.faces),
        face is None,
        -_steps(math.sqrt(photo.width * photo.height) if face is None else face.size_px),
        -_steps(face.sharpness if face else 0.0),
        _turn(face),
        photo.path,
        photo.id,
    )


def _steps(value: float) -> int:
    return round(math.log(max(value, 1e-6)) / _STEP)


def _turn(face: FaceRecord | None) -> int:
    if face is None:
        return 0
    turn = max(abs(face.pose.roll), abs(face.pose.pan), abs(face.pose.tilt))
    return round(turn / _TURN_STEP_DEG)


def _collapsed(
    photos: Sequence[PhotoRecord], foes: Mapping[int, Set[int]]
) -> list[list[PhotoRecord]]:
    """Photos with the same hash, or the same bytes, as one; a burst of them costs nothing then."""
    units: dict[object, list[PhotoRecord]] = {}
    for photo in photos:
        own = foes.get(photo.id, frozenset())
        key: object = photo.hashes if is_telling(photo.hashes) else photo.sha256 or photo.id
        while own and not own.isdisjoint(other.id for other in units.get(key, ())):
            key = (key, "apart")
        units.setdefault(key, []).append(photo)
    return list(units.values())


def _group(
    unit: Sequence[PhotoRecord], copies: Iterable[tuple[int, bool, Sequence[PhotoRecord]]]
) -> DuplicateGroup:
    members = [DuplicateMember(photo.id, 0) for photo in unit]
    members += [
        DuplicateMember(photo.id, bits, mirrored)
        for bits, mirrored, others in sorted(copies, key=lambda copy: copy[0])
        for photo in others
    ]
    return DuplicateGroup(unit[0].id, tuple(members))
