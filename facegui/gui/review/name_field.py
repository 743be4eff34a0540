"""The field that T opens: who is this? With completion; a new name makes a new person."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, QStringListModel, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QCompleter, QFrame, QLabel, QLineEdit, QVBoxLayout, QWidget

from facegui.domain.text import tr

_WIDTH_PX = 260


class _Edit(QLineEdit):
    """A line edit that closes its frame on Esc and when it loses the focus to another widget."""

    given_up = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.given_up.emit()
            return
        super().keyPressEvent(event)
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            event.accept()  # a field passes it on, and on the page it is a step of its own

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() is not Qt.FocusReason.PopupFocusReason:
            self.given_up.emit()


class NameField(QFrame):
    """A small card over the page with one field.

    Signals:
        named: the name that was entered.
        closed: the field has gone, with a name or without; give the focus back.
    """

    named = Signal(str)
    closed = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self._names = QStringListModel(self)
        completer = QCompleter(self._names, self)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        self._edit = _Edit()
        self._edit.setCompleter(completer)
        self._edit.setAccessibleName(tr("Name"))
        self._edit.returnPressed.connect(self._enter)
        self._edit.given_up.connect(self._close)
        self._title = QLabel()
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 10, 12, 12)
        column.addWidget(self._title)
        column.addWidget(self._edit)
        self.setFixedWidth(_WIDTH_PX)
        self.setAutoFillBackground(True)
        self.hide()

    def open_at(self, place: QPoint, title: str, names: Sequence[str], suggestion: str) -> None:
        """Show the field at *place* of the page, kept inside it, with *suggestion* selected."""
        self._names.setStringList(list(names))
        self._title.setText(title)
        self._edit.setText(suggestion)
        self._edit.selectAll()
        self.adjustSize()
        page = self.parentWidget()
        assert page is not None
        room = page.rect().adjusted(8, 8, -8, -8)
        x = min(max(place.x(), room.left()), room.right() - self.width())
        y = min(max(place.y(), room.top()), room.bottom() - self.height())
        self.move(x, y)
        self.show()
        self.raise_()
        self._edit.setFocus()

    def _enter(self) -> None:
        typed = self._edit.text().strip()
        if not self.isVisible() or not typed:
            return
        known = (name for name in self._names.stringList() if name.lower() == typed.lower())
        self._close()
        self.named.emit(next(known, typed))

    def _close(self) -> None:
        if self.isVisible():
            self.hide()
            self.closed.emit()
