"""How many groups there would be at a distance, counted while its slider moves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from facegui.domain.control import Control
from facegui.domain.text import tr
from facegui.gui.lanes import Lane, Lanes
from facegui.services.libraries import Library

if TYPE_CHECKING:  # imports imagehash, which a window need not have to open
    from facegui.services.copies.duplicates import GroupCounter


class LiveCount(QObject):
    """One count at a time; while it runs, only the newest question is remembered.

    Signals:
        counted: bits asked for, and the groups there would be.
    """

    counted = Signal(int, int)

    def __init__(self, lanes: Lanes, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lanes = lanes
        self._library: Library | None = None
        self._counter: GroupCounter | None = None
        self._next: int | None = None
        self._running = False

    def set_library(self, library: Library | None) -> None:
        """Count in *library* from now on, from its photos as they are at the next question."""
        self._library, self._counter, self._next = library, None, None

    def ask(self, bits: int) -> None:
        """Count the groups within *bits*; an older question that waits is dropped."""
        self._next = bits
        self._pump()

    def _pump(self) -> None:
        library, counter, bits = self._library, self._counter, self._next
        if self._running or library is None or bits is None:
            return
        self._next, self._running = None, True

        def job(_control: Control) -> object:
            from facegui.services.copies.duplicates import GroupCounter

            ready = counter or GroupCounter(library)
            return ready, ready.count(bits)

        task = self._lanes.start(job, tr("Counting the groups"), Lane.QUERY)
        task.done.connect(lambda found: self._take(library, bits, *found))
        task.ended.connect(self._ended)

    def _take(self, library: Library, bits: int, counter: GroupCounter, groups: int) -> None:
        if library is self._library:
            self._counter = counter
            self.counted.emit(bits, groups)

    def _ended(self) -> None:
        self._running = False
        self._pump()
