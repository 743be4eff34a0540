"""What a view of duplicates shows: each group with its photos, measures and what was decided.

Also what a group would look like if another of its photos were kept, so that a rule for choosing
the keepers can be seen at work before anything is written.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from itertools import combinations
from pathlib import Path

from facegui.domain.entities import Decision, DuplicateGroup, Face, Photo, PhotoHashes
from facegui.services.libraries import Library

_UNWANTED = frozenset({Decision.REJECT, Decision.IGNORE})


@dataclass(frozen=True, slots=True)
class Member:
    """A photo of a group beside its keeper.

    Attributes:
        distance: bits to the keeper, between the hashes of the photos or of two of their faces,
            whichever are nearer; the same whichever of the two is the keeper.
        by_face: it is the faces' distance, and the photos are further apart.
        same_file: the keeper's file, byte by byte.
        faces: what was found in it; empty when there is none.
        people: who its faces are, those that the owner rejected or ignored left out.
    """

    photo: Photo
    distance: int
    mirrored: bool
    same_file: bool
    is_keeper: bool
    faces: tuple[Face, ...]
    people: tuple[str, ...] = ()
    by_face: bool = False

    @property
    def name(self) -> str:
        """The last folder and the file's name."""
        path = Path(self.photo.path)
        return f"{path.parent.name}/{path.name}"

    @property
    def sharpness(self) -> float | None:
        """Of its sharpest face."""
        return max((face.sharpness for face in self.faces), default=None)

    @property
    def largest(self) -> Face | None:
        """Its largest face, by which two members are laid over each other."""
        return max(self.faces, key=lambda face: face.box.area, default=None)

    @property
    def turn_deg(self) -> float | None:
        """How far its largest face is turned from the camera, about whichever axis most."""
        face = self.largest
        if face is None:
            return None
        return max(abs(face.pose.roll), abs(face.pose.pan), abs(face.pose.tilt))

    @property
    def rejected(self) -> bool:
        """The owner rejected every face in it."""
        return bool(self.faces) and all(f.decision is Decision.REJECT for f in self.faces)


@dataclass(frozen=True, slots=True)
class CopyGroup:
    """A group of copies, the keeper first, then by distance.

    Attributes:
        key: stays the same while the group has the same photos.
        conflict: names of the people for whom one and the same face is taken; empty when the
            labels agree.
        decided: every copy with a face has been rejected by the owner.
    """

    key: int
    members: tuple[Member, ...]
    conflict: tuple[str, ...] = ()

    @property
    def keeper(self) -> Member:
        """The member that stays."""
        return self.members[0]

    @property
    def decided(self) -> bool:
        """Whether nothing is left to decide here."""
        copies = [member for member in self.members[1:] if member.faces]
        return bool(copies) and all(member.rejected for member in copies)

    @property
    def lone_faces(self) -> tuple[Face, ...]:
        """The one wanted face of each photo; empty where a photo has several, for who is who?"""
        wanted = [_wanted(member.faces) for member in self.members]
        return tuple(f for faces in wanted for f in faces) if max(map(len, wanted)) == 1 else ()


class KeeperRule(Enum):
    """By what the photo to keep is chosen in each group."""

    BEST = "best"
    """As the groups stand: the owner's choice, or what serves training best."""
    LARGEST = "largest"
    """Most pixels, then most bytes."""
    SHARPEST = "sharpest"
    FRONTAL = "frontal"
    OLDEST = "oldest"
    """By the file's time of change, which copying keeps and editing moves on."""


def copy_groups(library: Library) -> list[CopyGroup]:
    """Every group of copies in *library*, in the order of their keepers' paths."""
    groups = library.duplicate_groups()
    ids = [member.photo_id for group in groups for member in group.members]
    photos = {photo.id: photo for photo in library.photos(ids)}
    faces = library.faces_of_photos(ids)
    names = {person.id: person.name for person in library.people()}
    views = [_view(group, photos, faces, names) for group in groups]
    return sorted(views, key=lambda view: view.keeper.photo.path)


def kept_by(group: CopyGroup, rule: KeeperRule) -> CopyGroup:
    """*group* as it looks with the keeper that *rule* chooses; of equals, the present one."""
    merit = _MERITS.get(rule)
    if merit is None:
        return group
    keeper = max(group.members, key=merit)
    return group if keeper.is_keeper else replace(group, members=_seen_from(keeper, group.members))


