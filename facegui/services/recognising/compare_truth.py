"""Who is on photos that two models are compared on, and whether one of them has seen them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path

from facegui.domain.geometry import Box
from facegui.domain.recognition import RecognisedPhoto
from facegui.network.bundle import BundleInfo
from facegui.services.learning.dataset import named_faces
from facegui.services.libraries import Library

_SAME_FACE = 0.5
"""Overlap of two boxes (IoU) from which on they are of one face."""


class Truth:
    """Who is on photos, as the library says, or the folder of one that shows a single face."""

    def __init__(self, library: Library | None, infos: Sequence[BundleInfo]) -> None:
        self._shas = {sha for info in infos for sha in info.photo_sha256s}
        self._people = {name for info in infos for name in info.labels}
        self._named: Mapping[str, Sequence[tuple[Box, str]]] = {}
        if library is not None:
            self._named = _named_boxes(library)

    def name(self, photo: RecognisedPhoto, box: Box) -> str | None:
        """Who the face in *box* is; None where nobody says."""
        named = self._named.get(photo.path)
        if named is not None:
            near = [(place.iou(box), name) for place, name in named]
            likeness, name = max(near, default=(0.0, ""))
            return name if likeness >= _SAME_FACE else None
        folder = Path(photo.path).parent.name
        return folder if len(photo.faces) == 1 and folder in self._people else None

    def learned(self, path: str) -> bool:
        """Whether one of the models has seen the very file when it was made."""
        try:
            with Path(path).open("rb") as file:
                return hashlib.file_digest(file, "sha256").hexdigest() in self._shas
        except OSError:
            return False


def _named_boxes(library: Library) -> Mapping[str, Sequence[tuple[Box, str]]]:
    """The faces of the library that have a name, by the path of their photo."""
    faces, photos, _ = named_faces(library)
    names = {person.id: person.name for person in library.people()}
    found: dict[str, list[tuple[Box, str]]] = {}
    for face in faces:
        if face.person_id is not None:
            path = photos[face.photo_id].path
            found.setdefault(path, []).append((face.box, names[face.person_id]))
    return found
