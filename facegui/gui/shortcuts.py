"""F1: every key of the window on one sheet, taken from the pages and the menu themselves."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QGridLayout, QLabel, QVBoxLayout, QWidget

from facegui.domain.text import tr

KeyTable = Sequence[tuple[str, Sequence[tuple[str, str]]]]
"""Groups of (title, rows of (key, what it does))."""


class KeySheet(QDialog):
    """The keys, in two columns of groups."""

    def __init__(self, groups: KeyTable, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Keys"))
        grid = QGridLayout()
        grid.setHorizontalSpacing(32)
        grid.setVerticalSpacing(18)
        for index, (title, rows) in enumerate(groups):
            grid.addLayout(_group(title, rows), index // 2, index % 2)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 16)
        column.addLayout(grid)
        column.addWidget(buttons)


def _group(title: str, rows: Sequence[tuple[str, str]]) -> QGridLayout:
    layout = QGridLayout()
    layout.setAlignment(Qt.AlignmentFlag.AlignTop)
    layout.addWidget(QLabel(f"<b>{title}</b>"), 0, 0, 1, 2)
    for number, (key, meaning) in enumerate(rows, start=1):
        label = QLabel(key)
        label.setMinimumWidth(110)
        layout.addWidget(label, number, 0)
        layout.addWidget(QLabel(meaning), number, 1)
    layout.setColumnStretch(1, 1)
    layout.setRowStretch(len(rows) + 1, 1)  # a shorter group does not stretch to its neighbour
    return layout
