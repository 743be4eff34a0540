"""Watched folders: real files in a real folder, told once they have been written."""

from __future__ import annotations

import queue
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from facegui.collect.folders import Found
from facegui.domain.control import NullControl
from facegui.services.collecting.folders import Folder, remember, set_live
from facegui.services.collecting.photos import ImportRequest, import_photos
from facegui.services.collecting.watch import (
    Arrivals,
    FolderWatch,
    Settling,
    add_arrivals,
    watch_library,
)
from facegui.services.libraries import Library, create_library, open_library
from tests.fakes.square_library import write_square

WAIT_S = 60
SETTLE_S = 0.2


def found(**changes: object) -> Found:
    return replace(Found("/in/a.jpg", None, 10, 1), **changes)  # type: ignore[arg-type]


def test_a_file_settles_when_it_stays_the_same() -> None:
    settling = Settling(2.0)
    assert not settling.has_settled(found(), 0.0)
    assert not settling.has_settled(found(), 1.9)
    assert settling.has_settled(found(), 2.0)
    assert len(settling) == 0


def test_a_growing_file_starts_anew() -> None:
    settling = Settling(2.0)
    assert not settling.has_settled(found(), 0.0)
    assert not settling.has_settled(found(size_bytes=20), 1.9)
    assert not settling.has_settled(found(size_bytes=20, mtime_ns=2), 3.8)
    assert not settling.has_settled(found(size_bytes=20, mtime_ns=2), 5.0)
    assert settling.has_settled(found(size_bytes=20, mtime_ns=2), 6.0)


def test_a_file_that_goes_is_waited_for_no_more() -> None:
    settling = Settling(2.0)
    settling.has_settled(found(), 0.0)
    settling.keep_only(set())
    assert len(settling) == 0


class Watching:
    """A watch whose arrivals wait in a queue."""

    def __init__(self, *watched: Folder, known: Callable[[Found], bool] = lambda _: False) -> None:
        self.told: queue.Queue[Arrivals] = queue.Queue()
        self.watch = FolderWatch(watched, known, self.told.put, settle_s=SETTLE_S, walk_every_s=1.0)

    def names(self, count: int) -> list[str]:
        """The next *count* files that arrive."""
        names: list[str] = []
        while len(names) < count:
            names += [Path(file.path).name for file in self.told.get(timeout=WAIT_S).found]
        return sorted(names)


@pytest.fixture
def watching() -> Iterator[Callable[..., Watching]]:
    made: list[Watching] = []

    def start(*watched: Folder, **options: Callable[[Found], bool]) -> Watching:
        made.append(Watching(*watched, **options))
        return made[-1]

    yield start
    for one in made:
        one.watch.close()


def test_files_that_are_there_and_files_that_come(
    watching: Callable[..., Watching], tmp_path: Path
) -> None:
    (tmp_path / "old.jpg").write_bytes(b"1")
    watch = watching(Folder(tmp_path))
    assert watch.names(1) == ["old.jpg"]
    (tmp_path / "deep" / "er").mkdir(parents=True)
    (tmp_path / "deep" / "er" / "new.jpg").write_bytes(b"2")
    assert watch.names(1) == ["new.jpg"]


def test_known_hidden_and_unfinished_files_are_not_told(
    watching: Callable[..., Watching], tmp_path: Path
) -> None:
    for name in ("known.jpg", ".hidden.jpg", "a.jpg.part", "b.crdownload", "new.jpg"):
        (tmp_path / name).write_bytes(b"1")
    watch = watching(Folder(tmp_path), known=lambda file: file.path.endswith("known.jpg"))
    assert watch.names(1) == ["new.jpg"]
    (tmp_path / "a.jpg.part").rename(tmp_path / "a.jpg")
    assert watch.names(1) == ["a.jpg"]
    assert watch.told.empty()


