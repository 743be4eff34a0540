"""The sheet of keys: everything is on it, and it fits a small window."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from facegui.gui.shortcuts import KeySheet, KeyTable

GROUPS: KeyTable = [
    ("Everywhere", [("F1", "Keys")]),
    (
        "Review",
        [(f"Key {n}", f"What key {n} does, in a sentence of some length") for n in range(40)],
    ),
    ("Train", [("Ctrl+Enter", "Train")]),
]


def test_every_key_is_on_the_sheet_which_scrolls_in_a_small_window(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(600, 500)
    sheet = KeySheet(GROUPS, window)
    with qtbot.waitExposed(sheet):
        sheet.show()
    assert sheet.width() <= 600
    assert sheet.height() <= 500
    texts = {label.text() for label in sheet.findChildren(QLabel)}
    for title, rows in GROUPS:
        assert {f"<b>{title}</b>", *(text for row in rows for text in row)} <= texts
    bar = sheet.sheet.verticalScrollBar()
    assert bar.maximum() > 0
    assert sheet.sheet.horizontalScrollBar().maximum() == 0, "words wrap"
    qtbot.keyClick(sheet.sheet, Qt.Key.Key_Down)
    assert bar.value() > 0


def test_groups_fill_both_columns(qtbot: QtBot) -> None:
    sheet = KeySheet(GROUPS)
    qtbot.addWidget(sheet)
    with qtbot.waitExposed(sheet):
        sheet.show()
    titles = {label.text(): label for label in sheet.findChildren(QLabel) if "<b>" in label.text()}
    left, right = titles["<b>Everywhere</b>"], titles["<b>Review</b>"]
    assert left.x() < right.x()
    assert left.y() == right.y()
    assert titles["<b>Train</b>"].x() == left.x(), "in the shorter one"
