"""What the page says while there is nothing to show: what to do next, with the button for it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, SignalInstance
from PySide6.QtGui import QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from facegui.gui.theme import icon

_TEXT_WIDTH_PX = 460
_MARGIN_PX = 12
_SIGN_PX = 56

Choice = tuple[str, Callable[[], object] | SignalInstance]
"""A button: text, and what it does."""


class EmptyState(QWidget):
    """An icon, a heading, a sentence, buttons; *dashed* draws the border of a place to drop."""

    def __init__(
        self, sign: str, title: str, text: str, *choices: Choice, dashed: bool = False
    ) -> None:
        super().__init__()
        self._dashed = dashed
        self._sign = sign
        self._picture = QLabel()
        self._picture.setFixedHeight(_SIGN_PX)
        heading = QLabel(title, wordWrap=True)
        font = heading.font()
        font.setBold(True)
        font.setPointSizeF(font.pointSizeF() * 1.5)
        heading.setFont(font)
        body = QLabel(text, wordWrap=True)
        holder = QWidget()
        holder.setFixedWidth(_TEXT_WIDTH_PX)
        texts = QVBoxLayout(holder)
        texts.setSpacing(12)
        for label in (self._picture, heading, body):
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            texts.addWidget(label)
        self.buttons = [self._button(*choice) for choice in choices]
        row = QHBoxLayout()
        row.addStretch(1)
        for button in self.buttons:
            row.addWidget(button)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setSpacing(12)
        column.addStretch(1)
        column.addWidget(holder, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addSpacing(6)
        column.addLayout(row)
        column.addStretch(1)
        self.buttons[0].setProperty("primary", True)  # noqa: FBT003 - Qt's signature

    def showEvent(self, event: object) -> None:
        self._picture.setPixmap(
            icon(self._sign, _SIGN_PX).pixmap(_SIGN_PX, _SIGN_PX)
        )  # in the palette of now
        super().showEvent(event)  # type: ignore[arg-type]

    def paintEvent(self, _event: QPaintEvent) -> None:
        if not self._dashed:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self.palette().color(QPalette.ColorRole.Dark), 2, Qt.PenStyle.DashLine))
        margin = _MARGIN_PX
        painter.drawRoundedRect(self.rect().adjusted(margin, margin, -margin, -margin), 12, 12)

    def _button(self, text: str, act: Callable[[], object] | SignalInstance) -> QPushButton:
        button = QPushButton(text)
        button.clicked.connect(act)
        return button
