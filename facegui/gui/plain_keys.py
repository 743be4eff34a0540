"""Keys without Ctrl or Alt: shortcuts of the page in front, unless something else wants them."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QMainWindow, QMenu


def claims_plain_key(event: QEvent) -> bool:
    """Whether *event* asks if a plain key is wanted here; it is, and so no shortcut gets it."""
    if event.type() != QEvent.Type.ShortcutOverride or not isinstance(event, QKeyEvent):
        return False
    if event.modifiers():
        return False
    event.accept()
    return True


class MenuKeys(QObject):
    """Keeps plain keys from the page while a menu of *window*'s menu bar is open.

    The menu is asked first whether it wants a key, and the window once more with what the menu
    has left over; a page would take its letter for a decision about a face.
    """

    def __init__(self, window: QMainWindow) -> None:
        super().__init__(window)
        window.installEventFilter(self)
        for menu in window.menuBar().findChildren(QMenu):
            menu.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        return isinstance(QApplication.activePopupWidget(), QMenu) and claims_plain_key(event)
