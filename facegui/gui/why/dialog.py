"""“Why?” in a window of its own: for a face of a frame, while the video goes on."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFrame,
    QLabel,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from facegui.domain.text import tr
from facegui.gui.context import AppContext
from facegui.gui.why.answers import Answers
from facegui.gui.why.asking import WhyAsker
from facegui.services.recognising.why import WhyRequest

_SIZE = QSize(340, 680)
_EDGE_PX = 40
_BESIDE_BAR_PX = 10


class WhyDialog(QDialog):
    """Explains one face at a time; does not keep the window behind it from being used."""

    def __init__(self, context: AppContext, parent: QWidget) -> None:
        super().__init__(parent)
        self._behind = parent
        self.setWindowTitle(tr("Why?"))
        self._asker = WhyAsker(context, self)
        self.answers = Answers()
        self.answers.setContentsMargins(0, 0, _BESIDE_BAR_PX, 0)
        self.state = QLabel()
        self.state.setForegroundRole(self.palette().ColorRole.PlaceholderText)
        scroll = QScrollArea(widgetResizable=True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(self.answers)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 12, 12)
        column.addWidget(self.state)
        column.addWidget(scroll, 1)
        column.addWidget(buttons)
        self._asker.answered.connect(self.answers.take)
        self._asker.ended.connect(self.state.clear)
        self.answers.face_requested.connect(context.face_requested)
        context.library_changed.connect(self.close)

    def explain(self, request: WhyRequest) -> None:
        """Show why the face in *request* got its name."""
        self.answers.clear()
        self.state.setText(tr("Looking for reasons…"))
        self._asker.ask(request)
        if self.isHidden():
            room = self._behind.window().size() - QSize(_EDGE_PX, _EDGE_PX)
            self.resize(_SIZE.boundedTo(room))
        self.show()
        self.raise_()

    def hideEvent(self, event: QHideEvent) -> None:
        self._asker.drop()
        super().hideEvent(event)
