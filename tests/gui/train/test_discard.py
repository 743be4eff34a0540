"""The button that asks once more."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from facegui.gui.train.discard import DiscardButton


@pytest.fixture
def interval_restored(qapp: QApplication) -> Iterator[None]:
    """Within the interval two presses are one double one."""
    before = qapp.doubleClickInterval()
    yield
    qapp.setDoubleClickInterval(before)


@pytest.fixture
def button(qtbot: QtBot) -> DiscardButton:
    made = DiscardButton()
    qtbot.addWidget(made)
    made.show()
    return made


def test_a_short_training_goes_at_once(qtbot: QtBot, button: DiscardButton) -> None:
    button.seconds = 9.9
    with qtbot.waitSignal(button.confirmed):
        qtbot.keyClick(button, Qt.Key.Key_Space)


@pytest.mark.usefixtures("interval_restored")
def test_a_longer_one_is_asked_about_by_key_too(
    qtbot: QtBot, button: DiscardButton, qapp: QApplication
) -> None:
    qapp.setDoubleClickInterval(0)
    button.seconds = 60.0
    with qtbot.assertNotEmitted(button.confirmed):
        qtbot.keyClick(button, Qt.Key.Key_Space)
    assert button.text() == "Really discard?"
    with qtbot.waitSignal(button.confirmed):
        qtbot.keyClick(button, Qt.Key.Key_Space)
    assert button.text() == "Discard"


@pytest.mark.usefixtures("interval_restored")
def test_a_double_click_is_no_answer(
    qtbot: QtBot, button: DiscardButton, qapp: QApplication
) -> None:
    qapp.setDoubleClickInterval(60_000)
    button.seconds = 60.0
    with qtbot.assertNotEmitted(button.confirmed):
        button.click()
        button.click()


def test_it_does_not_ask_for_ever(qtbot: QtBot, button: DiscardButton) -> None:
    button.seconds = 60.0
    button.click()
    qtbot.waitUntil(lambda: button.text() == "Discard", timeout=20_000)
    with qtbot.assertNotEmitted(button.confirmed):
        button.click()
