"""Making, opening and refusing libraries."""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from facegui.domain.entities import Decision
from facegui.domain.errors import LibraryError, StorageFault
from facegui.storage import Library
from tests.fakes.library_dump import dump
from tests.fakes.proposals import proposal, scanned

ROOT = Path(__file__).parents[3]


def test_a_new_library_has_its_folders_and_is_empty(tmp_path: Path) -> None:
    with Library.create(tmp_path / "deep" / "My Faces.facegui") as library:
        assert library.path == tmp_path / "deep" / "My Faces.facegui"
        for folder in (library.cache_dir, library.models_dir, library.runs_dir):
            assert folder.is_dir()
        assert not library.read_only
        assert library.photo_ids() == []
        assert library.face_ids() == []
        assert library.people() == []
        assert library.duplicate_groups() == []
        assert library.counts().photos == 0
        assert library.undo() is None
        assert library.redo() is None
        library.check()


def test_what_was_stored_is_there_after_opening_again(tmp_path: Path) -> None:
    with Library.create(tmp_path / "X") as library:
        (photo_id,) = library.add_photos([("/a.jpg", "Ann", 1, 1)]).added
        library.store_scans([scanned(photo_id, [proposal()])])
        before = dump(library)
    with Library.open(str(tmp_path / "X")) as library:
        assert dump(library) == before


def test_a_closed_library_leaves_one_database_file(tmp_path: Path) -> None:
    with Library.create(tmp_path / "X") as library:
        library.add_photos([("/a.jpg", None, 1, 1)])
        assert library.photo_ids() != []
    names = {entry.name for entry in (tmp_path / "X").iterdir() if entry.is_file()}
    assert names == {"library.sqlite3", ".lock"}


def test_the_cache_may_be_deleted(tmp_path: Path) -> None:
    with Library.create(tmp_path / "X") as library:
        shutil.rmtree(library.cache_dir)
    with Library.open(tmp_path / "X") as library:
        assert library.cache_dir.is_dir()


def test_open_or_create(tmp_path: Path) -> None:
    with Library.open_or_create(tmp_path / "X") as library:
        library.add_person("Ann")
    with Library.open_or_create(tmp_path / "X") as library:
        assert [person.name for person in library.people()] == ["Ann"]


def test_a_folder_with_other_things_in_it_is_refused(tmp_path: Path) -> None:
    (tmp_path / "photo.jpg").touch()
    with pytest.raises(LibraryError, match="not empty") as caught:
        Library.create(tmp_path)
    assert str(tmp_path) in caught.value.message
    assert caught.value.remedy
    assert not (tmp_path / "library.sqlite3").exists()


def test_a_library_is_not_made_twice(tmp_path: Path) -> None:
    Library.create(tmp_path / "X").close()
    with pytest.raises(LibraryError, match="already"):
        Library.create(tmp_path / "X")


def test_a_creation_that_was_cut_short_can_be_done_again(tmp_path: Path) -> None:
    (tmp_path / "X").mkdir()
    (tmp_path / "X" / "library.sqlite3.new").write_bytes(b"SQLite form")
    with pytest.raises(LibraryError):
        Library.open(tmp_path / "X")
    with Library.open_or_create(tmp_path / "X") as library:
        library.check()


def test_a_library_cannot_be_made_in_the_place_of_a_file(tmp_path: Path) -> None:
    (tmp_path / "X").write_text("a file")
    with pytest.raises(StorageFault):
        Library.create(tmp_path / "X")


@pytest.mark.parametrize("name", ["absent", "empty"])
def test_opening_what_is_not_a_library(tmp_path: Path, name: str) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(LibraryError, match="no library"):
        Library.open(tmp_path / name)


def foreign_database(file: Path) -> None:
    with contextlib.closing(sqlite3.connect(file)) as connection:
        connection.execute("CREATE TABLE bookmarks (url TEXT)")


@pytest.mark.parametrize(
    "damage",
    [
        lambda file: file.write_bytes(b"\xff\xd8\xff\xe0 a photo by another name" * 100),
        lambda file: file.write_bytes(b""),
        lambda file: file.write_bytes(file.read_bytes()[:50]),
        lambda file: file.write_bytes(b"SQLite format 3\0" + bytes(84) + file.read_bytes()[100:]),
        lambda file: (file.unlink(), foreign_database(file)),
    ],
    ids=["garbage", "empty", "stump", "header", "foreign"],
)
@pytest.mark.parametrize("read_only", [False, True])
def test_a_damaged_or_foreign_database_is_refused_and_left_alone(
    tmp_path: Path, damage: object, read_only: bool
) -> None:
    Library.create(tmp_path / "X").close()
    file = tmp_path / "X" / "library.sqlite3"
    assert callable(damage)
    damage(file)
    content = file.read_bytes()
    with pytest.raises(LibraryError, match="damaged or not") as caught:
        Library.open(tmp_path / "X", read_only=read_only)
    assert str(file) in caught.value.message
    assert "backups" in caught.value.remedy
    assert file.read_bytes() == content


