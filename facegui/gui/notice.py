"""A message inside the window: what happened, what to do; never a modal dialog for bad input."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from facegui.domain.text import tr
from facegui.gui.theme import icon


class Notice(QFrame):
    """Shows one message at a time above the page until it is closed or replaced.

    Signals:
        page_requested: the message is about this page, and the owner wants to see it.
    """

    page_requested = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("notice")
        self._message = QLabel(wordWrap=True)
        self._message.setTextFormat(Qt.TextFormat.PlainText)
        self._message.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._remedy = QLabel(wordWrap=True)
        self._remedy.setTextFormat(Qt.TextFormat.PlainText)
        self._remedy.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._page = ""
        self.show_page = QPushButton(tr("Show"))
        self.show_page.clicked.connect(self._lead)
        close = QToolButton()
        close.setIcon(icon("close", 14))
        close.setAutoRaise(True)
        close.setToolTip(tr("Close this message"))
        close.clicked.connect(self.hide)
        text = QVBoxLayout()
        text.setSpacing(2)
        text.addWidget(self._message)
        text.addWidget(self._remedy)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 8, 8, 8)
        row.addLayout(text, 1)
        row.addWidget(self.show_page, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(close, 0, Qt.AlignmentFlag.AlignTop)
        self.hide()

    def tell(self, message: str, remedy: str, page: str = "") -> None:
        """Show *message*, and *remedy* below it where there is one; no message hides it.

        With a name of a *page*, a button leads there.
        """
        self._page = page
        self._message.setText(message)
        self._remedy.setText(remedy)
        self._remedy.setVisible(bool(remedy))
        self.show_page.setVisible(bool(page))
        self.setVisible(bool(message))

    def _lead(self) -> None:
        self.hide()
        self.page_requested.emit(self._page)
