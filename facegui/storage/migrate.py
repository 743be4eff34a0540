"""Brings a database to the newest schema: each migration in one transaction with its record."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from facegui.domain.errors import LibraryError
from facegui.domain.text import tr
from facegui.storage.faults import damaged
from facegui.storage.schema import APPLICATION_ID, Migration

_RECORD = """
CREATE TABLE IF NOT EXISTS migrations (
    version INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    applied_at TEXT NOT NULL
)"""


def version_of(connection: sqlite3.Connection) -> int:
    """The schema version of a database; 0 for a new one."""
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def require_known(connection: sqlite3.Connection, file: Path, newest: int) -> int:
    """The version of the library *file*, having made sure that it is one and not too new.

    Raises:
        LibraryError: some other SQLite file, or a library of a newer FaceGUI.
    """
    application = connection.execute("PRAGMA application_id").fetchone()[0]
    if application != APPLICATION_ID:
        raise damaged(file)
    version = version_of(connection)
    if version > newest:
        raise LibraryError(
            tr(
                "{file} was written by a newer FaceGUI (library version {found}; this program "
                "knows up to {known}).",
                file=file,
                found=version,
                known=newest,
            ),
            tr("Update FaceGUI to open it. Nothing was changed."),
        )
    return version


def migrate(connection: sqlite3.Connection, migrations: Sequence[Migration]) -> None:
    """Runs the migrations that *connection*'s database has not had, in order."""
    for migration in migrations:
        if migration.version > version_of(connection):
            _apply(connection, migration)


def _apply(connection: sqlite3.Connection, migration: Migration) -> None:
    connection.execute("BEGIN IMMEDIATE")
    try:
        connection.execute(_RECORD)
        for statement in migration.statements:
            connection.execute(statement)
        now = datetime.now(UTC).isoformat(timespec="seconds")
        row = (migration.version, migration.name, now)
        connection.execute("INSERT INTO migrations VALUES (?, ?, ?)", row)
        # Both numbers live in the database header and are part of the transaction.
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version = {migration.version}")
        connection.execute("COMMIT")
    except BaseException:
        connection.execute("ROLLBACK")
        raise
