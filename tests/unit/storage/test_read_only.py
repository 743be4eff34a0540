"""A library on a disk that cannot be written: tried for real, as a user without the right."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import traceback
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from facegui.domain.entities import Decision
from facegui.domain.errors import FaceGuiError
from facegui.storage import Library

NOBODY = 65534
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="POSIX permissions")


@pytest.fixture
def frozen(filled: Library) -> Iterator[Path]:
    """A copy of a library with a decision in it that nobody may write to."""
    filled.decide(filled.face_ids()[:1], Decision.REJECT, "the last one")
    filled.close()
    root = Path(tempfile.mkdtemp())  # pytest's own folders are closed to other users
    root.chmod(0o755)
    path = root / "X"
    shutil.copytree(filled.path, path)
    lock_down(path)
    yield path
    path.chmod(0o755)
    shutil.rmtree(root)


def lock_down(path: Path) -> None:
    for entry in path.iterdir():
        entry.chmod(0o555 if entry.is_dir() else 0o444)
    path.chmod(0o555)


def unprivileged(work: Callable[[], None]) -> None:
    """Runs *work* in a process that no permission is waived for, and fails as it fails."""
    if os.geteuid() != 0:
        work()
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # fork beside threads, from 3.12 on
        child = os.fork()
    if child == 0:
        status = 1
        try:
            os.setuid(NOBODY)
            work()
            status = 0
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(status)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def view(path: Path) -> None:
    with Library.open(path) as library:
        assert library.read_only
        assert [entry.label for entry in library.history()] == ["the last one"]
        assert len(library.faces(library.face_ids())) == 7
        with pytest.raises(FaceGuiError, match="viewing"):
            library.undo()


def test_it_opens_for_viewing(frozen: Path) -> None:
    before = {entry.name for entry in frozen.iterdir()}
    unprivileged(lambda: view(frozen))
    assert {entry.name for entry in frozen.iterdir()} == before


def test_commits_that_wait_in_the_log_are_seen(filled: Library, frozen: Path) -> None:
    frozen.chmod(0o755)
    with Library.open(filled.path) as library:
        library.undo()
        library.decide(library.face_ids()[:1], Decision.KEEP, "the last one")
        for name in ("library.sqlite3", "library.sqlite3-wal"):
            (frozen / name).unlink(missing_ok=True)
            shutil.copy(library.path / name, frozen / name)
    assert (frozen / "library.sqlite3-wal").stat().st_size > 0
    lock_down(frozen)
    unprivileged(lambda: view(frozen))


def test_a_database_that_may_not_be_read_is_a_clear_error(frozen: Path) -> None:
    (frozen / "library.sqlite3").chmod(0)

    def refuse() -> None:
        with pytest.raises(FaceGuiError) as caught:
            Library.open(frozen)
        assert str(frozen) in caught.value.message

    unprivileged(refuse)


def test_a_new_library_where_one_may_not_write(frozen: Path) -> None:
    def refuse() -> None:
        with pytest.raises(FaceGuiError, match="could not be written"):
            Library.create(frozen / "models" / "Y")

    unprivileged(refuse)
