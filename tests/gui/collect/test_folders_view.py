"""The folders of a real library: numbers, ticks, names, looking again, and files that arrive."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.qtbot import QtBot

from facegui.domain.control import NullControl
from facegui.gui.collect.folders import FoldersView
from facegui.gui.collect.folders_model import Column
from facegui.gui.context import AppContext
from facegui.gui.watching import FolderWatching
from facegui.services.collecting import watch
from facegui.services.collecting.folders import folders, set_live
from facegui.services.collecting.photos import ImportRequest, import_photos
from facegui.services.libraries import Library, create_library
from tests.fakes.analysers import SquareAnalyser
from tests.fakes.faces import fake_tools
from tests.fakes.square_library import write_square

WAIT_MS = 60_000


@pytest.fixture
def context(qtbot: QtBot) -> Iterator[AppContext]:
    made = AppContext(fake_tools(analyser=SquareAnalyser))
    yield made
    assert made.lanes.close(timeout_s=30)
    made.set_library(None)
    made.tools.close()


@pytest.fixture
def library(tmp_path: Path) -> Library:
    """Two folders, of Ann and of Bob."""
    made = create_library(tmp_path / "Mine.facegui")
    for name in ("Ann", "Bob"):
        write_square(tmp_path / name / "1.png", name)
        import_photos(made, ImportRequest((tmp_path / name,), name), NullControl())
    return made


@pytest.fixture
def settle(qtbot: QtBot, context: AppContext) -> Callable[[], None]:
    return lambda: qtbot.waitUntil(lambda: not context.lanes.busy(), timeout=WAIT_MS)


@pytest.fixture
def view(
    qtbot: QtBot, context: AppContext, library: Library, settle: Callable[[], None]
) -> FoldersView:
    made = FoldersView(context)
    qtbot.addWidget(made)
    made.resize(900, 500)
    QAbstractItemModelTester(made.model, made)
    with qtbot.waitExposed(made):
        made.show()
    context.set_library(library)
    made.activate()
    settle()
    return made


def cells(view: FoldersView, column: Column) -> list[str]:
    model = view.model
    return [model.index(row, column).data() for row in range(model.rowCount())]


def tick(view: FoldersView, row: int, state: Qt.CheckState) -> bool:
    index = view.model.index(row, Column.WATCH)
    return view.model.setData(index, state.value, Qt.ItemDataRole.CheckStateRole)


def test_the_table_tells_how_much_there_is(view: FoldersView, tmp_path: Path) -> None:
    assert cells(view, Column.PATH) == [str(tmp_path / "Ann"), str(tmp_path / "Bob")]
    assert cells(view, Column.PERSON) == ["Ann", "Bob"]
    assert cells(view, Column.PHOTOS) == ["1", "1"]
    assert cells(view, Column.NEW) == ["1", "1"]
    assert view._told.text() == "0 folders are watched."


def test_a_tick_is_kept_and_told(
    qtbot: QtBot, view: FoldersView, library: Library, settle: Callable[[], None]
) -> None:
    with qtbot.waitSignal(view.context.watching_changed, timeout=WAIT_MS):
        assert tick(view, 1, Qt.CheckState.Checked)
    settle()
    assert [folder.live for folder in folders(library)] == [False, True]
    assert view._told.text() == "1 folder is watched."
    state = view.model.index(1, Column.WATCH).data(Qt.ItemDataRole.CheckStateRole)
    assert state == Qt.CheckState.Checked
    tick(view, 1, Qt.CheckState.Unchecked)
    settle()
    assert [folder.live for folder in folders(library)] == [False, False]


def test_a_name_can_be_typed_and_taken_away(
    view: FoldersView, library: Library, settle: Callable[[], None]
) -> None:
    index = view.model.index(0, Column.PERSON)
    assert index.data(Qt.ItemDataRole.EditRole) == "Ann"
    view.model.setData(index, "  Zoë ")
    settle()
    assert folders(library)[0].person == "Zoë"
    view.model.setData(view.model.index(0, Column.PERSON), " ")
    settle()
    assert folders(library)[0].person is None
    assert cells(view, Column.PERSON)[0] == "by folder name"


def test_only_ticks_and_names_can_be_changed(view: FoldersView) -> None:
    model = view.model
    editable = Qt.ItemFlag.ItemIsEditable
    assert model.flags(model.index(0, Column.PERSON)) & editable
    assert not model.flags(model.index(0, Column.PATH)) & editable
    assert not model.setData(model.index(0, Column.PATH), "x")
    assert model.flags(model.index(0, Column.WATCH)) & Qt.ItemFlag.ItemIsUserCheckable


def test_a_folder_leaves_the_list_and_its_photos_stay(
    view: FoldersView, library: Library, settle: Callable[[], None]
) -> None:
    assert not view.remove.isEnabled()
    view.table.selectRow(0)
    assert view.remove.isEnabled()
    view.remove.click()
    settle()
    assert cells(view, Column.PERSON) == ["Bob"]
    assert library.counts().photos == 2


def test_looking_now_brings_in_what_is_new(
    qtbot: QtBot,
    view: FoldersView,
    library: Library,
    tmp_path: Path,
    settle: Callable[[], None],
) -> None:
    write_square(tmp_path / "Ann" / "2.png", "Ann")
    write_square(tmp_path / "Bob" / "2.png", "Bob")
    view.table.selectRow(0)
    with qtbot.waitSignal(view.context.scan_requested, timeout=WAIT_MS):
        view.look.click()
    settle()
    assert view._told.text() == "1 new photo came in."
    assert library.counts().photos == 3
    new = library.photo_by_path(str(tmp_path / "Ann" / "2.png"))
    assert new is not None
    assert new.person_hint == "Ann"


def test_a_folder_that_is_away_is_told(
    view: FoldersView, tmp_path: Path, settle: Callable[[], None]
) -> None:
    (tmp_path / "Ann").rename(tmp_path / "elsewhere")
    view.refresh()
    settle()
    assert "1 cannot be reached now" in view._told.text()
    tip = view.model.index(0, Column.PATH).data(Qt.ItemDataRole.ToolTipRole)
    assert "cannot be reached" in tip


def test_empty_it_says_what_to_do(
    qtbot: QtBot, context: AppContext, tmp_path: Path, settle: Callable[[], None]
) -> None:
    view = FoldersView(context)
    qtbot.addWidget(view)
    context.set_library(create_library(tmp_path / "Empty.facegui"))
    view.activate()
    settle()
    assert view._stack.currentWidget() is view._empty
    with qtbot.waitSignal(context.import_requested):
        view._empty.button.click()


def test_the_numbers_follow_the_library(
    qtbot: QtBot, view: FoldersView, library: Library, tmp_path: Path
) -> None:
    from facegui.domain.queries import Change

    write_square(tmp_path / "Ann" / "2.png", "Ann")
    import_photos(library, ImportRequest((tmp_path / "Ann",), "Ann"), NullControl())
    view.context.rows_changed.emit(Change(None))
    qtbot.waitUntil(lambda: cells(view, Column.PHOTOS)[-1:] == ["1"], timeout=WAIT_MS)
    qtbot.waitUntil(lambda: "2" in cells(view, Column.PHOTOS), timeout=WAIT_MS)


# Files that arrive by themselves


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = watch.FolderWatch

    def make(*args: object, **options: object) -> watch.FolderWatch:
        return whole(*args, settle_s=0.2, walk_every_s=1.0, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(watch, "FolderWatch", make)


def paths(library: Library) -> set[str]:
    return {Path(photo.path).name for photo in library.photos(library.photo_ids())}


@pytest.mark.usefixtures("quick")
def test_new_files_come_in_while_the_library_is_open(
    qtbot: QtBot, context: AppContext, library: Library, tmp_path: Path
) -> None:
    set_live(library, tmp_path / "Ann", live=True)
    FolderWatching(context, context)
    context.set_library(library)
    with qtbot.waitSignal(context.scan_requested, timeout=WAIT_MS):
        write_square(tmp_path / "Ann" / "new.png", "Ann")
    assert "new.png" in paths(library)
    new = library.photo_by_path(str(tmp_path / "Ann" / "new.png"))
    assert new is not None
    assert new.person_hint == "Ann"


@pytest.mark.usefixtures("quick")
def test_a_tick_begins_a_watch_and_another_ends_it(
    qtbot: QtBot,
    view: FoldersView,
    library: Library,
    tmp_path: Path,
    settle: Callable[[], None],
) -> None:
    watching = FolderWatching(view.context, view.context)
    with qtbot.waitSignal(view.context.scan_requested, timeout=WAIT_MS):
        tick(view, 1, Qt.CheckState.Checked)
        write_square(tmp_path / "Bob" / "2.png", "Bob")
    settle()
    assert "2.png" in paths(library)
    tick(view, 1, Qt.CheckState.Unchecked)
    qtbot.waitUntil(lambda: watching._watch is None, timeout=WAIT_MS)


@pytest.mark.usefixtures("quick")
def test_what_is_told_after_the_library_was_closed_is_dropped(
    context: AppContext, library: Library, tmp_path: Path
) -> None:
    watching = FolderWatching(context, context)
    context.set_library(library)
    told = watching._generation
    context.set_library(None)
    arrivals = watch.Arrivals(folder=None, found=())  # type: ignore[arg-type]
    watching._take(told, arrivals)
    assert context.library is None
