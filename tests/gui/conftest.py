"""What tests of pages share: a context that is closed after them, and a way to wait for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from facegui.gui.context import AppContext
from facegui.gui.review.asker import Asker
from facegui.gui.review.sheet import Sheet
from facegui.services.tools import Tools
from tests.fakes.faces import fake_tools

Settle = Callable[[], None]
"""Waits until nothing runs any more."""

NONE = Qt.KeyboardModifier.NoModifier


@pytest.fixture
def tools() -> Tools:
    """The programs' tools, with an analyser that makes faces up."""
    return fake_tools()


@pytest.fixture
def context(qtbot: QtBot, tools: Tools) -> Iterator[AppContext]:
    made = AppContext(tools)
    yield made
    assert made.lanes.close(timeout_s=30)
    made.set_library(None)
    made.tools.close()


@pytest.fixture
def settle(qtbot: QtBot, context: AppContext) -> Settle:
    """Waits until every question is answered, every write told of and every picture loaded."""
    return lambda: qtbot.waitUntil(lambda: not at_work(context), timeout=20_000)


def at_work(context: AppContext) -> bool:
    """Whether anything runs, or a timer of a page is about to start something."""
    windows = QApplication.topLevelWidgets()
    askers = [asker for window in windows for asker in window.findChildren(Asker)]
    sheets = [widget for widget in QApplication.allWidgets() if isinstance(widget, Sheet)]
    return (
        context.lanes.busy()
        or any(asker.busy for asker in askers)
        or any(sheet.isVisible() and sheet.fetching for sheet in sheets)
    )


def put_on_screen(qtbot: QtBot, page: QWidget) -> None:
    """As large as in a window of 1280 × 800, and with the keys."""
    qtbot.addWidget(page)
    page.resize(1100, 740)
    with qtbot.waitExposed(page):
        page.show()
    page.activateWindow()


def press(*keys: Qt.Key, held: Qt.KeyboardModifier = NONE) -> None:
    """Press keys, one after the other, in whatever has the focus then."""
    for key in keys:
        target = QApplication.focusWidget()
        assert target is not None
        QTest.keyClick(target, key, held)
