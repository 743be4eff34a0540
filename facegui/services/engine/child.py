"""What runs in the engine's process: jobs on the main thread, the pipe on a second one.

The second thread hears *stop* while a job is busy, and ends the process as soon as the parent has
gone. (``PR_SET_PDEATHSIG`` would not do: Linux ties it to the parent's *thread*, and the thread
that starts an engine may end long before the app does.)
"""

from __future__ import annotations

import contextlib
import importlib
import os
import pickle
import queue
import signal
import threading
import time
import traceback
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import cast

from facegui.domain.control import Control, Progress, Stop
from facegui.domain.errors import Cancelled, EngineError, FaceGuiError, OutOfMemory
from facegui.domain.text import current_language, set_language, tr
from facegui.services.engine.messages import (
    Answer,
    Crashed,
    Ending,
    Finished,
    Partial,
    Refused,
    RunJob,
    StopJob,
    Stopped,
)

SEND_INTERVAL_S = 0.1
NICENESS = 5

Job = Callable[[object, Control], object]


def serve(pipe: Connection) -> None:
    """Run jobs from *pipe* until it closes; the process's entry point."""
    _settle_in()
    control = PipeControl(pipe)
    jobs: queue.SimpleQueue[RunJob] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(pipe, control, jobs), daemon=True).start()
    with contextlib.suppress(OSError):  # the parent has gone; so does this process
        while True:
            order = jobs.get()
            if order.language != current_language():
                set_language(order.language)
            control.end(_perform(order, control))


class PipeControl:
    """The job's control at the child's end of the pipe; thins what it sends to 10 a second.

    Tuples handed to ``partial`` are joined until the next sending, so that a chart may get a
    point for every batch without a message for every batch. Other values go at once.
    """

    def __init__(self, pipe: Connection) -> None:
        self._pipe = pipe
        self._lock = threading.Lock()
        self._stop = Stop.NO
        self._busy = False
        self._progress: Progress | None = None
        self._points: list[object] = []
        self._sent_at = 0.0

    @property
    def busy(self) -> bool:
        """Whether a job is running, and so there may be something to flush."""
        return self._busy

    def begin(self) -> None:
        """A new job: forget what was asked of the last one."""
        self._stop = Stop.NO
        self._busy = True

    def ask_to_stop(self, stop: Stop) -> None:
        """Let the job see *stop* the next time it looks."""
        self._stop = stop

    def report(self, progress: Progress) -> None:
        """Send *progress* soon; only the latest counts."""
        with self._lock:
            self._progress = progress
        self.flush()

    def partial(self, value: object) -> None:
        """Send *value*, tuples joined with those still waiting."""
        if not isinstance(value, tuple):
            with self._lock:
                self._pipe.send(Partial(value))
            return
        with self._lock:
            self._points.extend(value)
        self.flush()

    def cancelled(self) -> Stop:
        """What the parent said last."""
        return self._stop

    def flush(self) -> None:
        """Send what waits, unless something was sent a moment ago."""
        with self._lock:
            if time.monotonic() - self._sent_at >= SEND_INTERVAL_S:
                self._send_waiting()

    def end(self, ending: Ending) -> None:
        """Send what waits and then how the job ended."""
        with self._lock:
            self._send_waiting()
            self._busy = False
            self._pipe.send(ending)

    def _send_waiting(self) -> None:
        waiting: list[Answer] = [] if self._progress is None else [self._progress]
        if self._points:
            waiting.append(Partial(tuple(self._points)))
        self._progress, self._points = None, []
        for message in waiting:
            self._pipe.send(message)
            self._sent_at = time.monotonic()


def _settle_in() -> None:
    """Make the process a quiet helper: Ctrl+C and standard output belong to the parent."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with contextlib.suppress(AttributeError, OSError):  # not on Windows
        os.nice(NICENESS)  # on a machine with few cores the window comes first
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    os.environ["KERAS_BACKEND"] = "tensorflow"
    try:
        os.dup2(2, 1)
    except OSError:  # a windowed app on Windows has neither
        return


def _listen(pipe: Connection, control: PipeControl, jobs: queue.SimpleQueue[RunJob]) -> None:
    """Hear the parent, and flush what the job left waiting; when the parent has gone, go too."""
    try:
        while True:
            if not pipe.poll(SEND_INTERVAL_S if control.busy else None):
                control.flush()
                continue
            match pipe.recv():
                case RunJob() as order:
                    control.begin()
                    jobs.put(order)
                case StopJob(stop):
                    control.ask_to_stop(stop)
    except (EOFError, OSError):
        os._exit(0)


def _perform(order: RunJob, control: Control) -> Ending:
    """Call the job; every way it can end becomes a message that surely pickles."""
    ending: Ending
    try:
        ending = Finished(_resolve(order.job)(order.request, control))
        pickle.dumps(ending)
    except Cancelled:
        return Stopped()
    except FaceGuiError as error:
        return Refused(_portable(error))
    except MemoryError:
        message = tr("There is not enough memory for this.")
        return Refused(OutOfMemory(message, tr("Close other programs or use a smaller batch.")))
    except Exception as error:  # a bug: the parent's excepthook reports it
        summary = "".join(traceback.format_exception_only(error)).strip()
        return Crashed(summary, traceback.format_exc())
    return ending


def _resolve(job: str) -> Job:
    module, _, function = job.partition(":")
    return cast("Job", getattr(importlib.import_module(module), function))


def _portable(error: FaceGuiError) -> FaceGuiError:
    """*error* itself when it survives pickling, else its words."""
    try:
        return cast("FaceGuiError", pickle.loads(pickle.dumps(error)))  # noqa: S301 - our own bytes
    except Exception:  # whatever a foreign constructor objects to
        return EngineError(error.message, error.remedy)
