"""A grid of faces with what can be done to the marked ones: name them, ignore them, look at one."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from facegui.domain.entities import Decision, Person
from facegui.domain.queries import Change
from facegui.domain.text import tr, trn
from facegui.gui.context import AppContext
from facegui.gui.flow import FlowLayout
from facegui.gui.people.cases import CaseList
from facegui.gui.people.queue import with_key
from facegui.gui.people.view import person_with_key, plain_key
from facegui.gui.review.name_field import NameField
from facegui.services.libraries import Library

_BUTTON_GAP_PX = 6


class FacesSheet(QWidget):
    """Steps are about the marked faces, or about all, or the current one, where none is marked.

    Signals:
        decided: ids of faces that the owner named or ignored.
    """

    decided = Signal(object)

    def __init__(self, context: AppContext, *, all_where_none: bool) -> None:
        super().__init__()
        self._context = context
        self._all_where_none = all_where_none
        self.people: Sequence[Person] = ()
        self.grid = CaseList(context.lanes, grid=True)
        self.name_field = NameField(self)
        self.name_field.named.connect(self._name)
        self.name_field.closed.connect(self.grid.setFocus)
        self._bar = FlowLayout(_BUTTON_GAP_PX)
        self._keys: list[tuple[Qt.Key, QPushButton]] = []
        self.add_step(tr("Name…"), Qt.Key.Key_T, self._open_name_field)
        self.add_step(tr("Ignore"), Qt.Key.Key_I, self._ignore)
        self.add_step(tr("In Review"), Qt.Key.Key_P, self._open)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.grid, 1)
        below = QVBoxLayout()
        below.setContentsMargins(16, 8, 16, 12)
        below.addLayout(self._bar)
        column.addLayout(below)
        self.setFocusProxy(self.grid)

    def add_step(self, text: str, key: Qt.Key, run: Callable[[], None]) -> None:
        """A button below the grid, and the key that presses it."""
        button = QPushButton(with_key(text, chr(key)))
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.clicked.connect(lambda _on=False: run())
        self._keys.append((key, button))
        self._bar.addWidget(button)

    def target_ids(self) -> list[int]:
        """The faces that a step is about."""
        cases = self.grid.marked
        if not cases:
            current = self.grid.current
            cases = list(self.grid.cases) if self._all_where_none else [current] if current else []
        return [case.face_id for case in cases]

    def _name(self, name: str) -> None:
        ids = self.target_ids()
        self._write(tr("Naming"), ids, lambda library: library.assign(ids, name, poor_too=False))

    def _ignore(self) -> None:
        ids = self.target_ids()
        self._write(tr("Ignoring"), ids, lambda library: library.decide(ids, Decision.IGNORE))

    def _write(self, label: str, ids: list[int], action: Callable[[Library], Change]) -> None:
        library = self._context.library
        if library is None or library.read_only or not ids:
            return
        self._context.write_and_tell(label, lambda: action(library))
        self.decided.emit(ids)

    def _open(self) -> None:
        if self.grid.current is not None:
            self._context.page_requested.emit("review")
            self._context.face_requested.emit(self.grid.current.face_id)

    def _open_name_field(self) -> None:
        count = len(self.target_ids())
        if count:
            place = self.grid.geometry().center()
            title = trn("Who is this?", "Who are these {n}?", count)
            self.name_field.open_at(place, title, [person.name for person in self.people], "")

    def press(self, event: QKeyEvent) -> bool:
        """Do what the key says; False where it says nothing here."""
        person = person_with_key(event, self.people)
        if person is not None:
            self._name(person.name)
            return True
        for key, button in self._keys:
            if plain_key(event) == key:
                button.click()
                return True
        return False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self.press(event):
            super().keyPressEvent(event)
