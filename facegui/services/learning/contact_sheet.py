"""Everybody's faces of a training set in order, for printing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from facegui.domain.control import Control, Progress
from facegui.domain.dataset import DatasetItem, Split, Subset
from facegui.domain.entities import RgbImage
from facegui.domain.errors import Cancelled, ImageError
from facegui.domain.text import tr
from facegui.services.learning.dataset import DatasetRequest, build_dataset
from facegui.services.libraries import Library
from facegui.services.scanning.thumbnails import Thumbnails

CELL_PX = 160


@dataclass(frozen=True, slots=True, eq=False)
class SheetFace:
    """One face; *image* is None when its photo cannot be read any more."""

    item: DatasetItem
    image: RgbImage | None


@dataclass(frozen=True, slots=True, eq=False)
class SheetPerson:
    """One person: those to learn from first, then those to validate and to test with."""

    name: str
    faces: tuple[SheetFace, ...]

    def count(self, side: Subset) -> int:
        """Faces on *side*."""
        return sum(face.item.subset is side for face in self.faces)


def sheet_people(
    library: Library, split: Split, seed: int, control: Control
) -> Iterator[SheetPerson]:
    """Everybody that a training with *split* and *seed* would learn, one after the other.

    Raises:
        DatasetError: too few people or faces.
        Cancelled: stopped.
    """
    manifest, _ = build_dataset(library, DatasetRequest(split, seed))
    thumbnails, sides = Thumbnails(library.cache_dir), list(Subset)
    done = 0
    for label, name in enumerate(manifest.labels):
        own = [item for item in manifest.items if item.label == label]
        own.sort(key=lambda item: sides.index(item.subset))
        faces = []
        for item in own:
            if control.cancelled():
                raise Cancelled
            faces.append(SheetFace(item, _image(library, thumbnails, item)))
            done += 1
            control.report(Progress(done, len(manifest.items), tr("Cutting out faces")))
        yield SheetPerson(name, tuple(faces))


def _image(library: Library, thumbnails: Thumbnails, item: DatasetItem) -> RgbImage | None:
    (face,), (photo,) = library.faces([item.face_id]), library.photos([item.photo_id])
    try:
        return thumbnails.faces(photo, [face], CELL_PX)[0]
    except ImageError:
        return None
