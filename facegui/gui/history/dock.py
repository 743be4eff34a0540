"""The history at the right edge of the window: one click goes back or forward to any step."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtWidgets import QDockWidget, QLabel, QListView, QMainWindow, QStackedWidget, QWidget

from facegui.domain.control import Control
from facegui.domain.text import tr
from facegui.gui.context import AppContext
from facegui.gui.history.model import HistoryModel
from facegui.gui.lanes import Lane
from facegui.services.libraries import Library
from facegui.services.reviewing.history import LONGEST, go_to_step

_LEAST_PX = 220
_ROOM_PX = 1100


class HistoryDock(QDockWidget):
    """Every step of the library that is open, kept up to date while it is visible.

    Attributes:
        steps: the list; a click or Enter goes to a step.
    """

    def __init__(self, context: AppContext, parent: QWidget) -> None:
        super().__init__(tr("History"), parent)
        self.setObjectName("history")
        self._context = context
        self._outdated = True
        self._model = HistoryModel(self)
        self.steps = QListView()
        self.steps.setModel(self._model)
        self.steps.setUniformItemSizes(True)
        self.steps.setStyleSheet("QListView::item { padding: 5px 8px; }")
        self.steps.setFrameShape(QListView.Shape.NoFrame)
        self.steps.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.steps.setAccessibleName(tr("History, newest step first"))
        self.steps.clicked.connect(self._go)
        self.steps.activated.connect(self._go)
        self._empty = QLabel(
            tr(
                "Nothing to take back yet.\n\nWhatever you decide, name, merge or limit is listed "
                "here, and a click goes back to it."
            ),
            wordWrap=True,
        )
        self._empty.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._empty.setMargin(14)
        self._stack = QStackedWidget()
        self._stack.addWidget(self._empty)
        self._stack.addWidget(self.steps)
        self._stack.setMinimumWidth(_LEAST_PX)
        self.setWidget(self._stack)
        context.library_changed.connect(self._refresh)
        context.rows_changed.connect(self._refresh)
        self.visibilityChanged.connect(self._shown)

    def _shown(self, visible: bool) -> None:  # noqa: FBT001 - Qt's signal
        if visible and self._outdated:
            self._refresh()

    def _refresh(self, _news: object = None) -> None:
        """Read the steps anew, or at the next showing."""
        library = self._context.library
        self._outdated = not self.isVisible()
        if library is None:
            self._show([])
        elif not self._outdated:
            task = self._context.lanes.start(
                lambda _control: library.history(LONGEST), tr("Reading the history"), Lane.QUERY
            )
            task.done.connect(lambda entries: self._show(entries, library))

    def _show(self, entries: object, library: Library | None = None) -> None:
        assert isinstance(entries, list)
        if library is not self._context.library:
            return  # another one has been opened meanwhile
        self._model.show(entries)
        self._stack.setCurrentWidget(self.steps if entries else self._empty)
        here = self._model.index(self._model.standing_row, 0)
        self.steps.setCurrentIndex(here)
        self.steps.scrollTo(here)

    def _go(self, index: QModelIndex) -> None:
        library = self._context.library
        if library is None or index.row() == self._model.standing_row:
            return
        step_id = index.data(Qt.ItemDataRole.UserRole)

        def job(control: Control) -> object:
            return go_to_step(library, step_id, control)

        self.steps.setEnabled(False)
        label = tr("Going through the history")
        task = self._context.lanes.start(job, label, Lane.WRITER, visible=True)
        task.done.connect(self._context.rows_changed.emit)
        task.ended.connect(self._arrived)

    def _arrived(self) -> None:
        self.steps.setEnabled(True)
        self.steps.setFocus()


def toggle_history(context: AppContext, window: QMainWindow) -> None:
    """Show the history at the right edge of *window*, or put it away."""
    dock = window.findChild(HistoryDock)
    if dock is None:
        dock = HistoryDock(context, window)
        window.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, dock)
        if window.width() < _ROOM_PX:
            dock.setFloating(True)  # beside a page it would leave too little of it
            corner = window.geometry().topRight()
            dock.setGeometry(corner.x() - _LEAST_PX - 20, corner.y() + 80, _LEAST_PX, 400)
    dock.setVisible(not dock.isVisible())
