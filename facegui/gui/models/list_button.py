"""A button above a list that is in the list's menu too, and on a key of the list."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QPushButton


class ListButton(QPushButton):
    """Something to do with the rows that are chosen.

    Attributes:
        of_list: the same as an action, for the list to add.
    """

    def __init__(self, text: str, tip: str, key: str = "") -> None:
        super().__init__(text)
        self.of_list = QAction(text, self)
        if key:
            self.of_list.setShortcut(QKeySequence(key))
            self.of_list.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        self.of_list.triggered.connect(self.click)
        self.setToolTip(f"{tip} ({key})" if key else tip)
        self.setAutoDefault(False)

    def allow(self, allowed: bool) -> None:  # noqa: FBT001 - as Qt's setEnabled
        """Whether it can be done now."""
        self.setEnabled(allowed)
        self.of_list.setEnabled(allowed)
