"""How large a window over the main window may be."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QWidget


def roomy(wanted_px: tuple[int, int], parent: QWidget | None) -> QSize:
    """*wanted_px*, width and height, but no more than the window of *parent* has."""
    wanted = QSize(*wanted_px)
    return wanted if parent is None else wanted.boundedTo(parent.window().size())
