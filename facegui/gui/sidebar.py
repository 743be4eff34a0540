"""The column of pages at the left of the window."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QShortcut
from PySide6.QtWidgets import QButtonGroup, QFrame, QLabel, QToolButton, QVBoxLayout, QWidget

from facegui.domain.text import tr
from facegui.gui.page import Page
from facegui.gui.theme import icon

_WIDTH_PX = 168


class Sidebar(QFrame):
    """One button for each page; Alt+1 to Alt+9 press them.

    Signals:
        chosen: the index of a page.
    """

    chosen = Signal(int)

    def __init__(self, pages: Sequence[Page], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("sidebar")
        self.setFixedWidth(_WIDTH_PX)
        self._pages = pages
        self._group = QButtonGroup(self, exclusive=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 12, 10, 12)
        column.setSpacing(4)
        self._library = QLabel()
        self._library.setContentsMargins(4, 0, 4, 8)
        column.addWidget(self._library)
        for index, page in enumerate(pages):
            column.addWidget(self._button(index, page))
        column.addStretch(1)
        self._group.idClicked.connect(self.chosen)
        self.show_library(None)

    def show_library(self, name: str | None) -> None:
        """Name the open library; without one, pages that need it are greyed out."""
        font = self._library.font()
        font.setBold(name is not None)
        self._library.setFont(font)
        shown = name if name is not None else tr("No library")
        width = _WIDTH_PX - 30
        self._library.setText(
            self._library.fontMetrics().elidedText(shown, Qt.TextElideMode.ElideRight, width)
        )
        self._library.setToolTip(shown)
        for index, page in enumerate(self._pages):
            self._group.button(index).setEnabled(name is not None or not page.needs_library)

    def mark(self, index: int | None) -> None:
        """Show which page is in front; None for the start page."""
        self._group.setExclusive(False)
        for number in range(len(self._pages)):
            self._group.button(number).setChecked(number == index)
        self._group.setExclusive(True)

    def refresh_icons(self) -> None:
        """Take the icons anew after the palette changed."""
        for index, page in enumerate(self._pages):
            self._group.button(index).setIcon(icon(page.icon_name))

    def _button(self, index: int, page: Page) -> QToolButton:
        button = QToolButton()
        button.setCheckable(True)
        button.setText(page.title)
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        button.setIcon(icon(page.icon_name))
        button.setIconSize(QSize(20, 20))
        button.setFixedWidth(_WIDTH_PX - 20)
        button.setToolTip(f"{page.title}  Alt+{index + 1}")
        self._group.addButton(button, index)
        QShortcut(f"Alt+{index + 1}", self, button.click)
        return button
