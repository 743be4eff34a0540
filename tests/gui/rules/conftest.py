"""A rules page over a real library, and a way to wait until its limits are written."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from facegui.gui.context import AppContext
from facegui.gui.rules.page import RulesPage
from facegui.services.libraries import Library
from tests.fakes.review_library import review_library
from tests.gui.conftest import Settle, at_work, put_on_screen


@pytest.fixture
def library(tmp_path: Path) -> Library:
    """Six faces each of Ann and Bob, the last of each turned by 31°, and two in one photo."""
    return review_library(tmp_path)


@pytest.fixture
def empty_page(qtbot: QtBot, context: AppContext) -> RulesPage:
    """The page on the screen before any library is open."""
    made = RulesPage(context)
    put_on_screen(qtbot, made)
    return made


@pytest.fixture
def settle(qtbot: QtBot, context: AppContext, empty_page: RulesPage) -> Settle:
    """Waits until every limit is written, every question answered and every picture loaded."""
    return lambda: qtbot.waitUntil(
        lambda: not (empty_page._busy or at_work(context)), timeout=20_000
    )


@pytest.fixture
def page(empty_page: RulesPage, context: AppContext, library: Library, settle: Settle) -> RulesPage:
    """The page with the library in it, the pan slider in focus."""
    context.set_library(library)
    settle()
    empty_page.activate()
    return empty_page
