"""Small pieces that both cards of the lists' view are made of."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

_LARGER = 1.2


def heading(text: str) -> QLabel:
    """The title of a card."""
    label = QLabel(text)
    font = label.font()
    font.setPointSizeF(font.pointSizeF() * _LARGER)
    font.setBold(True)
    label.setFont(font)
    return label


def note(text: str) -> QLabel:
    """A paragraph that may hold foreign names, so it is never taken for HTML."""
    label = QLabel(text, wordWrap=True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label
