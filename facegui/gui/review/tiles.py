"""What a tile shows, read from the library for the rows on the screen and no others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from facegui.domain.entities import Face, FaceState, Person, Photo
from facegui.domain.rules import RuleResult
from facegui.gui.review import words
from facegui.services.libraries import Library


@dataclass(frozen=True)
class FaceTile:
    """A face with all that its tile, its tool tip and the side panel say of it.

    Attributes:
        person: who it is, or None.
        offer: the name of the photo's folder, where nobody has said who it is or is not.
        failed: the rules it fails, with value and limit.
    """

    face: Face
    photo: Photo
    person: Person | None
    offer: str | None
    failed: tuple[RuleResult, ...]

    @property
    def id(self) -> int:
        """The face's id."""
        return self.face.id

    @property
    def photo_id(self) -> int:
        """The photo that the face is in."""
        return self.photo.id

    @cached_property
    def state(self) -> FaceState:
        """What the face counts as."""
        return self.face.state

    @cached_property
    def title(self) -> str:
        """The name, the offered name with a question mark, or nothing."""
        if self.person is not None:
            return self.person.name
        return words.offer_words(self.offer) if self.offer else ""

    @cached_property
    def verdict(self) -> str:
        """Why the face counts as it does."""
        return words.verdict(self.face, self.failed)


@dataclass(frozen=True, slots=True)
class PhotoTile:
    """A photo with its faces, best score first."""

    photo: Photo
    faces: tuple[FaceTile, ...]

    @property
    def id(self) -> int:
        """The photo's id."""
        return self.photo.id

    @property
    def photo_id(self) -> int:
        """The photo's id."""
        return self.photo.id


Tile = FaceTile | PhotoTile


def face_tiles(library: Library, face_ids: Sequence[int]) -> dict[int, FaceTile]:
    """The tiles of *face_ids* by face id; faces that are gone are left out."""
    faces = library.faces(face_ids)
    photo_ids = list({face.photo_id for face in faces})
    photos = {photo.id: photo for photo in library.photos(photo_ids)}
    return {tile.id: tile for tile in _tiles(library, faces, photos)}


def photo_tiles(library: Library, photo_ids: Sequence[int]) -> dict[int, PhotoTile]:
    """The tiles of *photo_ids* by photo id; photos that are gone are left out."""
    photos = {photo.id: photo for photo in library.photos(photo_ids)}
    rows = [face for faces in library.faces_of_photos(photos).values() for face in faces]
    faces: dict[int, list[FaceTile]] = {photo_id: [] for photo_id in photos}
    for tile in _tiles(library, rows, photos):
        faces[tile.photo_id].append(tile)
    return {photo.id: PhotoTile(photo, tuple(faces[photo.id])) for photo in photos.values()}


def _tiles(library: Library, faces: Sequence[Face], photos: dict[int, Photo]) -> list[FaceTile]:
    people = {person.id: person for person in library.people()}
    results = library.rule_results([face.id for face in faces if face.failed])
    said = library.regions(photos)
    return [
        FaceTile(
            face=face,
            photo=photos[face.photo_id],
            person=people.get(face.person_id) if face.person_id is not None else None,
            offer=_offer(face, photos[face.photo_id], said=face.photo_id in said),
            failed=tuple(r for r in results.get(face.id, ()) if not r.passed),
        )
        for face in faces
        if face.photo_id in photos
    ]


def _offer(face: Face, photo: Photo, *, said: bool) -> str | None:
    """A name to confirm: another program's for this very face, or else its folder's.

    Where a list *said* which face of the photo is meant, the folder's name is that face's.
    """
    if face.name_source is not None:
        return None
    return face.offer or (None if said else photo.person_hint)
