"""A review page over a real library, and what is to be seen on it."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from facegui.domain.entities import Face
from facegui.gui.context import AppContext
from facegui.gui.review.filters import Mode
from facegui.gui.review.page import ReviewPage
from facegui.gui.review.tiles import FaceTile
from facegui.services.libraries import Library
from tests.fakes.review_library import review_library
from tests.gui.conftest import Settle, put_on_screen


@pytest.fixture
def library(tmp_path: Path) -> Library:
    """12 photos of two people, a group, an empty picture, a broken one, a new one."""
    return review_library(tmp_path)


@pytest.fixture
def page(qtbot: QtBot, context: AppContext, library: Library, settle: Settle) -> ReviewPage:
    """The page on the screen with the library in it, the grid in focus."""
    made = ReviewPage(context)
    put_on_screen(qtbot, made)
    context.set_library(library)
    settle()
    made.activate()
    return made


def face(page: ReviewPage, row: int) -> Face:
    tile = page.stage.sheets[Mode.FACES].tiles.tile(row)
    assert isinstance(tile, FaceTile)
    return tile.face


def row(page: ReviewPage) -> int:
    return page.stage.sheet.currentIndex().row()


def chip(page: ReviewPage, text: str) -> None:
    buttons = {c.text: button for c, button in page.filter_bar._chips}
    buttons[text].click()


def names(library: Library) -> dict[int, str]:
    return {person.id: person.name for person in library.people()}
