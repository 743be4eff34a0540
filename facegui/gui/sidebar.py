"""The column of pages at the left of the window."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QShortcut
from PySide6.QtWidgets import QButtonGroup, QFrame, QLabel, QToolButton, QVBoxLayout, QWidget

from facegui.domain.text import tr
from facegui.gui.pages import Place
from facegui.gui.theme import icon

_WIDTH_PX = 168


class Sidebar(QFrame):
    """One button for each page; Alt+1 to Alt+9 press them.

    Signals:
        chosen: the index of a page.
    """

    chosen = Signal(int)

    def __init__(self, places: Sequence[Place], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("sidebar")
        self.setFixedWidth(_WIDTH_PX)
        self._places = places
        self._group = QButtonGroup(self, exclusive=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 12, 10, 12)
        column.setSpacing(4)
        self._library = QLabel()
        self._library.setContentsMargins(4, 0, 4, 8)
        column.addWidget(self._library)
        for index, place in enumerate(places):
            column.addWidget(self._button(index, place))
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
        for index, place in enumerate(self._places):
            self._group.button(index).setEnabled(name is not None or not place.needs_library)

    def mark(self, index: int | None) -> None:
        """Show which page is in front; None for the start page."""
        self._group.setExclusive(False)
        for number in range(len(self._places)):
            self._group.button(number).setChecked(number == index)
        self._group.setExclusive(True)

    def _button(self, index: int, place: Place) -> QToolButton:
        button = QToolButton()
        button.setCheckable(True)
        button.setText(place.title)
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        button.setIcon(icon(place.icon_name))
        button.setIconSize(QSize(20, 20))
        button.setFixedWidth(_WIDTH_PX - 20)
        button.setToolTip(f"{place.title}  Alt+{index + 1}")
        self._group.addButton(button, index)
        QShortcut(f"Alt+{index + 1}", self, button.click)
        return button
