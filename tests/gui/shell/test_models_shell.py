"""Models in the shell: named on every page, and asked about when a file of one is dropped."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QSettings, Qt, QUrl
from PySide6.QtGui import QDropEvent
from pytestqt.qtbot import QtBot

from facegui.gui.context import AppContext
from facegui.gui.main_window import MainWindow
from facegui.gui.models.arrival import ArrivalBox
from facegui.gui.models.dialog import ModelsDialog
from facegui.gui.settings import AppSettings
from facegui.services.runs.models import list_models
from tests.fakes.bundles import write_colour_bundle
from tests.fakes.faces import fake_tools
from tests.fakes.videos import GREEN, RED


@pytest.fixture
def window(qtbot: QtBot, tmp_path: Path) -> Iterator[MainWindow]:
    settings = QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat)
    made = MainWindow(AppContext(fake_tools()), AppSettings(settings))
    qtbot.addWidget(made)
    with qtbot.waitExposed(made):
        made.show()
    yield made
    made.close()
    assert not made.context.lanes.busy()


@pytest.fixture
def settle(qtbot: QtBot, window: MainWindow) -> Callable[[], None]:
    return lambda: qtbot.waitUntil(lambda: not window.commands.busy, timeout=30_000)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return write_colour_bundle(tmp_path / "friends.facebundle", {"Ruth": RED, "Gretel": GREEN})


def drop(window: MainWindow, path: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    window.dropEvent(
        QDropEvent(
            QPoint(10, 10),
            Qt.DropAction.CopyAction,
            data,
            Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
        )
    )


def asked(qtbot: QtBot, window: MainWindow) -> ArrivalBox:
    qtbot.waitUntil(lambda: bool(window.findChildren(ArrivalBox)))
    (box,) = window.findChildren(ArrivalBox)
    return box


def test_a_dropped_model_is_used_when_the_owner_says_so(
    qtbot: QtBot, window: MainWindow, file: Path, settle: Callable[[], None]
) -> None:
    assert window._status.model.text() == "No model yet"
    drop(window, file)
    box = asked(qtbot, window)
    assert "Gretel, Ruth" in box.informativeText()
    assert not box.take.isEnabled()  # there is no library to take it
    box.use.click()
    qtbot.waitUntil(lambda: window._status.model.text() == "friends.facebundle")
    assert window._stack.currentWidget() is window.page("recognise")
    settle()


def test_or_taken_into_the_library(
    qtbot: QtBot, window: MainWindow, file: Path, tmp_path: Path, settle: Callable[[], None]
) -> None:
    window.commands.create(tmp_path / "Mine.facegui")
    settle()
    drop(window, file)
    asked(qtbot, window).take.click()
    qtbot.waitUntil(lambda: window._status.model.text() == "friends")
    settle()
    assert window.context.library is not None
    assert len(list_models(window.context.library)) == 1
    window.context.set_library(None)
    qtbot.waitUntil(lambda: window._status.model.text() == "No model yet")


def test_a_damaged_one_is_refused_with_the_reason(
    qtbot: QtBot, window: MainWindow, file: Path
) -> None:
    file.write_bytes(b"PK\x03\x04")
    drop(window, file)
    qtbot.waitUntil(lambda: not window._notice.isHidden())
    assert "zip" in window._notice._message.text()
    assert not window.findChildren(ArrivalBox)


def test_the_field_in_the_status_bar_leads_to_all_models(
    qtbot: QtBot, window: MainWindow, settle: Callable[[], None]
) -> None:
    window._status.model.click()
    qtbot.waitUntil(lambda: bool(window.findChildren(ModelsDialog)), timeout=20_000)
    settle()
    window.findChildren(ModelsDialog)[0].close()
