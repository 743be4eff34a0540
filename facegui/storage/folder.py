"""A library's folder on disk: what lies where, who may write there, and the lock.

The lock is one of the operating system's on ``.lock``; it ends with the process that holds it,
however that ends, so a lock file left behind by a crash is in nobody's way.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from facegui.domain.errors import LibraryError
from facegui.domain.text import tr
from facegui.files import file_faults

if TYPE_CHECKING:
    import filelock

DATABASE = "library.sqlite3"
UNFINISHED = "library.sqlite3.new"
LOCK = ".lock"
BACKUPS = "backups"
FOLDERS = ("cache", "models", "runs", BACKUPS)


def database_file(folder: Path) -> Path:
    """The database inside a library's *folder*."""
    return folder / DATABASE


def log_file(database: Path) -> Path:
    """SQLite's write-ahead log beside *database*: commits that are not in the main file yet."""
    return database.with_name(database.name + "-wal")


def require_library(folder: Path) -> None:
    """Raises `LibraryError` unless *folder* holds a library's database."""
    if not database_file(folder).is_file():
        raise LibraryError(
            tr("There is no library in {folder}.", folder=folder),
            tr("Choose a folder that FaceGUI made, or create a new library."),
        )


def require_free(folder: Path) -> None:
    """Raises `LibraryError` unless a new library may be made in *folder*: ours alone, or empty."""
    if database_file(folder).exists():
        raise LibraryError(
            tr("{folder} is a library already.", folder=folder),
            tr("Open it, or choose another name for the new one."),
        )
    with file_faults(folder):
        foreign = {entry.name for entry in folder.iterdir()} - {LOCK, UNFINISHED, *FOLDERS}
    if foreign:
        raise LibraryError(
            tr("{folder} is not empty and is not a library.", folder=folder),
            tr("Choose a new name or an empty folder for the library."),
        )


def is_writable(folder: Path) -> bool:
    """Whether this user may change the library in *folder*."""
    return os.access(folder, os.W_OK) and os.access(database_file(folder), os.W_OK)


def make_folders(folder: Path) -> None:
    """Makes the library's folders; those that are there stay."""
    with file_faults(folder):
        for name in FOLDERS:
            (folder / name).mkdir(parents=True, exist_ok=True)


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Holds the lock on *folder* for the block; see `acquire`."""
    lock = acquire(folder)
    try:
        yield
    finally:
        lock.release()


def acquire(folder: Path) -> filelock.BaseFileLock:
    """Takes the one lock on a library; release it when done.

    Raises:
        LibraryError: another FaceGUI, here or in another process, has the library open.
    """
    import filelock  # brings asyncio, which a window's start can spare

    lock = filelock.FileLock(folder / LOCK, timeout=0, thread_local=False)
    with file_faults(folder / LOCK):
        try:
            lock.acquire()
        except filelock.Timeout as error:
            raise LibraryError(
                tr("{folder} is open in another FaceGUI.", folder=folder),
                tr("Use the window that is open, or close it and try again."),
            ) from error
    return lock
