"""A drop-down list on a page whose plain keys mean something else."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QComboBox

from facegui.gui.plain_keys import claims_plain_key


class ChoiceBox(QComboBox):
    """Keeps arrows and letters for its own list; elsewhere on the page they are the page's.

    A click does not leave the focus in it, so that they do so again at once.
    """

    def __init__(self) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.view().installEventFilter(self)

    def event(self, event: QEvent) -> bool:
        return claims_plain_key(event) or super().event(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        return claims_plain_key(event) or super().eventFilter(watched, event)
