"""Importing lists of photos: who is on them, and where their faces are.

The formats are read by `facegui.collect.manifest`; `facegui.services.exporting.lists` writes them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from facegui.collect.manifest import SUFFIXES, Manifest, Problem, merged, read_list
from facegui.collect.manifest_csv import read_csv
from facegui.collect.manifest_json import read_json
from facegui.domain.control import Control, Progress
from facegui.domain.errors import Cancelled, OwnerError
from facegui.domain.queries import NewPhoto
from facegui.domain.text import tr
from facegui.services.libraries import Library

__all__ = [
    "Manifest",
    "ManifestReport",
    "ManifestRequest",
    "import_manifest",
    "is_manifest",
    "read_manifest",
]

_BATCH = 500
_JSON = ".json"


@dataclass(frozen=True, slots=True)
class ManifestRequest:
    """Which lists to import: files, and folders of labelme's files."""

    paths: tuple[Path, ...]


@dataclass(frozen=True, slots=True)
class ManifestReport:
    """What came in.

    Attributes:
        added_ids: ids of new photos.
        known: photos that the library had already; what the list says of them is news all the same.
        faces: boxes that the lists draw around faces.
        problems: what could not be used.
        stopped: the owner stopped it; what came before is in the library.
    """

    added_ids: tuple[int, ...]
    known: int
    faces: int
    problems: tuple[Problem, ...]
    stopped: bool


def is_manifest(path: Path) -> bool:
    """Whether a file is called as lists are."""
    return path.suffix.casefold() in SUFFIXES


def read_manifest(request: ManifestRequest, control: Control) -> Manifest:
    """What the lists say, together; nothing is imported.

    Raises:
        OwnerError: a file cannot be read, or is no list; the message names it.
        Cancelled: stopped.
    """
    files = [file for path in request.paths for file in _files(path)]
    parts: list[Manifest] = []
    for number, file in enumerate(files):
        if control.cancelled():
            raise Cancelled
        data = read_list(file)
        as_json = file.suffix.casefold() == _JSON or data.lstrip()[:1] == b"{"
        parts.append(read_json(data, file) if as_json else read_csv(data, file))
        control.report(Progress(number + 1, len(files), tr("Reading lists")))
    return Manifest(
        merged(photo for part in parts for photo in part.photos),
        tuple(problem for part in parts for problem in part.problems),
    )


def import_manifest(library: Library, request: ManifestRequest, control: Control) -> ManifestReport:
    """Add the photos that lists name, with who is said to be on them; Stop keeps what is added.

    Faces are named when the photos are scanned: a list with boxes names the faces in them, one
    without names the photo's only face. The owner's own names stay.

    Raises:
        OwnerError: a file cannot be read, or is no list.
        Cancelled: stopped while reading; nothing was added.
    """
    manifest = read_manifest(request, control)
    added: list[int] = []
    known = 0
    photos = manifest.photos
    for start in range(0, len(photos), _BATCH):
        if control.cancelled():
            return _report(manifest, added, known, stopped=True)
        new = library.add_photos(
            NewPhoto(photo.path, photo.person, photo.size_bytes, photo.mtime_ns, photo.regions)
            for photo in photos[start : start + _BATCH]
        )
        added += new.added
        known += len(new.known)
        control.partial(tuple(new.added + new.known))
        done = min(start + _BATCH, len(photos))
        control.report(Progress(done, len(photos), tr("Importing")))
    return _report(manifest, added, known, stopped=False)


def _report(manifest: Manifest, added: list[int], known: int, *, stopped: bool) -> ManifestReport:
    return ManifestReport(tuple(added), known, manifest.faces, manifest.problems, stopped)


def _files(path: Path) -> Iterator[Path]:
    """The file itself, or the labelme files of a folder."""
    if not path.is_dir():
        yield path
        return
    found = sorted(file for file in path.iterdir() if file.suffix.casefold() == _JSON)
    if not found:
        raise OwnerError(
            tr("There is no list in {path}.", path=path),
            tr("Choose a CSV or JSON file, or a folder of labelme's JSON files."),
        )
    yield from found
