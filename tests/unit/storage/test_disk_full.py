"""A full disk: a message, earlier data whole, and the library goes on when there is room again."""

from __future__ import annotations

import resource
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from facegui.domain.entities import Decision
from facegui.domain.errors import FaceGuiError, LibraryError, StorageFault
from facegui.storage import Library
from facegui.storage.faults import database_faults, fault
from tests.fakes.library_dump import dump
from tests.fakes.proposals import proposal, scanned


def big_import(library: Library) -> None:
    library.add_photos([(f"/{'deep/' * 30}{n}.jpg", "Ann", 1, 1) for n in range(5000)])


def test_a_full_database_refuses_the_write_and_goes_on(filled: Library) -> None:
    before = dump(filled)
    writer = filled._db._writer
    assert writer is not None
    (pages,) = writer.execute("PRAGMA page_count").fetchone()
    writer.execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(StorageFault, match="disk is full") as caught:
        big_import(filled)
    assert str(filled.path) in caught.value.message
    assert "Free some space" in caught.value.remedy
    assert dump(filled) == before
    writer.execute("PRAGMA max_page_count = 1000000")
    big_import(filled)
    assert filled.counts().photos == 5006
    filled.check()


@contextmanager
def files_no_larger_than(size: int) -> Iterator[None]:
    """The kernel refuses to write any file of this process beyond *size* bytes."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_log_that_cannot_grow_refuses_the_write_and_goes_on(filled: Library) -> None:
    before = dump(filled)
    log = filled.path / "library.sqlite3-wal"
    with files_no_larger_than(log.stat().st_size + 100_000):
        with pytest.raises(StorageFault) as caught:
            big_import(filled)
        assert caught.value.remedy
        assert dump(filled) == before
        filled.decide(filled.face_ids()[:1], Decision.KEEP)
    big_import(filled)
    filled.check()


def test_a_log_that_has_filled_the_disk_makes_room_by_itself(filled: Library) -> None:
    faces = filled.face_ids()
    labels: list[str] = []
    refused: list[int] = []
    log = filled.path / "library.sqlite3-wal"
    with files_no_larger_than(max(log.stat().st_size, 300_000)):
        for n in range(60):
            try:
                filled.assign(faces, f"Name {n}", label=str(n))
            except StorageFault:
                refused.append(n)
            else:
                labels.append(str(n))
    assert [entry.label for entry in filled.history(limit=200)] == labels[::-1]
    assert refused
    assert all(str(n + 1) in labels for n in refused if n < 59), "the next one fits again"
    filled.check()


def test_a_backup_that_does_not_fit_is_refused_and_leaves_nothing(filled: Library) -> None:
    with files_no_larger_than(20_000), pytest.raises(FaceGuiError):
        filled.backup()
    assert list((filled.path / "backups").iterdir()) == []
    filled.backup()


def test_a_library_that_does_not_fit_is_not_made(tmp_path: Path) -> None:
    with files_no_larger_than(20_000), pytest.raises(StorageFault):
        Library.create(tmp_path / "X")
    with Library.create(tmp_path / "X") as library:
        (photo_id,) = library.add_photos([("/a.jpg", None, 1, 1)]).added
        library.store_scans([scanned(photo_id, [proposal()])])
        library.check()


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        (sqlite3.SQLITE_FULL, StorageFault),
        (sqlite3.SQLITE_IOERR_WRITE, StorageFault),
        (sqlite3.SQLITE_IOERR_READ, StorageFault),
        (sqlite3.SQLITE_READONLY_DBMOVED, StorageFault),
        (sqlite3.SQLITE_CANTOPEN, StorageFault),
        (sqlite3.SQLITE_BUSY_RECOVERY, StorageFault),
        (sqlite3.SQLITE_CORRUPT_VTAB, LibraryError),
        (sqlite3.SQLITE_NOTADB, LibraryError),
    ],
)
def test_every_failure_names_the_file_and_a_remedy(code: int, kind: type[FaceGuiError]) -> None:
    error = sqlite3.OperationalError("reason")
    error.sqlite_errorcode = code  # type: ignore[misc]
    shown = fault(error, Path("/x/library.sqlite3"))
    assert type(shown) is kind
    assert "/x/library.sqlite3" in shown.message
    assert shown.remedy


def test_our_own_mistakes_are_not_dressed_up_as_the_disks() -> None:
    with pytest.raises(sqlite3.IntegrityError), database_faults(Path("/x")):
        raise sqlite3.IntegrityError
