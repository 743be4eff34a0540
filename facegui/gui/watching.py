"""New photos in the ticked folders come into the open library by themselves, and are scanned."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from facegui.domain.control import Control
from facegui.domain.queries import Change
from facegui.domain.text import tr
from facegui.gui.context import AppContext
from facegui.gui.lanes import Lane

if TYPE_CHECKING:
    from facegui.services.collecting.watch import Arrivals, FolderWatch
    from facegui.services.libraries import Library


class FolderWatching(QObject):
    """Keeps a watch on the open library's ticked folders; begins anew when the ticks change."""

    _told = Signal(int, object)  # emitted on the watching thread: generation, arrivals

    def __init__(self, context: AppContext, parent: QObject) -> None:
        super().__init__(parent)
        self._context = context
        self._watch: FolderWatch | None = None
        self._generation = 0
        self._told.connect(self._take)
        context.library_changed.connect(self._begin)
        context.watching_changed.connect(lambda: self._begin(context.library))

    def _begin(self, library: Library | None) -> None:
        self._generation += 1
        if self._watch is not None:
            self._watch.close()
            self._watch = None
        if library is None:
            return
        told = partial(self._told.emit, self._generation)

        def start(_control: Control) -> object:
            from facegui.services.collecting.watch import watch_library

            return watch_library(library, told)

        task = self._context.lanes.start(start, tr("Looking into watched folders"), Lane.QUERY)
        task.done.connect(partial(self._keep, self._generation))

    def _keep(self, generation: int, watch: FolderWatch | None) -> None:
        if watch is None:
            return
        if generation == self._generation:
            self._watch = watch
        else:
            watch.close()

    def _take(self, generation: int, arrivals: Arrivals) -> None:
        library = self._context.library
        if library is None or generation != self._generation:
            return

        def add(_control: Control) -> object:
            from facegui.services.collecting.watch import add_arrivals

            return add_arrivals(library, arrivals)

        task = self._context.lanes.start(add, tr("Importing"), Lane.LONG, visible=True)
        task.done.connect(self._added)

    def _added(self, photos: object) -> None:
        assert isinstance(photos, tuple)
        added, known = photos
        self._context.rows_changed.emit(Change(None, photo_ids=tuple(sorted((*added, *known)))))
        self._context.scan_requested.emit()
