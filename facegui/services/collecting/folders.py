"""The folders a library was filled from: remembered at import, watched where the owner ticks it.

``facegui run`` looks for new photos in all of them. While the window has the library open, new
photos arrive by themselves from those that are ticked (`facegui.services.collecting.watch`); no
folder is ticked by an import alone, because adding some photos once is no wish for all that will
ever come.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from facegui.domain.entities import PhotoStatus
from facegui.domain.queries import PhotoFilter
from facegui.services.libraries import Library

WATCHED_KEY = "watched_folders"


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder that photos came from.

    Attributes:
        path: absolute.
        person: who its photos show; None takes the name of the folder each photo lies in.
        live: new photos arrive by themselves while the library is open.
    """

    path: Path
    person: str | None = None
    live: bool = False


@dataclass(frozen=True, slots=True)
class FolderState:
    """A folder and what the library has of it.

    Attributes:
        photos: how many of its photos are in the library.
        pending: how many of those have not been scanned yet.
        there: whether the folder can be reached now.
    """

    folder: Folder
    photos: int
    pending: int
    there: bool


def folders(library: Library) -> list[Folder]:
    """Every folder remembered, in order of its first import."""
    return [
        Folder(Path(entry["path"]), entry["person"], entry.get("live", False))
        for entry in library.setting(WATCHED_KEY, [])
    ]


def folder_states(library: Library) -> list[FolderState]:
    """Every folder remembered, with its numbers."""
    return [_state(library, folder) for folder in folders(library)]


def remember(library: Library, path: Path, person: str | None) -> None:
    """Remember that *path* was imported, and who it shows; whether it is watched stays."""
    known = next((f for f in folders(library) if f.path == path.absolute()), None)
    folder = Folder(path.absolute(), person, known is not None and known.live)
    if known != folder:
        others = [f for f in folders(library) if f.path != folder.path]
        _keep(library, [*others, folder])


def set_live(library: Library, path: Path, *, live: bool) -> None:
    """Say whether new photos in a remembered folder arrive by themselves."""
    _change(library, path, lambda folder: replace(folder, live=live))


def set_person(library: Library, path: Path, person: str | None) -> None:
    """Say who new photos in a remembered folder show; those in the library keep what they have."""
    _change(library, path, lambda folder: replace(folder, person=person))


def forget(library: Library, path: Path) -> None:
    """Look into a folder no more; its photos stay in the library."""
    _keep(library, [folder for folder in folders(library) if folder.path != path])


def _change(library: Library, path: Path, change: Callable[[Folder], Folder]) -> None:
    before = folders(library)
    after = [change(folder) if folder.path == path else folder for folder in before]
    if after != before:
        _keep(library, after)


def _keep(library: Library, wanted: list[Folder]) -> None:
    value: list[dict[str, Any]] = [
        {"path": os.fspath(folder.path), "person": folder.person, "live": folder.live}
        for folder in wanted
    ]
    library.set_setting(WATCHED_KEY, value)


def _state(library: Library, folder: Folder) -> FolderState:
    below = os.path.join(folder.path, "")  # noqa: PTH118 - with the separator at the end
    mine = [
        photo
        for photo in library.photos(library.photo_ids(PhotoFilter(search=below)))
        if photo.path.startswith(below)
    ]
    pending = sum(photo.status is PhotoStatus.PENDING for photo in mine)
    return FolderState(folder, len(mine), pending, folder.path.is_dir())
