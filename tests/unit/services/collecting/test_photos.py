"""Importing folders: rows appear, names are offered, nothing of the owner's is touched."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from facegui.domain.errors import OwnerError
from facegui.services.collecting.photos import ImportRequest, import_photos
from facegui.services.libraries import Library, create_library
from tests.fakes.control import RecordingControl


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with create_library(tmp_path / "Mine.facegui") as made:
        yield made


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    root = tmp_path / "photos"
    for name in ("Tom Hanks/1.jpg", "Tom Hanks/2.jpg", "Ann/3.jpg", "4.jpg", "notes.txt"):
        file = root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(name.encode())
    return root


def hints(library: Library) -> dict[str, str | None]:
    return {
        Path(photo.path).name: photo.person_hint for photo in library.photos(library.photo_ids())
    }


def test_every_file_becomes_a_row_with_its_folder_as_name(library: Library, folder: Path) -> None:
    control = RecordingControl()
    report = import_photos(library, ImportRequest((folder,)), control)

    assert hints(library) == {
        "1.jpg": "Tom Hanks",
        "2.jpg": "Tom Hanks",
        "3.jpg": "Ann",
        "4.jpg": None,
        "notes.txt": None,
    }
    assert len(report.added_ids) == 5
    assert (report.known, report.skipped, report.stopped) == (0, (), False)
    assert control.partials == [report.added_ids]
    assert control.progress[-1].done == control.progress[-1].total == 5


def test_a_given_person_wins_over_folder_names(library: Library, folder: Path) -> None:
    import_photos(library, ImportRequest((folder,), person="Ann B."), RecordingControl())
    assert set(hints(library).values()) == {"Ann B."}


def test_importing_again_adds_nothing(library: Library, folder: Path) -> None:
    import_photos(library, ImportRequest((folder,)), RecordingControl())
    again = import_photos(library, ImportRequest((folder,)), RecordingControl())
    assert (again.added_ids, again.known) == ((), 5)


def test_the_owners_files_are_not_touched(library: Library, folder: Path) -> None:
    def state() -> dict[Path, tuple[bytes, int]]:
        files = [path for path in folder.rglob("*") if path.is_file()]
        return {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in files}

    before = state()
    import_photos(library, ImportRequest((folder,)), RecordingControl())
    assert state() == before


def test_what_cannot_be_read_is_told(library: Library, tmp_path: Path) -> None:
    report = import_photos(library, ImportRequest((tmp_path / "absent",)), RecordingControl())
    assert [item.path for item in report.skipped] == [str(tmp_path / "absent")]


def test_stop_keeps_what_was_added(library: Library, folder: Path) -> None:
    import_photos(library, ImportRequest((folder / "Ann",)), RecordingControl())
    report = import_photos(library, ImportRequest((folder,)), RecordingControl(lambda _: True))
    assert report.stopped
    assert len(library.photo_ids()) == 1


def test_a_library_is_refused_as_a_folder_of_photos(library: Library) -> None:
    with pytest.raises(OwnerError, match="is a FaceGUI library"):
        import_photos(library, ImportRequest((library.path,)), RecordingControl())
