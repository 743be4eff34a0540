"""Work off the GUI thread: one `Task` stands for one job and ends in exactly one of three ways.

The worker thread never touches a `Task`: it holds the job and a plain `TaskControl`, which posts
messages that the lanes deliver on the GUI thread. So a task can go away whenever the GUI is done
with it, and no QObject is ever freed by a worker.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from facegui.domain.control import Control, Progress, Stop
from facegui.domain.errors import Cancelled

Job = Callable[[Control], object]
Post = Callable[[str, object], None]

_REPORT_INTERVAL_S = 0.1


class TaskControl:
    """The job's side: called on the worker thread; thins progress to ten a second."""

    def __init__(self, post: Post) -> None:
        self._post = post
        self._stop = Stop.NO
        self._lock = threading.Lock()
        self._reported_at = 0.0
        self._held_back: Progress | None = None

    def report(self, progress: Progress) -> None:
        """Post *progress*, or hold it back when the last one was posted just now."""
        now = time.monotonic()
        with self._lock:
            due = now - self._reported_at >= _REPORT_INTERVAL_S
            self._held_back = None if due else progress
            if due:
                self._reported_at = now
        if due:
            self._post("progress", progress)

    def partial(self, value: object) -> None:
        """Post a partial result; none is dropped."""
        self._post("partial", value)

    def cancelled(self) -> Stop:
        """What the owner asked for."""
        return self._stop

    def stop(self, how: Stop) -> None:
        """Called on the GUI thread when the owner presses Stop."""
        self._stop = how

    def pause(self, *, paused: bool) -> None:
        """Called on the GUI thread; what is to end cannot be paused any more."""
        if not self._stop:
            self._stop = Stop.PAUSE if paused else Stop.NO

    def flush(self) -> None:
        """Post the last progress if it was held back, so that a bar ends where the job did."""
        with self._lock:
            progress, self._held_back = self._held_back, None
        if progress is not None:
            self._post("progress", progress)


def work(job: Job, control: TaskControl, post: Post) -> None:
    """Run *job* to its end on a worker thread and post how it ended, whatever happens."""
    if control.cancelled() in (Stop.DISCARD, Stop.LEAVE):
        post("cancelled", None)
        return
    try:
        result = job(control)
    except Cancelled:
        post("cancelled", None)
    except BaseException as error:  # handed to the GUI thread, never lost
        post("failed", error)
    else:
        control.flush()
        post("done", result)


class Task(QObject):
    """One job in the background, seen from the GUI thread.

    Attributes:
        label: what it does, in the owner's language.
        running: until it has ended.
        at_close: how it is stopped when the app is closed.
        refused_here: whoever started it shows the owner why it failed, and nobody else does; a bug
            is told of by the window all the same.
        seconds_left: who knows better than the counts how long it will take; answers None while
            it cannot tell.

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

    def __init__(self, label: str, control: TaskControl) -> None:
        super().__init__()
        self.label = label
        self.running = True
        self.at_close = Stop.DISCARD
        self.refused_here = False
        self.seconds_left: Callable[[], float | None] | None = None
        self._control = control

    def stop(self, how: Stop = Stop.KEEP) -> None:
        """Ask the job to end; it does so within two seconds."""
        self._control.stop(how)

    def pause(self, *, paused: bool) -> None:
        """Ask the job to wait, or to go on again; one that cannot wait goes on anyway."""
        self._control.pause(paused=paused)

    def deliver(self, kind: str, value: object) -> None:
        """Turn a message from the worker into a signal; the lanes call this."""
        match kind:
            case "progress":
                self.progressed.emit(value)
                return
            case "partial":
                self.partial_arrived.emit(value)
                return
        self.running = False
        match kind:
            case "done":
                self.done.emit(value)
            case "failed":
                self.failed.emit(value)
            case _:
                self.cancelled.emit()
        self.ended.emit()
