"""What a tile shows, read from the library for the rows on the screen and no others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from facegui.domain.entities import Decision, Face, FaceState, Person, Photo
from facegui.domain.rules import RuleResult
from facegui.gui.review import words
from facegui.gui.rules.words import why
from facegui.services.collecting.folder_names import folder_offers, named_twice
from facegui.services.libraries import Library


@dataclass(frozen=True)
class FaceTile:
    """A face with all that its tile, its tool tip and the side panel say of it.

    Attributes:
        person: who it is, or None.
        offer: a name to confirm, where nobody has said who it is or is not: another program's for
            this very face, or the name of the photo's folder.
        from_folder: the name offered is the folder's.
        conflict: what speaks against the name or the offer, in words; empty where nothing does.
        failed: the rules it fails, with value and limit.
    """

    face: Face
    photo: Photo
    person: Person | None
    offer: str | None
    failed: tuple[RuleResult, ...]
    from_folder: bool = False
    conflict: str = ""

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
        """The name, the offered name with a question mark and where it is from, or nothing."""
        if self.person is not None:
            return self.person.name
        if self.offer is None:
            return ""
        return words.folder_words(self.offer) if self.from_folder else words.offer_words(self.offer)

    @cached_property
    def verdict(self) -> str:
        """What is wrong with the name, or else why the face counts as it does."""
        return self.conflict or words.verdict(self.face, self.failed)

    @property
    def reasons(self) -> list[str]:
        """The same with every rule that it fails, where those decide."""
        if self.conflict or self.face.decision is not Decision.UNDECIDED or not self.failed:
            return [self.verdict]
        return [why(result) for result in self.failed]


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
    nameless = {face.photo_id for face in faces if face.name_source is None and not face.offer}
    twice = named_twice(library, faces)
    hinted = folder_offers(library, [photos[n] for n in nameless if n in photos])
    return [
        FaceTile(
            face=face,
            photo=photos[face.photo_id],
            person=people.get(face.person_id) if face.person_id is not None else None,
            offer=_offer(face) or hinted.get(face.id),
            failed=tuple(r for r in results.get(face.id, ()) if not r.passed),
            from_folder=_offer(face) is None and face.id in hinted,
            conflict=words.conflict(face, people, photos[face.photo_id], twice=face.id in twice),
        )
        for face in faces
        if face.photo_id in photos
    ]


def _offer(face: Face) -> str | None:
    """Another program's name for this very face, where nobody else has said who it is."""
    return face.offer if face.name_source is None else None
