"""Which faces an export is about, and what it reports; shared by all its formats."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from facegui.domain.entities import Face, FaceState, Photo
from facegui.domain.errors import ImageError, OwnerError
from facegui.domain.queries import FaceFilter
from facegui.domain.text import tr
from facegui.services.libraries import Library


@dataclass(frozen=True, slots=True)
class Exported:
    """What an export wrote.

    Attributes:
        out: the file or folder.
        photos: how many photos are in it.
        faces: how many faces are in it, by person; None for those without a name.
        skipped: photos that could not be read any more.
        warnings: what else to know.
    """

    out: Path
    photos: int
    faces: Counter[str | None]
    skipped: tuple[ImageError, ...] = ()
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PhotoFaces:
    """A photo and those of its faces that are exported, each with its name."""

    photo: Photo
    faces: tuple[tuple[Face, str | None], ...]


def faces_to_export(library: Library, *, named: bool, everything: bool) -> list[PhotoFaces]:
    """The kept faces, photo by photo in order of their paths.

    Args:
        library: where they are.
        named: only those with a name.
        everything: also rejected and ignored ones.

    Raises:
        OwnerError: there is none.
    """
    wanted = FaceFilter(
        named=True if named else None, states=() if everything else (FaceState.KEPT,)
    )
    names = {person.id: person.name for person in library.people()}
    by_photo: dict[int, list[tuple[Face, str | None]]] = {}
    for face in library.faces(library.face_ids(wanted)):
        name = None if face.person_id is None else names.get(face.person_id)
        by_photo.setdefault(face.photo_id, []).append((face, name))
    if not by_photo:
        raise OwnerError(
            tr("There are no kept faces with a name to export.")
            if named
            else tr("There are no kept faces to export."),
            tr("Scan photos, then name and keep faces under Review."),
        )
    photos = sorted(library.photos(by_photo), key=lambda photo: photo.path)
    return [PhotoFaces(photo, tuple(by_photo[photo.id])) for photo in photos]


def report(
    out: Path, exported: Sequence[PhotoFaces], skipped: Sequence[ImageError] = ()
) -> Exported:
    """What *exported* adds up to."""
    faces = Counter(name for entry in exported for _, name in entry.faces)
    return Exported(out, len(exported), faces, tuple(skipped))


def reference(photo: Photo, folder: Path) -> str:
    """How a list in *folder* names *photo*: relative where it lies below, so both can move."""
    path = Path(photo.path)
    if path.is_relative_to(folder):
        return path.relative_to(folder).as_posix()
    return os.fspath(path)
