"""A library's whole content as text, to compare two states of it."""

from __future__ import annotations

import contextlib
import sqlite3
from pathlib import Path

from facegui.storage import Library


def dump(library: Library) -> list[str]:
    """Every row of every table as SQL, but for which steps of the journal are undone."""
    return dump_file(library.path / "library.sqlite3")


def dump_file(file: Path) -> list[str]:
    """The same of a database file."""
    with contextlib.closing(sqlite3.connect(file)) as connection:
        connection.execute("CREATE TEMP TABLE steps AS SELECT id, label FROM main.journal")
        lines = [line for line in connection.iterdump() if 'INTO "journal" VALUES' not in line]
        steps = connection.execute("SELECT id, label FROM steps ORDER BY id").fetchall()
    return lines + [repr(step) for step in steps]
