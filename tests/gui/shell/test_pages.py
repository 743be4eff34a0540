"""Pages are built a step at a time after the window, or at once when somebody asks."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from facegui.gui.context import AppContext
from facegui.gui.page import Page
from facegui.gui.pages import PageBuilder, places
from tests.fakes.faces import fake_tools


@pytest.fixture
def context() -> Iterator[AppContext]:
    made = AppContext(fake_tools())
    yield made
    assert made.lanes.close(timeout_s=30)
    made.deleteLater()


@pytest.mark.parametrize("at_once", [False, True])
def test_every_place_gets_its_page_and_that_is_told_once(
    qtbot: QtBot, context: AppContext, at_once: bool
) -> None:
    holder = QWidget()
    qtbot.addWidget(holder)
    made: list[Page] = []

    def place_page(page: Page) -> None:
        page.setParent(holder)
        made.append(page)

    builder = PageBuilder(context, place_page, holder)
    told: list[int] = []
    builder.built.connect(lambda: told.append(len(made)))
    if at_once:
        builder.finish()
    else:
        builder.begin()
        assert made == []
        qtbot.waitUntil(lambda: bool(told), timeout=30_000)
    builder.finish()
    builder.begin()
    assert told == [len(places())]
    assert [type(page).__name__ for page in made] == [place.page_class for place in places()]


def test_what_waits_for_the_pages_comes_after_them(qtbot: QtBot, context: AppContext) -> None:
    holder = QWidget()
    qtbot.addWidget(holder)
    made: list[Page] = []

    def place_page(page: Page) -> None:
        page.setParent(holder)
        made.append(page)

    builder = PageBuilder(context, place_page, holder)
    counts: list[int] = []
    builder.then(lambda: counts.append(len(made)))
    assert counts == []
    qtbot.waitUntil(lambda: bool(counts), timeout=30_000)
    builder.then(lambda: counts.append(-1))
    assert counts == [len(places()), -1]
