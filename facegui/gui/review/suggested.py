"""How many faces are suggested to be each person: counted off the GUI thread, when all is quiet."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QTimer

from facegui.domain.queries import Change
from facegui.gui.context import AppContext
from facegui.gui.review.asker import Asker
from facegui.gui.review.people_panel import PeoplePanel
from facegui.services.libraries import Library
from facegui.services.reviewing.gallery import Gallery
from facegui.services.reviewing.suggestions import suggested_counts

_QUIET_MS = 800
"""Faces are compared once nothing has changed for so long: a decision never waits for it."""


class SuggestedCounts(QObject):
    """Keeps the counts in *panel* up to date while it can be seen."""

    def __init__(self, context: AppContext, panel: PeoplePanel) -> None:
        super().__init__(panel)
        self._panel = panel
        self._stale = True
        self._asker = Asker(context.lanes, self)
        self._asker.answered.connect(panel.show_suggested)
        self._quiet = QTimer(self, singleShot=True, interval=_QUIET_MS)
        self._quiet.timeout.connect(self._count)
        context.library_changed.connect(self._show_library)
        context.rows_changed.connect(self._follow)
        panel.installEventFilter(self)
        self._show_library(context.library)

    def _show_library(self, library: Library | None) -> None:
        self._asker.set_library(library)
        self._panel.show_suggested({})
        self._mark_stale()

    def _follow(self, _change: Change) -> None:
        self._mark_stale()

    def _mark_stale(self) -> None:
        self._stale = True
        self._quiet.start()

    def _count(self) -> None:
        if self._stale and self._panel.isVisible():
            self._stale = False
            self._asker.ask_again(lambda: _read)

    def eventFilter(self, _panel: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Show and self._stale:
            self._quiet.start()
        return False


def _read(library: Library) -> dict[int, int]:
    return suggested_counts(Gallery.read(library))