_MERITS: Mapping[KeeperRule, Callable[[Member], tuple[float, ...]]] = {
    KeeperRule.LARGEST: lambda one: (one.photo.width * one.photo.height, one.photo.size_bytes),
    KeeperRule.SHARPEST: lambda one: (-1.0 if one.sharpness is None else one.sharpness,),
    KeeperRule.FRONTAL: lambda one: (-360.0 if one.turn_deg is None else -one.turn_deg,),
    KeeperRule.OLDEST: lambda one: (-one.photo.mtime_ns,),
}


def _view(
    group: DuplicateGroup,
    photos: Mapping[int, Photo],
    faces: Mapping[int, Sequence[Face]],
    names: Mapping[int, str],
) -> CopyGroup:
    keeper = photos[group.keeper_id]
    members = []
    for member in group.members:
        photo = photos[member.photo_id]
        found = tuple(faces.get(photo.id, ()))
        kept = keeper, faces.get(keeper.id, ())
        distance, by_face = _apart(kept, (photo, found), mirrored=member.mirrored)
        named = {names.get(face.person_id or 0) for face in _wanted(found)}
        members.append(
            Member(
                photo=photo,
                distance=distance,
                mirrored=member.mirrored,
                same_file=photo.sha256 == keeper.sha256,
                is_keeper=photo.id == keeper.id,
                faces=found,
                people=tuple(sorted(name for name in named if name is not None)),
                by_face=by_face,
            )
        )
    return CopyGroup(
        key=min(member.photo_id for member in group.members),
        members=_ordered(members),
        conflict=tuple(names[n] for n in sorted(_in_conflict(members)) if n in names),
    )


def _seen_from(keeper: Member, members: Sequence[Member]) -> tuple[Member, ...]:
    seen = []
    for one in members:
        mirrored = one.mirrored != keeper.mirrored
        pair = (keeper.photo, keeper.faces), (one.photo, one.faces)
        distance, by_face = _apart(*pair, mirrored=mirrored)
        seen.append(
            replace(
                one,
                distance=distance,
                mirrored=mirrored,
                same_file=one.photo.sha256 == keeper.photo.sha256,
                is_keeper=one is keeper,
                by_face=by_face,
            )
        )
    return _ordered(seen)


_Shown = tuple[Photo, Sequence[Face]]


def _apart(one: _Shown, other: _Shown, *, mirrored: bool) -> tuple[int, bool]:
    """Bits between two copies, and whether it is their faces that are so near, not the photos."""
    (photo, faces), (other_photo, other_faces) = one, other
    ours, theirs = photo.hashes, other_photo.hashes
    if ours is None or theirs is None or ours == theirs:  # without hashes it is the same file
        return 0, False
    by_photo = _bits(ours, theirs, mirrored=mirrored)
    pairs = ((a.hashes, b.hashes) for a in faces for b in other_faces)
    by_face = min((_bits(a, b, mirrored=mirrored) for a, b in pairs), default=by_photo)
    return min(by_photo, by_face), by_face < by_photo


def _bits(one: PhotoHashes, other: PhotoHashes, *, mirrored: bool) -> int:
    """The same both ways: hashes of mirror images may differ in a bit from one way to the other."""
    if not mirrored:
        return (one.phash ^ other.phash).bit_count()
    ways = (one.phash ^ other.phash_mirror), (one.phash_mirror ^ other.phash)
    return min(way.bit_count() for way in ways)


def _ordered(members: Sequence[Member]) -> tuple[Member, ...]:
    order = sorted(members, key=lambda one: (not one.is_keeper, one.distance, one.photo.path))
    return tuple(order)


def bits_apart(one: PhotoHashes | None, other: PhotoHashes | None) -> int:
    """Hamming distance of two pictures, mirrored or not."""
    if one is None or other is None:  # found by their bytes alone, so they are the same
        return 0
    straight = (one.phash ^ other.phash).bit_count()
    return min(straight, (one.phash ^ other.phash_mirror).bit_count())


def _wanted(faces: Sequence[Face]) -> list[Face]:
    return [face for face in faces if face.decision not in _UNWANTED]


def _in_conflict(members: Sequence[Member]) -> frozenset[int]:
    """People for whom the same face must be taken in two copies.

    So it is where the two name more people than either has faces. Which of several faces is which
    in a copy is not known, and a name that is missing contradicts nobody.
    """
    faces = {
        (frozenset(f.person_id for f in found if f.person_id is not None), len(found))
        for member in members
        if (found := _wanted(member.faces))
    }
    people: frozenset[int] = frozenset()
    for (ours, n), (theirs, m) in combinations(faces, 2):
        if len(ours | theirs) > max(n, m):
            people |= ours ^ theirs
    return people
