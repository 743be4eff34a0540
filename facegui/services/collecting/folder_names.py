"""One person is in a photo once: what that says of names that are given and offered there.

A folder's name is offered to the face of a photo that is meant, for the owner to confirm. A name
that a face there has already is offered to no other. Where faces of that person are known, only
the one that looks most like them is asked about, if any does: in a photo of a group, strangers are
not offered a name because of where the file lay.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np

from facegui.domain.entities import Decision, Face, Photo
from facegui.services.libraries import Library
from facegui.services.reviewing.suggestions import LIKELY

_COMPARED = 64
_OUT = (Decision.REJECT, Decision.IGNORE)


def folder_offers(library: Library, photos: Iterable[Photo]) -> dict[int, str]:
    """The folder's name by face, for those of *photos*' faces that it is offered to."""
    hints = {photo.id: photo.person_hint for photo in photos if photo.person_hint}
    if not hints:
        return {}
    said = library.regions(hints)  # where a list says which face is meant, that one is named
    ids = {person.name: person.id for person in library.people()}
    offers = {}
    for photo_id, faces in library.faces_of_photos(hints.keys() - said.keys()).items():
        name = hints[photo_id]
        if name is not None:
            chosen = _meant(library, faces, ids.get(name))
            offers.update(dict.fromkeys(chosen, name))
    return offers


def named_twice(library: Library, faces: Sequence[Face]) -> set[int]:
    """Those of *faces* whose person is named a second time in the same photo."""
    there = library.faces_of_photos({face.photo_id for face in faces if _stands(face)})
    names = Counter(
        (f.photo_id, f.person_id) for some in there.values() for f in some if _stands(f)
    )
    return {f.id for f in faces if _stands(f) and names[f.photo_id, f.person_id] > 1}


def _stands(face: Face) -> bool:
    return face.person_id is not None and face.decision not in _OUT


def _meant(library: Library, faces: Sequence[Face], person_id: int | None) -> list[int]:
    """Ids of the *faces* of one photo that may be the person, whose id is None while unknown."""
    open_ids = [face.id for face in faces if face.name_source is None]
    taken = person_id is not None and any(
        face.person_id == person_id and face.decision not in _OUT for face in faces
    )
    if taken or not open_ids or person_id is None:
        return [] if taken else open_ids
    known = library.vectors_of(person_id, _COMPARED)
    if not len(known):
        return open_ids
    alike = library.embeddings(open_ids) @ known.T
    nearest = np.sort(alike, axis=1)[:, -2:].mean(axis=1)  # as `suggestions` compares
    best = int(nearest.argmax())
    return [open_ids[best]] if nearest[best] >= LIKELY else []
