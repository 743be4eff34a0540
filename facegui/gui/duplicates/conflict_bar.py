"""A line that tells of a face under two names, with a button for each name."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from facegui.domain.text import tr
from facegui.services.copies.view import CopyGroup

_MOST_BUTTONS = 3


class ConflictBar(QFrame):
    """Hidden while the labels of the group agree.

    Signals:
        named: the name that every photo of the group shall have.
    """

    named = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("notice")
        self._words = QLabel()
        self._words.setTextFormat(Qt.TextFormat.PlainText)
        self._words.setWordWrap(True)
        self._row = QHBoxLayout()
        self._row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 12, 8)
        column.addWidget(self._words)
        column.addLayout(self._row)
        self.buttons: list[QPushButton] = []
        self.hide()

    def show_group(self, group: CopyGroup | None, *, writable: bool) -> None:
        """Tell of the conflict in *group*, if there is one."""
        names = group.conflict if group else ()
        self.setVisible(bool(names))
        if not names or group is None:
            return
        self._words.setText(tr("One face under different names: {names}", names=", ".join(names)))
        for button in self.buttons:
            self._row.removeWidget(button)
            button.hide()
            button.deleteLater()
        offered = names[:_MOST_BUTTONS] if group.lone_faces else ()
        self.buttons = [self._button(name, writable=writable) for name in offered]

    def _button(self, name: str, *, writable: bool) -> QPushButton:
        button = QPushButton(tr("All are {name}", name=name.replace("&", "&&")))
        button.setEnabled(writable)
        button.clicked.connect(lambda: self.named.emit(name))
        self._row.insertWidget(self._row.count() - 1, button)
        return button
