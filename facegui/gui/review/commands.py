"""What can be done to faces with one key: the one table for keys, menus and the sheet on F1."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

from facegui.domain.text import tr


class Command(Enum):
    """One thing the owner can do on the review page."""

    CONFIRM = auto()
    KEEP = auto()
    REJECT = auto()
    IGNORE = auto()
    LEAVE_TO_RULES = auto()
    FAST_REVIEW = auto()
    NAME = auto()
    UNNAME = auto()
    OPEN = auto()
    SIMILAR = auto()
    MARK_GROUP = auto()
    TOGGLE_BOXES = auto()
    PREVIOUS_PHOTO = auto()
    NEXT_PHOTO = auto()
    BACK = auto()


@dataclass(frozen=True, slots=True)
class Entry:
    """A command with its text and its keys; the first key is the one that menus show."""

    command: Command
    text: str
    keys: tuple[Qt.Key, ...]
    key_text: str


def entries() -> tuple[Entry, ...]:
    """Every command, in the order of menus and of the key sheet."""
    key = Qt.Key
    return (
        Entry(
            Command.CONFIRM,
            tr("Confirm (keep, with the name offered)"),
            (key.Key_Return, key.Key_Enter),
            tr("Enter"),
        ),
        Entry(Command.KEEP, tr("Keep"), (key.Key_K,), "K"),
        Entry(Command.REJECT, tr("Reject"), (key.Key_X, key.Key_Delete), tr("X or Delete")),
        Entry(Command.IGNORE, tr("Ignore (nobody I care for)"), (key.Key_I,), "I"),
        Entry(Command.LEAVE_TO_RULES, tr("Leave to the rules"), (key.Key_U,), "U"),
        Entry(Command.FAST_REVIEW, tr("Fast review, one face at a time"), (key.Key_R,), "R"),
        Entry(Command.NAME, tr("Name…"), (key.Key_T,), "T"),
        Entry(Command.UNNAME, tr("Not this person"), (key.Key_N,), "N"),
        Entry(Command.OPEN, tr("Show the photo"), (key.Key_P,), "P"),
        Entry(Command.SIMILAR, tr("Find similar"), (key.Key_S,), "S"),
        Entry(Command.MARK_GROUP, tr("Mark or unmark the whole group"), (key.Key_G,), "G"),
        Entry(Command.TOGGLE_BOXES, tr("Boxes on or off"), (key.Key_F,), "F"),
        Entry(Command.PREVIOUS_PHOTO, tr("Previous photo"), (key.Key_A,), "A"),
        Entry(Command.NEXT_PHOTO, tr("Next photo"), (key.Key_D,), "D"),
        Entry(Command.BACK, tr("Back to the grid, or unmark"), (key.Key_Escape,), tr("Esc")),
    )


def command_for(event: QKeyEvent) -> Command | None:
    """The command of a key that is pressed alone, or None."""
    if event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
        return None
    return next((e.command for e in entries() if event.key() in e.keys), None)


def person_number(event: QKeyEvent) -> int | None:
    """1 to 9, the key of the person to assign; None for any other key."""
    plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
    number = event.key() - Qt.Key.Key_0
    return number if plain and 1 <= number <= 9 else None  # noqa: PLR2004 - nine keys


def key_sheet() -> list[tuple[str, str]]:
    """(key, what it does) for F1."""
    moving = [
        (tr("Arrows"), tr("Move")),
        (tr("Space"), tr("Mark or unmark")),
        (tr("Ctrl+A"), tr("Mark all")),
    ]
    after = [
        ("1 … 9", tr("Name after the person with that number")),
        (tr("F2"), tr("Rename the person chosen in the list")),
        (tr("Alt+Up, Alt+Down"), tr("Move them in the list")),
        (tr("Shift+Delete"), tr("Delete them for good")),
        (tr("Ctrl+wheel"), tr("Zoom")),
        (tr("Ctrl+F"), tr("Search")),
        (tr("Ctrl+R"), tr("Show only what fits the filter now")),
    ]
    return moving + [(entry.key_text, entry.text) for entry in entries()] + after
