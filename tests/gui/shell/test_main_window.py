"""The shell: libraries open and close, drops import, undo reaches the journal, closing is clean."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import QMimeData, QPoint, QSettings, Qt, QUrl
from PySide6.QtGui import QDropEvent, QKeySequence
from PySide6.QtWidgets import QMenu, QToolButton
from pytestqt.qtbot import QtBot

from facegui.domain.entities import Decision
from facegui.gui.context import AppContext
from facegui.gui.history.dock import HistoryDock
from facegui.gui.main_window import MainWindow
from facegui.gui.settings import AppSettings
from facegui.gui.theme import Appearance, is_dark
from tests.fakes.analysers import SquareAnalyser
from tests.fakes.faces import fake_tools, picture

Settle = Callable[[], None]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    root = tmp_path / "photos"
    for name, colour in (("Ann", (250, 20, 20)), ("Ben", (20, 20, 250))):
        (root / name).mkdir(parents=True)
        Image.fromarray(picture((30, 20, colour), side=40)).save(root / name / "1.png")
    (root / "Ben" / "empty.jpg").touch()
    return root


@pytest.fixture
def window(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[MainWindow]:
    monkeypatch.setattr(
        "facegui.gui.actions.platformdirs.user_documents_dir", lambda: str(tmp_path / "Documents")
    )
    settings = QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat)
    made = MainWindow(AppContext(fake_tools(analyser=SquareAnalyser)), AppSettings(settings))
    qtbot.addWidget(made)
    with qtbot.waitExposed(made):
        made.show()
    yield made
    made.close()
    assert not made.context.lanes.busy()


@pytest.fixture
def settle(qtbot: QtBot, window: MainWindow) -> Settle:
    return lambda: qtbot.waitUntil(lambda: not window.commands.busy, timeout=30_000)


def drop(window: MainWindow, *paths: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    event = QDropEvent(
        QPoint(5, 5),
        Qt.DropAction.CopyAction,
        data,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    window.dropEvent(event)


def test_it_starts_with_the_start_page(window: MainWindow) -> None:
    assert window._stack.currentWidget() is window._start
    assert window.windowTitle() == "FaceGUI"
    enabled = [window._sidebar._group.button(n).isEnabled() for n in range(len(window.pages))]
    assert enabled == [not place.needs_library for place in window._places]


def test_a_new_library_shows_the_first_page_and_is_remembered(
    window: MainWindow, tmp_path: Path, settle: Settle
) -> None:
    window.commands.create(tmp_path / "Mine.facegui")
    settle()
    assert window.context.library is not None
    assert window.windowTitle() == "Mine – FaceGUI"
    assert window._stack.currentWidget() is window.page("review")
    assert window._settings.recent() == [tmp_path / "Mine.facegui"]

    window.context.set_library(None)
    assert window._stack.currentWidget() is window._start


def test_a_dropped_folder_becomes_a_scanned_library(
    window: MainWindow, folder: Path, settle: Settle
) -> None:
    drop(window, folder)
    settle()
    library = window.context.library
    assert library is not None
    assert library.path.name == "photos.facegui"
    counts = library.counts()
    assert (counts.photos, counts.faces, counts.unreadable, counts.pending) == (3, 2, 1, 0)
    assert [person.name for person in library.people()] == ["Ann", "Ben"]


def test_dropping_the_same_folder_again_says_so(
    window: MainWindow, folder: Path, settle: Settle
) -> None:
    drop(window, folder)
    settle()
    drop(window, folder)
    settle()
    assert window.context.library is not None
    assert window.context.library.counts().photos == 3
    assert not window._notice.isHidden()
    assert "nothing new" in window._notice._message.text()


def test_a_dropped_library_is_opened(window: MainWindow, tmp_path: Path, settle: Settle) -> None:
    window.commands.create(tmp_path / "Mine.facegui")
    settle()
    window.context.set_library(None)
    drop(window, tmp_path / "Mine.facegui")
    settle()
    assert window.context.library is not None


def test_what_is_no_library_is_refused_with_a_remedy(
    window: MainWindow, tmp_path: Path, settle: Settle
) -> None:
    window.commands.open(tmp_path)
    settle()
    assert window.context.library is None
    assert not window._notice.isHidden()
    assert str(tmp_path) in window._notice._message.text()
    assert window._notice._remedy.text()


def test_undo_and_redo_reach_the_journal_and_say_what_they_did(
    window: MainWindow, folder: Path, settle: Settle
) -> None:
    drop(window, folder)
    settle()
    library = window.context.library
    assert library is not None
    face_id = library.face_ids()[0]
    window.context.write("reject", lambda: library.decide([face_id], Decision.REJECT))
    settle()

    window.commands.undo()
    settle()
    assert library.faces([face_id])[0].decision is Decision.UNDECIDED
    assert window._status.currentMessage() == "Undone: Reject 1 face"
    window.commands.redo()
    settle()
    assert library.faces([face_id])[0].decision is Decision.REJECT
    window.commands.redo()
    settle()
    assert window._status.currentMessage() == "Nothing to redo"


def test_the_history_is_a_key_away_and_put_away_by_it_again(
    window: MainWindow, folder: Path, settle: Settle
) -> None:
    action = next(a for a in window._library_actions if a.text() == "&History…")
    assert not action.isEnabled()
    drop(window, folder)
    settle()
    assert action.shortcut() == QKeySequence("Ctrl+H")
    window.resize(1280, 800)
    action.trigger()
    dock = window.findChild(HistoryDock)
    assert isinstance(dock, HistoryDock)
    assert dock.isVisible()
    assert not dock.isFloating()
    assert window.dockWidgetArea(dock) is Qt.DockWidgetArea.RightDockWidgetArea
    action.trigger()
    assert not dock.isVisible()
    action.trigger()
    assert dock.isVisible()
    settle()


def test_in_a_narrow_window_the_history_lies_over_the_page(
    window: MainWindow, folder: Path, settle: Settle
) -> None:
    drop(window, folder)
    settle()
    window.resize(900, 600)
    next(a for a in window._library_actions if a.text() == "&History…").trigger()
    settle()
    dock = window.findChild(HistoryDock)
    assert isinstance(dock, HistoryDock)
    assert dock.isFloating()


def test_a_link_from_a_browser_is_refused_kindly(window: MainWindow) -> None:
    data = QMimeData()
    data.setUrls([QUrl("https://example.org/face.jpg")])
    window.dropEvent(
        QDropEvent(
            QPoint(5, 5),
            Qt.DropAction.CopyAction,
            data,
            Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
        )
    )
    assert "this computer" in window._notice._message.text()


def test_every_page_lists_its_keys_and_can_be_shown(
    window: MainWindow, tmp_path: Path, settle: Settle
) -> None:
    window.commands.create(tmp_path / "Mine.facegui")
    settle()
    for index, (place, page) in enumerate(zip(window._places, window.pages, strict=True)):
        assert page.keys()
        window.go_to(place.name)
        assert window._stack.currentIndex() == index + 1
    settle()


def test_closing_in_the_middle_of_a_scan_loses_nothing(
    window: MainWindow, folder: Path, settle: Settle
) -> None:
    drop(window, folder)
    window.close()
    assert not window.context.lanes.busy()
    assert window.context.library is None


def test_the_window_is_light_or_dark_as_the_owner_likes(window: MainWindow, tmp_path: Path) -> None:
    actions = {
        action.text().replace("&", ""): action
        for menu in window.menuBar().findChildren(QMenu)
        for action in menu.actions()
    }
    try:
        for text, dark in (("Dark", True), ("Light", False), ("Dark", True)):
            actions[text].trigger()
            assert actions[text].isChecked()
            assert is_dark() is dark
            assert (window.palette().window().color().lightness() < 128) is dark
            drawn = window._sidebar.findChildren(QToolButton)[0].icon().pixmap(20).toImage()
            pixels = [drawn.pixelColor(x, y) for x in range(20) for y in range(20)]
            assert any((p.lightness() > 128) is dark for p in pixels if p.alpha() > 200)
            assert not any((p.lightness() > 128) is not dark for p in pixels if p.alpha() > 200)
        store = QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat)
        assert AppSettings(store).appearance is Appearance.DARK
    finally:
        actions["As the system"].trigger()
    assert not is_dark()