def test_damage_found_while_reading_is_a_library_error(tmp_path: Path) -> None:
    with Library.create(tmp_path / "X") as library:
        library.add_photos([(f"/{'long' * 50}/{n}.jpg", None, 1, 1) for n in range(500)])
    file = tmp_path / "X" / "library.sqlite3"
    content = bytearray(file.read_bytes())
    content[24 * 4096 :] = b"\xa5" * (len(content) - 24 * 4096)
    file.write_bytes(content)
    with Library.open(tmp_path / "X") as library:
        with pytest.raises(LibraryError, match="damaged"):
            library.photos(range(1, 501))
        with pytest.raises(LibraryError, match="damaged"):
            library.check()


def test_the_second_in_this_process_is_refused_and_the_first_goes_on(library: Library) -> None:
    with pytest.raises(LibraryError, match="another FaceGUI") as caught:
        Library.open(library.path)
    assert "close it" in caught.value.remedy
    library.add_person("Ann")
    library.close()
    with Library.open(library.path) as again:
        assert len(again.people()) == 1


HOLD = """
import sys
from facegui.storage import Library
library = Library.open(sys.argv[1])
print("open", flush=True)
sys.stdin.read()
"""


def test_the_second_process_is_refused_until_the_first_has_gone(tmp_path: Path) -> None:
    path = tmp_path / "X"
    Library.create(path).close()
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(path)],
        cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        assert process.stdout is not None
        assert process.stdout.readline() == "open\n"
        with pytest.raises(LibraryError, match="another FaceGUI"):
            Library.open(path)
        with Library.open(path, read_only=True) as viewing:
            assert viewing.people() == []
        process.kill()
    assert (path / ".lock").exists()
    with Library.open(path) as library:
        library.add_person("Ann")


def test_a_refused_opening_gives_the_lock_back(tmp_path: Path) -> None:
    Library.create(tmp_path / "X").close()
    file = tmp_path / "X" / "library.sqlite3"
    good = file.read_bytes()
    file.write_bytes(b"broken" * 1000)
    with pytest.raises(LibraryError):
        Library.open(tmp_path / "X")
    file.write_bytes(good)
    Library.open(tmp_path / "X").close()


def test_a_closed_library_says_so(library: Library) -> None:
    library.close()
    library.close()
    for use in (library.people, library.undo, library.backup, library.check):
        with pytest.raises(LibraryError, match="closed"):
            use()


def test_viewing_sees_everything_and_changes_nothing(filled: Library) -> None:
    filled.close()
    with Library.open(filled.path, read_only=True) as viewing:
        assert viewing.read_only
        faces = viewing.face_ids()
        assert len(viewing.faces(faces)) == 7
        assert viewing.embeddings(faces).shape == (7, 128)
        before = dump(viewing)
        for write in (
            lambda: viewing.decide(faces, Decision.KEEP),
            lambda: viewing.add_photos([("/x", None, 1, 1)]),
            viewing.undo,
            viewing.backup,
        ):
            with pytest.raises(LibraryError, match="viewing") as caught:
                write()
            assert caught.value.remedy
        assert dump(viewing) == before


def test_viewing_beside_a_writer_follows_it(filled: Library) -> None:
    with Library.open(filled.path, read_only=True) as viewing:
        filled.decide(filled.face_ids(), Decision.REJECT)
        assert viewing.counts().rejected == 7


def test_threads_read_while_another_writes(filled: Library) -> None:
    """Readers see one step or the next, never between, and nobody waits for ever."""
    faces = filled.face_ids()
    stop = threading.Event()
    seen: list[set[Decision]] = []
    errors: list[BaseException] = []

    def read() -> None:
        try:
            while not stop.is_set():
                seen.append({face.decision for face in filled.faces(faces)})
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=read) for _ in range(3)]
    for thread in threads:
        thread.start()
    for n in range(40):
        filled.decide(faces, Decision.KEEP if n % 2 else Decision.REJECT)
    stop.set()
    for thread in threads:
        thread.join()
    assert errors == []
    assert len(seen) > 3
    assert all(len(decisions) == 1 for decisions in seen)


def test_one_read_sees_one_state_however_long_it_takes(filled: Library) -> None:
    sql = "SELECT count(*) FROM faces WHERE decision = 'reject'"
    with filled._db.read() as connection:
        assert connection.execute(sql).fetchone() == (0,)
        filled.decide(filled.face_ids(), Decision.REJECT)
        assert connection.execute(sql).fetchone() == (0,)
    assert filled.counts().rejected == 7


def test_threads_may_write_too(filled: Library) -> None:
    def write(face_id: int) -> None:
        for n in range(10):
            filled.decide([face_id], Decision.KEEP if n % 2 else Decision.REJECT)

    threads = [threading.Thread(target=write, args=(i,)) for i in filled.face_ids()]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(filled.history(limit=1000)) == 70
    filled.check()


def test_closing_while_a_thread_reads_is_no_trouble(filled: Library) -> None:
    with filled._db.read() as connection:
        filled.close()
        assert connection.execute("SELECT count(*) FROM faces").fetchone() == (7,)
    with pytest.raises(LibraryError, match="closed"):
        filled.people()
    with Library.open(filled.path) as again:
        assert again.counts().faces == 7
