"""A review page over a real library, and a way to wait until nothing runs any more."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from facegui.gui.context import AppContext
from facegui.gui.review.asker import Asker
from facegui.gui.review.page import ReviewPage
from facegui.gui.review.sheet import Sheet
from facegui.services.libraries import Library
from tests.fakes.faces import fake_tools
from tests.fakes.review_library import review_library

Settle = Callable[[], None]


@pytest.fixture
def library(tmp_path: Path) -> Library:
    """12 photos of two people, a group, an empty picture, a broken one, a new one."""
    return review_library(tmp_path)


@pytest.fixture
def context(qtbot: QtBot) -> Iterator[AppContext]:
    made = AppContext(fake_tools())
    yield made
    assert made.lanes.close()
    made.set_library(None)
    made.tools.close()


@pytest.fixture
def settle(qtbot: QtBot, context: AppContext) -> Settle:
    """Waits until every question is answered, every write told of and every picture loaded."""

    def wait() -> None:
        qtbot.waitUntil(lambda: not _at_work(context), timeout=20_000)

    return wait


def _at_work(context: AppContext) -> bool:
    """Whether anything runs, or a timer of the page is about to start something."""
    windows = QApplication.topLevelWidgets()
    askers = [asker for window in windows for asker in window.findChildren(Asker)]
    sheets = [widget for widget in QApplication.allWidgets() if isinstance(widget, Sheet)]
    return (
        context.lanes.busy()
        or any(asker.busy for asker in askers)
        or any(sheet.isVisible() and sheet.fetching for sheet in sheets)
    )


@pytest.fixture
def page(qtbot: QtBot, context: AppContext, library: Library, settle: Settle) -> ReviewPage:
    """The page on the screen with the library in it, the grid in focus."""
    made = ReviewPage(context)
    qtbot.addWidget(made)
    made.resize(1090, 740)
    with qtbot.waitExposed(made):
        made.show()
    context.set_library(library)
    settle()
    made.activateWindow()
    made.activate()
    return made
