"""A review page over a real library, and a way to wait until nothing runs any more."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from facegui.gui.context import AppContext
from facegui.gui.review.page import ReviewPage
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
        # A timer of the page may be about to start something: idle twice in a row.
        for _ in range(2):
            qtbot.waitUntil(lambda: not context.lanes.busy(), timeout=20_000)
            with qtbot.waitCallback(timeout=5_000) as called:
                _later(called)
        qtbot.waitUntil(lambda: not context.lanes.busy(), timeout=20_000)

    return wait


def _later(call: Callable[[], None]) -> None:
    from PySide6.QtCore import QTimer

    QTimer.singleShot(30, call)


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
