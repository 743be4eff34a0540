"""Reasons, units and keys read as the owner would say them."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent

from facegui.domain.entities import FaceState, PhotoStatus
from facegui.domain.rules import Rule, RuleResult
from facegui.gui.review import words
from facegui.gui.review.commands import Command, command_for, entries, key_sheet, person_number

NONE = Qt.KeyboardModifier.NoModifier


def failed(rule: Rule, value: float, limit: float) -> RuleResult:
    return RuleResult(rule, value, limit, passed=False)


@pytest.mark.parametrize(
    ("result", "text"),
    [
        (failed(Rule.PAN, 31.0, 20.0), "pan 31° > 20°"),
        (failed(Rule.ROLL, 20.04, 20.0), "roll 20° > 20°"),
        (failed(Rule.TILT, 21.27, 20.0), "tilt 21.3° > 20°"),
        (failed(Rule.SIZE, 27.6, 32.0), "size 28 px < 32 px"),
        (failed(Rule.SHARPNESS, 12.34, 18.0), "sharpness 12.3 < 18"),
        (failed(Rule.ONE_FACE, 3, 1), "3 faces in photo"),
        (failed(Rule.DUPLICATE, 4, 10), "copy of another"),
        (failed(Rule.DUPLICATE, 0, 10), "exact copy"),
    ],
)
def test_reasons_name_the_value_and_the_limit(result: RuleResult, text: str) -> None:
    assert words.why(result) == text


@pytest.mark.parametrize(
    ("size", "text"), [(0, "0 bytes"), (999, "999 bytes"), (31_800, "32 KB"), (4_200_000, "4.2 MB")]
)
def test_file_sizes(size: int, text: str) -> None:
    assert words.size_words(size) == text


def test_every_state_status_and_rule_has_a_word() -> None:
    assert len({words.state_word(state) for state in FaceState}) == len(FaceState)
    assert len({words.status_word(status) for status in PhotoStatus}) == len(PhotoStatus)
    assert len({words.rule_word(rule) for rule in Rule}) == len(Rule)


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
    assert person_number(key(Qt.Key.Key_1)) == 0
    assert person_number(key(Qt.Key.Key_9, Qt.KeyboardModifier.KeypadModifier)) == 8
    assert person_number(key(Qt.Key.Key_0)) is None
    assert command_for(key(Qt.Key.Key_Enter, Qt.KeyboardModifier.KeypadModifier)) is Command.CONFIRM


def test_the_sheet_has_every_key_once() -> None:
    assert len({keys for keys, _ in key_sheet()}) == len(key_sheet())