def test_a_change_is_news_again(watching: Callable[..., Watching], tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_bytes(b"1")
    watch = watching(Folder(tmp_path))
    assert watch.names(1) == ["a.jpg"]
    (tmp_path / "a.jpg").write_bytes(b"12345")
    assert watch.told.get(timeout=WAIT_S).found[0].size_bytes == 5


def test_a_file_is_not_told_while_it_grows(
    watching: Callable[..., Watching], tmp_path: Path
) -> None:
    seen: list[int] = []

    def known(file: Found) -> bool:
        """Asked at every look: the file grows between any two of them, twenty times."""
        if len(seen) < 20:
            seen.append(file.size_bytes)
            with Path(file.path).open("ab") as growing:
                growing.write(b"x")
        return False

    (tmp_path / "a.jpg").write_bytes(b"x")
    (arrived,) = watching(Folder(tmp_path), known=known).told.get(timeout=WAIT_S).found
    assert arrived.size_bytes == 21
    assert len(seen) == 20


def test_a_folder_that_comes_later_is_watched_then(
    watching: Callable[..., Watching], tmp_path: Path
) -> None:
    watch = watching(Folder(tmp_path / "drive"))
    (tmp_path / "drive").mkdir()
    (tmp_path / "drive" / "a.jpg").write_bytes(b"1")
    assert watch.names(1) == ["a.jpg"]


def test_without_any_word_from_the_system_the_walks_find_it(
    watching: Callable[..., Watching], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_args: object, **_options: object) -> None:
        raise OSError(28, "no more watches")

    monkeypatch.setattr("watchdog.observers.api.BaseObserver.schedule", refuse)
    watch = watching(Folder(tmp_path))
    (tmp_path / "a.jpg").write_bytes(b"1")
    assert watch.names(1) == ["a.jpg"]


def test_a_library_inside_is_passed_over(watching: Callable[..., Watching], tmp_path: Path) -> None:
    with create_library(tmp_path / "in" / "Mine.facegui"):
        (tmp_path / "in" / "a.jpg").write_bytes(b"1")
        assert watching(Folder(tmp_path / "in")).names(1) == ["a.jpg"]


# With a library


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with create_library(tmp_path / "Mine.facegui") as made:
        yield made


def test_only_ticked_folders_of_a_library_are_watched(library: Library, tmp_path: Path) -> None:
    told: queue.Queue[Arrivals] = queue.Queue()
    for name in ("ticked", "other"):
        write_square(tmp_path / name / "1.png", "Ann")
        import_photos(library, ImportRequest((tmp_path / name,)), NullControl())
    assert watch_library(library, told.put) is None
    set_live(library, tmp_path / "ticked", live=True)
    watch = watch_library(library, told.put)
    assert watch is not None
    try:
        for name in ("other", "ticked"):
            write_square(tmp_path / name / "2.png", "Bob")
        arrivals = told.get(timeout=WAIT_S)
    finally:
        watch.close()
    assert [file.path for file in arrivals.found] == [str(tmp_path / "ticked" / "2.png")]


def test_a_library_that_may_not_be_written_is_not_watched(tmp_path: Path) -> None:
    with create_library(tmp_path / "Mine.facegui") as made:
        remember(made, tmp_path, None)
        set_live(made, tmp_path, live=True)
    with open_library(tmp_path / "Mine.facegui") as made:
        made.read_only = True
        assert watch_library(made, lambda _: None) is None


def test_closing_the_library_first_ends_the_watch_in_silence(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    library = create_library(tmp_path / "Mine.facegui")
    remember(library, tmp_path / "in", None)
    set_live(library, tmp_path / "in", live=True)
    watch = watch_library(library, lambda _: None)
    assert watch is not None
    library.close()
    (tmp_path / "in" / "a.jpg").write_bytes(b"1")
    watch._thread.join(WAIT_S)
    assert not watch._thread.is_alive()


@pytest.mark.parametrize(("person", "hint"), [(None, "Ann"), ("Zoe", "Zoe")])
def test_arrivals_are_named_as_an_import_would(
    library: Library, tmp_path: Path, person: str | None, hint: str
) -> None:
    path = write_square(tmp_path / "in" / "Ann" / "1.png", "Ann")
    status = path.stat()
    file = Found(str(path), "Ann", status.st_size, status.st_mtime_ns)
    added = add_arrivals(library, Arrivals(Folder(tmp_path / "in", person), (file,)))
    assert library.photos(added.added)[0].person_hint == hint
