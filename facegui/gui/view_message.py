"""What stands in the view while there is no picture: why, what helps, and a button."""

from __future__ import annotations

import time

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QLabel, QPushButton, QVBoxLayout, QWidget

from facegui.domain.text import tr
from facegui.gui.theme import icon

_WIDTH_PX = 420


class ViewMessage(QFrame):
    """A card in the middle of its parent.

    Signals:
        pressed: the button was.
    """

    pressed = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._parent = parent
        self.setObjectName("card")
        self.setFixedWidth(_WIDTH_PX)
        self._sign = QLabel()
        self.title = QLabel(wordWrap=True)
        self.detail = QLabel(wordWrap=True)
        self.countdown = QLabel()
        for label in (self.title, self.detail, self.countdown):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        font = self.title.font()
        font.setBold(True)
        font.setPointSizeF(font.pointSizeF() * 1.2)
        self.title.setFont(font)
        self.button = QPushButton()
        self.button.clicked.connect(self.pressed)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(10)
        for widget in (self._sign, self.title, self.detail, self.countdown, self.button):
            column.addWidget(widget, 0, Qt.AlignmentFlag.AlignHCenter)
        for label in (self.title, self.detail):
            column.setAlignment(label, Qt.AlignmentFlag(0))  # as wide as the card, so as to wrap
        self._retry_at = 0.0
        self._tick = QTimer(self, interval=250)
        self._tick.timeout.connect(self._count_down)

    def tell(
        self, title: str, detail: str = "", *, button: str = "", sign: str = "", retry_s: float = 0
    ) -> None:
        """Show the card; with *retry_s* it counts the seconds down to the next try."""
        self.title.setText(title)
        self.detail.setText(detail)
        self.detail.setVisible(bool(detail))
        self.button.setText(button)
        self.button.setVisible(bool(button))
        self._sign.setVisible(bool(sign))
        if sign:
            self._sign.setPixmap(icon(sign, 32).pixmap(32, 32))
        self._retry_at = time.monotonic() + retry_s
        self.countdown.setVisible(retry_s > 0)
        self._count_down()
        if retry_s > 0:
            self._tick.start()
        self.show()
        self.place()

    def place(self) -> None:
        """Move to the middle; the parent's size or the text has changed."""
        self.adjustSize()
        rect = self.rect()
        rect.moveCenter(self._parent.rect().center())
        self.move(rect.topLeft())

    def hideEvent(self, event: object) -> None:
        self._tick.stop()
        super().hideEvent(event)  # type: ignore[arg-type]

    def _count_down(self) -> None:
        left = max(0, round(self._retry_at - time.monotonic()))
        self.countdown.setText(tr("Trying again in {n} s…", n=left) if left else tr("Trying…"))
