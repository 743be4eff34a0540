"""States, sizes and keys read as the owner would say them."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent

from facegui.domain.entities import FaceState, PhotoStatus
from facegui.gui.review import words
from facegui.gui.review.commands import Command, command_for, entries, key_sheet, person_number

NONE = Qt.KeyboardModifier.NoModifier


@pytest.mark.parametrize(
    ("size", "text"), [(0, "0 bytes"), (999, "999 bytes"), (31_800, "32 KB"), (4_200_000, "4.2 MB")]
)
def test_file_sizes(size: int, text: str) -> None:
    assert words.size_words(size) == text


def test_every_state_and_status_has_a_word() -> None:
    assert len({words.state_word(state) for state in FaceState}) == len(FaceState)
    assert len({words.status_word(status) for status in PhotoStatus}) == len(PhotoStatus)


def key(code: Qt.Key, held: Qt.KeyboardModifier = NONE) -> QKeyEvent:
    return QKeyEvent(QEvent.Type.KeyPress, code, held)


def test_each_key_means_one_command() -> None:
    keys = [code for entry in entries() for code in entry.keys]
    assert len(keys) == len(set(keys))
    assert {entry.command for entry in entries()} == set(Command)
    for entry in entries():
        assert all(command_for(key(code)) is entry.command for code in entry.keys)


def test_a_held_key_makes_it_something_else() -> None:
    assert command_for(key(Qt.Key.Key_X, Qt.KeyboardModifier.ControlModifier)) is None
    assert person_number(key(Qt.Key.Key_1, Qt.KeyboardModifier.AltModifier)) is None


def test_numbers_are_people_also_on_the_keypad() -> None:
    assert person_number(key(Qt.Key.Key_1)) == 1
    assert person_number(key(Qt.Key.Key_9, Qt.KeyboardModifier.KeypadModifier)) == 9
    assert person_number(key(Qt.Key.Key_0)) is None
    assert command_for(key(Qt.Key.Key_Enter, Qt.KeyboardModifier.KeypadModifier)) is Command.CONFIRM


def test_the_sheet_has_every_key_once() -> None:
    assert len({keys for keys, _ in key_sheet()}) == len(key_sheet())
