from __future__ import annotations

import contextlib
import os
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from facegui.domain.entities import Decision
from facegui.domain.errors import LibraryError
from facegui.storage import Library
from facegui.storage.schema import APPLICATION_ID, MIGRATIONS, Migration
from tests.fakes.library_dump import dump_file

NEXT = MIGRATIONS[-1].version + 1
NOTES = Migration(
    NEXT,
    "notes",
    (
        "CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT)",
        "ALTER TABLE faces ADD COLUMN mood REAL",
        "UPDATE faces SET mood = score / 2",
    ),
)
BROKEN = Migration(NEXT + 1, "broken", ("CREATE TABLE more (id)", "INSERT INTO nowhere VALUES (1)"))
ROOT = Path(__file__).parents[3]


def query(path: Path, sql: str) -> list[tuple[object, ...]]:
    with contextlib.closing(sqlite3.connect(path / "library.sqlite3")) as connection:
        return connection.execute(sql).fetchall()


def tables(path: Path) -> set[object]:
    return {row[0] for row in query(path, "SELECT name FROM sqlite_schema WHERE type = 'table'")}


def test_versions_rise_one_by_one() -> None:
    assert [migration.version for migration in MIGRATIONS] == list(range(1, NEXT))


def test_a_new_library_says_what_it_is(library: Library) -> None:
    assert query(library.path, "PRAGMA application_id") == [(APPLICATION_ID,)]
    assert query(library.path, "PRAGMA user_version") == [(NEXT - 1,)]
    assert query(library.path, "PRAGMA journal_mode") == [("wal",)]
    records = query(library.path, "SELECT version, name FROM migrations")
    assert records == [(migration.version, migration.name) for migration in MIGRATIONS]


def test_an_older_library_is_backed_up_and_brought_up_to_date(filled: Library) -> None:
    filled.decide(filled.face_ids()[:1], Decision.KEEP)
    filled.close()
    before = dump_file(filled.path / "library.sqlite3")
    with Library.open(filled.path, migrations=(*MIGRATIONS, NOTES)) as library:
        assert len(library.face_ids()) == 7
        (backup,) = library.backups()
        library.undo()
        library.check()
    assert dump_file(backup) == before
    assert query(filled.path, "PRAGMA user_version") == [(NEXT,)]
    assert query(filled.path, "SELECT count(mood) FROM faces") == [(7,)]
    assert query(filled.path, "SELECT name FROM migrations WHERE version > 1")[-1] == ("notes",)


def test_a_library_that_is_up_to_date_is_not_backed_up(filled: Library) -> None:
    filled.close()
    with Library.open(filled.path) as library:
        assert library.backups() == []


def test_a_migration_that_fails_leaves_the_one_before_it(filled: Library) -> None:
    filled.close()
    with pytest.raises(Exception, match="nowhere"):
        Library.open(filled.path, migrations=(*MIGRATIONS, NOTES, BROKEN))
    assert query(filled.path, "PRAGMA user_version") == [(NEXT,)]
    assert "notes" in tables(filled.path)
    assert "more" not in tables(filled.path)
    with Library.open(filled.path, migrations=(*MIGRATIONS, NOTES)) as library:
        assert len(library.face_ids()) == 7


KILLED = """
import os, signal, sys
from facegui.storage import Library
from facegui.storage.schema import MIGRATIONS, Migration
from tests.unit.storage.test_migrate import NOTES

class Deadly(tuple):
    def __iter__(self):
        yield from tuple.__iter__(self)
        os.kill(os.getpid(), signal.SIGKILL)

deadly = Migration(NOTES.version, NOTES.name, Deadly(NOTES.statements))
Library.open(sys.argv[1], migrations=(*MIGRATIONS, deadly))
"""


def test_killed_in_the_middle_of_a_migration_it_is_the_old_library(filled: Library) -> None:
    filled.close()
    before = dump_file(filled.path / "library.sqlite3")
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", KILLED, str(filled.path)]
    done = subprocess.run(command, cwd=ROOT, env=environment, check=False)
    assert done.returncode == -signal.SIGKILL
    assert dump_file(filled.path / "library.sqlite3") == before
    with Library.open(filled.path) as library:
        library.check()
    with Library.open(filled.path, migrations=(*MIGRATIONS, NOTES)) as library:
        assert len(library.face_ids()) == 7


def test_a_newer_library_is_refused_untouched(filled: Library) -> None:
    filled.close()
    Library.open(filled.path, migrations=(*MIGRATIONS, NOTES)).close()
    content = (filled.path / "library.sqlite3").read_bytes()
    for read_only in (False, True):
        with pytest.raises(LibraryError, match="newer FaceGUI") as caught:
            Library.open(filled.path, read_only=read_only)
        assert "Update FaceGUI" in caught.value.remedy
    assert (filled.path / "library.sqlite3").read_bytes() == content


def test_an_older_library_that_cannot_be_written_is_refused(filled: Library) -> None:
    filled.close()
    with pytest.raises(LibraryError, match="older FaceGUI"):
        Library.open(filled.path, read_only=True, migrations=(*MIGRATIONS, NOTES))
