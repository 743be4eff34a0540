from __future__ import annotations

import contextlib
import sqlite3
from pathlib import Path

import pytest

from facegui.domain.entities import Decision
from facegui.domain.errors import LibraryError, StorageFault
from facegui.storage import Library, backup
from tests.fakes.library_dump import dump, dump_file


def damage(file: Path) -> None:
    with contextlib.closing(sqlite3.connect(file)) as connection:
        (size,) = connection.execute("PRAGMA page_size").fetchone()
        roots = connection.execute(
            "SELECT rootpage FROM sqlite_schema WHERE rootpage > 1"
        ).fetchall()
    content = bytearray(file.read_bytes())
    for (page,) in roots:  # all but the schema, without which nothing would open
        content[(page - 1) * size : page * size] = b"\xa5" * size
    file.write_bytes(content)


def test_a_backup_is_the_whole_library(filled: Library) -> None:
    filled.decide(filled.face_ids(), Decision.REJECT)
    made = filled.backup()
    assert made.parent == filled.path / "backups"
    assert filled.backups() == [made]
    assert dump_file(made) == dump(filled)
    assert [entry.name for entry in made.parent.iterdir()] == [made.name]


def test_the_newest_come_first_and_the_oldest_go(
    filled: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backup, "KEEP", 3)
    made = [filled.backup() for _ in range(5)]
    assert filled.backups() == made[:1:-1]


def test_a_damaged_library_makes_no_backup_and_drops_none(filled: Library) -> None:
    good = filled.backup()
    filled.close()
    damage(filled.path / "library.sqlite3")
    with Library.open(filled.path) as library:
        with pytest.raises(LibraryError, match="damaged"):
            library.backup()
        assert library.backups() == [good]
        assert list(good.parent.iterdir()) == [good]


def test_restoring_puts_the_newest_sound_backup_back_and_keeps_the_damaged_file(
    filled: Library,
) -> None:
    filled.backup()
    filled.decide(filled.face_ids()[:1], Decision.KEEP, "in the backup")
    before = dump(filled)
    filled.backup()
    damage(filled.backup())
    filled.decide(filled.face_ids()[:1], Decision.REJECT, "lost")
    filled.close()
    file = filled.path / "library.sqlite3"
    damage(file)
    content = file.read_bytes()
    kept = Library.restore(filled.path)
    assert kept.read_bytes() == content
    with Library.open(filled.path) as library:
        assert dump(library) == before
        assert library.history()[0].label == "in the backup"


def test_restoring_a_chosen_backup(filled: Library) -> None:
    first, before = filled.backup(), dump(filled)
    filled.decide(filled.face_ids(), Decision.REJECT)
    filled.backup()
    filled.close()
    Library.restore(filled.path, first)
    with Library.open(filled.path) as library:
        assert dump(library) == before


def test_commits_left_in_the_log_do_not_leak_into_a_restored_library(filled: Library) -> None:
    filled.backup()
    before = dump(filled)
    filled.decide(filled.face_ids(), Decision.REJECT)
    log = filled.path / "library.sqlite3-wal"
    content = log.read_bytes()
    filled.close()
    log.write_bytes(content)
    Library.restore(filled.path)
    with Library.open(filled.path) as library:
        assert dump(library) == before


def test_a_lost_database_can_be_restored(filled: Library) -> None:
    filled.backup()
    before = dump(filled)
    filled.close()
    (filled.path / "library.sqlite3").unlink()
    Library.restore(filled.path)
    with Library.open(filled.path) as library:
        assert dump(library) == before


def test_an_open_library_is_not_restored_over(filled: Library) -> None:
    filled.backup()
    before = dump(filled)
    with pytest.raises(LibraryError, match="another FaceGUI"):
        Library.restore(filled.path)
    assert dump(filled) == before


def test_without_a_sound_backup_nothing_is_touched(filled: Library) -> None:
    damage(filled.backup())
    before = dump(filled)
    filled.close()
    with pytest.raises(LibraryError, match="no backup") as caught:
        Library.restore(filled.path)
    assert caught.value.remedy
    with Library.open(filled.path) as library:
        assert dump(library) == before


def test_a_foreign_file_is_not_restored(filled: Library, tmp_path: Path) -> None:
    filled.close()
    (tmp_path / "photo.jpg").write_bytes(b"\xff\xd8\xff" * 100)
    with pytest.raises(LibraryError, match="damaged or not"):
        Library.restore(filled.path, tmp_path / "photo.jpg")
    Library.open(filled.path).close()


def test_a_backup_that_cannot_be_written_is_a_storage_fault(
    filled: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_source: Path, _target: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(backup, "replace_file", full)
    with pytest.raises(StorageFault, match="No space left"):
        filled.backup()
    assert filled.backups() == []
    assert list((filled.path / "backups").iterdir()) == []
