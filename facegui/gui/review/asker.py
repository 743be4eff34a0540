"""Questions to the library off the GUI thread: the latest wins, repeated ones become one."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, QTimer, Signal

from facegui.domain.control import Control
from facegui.domain.errors import Cancelled, LibraryError
from facegui.domain.text import tr
from facegui.gui.lanes import Lane, Lanes
from facegui.gui.task import Task
from facegui.services.libraries import Library

_REST_TIMES = 4
"""A repeated question waits so many times as long as its last answer took: a scan tells of new rows
four times a second, and following it must not take its processor away."""

Question = Callable[[Library], object]


class Asker(QObject):
    """Asks one library one question at a time.

    Signals:
        answered: the answer to the latest question.
    """

    answered = Signal(object)

    def __init__(self, lanes: Lanes, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lanes = lanes
        self._library: Library | None = None
        self._task: Task | None = None
        self._next: Callable[[], Question] | None = None
        self._generation = 0
        self._started_at = 0.0
        self._rest = QTimer(self, singleShot=True)
        self._rest.timeout.connect(self._start_next)

    @property
    def busy(self) -> bool:
        """Whether an answer is still to come."""
        return self._task is not None or self._next is not None

    def set_library(self, library: Library | None) -> None:
        """Ask *library* from now on; what was asked before is not answered any more."""
        self._library = library
        self._drop()

    def ask(self, question: Question) -> None:
        """Ask now, and no longer wait for an earlier answer."""
        self._drop()
        self._start(question)

    def ask_again(self, make_question: Callable[[], Question]) -> None:
        """Ask once the last question is answered and digested; of several that wait, only one."""
        self._next = make_question
        if self._task is None and not self._rest.isActive():
            self._start_next()

    def _drop(self) -> None:
        if self._task is not None:
            self._task.stop()
            self._task = None
        self._generation += 1
        self._next = None
        self._rest.stop()

    def _start_next(self) -> None:
        make_question, self._next = self._next, None
        if make_question is not None:
            self._start(make_question())

    def _start(self, question: Question) -> None:
        library = self._library
        if library is None:
            return

        def job(control: Control) -> object:
            try:
                return question(library)
            except LibraryError as error:
                if control.cancelled():  # closed meanwhile
                    raise Cancelled from error
                raise

        self._generation += 1
        self._started_at = time.monotonic()
        self._task = self._lanes.start(job, tr("Reading the library"), Lane.QUERY)
        self._task.done.connect(partial(self._take, self._generation))
        self._task.ended.connect(partial(self._ended, self._generation))

    def _take(self, generation: int, answer: object) -> None:
        if generation == self._generation:
            self.answered.emit(answer)

    def _ended(self, generation: int) -> None:
        if generation != self._generation:
            return
        self._task = None
        took_s = time.monotonic() - self._started_at
        self._rest.start(round(took_s * _REST_TIMES * 1000))
