"""A rules page over a real library, and a way to wait until nothing runs any more."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from facegui.gui.context import AppContext
from facegui.gui.review.asker import Asker
from facegui.gui.rules.page import RulesPage
from facegui.services.libraries import Library
from tests.fakes.faces import fake_tools
from tests.fakes.review_library import review_library

Settle = Callable[[], None]


@pytest.fixture
def library(tmp_path: Path) -> Library:
    """Six faces each of Ann and Bob, the last of each turned by 31°, and two in one photo."""
    return review_library(tmp_path)


@pytest.fixture
def context(qtbot: QtBot) -> Iterator[AppContext]:
    made = AppContext(fake_tools())
    yield made
    assert made.lanes.close()
    made.set_library(None)
    made.tools.close()


@pytest.fixture
def empty_page(qtbot: QtBot, context: AppContext) -> RulesPage:
    """The page on the screen before any library is open."""
    made = RulesPage(context)
    qtbot.addWidget(made)
    made.resize(1100, 740)
    with qtbot.waitExposed(made):
        made.show()
    made.activateWindow()
    return made


@pytest.fixture
def settle(qtbot: QtBot, context: AppContext, empty_page: RulesPage) -> Settle:
    """Waits until every limit is written, every question answered and every picture loaded."""

    def at_work() -> bool:
        askers = empty_page.findChildren(Asker)
        waiting = empty_page._busy or any(asker.busy for asker in askers)
        return waiting or context.lanes.busy()

    return lambda: qtbot.waitUntil(lambda: not at_work(), timeout=20_000)


@pytest.fixture
def page(empty_page: RulesPage, context: AppContext, library: Library, settle: Settle) -> RulesPage:
    """The page with the library in it, the pan slider in focus."""
    context.set_library(library)
    settle()
    empty_page.activate()
    return empty_page
