"""Walking folders for photos, without following links in circles or touching special files."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from facegui.domain.text import tr

LIBRARY_SUFFIX = ".facegui"
_SYSTEM_FILES = frozenset({"thumbs.db", "desktop.ini", "icon\r"})


@dataclass(frozen=True, slots=True)
class Found:
    """A regular file that may be a photo; content decides later.

    Attributes:
        folder_name: the name of the folder it lies in, unchanged; None when it lies directly in
            the path that was asked for.
    """

    path: str
    folder_name: str | None
    size_bytes: int
    mtime_ns: int


@dataclass(frozen=True, slots=True)
class Skipped:
    """Something that is not a file to read, and why."""

    path: str
    reason: str


def walk(path: Path) -> Iterator[Found | Skipped]:
    """Every file at or below *path*, folders in name order.

    Hidden files, what file managers leave behind, and FaceGUI libraries are passed over in
    silence; devices, pipes, sockets, linked folders and unreadable places come back as `Skipped`.
    """
    root = os.path.abspath(path)  # noqa: PTH100 - resolve() would follow the owner's links
    try:
        mode = os.stat(root).st_mode  # noqa: PTH116
    except OSError as error:
        yield Skipped(root, _why(error))
        return
    if not stat.S_ISDIR(mode):
        yield _file(root, None)
        return
    yield from _folder(root, is_root=True)


def _folder(folder: str, *, is_root: bool) -> Iterator[Found | Skipped]:
    try:
        with os.scandir(folder) as listing:
            entries = sorted(listing, key=lambda entry: entry.name)
    except OSError as error:
        yield Skipped(folder, _why(error))
        return
    name = None if is_root else os.path.basename(folder)  # noqa: PTH119 - unchanged, never resolved
    for entry in entries:
        if entry.name.startswith(".") or entry.name.casefold() in _SYSTEM_FILES:
            continue
        if entry.is_dir(follow_symlinks=False):
            if not is_library(Path(entry.path)):
                yield from _folder(entry.path, is_root=False)
        elif entry.is_symlink() and Path(entry.path).is_dir():
            yield Skipped(entry.path, tr("a link to a folder; add that folder itself"))
        else:
            yield _file(entry.path, name)


def is_library(folder: Path) -> bool:
    """Whether *folder* is a FaceGUI library, whose own files are not photos to import."""
    return folder.suffix == LIBRARY_SUFFIX or (folder / "library.sqlite3").is_file()


def _file(path: str, folder_name: str | None) -> Found | Skipped:
    try:
        path.encode()
        status = os.stat(path)  # noqa: PTH116
    except UnicodeEncodeError:
        return Skipped(
            os.fsencode(path).decode("utf-8", "backslashreplace"),
            tr("the name is not valid Unicode; rename the file"),
        )
    except OSError as error:
        return Skipped(path, _why(error))
    if not stat.S_ISREG(status.st_mode):
        return Skipped(path, tr("not a regular file"))
    return Found(path, folder_name, status.st_size, status.st_mtime_ns)


def _why(error: OSError) -> str:
    return error.strerror or str(error)
