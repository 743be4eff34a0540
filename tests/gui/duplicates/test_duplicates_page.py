"""The page of copies on a real library of drawn pictures: look, choose, keep the best, undo."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.qtbot import QtBot

from facegui.domain.control import NullControl
from facegui.domain.entities import Decision
from facegui.gui.context import AppContext
from facegui.gui.duplicates.models import ITEM_ROLE, likeness
from facegui.gui.duplicates.page import DuplicatesPage
from facegui.services.collect import ImportRequest, import_photos
from facegui.services.copies_view import CopyGroup
from facegui.services.libraries import Library, create_library
from facegui.services.scan import ScanRequest, scan
from tests.fakes.analysers import SquareAnalyser
from tests.fakes.faces import fake_tools, picture

COLOURS = {"red": (250, 20, 20), "blue": (20, 20, 250)}


@pytest.fixture
def context(qtbot: QtBot) -> Iterator[AppContext]:
    made = AppContext(fake_tools(analyser=SquareAnalyser))
    yield made
    assert made.lanes.close()
    made.set_library(None)
    made.tools.close()


@pytest.fixture
def library(tmp_path: Path, context: AppContext) -> Library:
    """Two pictures, each with an exact copy; one of them with a second."""
    folder = tmp_path / "photos"
    folder.mkdir()
    for number, (name, colour) in enumerate(COLOURS.items()):
        image = Image.fromarray(picture((20 + 50 * number, 20, colour), side=40))
        for copy in range(2 + number):
            image.save(folder / f"{name}{copy}.png")
    made = create_library(tmp_path / "Mine.facegui")
    import_photos(made, ImportRequest((folder,), person="Ann"), NullControl())
    scan(made, context.tools, ScanRequest(), NullControl())
    return made


@pytest.fixture
def settle(qtbot: QtBot, context: AppContext) -> Callable[[], None]:
    return lambda: qtbot.waitUntil(lambda: not context.lanes.busy(), timeout=20_000)


@pytest.fixture
def page(
    qtbot: QtBot, context: AppContext, library: Library, settle: Callable[[], None]
) -> DuplicatesPage:
    made = DuplicatesPage(context)
    qtbot.addWidget(made)
    made.resize(1100, 700)
    QAbstractItemModelTester(made._groups, made)
    QAbstractItemModelTester(made._members, made)
    with qtbot.waitExposed(made):
        made.show()
    context.set_library(library)
    made.activate()
    settle()
    made.activateWindow()
    return made


def current(page: DuplicatesPage) -> CopyGroup:
    group = page._group_list.currentIndex().data(ITEM_ROLE)
    assert isinstance(group, CopyGroup)
    return group


def decided(library: Library) -> int:
    return sum(f.decision is Decision.REJECT for f in library.faces(library.face_ids()))


def test_groups_and_members_are_shown_with_the_keeper_first(page: DuplicatesPage) -> None:
    assert page._groups.rowCount() == 2
    assert "2 groups" in page._count.text()
    assert "3 copies" in page._count.text()
    members = [page._members.index(row).data(ITEM_ROLE) for row in range(page._members.rowCount())]
    assert likeness(members[0]) == "keeper"
    assert set(map(likeness, members[1:])) == {"exact copy"}


def test_the_key_keeps_the_best_and_goes_on(
    qtbot: QtBot, page: DuplicatesPage, library: Library, settle: Callable[[], None]
) -> None:
    first = current(page).key
    qtbot.keyClick(page._group_list, Qt.Key.Key_B)
    settle()
    assert decided(library) == 1 or decided(library) == 2
    assert current(page).key != first

    page._go_to(page._groups.row_of(first) or 0)
    assert current(page).decided
    assert not page._keep.isEnabled()


def test_every_group_at_once_and_back(
    page: DuplicatesPage, context: AppContext, library: Library, settle: Callable[[], None]
) -> None:
    page._keep_all.click()
    settle()
    assert decided(library) == 3

    context.write("undo", library.undo)
    settle()
    assert decided(library) == 0
    assert not current(page).decided


def test_another_photo_becomes_the_keeper(
    qtbot: QtBot, page: DuplicatesPage, settle: Callable[[], None]
) -> None:
    key, copy = current(page).key, current(page).members[1].photo.id
    page._member_list.setCurrentIndex(page._members.index(1))
    assert page._prefer.isEnabled()
    page._prefer.click()
    settle()
    row = page._groups.row_of(key)
    assert row is not None
    assert page._groups.group(row).keeper.photo.id == copy


def test_the_slider_groups_anew(
    page: DuplicatesPage, library: Library, settle: Callable[[], None], qtbot: QtBot
) -> None:
    page._distance.setValue(3)
    qtbot.waitUntil(lambda: library.limits().duplicate_distance == 3, timeout=10_000)
    settle()
    assert page._distance_words.text() == "3 bits"
    assert page._groups.rowCount() == 2


def test_an_empty_library_says_what_to_do(
    qtbot: QtBot,
    page: DuplicatesPage,
    context: AppContext,
    tmp_path: Path,
    settle: Callable[[], None],
) -> None:
    context.set_library(create_library(tmp_path / "Empty.facegui"))
    settle()
    assert page._stack.currentIndex() == 1
    with qtbot.waitSignal(context.import_requested):
        page._empty_button.click()
