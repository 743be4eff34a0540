"""A people page over a real library."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from facegui.gui.context import AppContext
from facegui.gui.people.page import PeoplePage
from facegui.services.libraries import Library
from tests.fakes.people_library import people_library
from tests.gui.conftest import Settle, put_on_screen


@pytest.fixture
def library(tmp_path: Path) -> Library:
    """Ann and Bob, six faces without a name, one wrong name; see `people_library`."""
    return people_library(tmp_path)


@pytest.fixture
def empty_page(qtbot: QtBot, context: AppContext) -> PeoplePage:
    """The page on the screen before any library is open."""
    made = PeoplePage(context)
    put_on_screen(qtbot, made)
    return made


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
