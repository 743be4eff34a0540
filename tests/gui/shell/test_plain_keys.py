"""Plain keys are the page's, but not while a menu is open."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QListWidget, QMainWindow
from pytestqt.qtbot import QtBot

from facegui.gui.plain_keys import MenuKeys
from tests.gui.conftest import put_on_screen


@pytest.mark.parametrize("guarded", [False, True])
def test_a_letter_decides_nothing_while_a_menu_is_open(qtbot: QtBot, guarded: bool) -> None:
    window, page = QMainWindow(), QListWidget()
    window.setCentralWidget(page)
    menu = window.menuBar().addMenu("Models")
    menu.addAction("Manage")
    decided: list[str] = []
    shortcut = QShortcut(QKeySequence(Qt.Key.Key_I), page)
    shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
    shortcut.activated.connect(lambda: decided.append("stranger"))
    if guarded:
        MenuKeys(window)
    put_on_screen(qtbot, window)
    page.setFocus()
    QTest.keyClick(page, Qt.Key.Key_I)
    assert decided == ["stranger"]
    menu.popup(window.mapToGlobal(window.rect().center()))
    qtbot.waitUntil(menu.isVisible)
    QTest.keyClick(menu, Qt.Key.Key_I)
    menu.close()
    # Without the guard Qt hands the letter on to the page: that is what it is there for.
    assert decided == (["stranger"] if guarded else ["stranger", "stranger"])
