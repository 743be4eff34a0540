"""Backups of a library's database: verified when they are made, rolling, and how to go back."""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
from datetime import UTC, datetime
from pathlib import Path

from facegui.domain.errors import LibraryError
from facegui.domain.text import tr
from facegui.files import file_faults, open_atomic, replace_file, sync_folder
from facegui.storage import folder as layout
from facegui.storage.connection import connect
from facegui.storage.faults import damaged, database_faults
from facegui.storage.migrate import require_known
from facegui.storage.schema import MIGRATIONS

KEEP = 10
"""Backups that are kept; the oldest goes when a new one has been verified."""

_PREFIX = "library-"


def backups(folder: Path) -> list[Path]:
    """The library's backups, newest first."""
    return sorted((folder / layout.BACKUPS).glob(f"{_PREFIX}*.sqlite3"), reverse=True)


def make(source: sqlite3.Connection, folder: Path) -> Path:
    """Copies the database of *source* into the backups of *folder* and reads the copy through.

    Raises:
        LibraryError: the copy is damaged, so the library is; older backups are all kept.
        StorageFault: disk full or not writable.
    """
    target = folder / layout.BACKUPS / f"{_PREFIX}{_stamp()}.sqlite3"
    unfinished = target.with_suffix(".part")
    try:
        with file_faults(target), database_faults(target):
            target.parent.mkdir(exist_ok=True)
            _copy(source, unfinished)
            verify(unfinished)
            replace_file(unfinished, target)
    except BaseException:
        with contextlib.suppress(OSError):
            unfinished.unlink(missing_ok=True)
        raise
    for old in backups(folder)[KEEP:]:
        with file_faults(old):
            old.unlink(missing_ok=True)
    return target


def verify(file: Path) -> None:
    """Reads a database that nobody has open through from end to end.

    Raises:
        LibraryError: not a library, newer than this program, or damaged.
    """
    with database_faults(file), contextlib.closing(connect(file, "mode=ro&immutable=1")) as copy:
        require_known(copy, file, MIGRATIONS[-1].version)
        check(copy, file)


def check(connection: sqlite3.Connection, file: Path) -> None:
    """Raises `LibraryError` unless the database is whole, down to the references in it."""
    sound = connection.execute("PRAGMA integrity_check(1)").fetchone()[0] == "ok"
    if not sound or connection.execute("PRAGMA foreign_key_check").fetchone() is not None:
        raise damaged(file)


def restore(folder: Path, backup: Path | None = None) -> Path:
    """Puts *backup*, or the newest sound one, in the place of the library's database.

    Returns:
        Where the database that was replaced is kept, beside the backups.

    Raises:
        LibraryError: no sound backup, or the library is open.
    """
    with layout.locked(folder):
        chosen = backup or _newest_sound(folder)
        verify(chosen)
        file = layout.database_file(folder)
        kept = folder / layout.BACKUPS / f"replaced-{_stamp()}.sqlite3"
        with file_faults(kept):
            _set_aside(file, kept)
        with open_atomic(file) as target, chosen.open("rb") as source:
            shutil.copyfileobj(source, target)
    return kept


def _newest_sound(folder: Path) -> Path:
    for candidate in backups(folder):
        with contextlib.suppress(LibraryError):
            verify(candidate)
            return candidate
    raise LibraryError(
        tr("{folder} has no backup that could be restored.", folder=folder / layout.BACKUPS),
        tr("Create a new library and import the photos again; the photos are untouched."),
    )


def _set_aside(file: Path, kept: Path) -> None:
    """Moves the database with its log away: a log must never meet a database it is not of."""
    kept.parent.mkdir(exist_ok=True)
    log = layout.log_file(file)
    if log.exists():
        log.replace(layout.log_file(kept))
    file.with_name(file.name + "-shm").unlink(missing_ok=True)
    if file.exists():
        file.replace(kept)
    sync_folder(file.parent)
    sync_folder(kept.parent)


def _copy(source: sqlite3.Connection, target: Path) -> None:
    target.unlink(missing_ok=True)
    with contextlib.closing(sqlite3.connect(target)) as copy:
        source.backup(copy)


def _stamp() -> str:
    """Now, to the microsecond, so that names sort by time and never meet."""
    return datetime.now(UTC).strftime("%Y%m%dT%H%M%S.%fZ")
