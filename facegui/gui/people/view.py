"""The contract between the people page and its views."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from facegui.domain.entities import Person
from facegui.gui.context import AppContext
from facegui.gui.review.empty_state import Remedy, follow
from facegui.services.libraries import Library


def plain_key(event: QKeyEvent) -> int | None:
    """The key, if it is pressed alone."""
    return None if event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier else event.key()


def person_with_key(event: QKeyEvent, people: Sequence[Person]) -> Person | None:
    """Who answers to the number key that is pressed."""
    key = plain_key(event)
    number = None if key is None else key - Qt.Key.Key_0
    return next((p for p in people if p.key is not None and p.key == number), None)


class PeopleView(QWidget):
    """One view of the page; it reads the library only while it is in front."""

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.context = context

    def show_library(self, library: Library | None) -> None:
        """Another library is open, or none: show nothing of the last one."""

    def refresh(self) -> None:
        """The view has come to the front: show what there is now."""

    def follow(self) -> None:
        """Rows have changed while the view is in front: what stays keeps its place."""
        self.refresh()

    def take_focus(self) -> None:
        """Keys go to this view now."""

    def keys(self) -> Sequence[tuple[str, str]]:
        """This view's keys for the sheet on F1: (key, what it does)."""
        return ()

    def follow_remedy(self, remedy: Remedy) -> None:
        """Do what the button of an empty view says."""
        follow(self.context, remedy)
