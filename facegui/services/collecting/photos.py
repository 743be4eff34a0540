"""Importing: folders and files become rows of the library; nothing of the owner's is moved."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from facegui.collect.folders import Found, Skipped, is_library, walk
from facegui.domain.control import Control, Progress
from facegui.domain.errors import OwnerError
from facegui.domain.queries import NewPhoto
from facegui.domain.text import tr
from facegui.services.collecting.folders import folders, remember
from facegui.services.libraries import Library

_BATCH = 500


@dataclass(frozen=True, slots=True)
class ImportRequest:
    """What to import.

    Attributes:
        paths: files and folders; folders are walked recursively.
        person: who the photos show; None takes each photo's folder name.
    """

    paths: tuple[Path, ...]
    person: str | None = None


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What came in: ids of new rows, how many were known already, what was passed over and why."""

    added_ids: tuple[int, ...]
    known: int
    skipped: tuple[Skipped, ...]
    stopped: bool


def import_photos(library: Library, request: ImportRequest, control: Control) -> ImportReport:
    """Add every file below the paths as a photo to scan; Stop keeps what has been added.

    Raises:
        OwnerError: a path is itself a FaceGUI library.
    """
    added: list[int] = []
    skipped: list[Skipped] = []
    known = seen = 0
    batch: list[Found] = []

    def store() -> None:
        nonlocal known
        new = library.add_photos(
            NewPhoto(
                found.path, request.person or found.folder_name, found.size_bytes, found.mtime_ns
            )
            for found in batch
        )
        added.extend(new.added)
        known += len(new.known)
        batch.clear()
        control.partial(tuple(new.added))

    for path in request.paths:
        _refuse_library(path)
        if path.is_dir():
            remember(library, path, request.person)
        for found in walk(path):
            if control.cancelled():
                store()
                return ImportReport(tuple(added), known, tuple(skipped), stopped=True)
            if isinstance(found, Skipped):
                skipped.append(found)
                continue
            batch.append(found)
            seen += 1
            if len(batch) >= _BATCH:
                store()
                control.report(Progress(seen, 0, tr("Importing")))
    store()
    control.report(Progress(seen, seen, tr("Importing")))
    return ImportReport(tuple(added), known, tuple(skipped), stopped=False)


def watched(library: Library) -> list[ImportRequest]:
    """The folders imported before, each as it was asked for, in order of their first import."""
    return [ImportRequest((folder.path,), folder.person) for folder in folders(library)]


def _refuse_library(path: Path) -> None:
    if path.is_dir() and is_library(path):
        raise OwnerError(
            tr("{path} is a FaceGUI library, not a folder of photos.", path=path),
            tr("Open it with Library › Open, or choose the folder that holds the photos."),
        )
