"""SQLite's errors in the owner's terms: what happened to which library, and what to do."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from facegui.domain.errors import FaceGuiError, LibraryError, StorageFault
from facegui.domain.text import tr

_PRIMARY = 0xFF  # extended result codes carry the primary one in their low byte


@contextmanager
def database_faults(file: Path) -> Iterator[None]:
    """Turns database errors of the block into `LibraryError` or `StorageFault` about *file*.

    Misuse (`sqlite3.ProgrammingError`, `IntegrityError`) is a bug of ours and passes through.
    """
    try:
        yield
    except (sqlite3.ProgrammingError, sqlite3.IntegrityError, sqlite3.InterfaceError):
        raise
    except sqlite3.DatabaseError as error:
        raise fault(error, file) from error


def fault(error: sqlite3.DatabaseError, file: Path) -> FaceGuiError:
    """The error to show the owner in the place of *error*."""
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & _PRIMARY
    if code in {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}:
        return damaged(file)
    if code == sqlite3.SQLITE_FULL:
        return StorageFault(
            tr("The disk is full: {file} could not be written.", file=file),
            tr("Free some space and do it again. Everything saved before is still there."),
        )
    if code in {sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM}:
        return StorageFault(
            tr("{file} may not be written.", file=file),
            tr("Make the library's folder writable for you, or copy it to another place."),
        )
    if code in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
        return StorageFault(
            tr("{file} is in use by another program.", file=file),
            tr("Close the other program and try again."),
        )
    return StorageFault(
        tr("{file} could not be read or written: {reason}.", file=file, reason=error),
        tr("Check the disk and its free space, then try again."),
    )


def damaged(file: Path) -> LibraryError:
    """The error for a database file that SQLite cannot make sense of."""
    return LibraryError(
        tr("{file} is damaged or not a FaceGUI library.", file=file),
        tr("Restore the library from its backups; the damaged file will be kept beside them."),
    )
