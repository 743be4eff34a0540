"""What a view of duplicates shows: each group with its photos, measures and what was decided."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from facegui.domain.entities import Decision, DuplicateGroup, Face, Photo
from facegui.services.libraries import Library


@dataclass(frozen=True, slots=True)
class Member:
    """A photo of a group beside its keeper.

    Attributes:
        distance: bits of perceptual hash to the keeper.
        same_file: the keeper's file, byte by byte.
        faces: what was found in it; empty when there is none.
    """

    photo: Photo
    distance: int
    mirrored: bool
    same_file: bool
    is_keeper: bool
    faces: tuple[Face, ...]

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
    def rejected(self) -> bool:
        """The owner rejected every face in it."""
        return bool(self.faces) and all(f.decision is Decision.REJECT for f in self.faces)


@dataclass(frozen=True, slots=True)
class CopyGroup:
    """A group of copies, the keeper first, then by distance.

    Attributes:
        key: stays the same while the group has the same photos.
        decided: every copy with a face has been rejected by the owner.
    """

    key: int
    members: tuple[Member, ...]

    @property
    def keeper(self) -> Member:
        """The member that stays."""
        return self.members[0]

    @property
    def decided(self) -> bool:
        """Whether nothing is left to decide here."""
        copies = [member for member in self.members[1:] if member.faces]
        return bool(copies) and all(member.rejected for member in copies)


def copy_groups(library: Library) -> list[CopyGroup]:
    """Every group of copies in *library*, in the order of their keepers' paths."""
    groups = library.duplicate_groups()
    ids = [member.photo_id for group in groups for member in group.members]
    photos = {photo.id: photo for photo in library.photos(ids)}
    faces = library.faces_of_photos(ids)
    views = [_view(group, photos, faces) for group in groups]
    return sorted(views, key=lambda view: view.keeper.photo.path)


def _view(
    group: DuplicateGroup, photos: dict[int, Photo], faces: dict[int, list[Face]]
) -> CopyGroup:
    keeper = photos[group.keeper_id]
    members = [
        Member(
            photo=(photo := photos[member.photo_id]),
            distance=member.distance,
            mirrored=member.mirrored,
            same_file=photo.sha256 == keeper.sha256,
            is_keeper=photo.id == keeper.id,
            faces=tuple(faces.get(photo.id, ())),
        )
        for member in group.members
    ]
    members.sort(key=lambda one: (not one.is_keeper, one.distance, one.photo.path))
    return CopyGroup(min(member.photo_id for member in group.members), tuple(members))
