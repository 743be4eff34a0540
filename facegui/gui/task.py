"""Work off the GUI thread: one `Task` wraps one job and ends in exactly one of three ways."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import Executor

from PySide6.QtCore import QObject, Qt, Signal

from facegui.domain.control import Control, Progress, Stop
from facegui.domain.errors import Cancelled

Job = Callable[[Control], object]

_REPORT_INTERVAL_S = 0.1


class _TaskControl:
    """The job's side: called on the worker thread, posts to the GUI thread, thins progress."""

    def __init__(self, post: Callable[[str, object], None]) -> None:
        self._post = post
        self._stop = Stop.NO
        self._lock = threading.Lock()
        self._reported_at = 0.0
        self._held_back: Progress | None = None

    def report(self, progress: Progress) -> None:
        now = time.monotonic()
        with self._lock:
            due = now - self._reported_at >= _REPORT_INTERVAL_S
            self._held_back = None if due else progress
            if due:
                self._reported_at = now
        if due:
            self._post("progress", progress)

    def partial(self, value: object) -> None:
        self._post("partial", value)

    def cancelled(self) -> Stop:
        return self._stop

    def stop(self, how: Stop) -> None:
        self._stop = how

    def flush(self) -> None:
        """Post the last progress if it was held back, so that a bar ends where the job did."""
        with self._lock:
            progress, self._held_back = self._held_back, None
        if progress is not None:
            self._post("progress", progress)


class Task(QObject):
    """One job in the background.

    Signals (all on the GUI thread):
        progressed: a `Progress`, at most ten a second.
        partial_arrived: a partial result, in order, none dropped.
        done: the job's result.
        failed: the exception it raised.
        cancelled: it was stopped with nothing to keep.
        ended: after whichever of the last three came.
    """

    progressed = Signal(object)
    partial_arrived = Signal(object)
    done = Signal(object)
    failed = Signal(object)
    cancelled = Signal()
    ended = Signal()
    _posted = Signal(str, object)

    def __init__(self, job: Job, label: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.label = label
        self.running = False
        self.started_at = 0.0
        self._job = job
        self._control = _TaskControl(self._posted.emit)
        self._posted.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    def start(self, executor: Executor) -> None:
        """Queue the job on *executor*; call once."""
        self.running = True
        self.started_at = time.monotonic()
        executor.submit(self._run)

    def stop(self, how: Stop = Stop.KEEP) -> None:
        """Ask the job to end; it does so within two seconds."""
        self._control.stop(how)

    def _run(self) -> None:
        if self._control.cancelled() is Stop.DISCARD:
            self._posted.emit("cancelled", None)
            return
        try:
            result = self._job(self._control)
        except Cancelled:
            self._posted.emit("cancelled", None)
        except BaseException as error:  # noqa: BLE001 - handed to the GUI thread, never lost
            self._posted.emit("failed", error)
        else:
            self._control.flush()
            self._posted.emit("done", result)

    def _deliver(self, kind: str, value: object) -> None:
        match kind:
            case "progress":
                self.progressed.emit(value)
                return
            case "partial":
                self.partial_arrived.emit(value)
                return
            case "done":
                self.running = False
                self.done.emit(value)
            case "failed":
                self.running = False
                self.failed.emit(value)
            case "cancelled":
                self.running = False
                self.cancelled.emit()
        self.ended.emit()
