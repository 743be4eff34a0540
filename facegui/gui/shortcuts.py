"""F1: every key of the window on one sheet, taken from the pages and the menu themselves."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from facegui.domain.text import tr

KeyTable = Sequence[tuple[str, Sequence[tuple[str, str]]]]
"""Groups of (title, rows of (key, what it does))."""

_COLUMNS = 2
_KEY_PX = 110
_SIZE = QSize(940, 640)
_EDGE_PX = 40


class KeySheet(QDialog):
    """The keys, in columns of groups; no larger than the window, and scrolled where it is small."""

    def __init__(self, groups: KeyTable, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Keys"))
        self.sheet = QScrollArea(widgetResizable=True)
        self.sheet.setFrameShape(QFrame.Shape.NoFrame)
        self.sheet.setAccessibleName(tr("Keys"))
        self.sheet.setWidget(_columns(groups))
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 16)
        column.addWidget(self.sheet, 1)
        column.addWidget(buttons)
        self.sheet.setFocus()  # arrows scroll
        window = _SIZE if parent is None else parent.size() - QSize(_EDGE_PX, _EDGE_PX)
        self.resize(_SIZE.boundedTo(window))


def _columns(groups: KeyTable) -> QWidget:
    """The groups in order, each in the column that is the shortest yet."""
    body = QWidget()
    row = QHBoxLayout(body)
    row.setContentsMargins(0, 0, 12, 0)
    row.setSpacing(32)
    columns = [QVBoxLayout() for _ in range(_COLUMNS)]
    lengths = [0] * _COLUMNS
    for title, rows in groups:
        shortest = lengths.index(min(lengths))
        columns[shortest].addLayout(_group(title, rows))
        lengths[shortest] += len(rows) + 2
    for column in columns:
        column.setSpacing(18)
        column.addStretch(1)
        row.addLayout(column, 1)
    return body


def _group(title: str, rows: Sequence[tuple[str, str]]) -> QGridLayout:
    layout = QGridLayout()
    layout.addWidget(QLabel(f"<b>{title}</b>"), 0, 0, 1, 2)
    for number, (key, meaning) in enumerate(rows, start=1):
        for place, text in enumerate((key, meaning)):
            label = QLabel(text, wordWrap=True)
            layout.addWidget(label, number, place, Qt.AlignmentFlag.AlignTop)
    layout.setVerticalSpacing(4)
    layout.setColumnMinimumWidth(0, _KEY_PX)
    layout.setColumnStretch(1, 1)
    return layout
