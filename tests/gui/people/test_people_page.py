"""The people page with all its views: keys, small windows, and nothing to show."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from facegui.gui.context import AppContext
from facegui.gui.people.page import PeoplePage
from facegui.gui.review.empty_state import Remedy
from facegui.services.libraries import create_library
from tests.gui.conftest import Settle, press

Key = Qt.Key


def test_the_models_obey_qt(page: PeoplePage) -> None:
    fatal = QAbstractItemModelTester.FailureReportingMode.Fatal
    for view in (page.suggestions.list, page.ready.list):
        QAbstractItemModelTester(view.model(), fatal, page)
    press(Key.Key_Return)


def test_buttons_and_the_key_sheet_tell_the_same_keys(page: PeoplePage, settle: Settle) -> None:
    for view in (page.suggestions, page.odd):
        page.choose(view)
        settle()
        buttons = {button.text() for button in view.findChildren(QPushButton)}
        rows = dict(page.keys())
        shown = {"Enter": rows["Enter"], "N": rows["N"], "T": rows["T"], "I": rows["I"]}
        assert {f"{text}  {key}" for key, text in shown.items()} <= buttons


def test_an_empty_library_asks_for_photos_in_every_view(
    empty_page: PeoplePage, context: AppContext, settle: Settle, tmp_path: Path, qtbot: QtBot
) -> None:
    context.set_library(create_library(tmp_path / "Empty.facegui"))
    for view in (empty_page.suggestions, empty_page.groups, empty_page.odd, empty_page.ready):
        empty_page.choose(view)
        settle()
        assert view.empty.isVisible()
        assert view.empty.remedy is Remedy.IMPORT
        with qtbot.waitSignal(context.import_requested):
            view.empty.remedy_chosen.emit(Remedy.IMPORT)


def test_no_library_shows_nothing_and_keys_do_nothing(
    empty_page: PeoplePage, settle: Settle
) -> None:
    empty_page.activate()
    QTest.keyClick(empty_page.suggestions, Key.Key_Return)
    settle()
    assert not empty_page.suggestions.list.cases


def test_tabs_turn_and_the_key_sheet_follows(page: PeoplePage, settle: Settle) -> None:
    sheet = page.keys()
    assert ("N", "No") in sheet
    QTest.keyClick(page, Key.Key_Tab, Qt.KeyboardModifier.ControlModifier)
    settle()
    assert page.view is page.groups
    sheet = page.keys()
    assert "S" in {key for key, _ in sheet}


def test_every_view_fits_a_small_window_with_nothing_cut_off(
    page: PeoplePage, settle: Settle
) -> None:
    page.resize(560, 480)  # what the sidebar and the menu leave of 720 × 540
    settle()
    assert (page.width(), page.height()) == (560, 480)
    for view in (page.suggestions, page.groups, page.odd):
        page.choose(view)
        settle()
        buttons = [button for button in view.findChildren(QPushButton) if button.isVisible()]
        assert len(buttons) > 3
        for button in buttons:
            corner = button.mapTo(page, button.rect().bottomRight())
            assert page.rect().contains(corner), button.text()
            assert button.width() >= button.sizeHint().width(), button.text()
