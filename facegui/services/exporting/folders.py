"""A folder for each person, with copies of the photos or with the faces cut out.

The originals are only read. A copy is the same bytes under the same name; a crop is a new JPEG
without any metadata. Names of people become safe folder names (`facegui.storage.names`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from facegui.domain.control import Control, Progress
from facegui.domain.errors import Cancelled, ImageError
from facegui.domain.text import tr
from facegui.domain.training import Preprocessing
from facegui.files import file_faults
from facegui.imaging.decode import read_file
from facegui.imaging.thumbnail import jpeg_bytes
from facegui.services.exporting.selection import Exported, PhotoFaces, faces_to_export, report
from facegui.services.learning.crops import cut
from facegui.services.learning.dataset import dataset_item
from facegui.services.libraries import Library
from facegui.services.new_folder import new_folder
from facegui.storage.names import safe_name

CROP = Preprocessing(kind="box", size_px=256, margin=0.3)
"""How faces are cut out: square, with some hair and chin."""

_QUALITY = 95


@dataclass(frozen=True, slots=True)
class FoldersRequest:
    """Where to, and what to put there.

    Attributes:
        out: a new or empty folder.
        crops: the faces cut out, rather than copies of the photos.
    """

    out: Path
    crops: bool = False


def export_folders(library: Library, request: FoldersRequest, control: Control) -> Exported:
    """Write a folder for each person with kept faces; all appear when they are complete.

    A photo of several people is copied to each of them.

    Raises:
        OwnerError: nothing to export, or the folder holds something.
        StorageFault: the disk refuses.
        Cancelled: stopped; nothing was written.
    """
    out = request.out.absolute()
    entries = faces_to_export(library, named=True, everything=False)
    with new_folder(out) as unfinished:
        names = _Names(unfinished, entries)
        if request.crops:
            skipped = _write_crops(entries, names, control)
        else:
            skipped = _copy_photos(entries, names, control)
    lost = {str(error.path) for error in skipped}
    written = [entry for entry in entries if entry.photo.path not in lost]
    return report(out, written, skipped)


class _Names:
    """Gives out paths below the export's folder, none of them twice, whatever people are called."""

    def __init__(self, root: Path, entries: Sequence[PhotoFaces]) -> None:
        self._root = root
        self._folders: dict[str, Path] = {}
        self._taken: dict[str, set[str]] = {}
        taken: list[str] = []
        people = sorted({name for entry in entries for _, name in entry.faces if name is not None})
        for person in people:
            taken.append(safe_name(person, taken))
            self._folders[person] = root / taken[-1]
            self._folders[person].mkdir()

    def path(self, person: str, photo: str, suffix: str) -> Path:
        """A free path in *person*'s folder that reads like the *photo*'s file name."""
        taken = self._taken.setdefault(person, set())
        stem = safe_name(Path(photo).stem, taken)
        taken.add(stem)
        return self._folders[person] / f"{stem}{suffix}"


def _copy_photos(
    entries: Sequence[PhotoFaces], names: _Names, control: Control
) -> tuple[ImageError, ...]:
    skipped: list[ImageError] = []
    for number, entry in enumerate(entries):
        if control.cancelled():
            raise Cancelled
        original = Path(entry.photo.path)
        try:
            content = read_file(original)
        except ImageError as error:
            skipped.append(error)
            continue
        suffix = _safe_suffix(original)
        for person in dict.fromkeys(name for _, name in entry.faces if name is not None):
            target = names.path(person, entry.photo.path, suffix)
            with file_faults(target):
                target.write_bytes(content)
        control.report(Progress(number + 1, len(entries), tr("Copying photos")))
    return tuple(skipped)


def _safe_suffix(original: Path) -> str:
    """The ending of a file name, legal everywhere; empty where it has none."""
    return safe_name(f"photo{original.suffix.casefold()}").removeprefix("photo")


def _write_crops(
    entries: Sequence[PhotoFaces], names: _Names, control: Control
) -> tuple[ImageError, ...]:
    person_of = {face.id: name for entry in entries for face, name in entry.faces if name}
    items = [dataset_item(face, entry.photo) for entry in entries for face, _ in entry.faces]
    paths = {item.face_id: names.path(person_of[item.face_id], item.path, ".jpg") for item in items}
    skipped: dict[str, ImageError] = {}
    for item, crop in cut(items, CROP, control):
        if isinstance(crop, ImageError):
            skipped[item.path] = crop
        else:
            with file_faults(paths[item.face_id]):
                paths[item.face_id].write_bytes(jpeg_bytes(crop, _QUALITY))
    return tuple(skipped.values())
