"""A drop-down list on a page whose plain keys mean something else."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QComboBox


class ChoiceBox(QComboBox):
    """Keeps arrows and letters for its own list; elsewhere on the page they are the page's.

    A click does not leave the focus in it, so that they do so again at once.
    """

    def __init__(self) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.view().installEventFilter(self)

    def event(self, event: QEvent) -> bool:
        return _claimed(event) or super().event(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        return _claimed(event) or super().eventFilter(watched, event)


def _claimed(event: QEvent) -> bool:
    """Whether *event* asks if a key without Ctrl or Alt is wanted here; it is."""
    if event.type() != QEvent.Type.ShortcutOverride or not isinstance(event, QKeyEvent):
        return False
    if event.modifiers():
        return False
    event.accept()
    return True
