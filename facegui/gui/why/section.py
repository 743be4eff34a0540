"""“Why?”: a section that opens below the name of a face and says what it rests on."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QScrollArea, QToolButton, QVBoxLayout, QWidget

from facegui.domain.text import tr
from facegui.gui.context import AppContext
from facegui.gui.recognise.side import ChosenFace
from facegui.gui.settings import AppSettings
from facegui.gui.why.answers import Answers
from facegui.gui.why.asking import WhyAsker
from facegui.services.recognising.why import WhyRequest, picture_in


class WhySection(QWidget):
    """A heading that opens and closes, and the explanation of one face below it.

    Nothing is worked out while it is closed or out of sight. Whether it is open is remembered.
    """

    def __init__(
        self,
        context: AppContext,
        settings: AppSettings | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._settings = settings or AppSettings()
        self._chosen: ChosenFace | None = None
        self._explained: ChosenFace | None = None
        self._asker = WhyAsker(context, self)
        self.toggle = QToolButton(autoRaise=True)
        self.toggle.setCheckable(True)
        self.toggle.setText(tr("Why?"))
        self.toggle.setToolTip(tr("What this answer rests on (W)"))
        self.toggle.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.state = QLabel()
        self.state.setForegroundRole(self.palette().ColorRole.PlaceholderText)
        self.answers = Answers()
        self._assemble()
        self.toggle.setChecked(self._settings.why_open)
        self._show_open()
        self.toggle.toggled.connect(self._toggled)
        self._asker.answered.connect(self.answers.take)
        self._asker.ended.connect(self._show_state)
        self.answers.face_requested.connect(context.face_requested)
        context.library_changed.connect(self._begin_anew)

    def show_face(self, chosen: ChosenFace | None) -> None:
        """Explain *chosen*; None while there is no face."""
        self._chosen = chosen
        self._follow()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._follow()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        if self._asker.busy:  # begun again when it is seen again
            self._begin_anew()

    def _follow(self) -> None:
        """Explain the chosen face, unless nobody looks or it is explained already."""
        if self._chosen is None:
            self._begin_anew()
        elif self.toggle.isChecked() and self.isVisible() and self._chosen != self._explained:
            self._explained = self._chosen
            self.answers.clear()
            self._asker.ask(_request(self._chosen))
        self._show_state()

    def _begin_anew(self, _library: object = None) -> None:
        """What was said, or was about to be, does not count any more."""
        self._asker.drop()
        self._explained = None
        self.answers.clear()

    def _toggled(self, opened: bool) -> None:  # noqa: FBT001 - Qt's signature
        self._settings.why_open = opened
        self._show_open()
        if opened:
            self._follow()
            QTimer.singleShot(0, self, self._scroll_here)  # once it has its room
        elif self._asker.busy:
            self._begin_anew()

    def _scroll_here(self) -> None:
        """Bring the section to the top of what it is scrolled in, as far as that goes."""
        above = self.parentWidget()
        while above is not None and not isinstance(above, QScrollArea):
            above = above.parentWidget()
        held = None if above is None else above.widget()
        if above is not None and held is not None:
            top = self.mapTo(held, QPoint(0, 0)).y()
            above.verticalScrollBar().setValue(top)

    def _show_open(self) -> None:
        opened = self.toggle.isChecked()
        self.toggle.setArrowType(Qt.ArrowType.DownArrow if opened else Qt.ArrowType.RightArrow)
        self.answers.setVisible(opened)
        self._show_state()

    def _show_state(self) -> None:
        self.state.setText(tr("Looking for reasons…") if self._asker.busy else "")
        self.answers.setEnabled(self._chosen is not None)

    def _assemble(self) -> None:
        head = QHBoxLayout()
        head.addWidget(self.toggle)
        head.addWidget(self.state, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(head)
        column.addWidget(self.answers)


def _request(chosen: ChosenFace) -> WhyRequest:
    load = partial(picture_in, chosen.path, chosen.time_s)
    return WhyRequest(chosen.bundle, load, chosen.face)
