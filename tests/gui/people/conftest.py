"""A people page over a real library, and a way to wait until nothing runs any more."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from facegui.gui.context import AppContext
from facegui.gui.people.page import PeoplePage
from facegui.gui.review.asker import Asker
from facegui.services.libraries import Library
from tests.fakes.faces import fake_tools
from tests.fakes.people_library import people_library

Settle = Callable[[], None]


@pytest.fixture
def library(tmp_path: Path) -> Library:
    """Ann and Bob, six faces without a name, one wrong name; see `people_library`."""
    return people_library(tmp_path)


@pytest.fixture
def context(qtbot: QtBot) -> Iterator[AppContext]:
    made = AppContext(fake_tools())
    yield made
    assert made.lanes.close()
    made.set_library(None)
    made.tools.close()


@pytest.fixture
def empty_page(qtbot: QtBot, context: AppContext) -> PeoplePage:
    """The page on the screen before any library is open."""
    made = PeoplePage(context)
    qtbot.addWidget(made)
    made.resize(1100, 740)
    with qtbot.waitExposed(made):
        made.show()
    made.activateWindow()
    return made


@pytest.fixture
def settle(qtbot: QtBot, context: AppContext, empty_page: PeoplePage) -> Settle:
    """Waits until every step is written, every question answered and every picture loaded."""

    def at_work() -> bool:
        askers = empty_page.findChildren(Asker)
        return context.lanes.busy() or any(asker.busy for asker in askers)

    return lambda: qtbot.waitUntil(lambda: not at_work(), timeout=20_000)


@pytest.fixture
def page(
    empty_page: PeoplePage, context: AppContext, library: Library, settle: Settle
) -> PeoplePage:
    """The page with the library in it, the suggestions in front and in focus."""
    context.set_library(library)
    empty_page.activate()
    settle()
    empty_page.activate()
    settle()
    return empty_page
