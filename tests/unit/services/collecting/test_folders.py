"""Which folders a library remembers, and what it has of them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from facegui.domain.control import NullControl
from facegui.services.collecting.folders import (
    WATCHED_KEY,
    Folder,
    folder_states,
    folders,
    forget,
    remember,
    set_live,
    set_person,
)
from facegui.services.collecting.photos import ImportRequest, import_photos, watched
from facegui.services.libraries import Library, create_library
from tests.fakes.square_library import scan_squares, write_square


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with create_library(tmp_path / "Mine.facegui") as made:
        yield made


def test_a_folder_is_remembered_once_and_watched_only_when_ticked(
    library: Library, tmp_path: Path
) -> None:
    remember(library, tmp_path / "a", None)
    remember(library, tmp_path / "b", "Bob")
    remember(library, tmp_path / "a", None)
    assert folders(library) == [Folder(tmp_path / "a"), Folder(tmp_path / "b", "Bob")]
    set_live(library, tmp_path / "a", live=True)
    assert [folder.live for folder in folders(library)] == [True, False]


def test_importing_a_folder_again_keeps_the_tick(library: Library, tmp_path: Path) -> None:
    remember(library, tmp_path / "a", None)
    set_live(library, tmp_path / "a", live=True)
    remember(library, tmp_path / "a", "Ann")
    assert folders(library) == [Folder(tmp_path / "a", "Ann", live=True)]


def test_a_folder_can_be_renamed_and_forgotten(library: Library, tmp_path: Path) -> None:
    remember(library, tmp_path / "a", None)
    set_person(library, tmp_path / "a", "Ann")
    assert folders(library)[0].person == "Ann"
    forget(library, tmp_path / "a")
    assert folders(library) == []
    set_live(library, tmp_path / "a", live=True)
    assert folders(library) == []


def test_what_an_older_version_remembered_is_read(library: Library) -> None:
    library.set_setting(WATCHED_KEY, [{"path": "/photos", "person": None}])
    assert folders(library) == [Folder(Path("/photos"))]


def test_the_unattended_run_looks_into_all_of_them(library: Library, tmp_path: Path) -> None:
    remember(library, tmp_path / "a", None)
    remember(library, tmp_path / "b", "Bob")
    assert watched(library) == [
        ImportRequest((tmp_path / "a",), None),
        ImportRequest((tmp_path / "b",), "Bob"),
    ]


def test_the_numbers_of_a_folder(library: Library, tmp_path: Path) -> None:
    for name in ("in/1.png", "in/deep/2.png", "in between/3.png"):
        write_square(tmp_path / name, "Ann")
    import_photos(library, ImportRequest((tmp_path / "in",)), NullControl())
    scan_squares(library)
    write_square(tmp_path / "in" / "4.png", "Bob")
    import_photos(library, ImportRequest((tmp_path / "in", tmp_path / "in between")), NullControl())
    remember(library, tmp_path / "gone", None)
    states = {state.folder.path.name: state for state in folder_states(library)}
    assert (states["in"].photos, states["in"].pending, states["in"].there) == (3, 1, True)
    assert (states["in between"].photos, states["in between"].pending) == (1, 1)
    assert (states["gone"].photos, states["gone"].there) == (0, False)
