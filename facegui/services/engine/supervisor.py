"""The parent's side of the engine: start, feed, stop, bury and replace the child process."""

from __future__ import annotations

import multiprocessing
import threading
import time
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess

from facegui.domain.control import Control, NullControl, Progress, Stop
from facegui.domain.errors import Cancelled, EngineError, OutOfMemory
from facegui.domain.text import current_language, tr
from facegui.services.engine import child
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

POLL_S = 0.05
STOP_GRACE_S = 2.0
CLOSE_GRACE_S = 1.0
SIGKILLED = -9  # what Linux's out-of-memory killer leaves behind
WARM_JOB = "facegui.training.warm:warm"


class RemoteBug(RuntimeError):
    """A bug in a job; the message ends with the child's traceback, for the report.

    Attributes:
        report: the traceback as the child printed it.
    """

    def __init__(self, summary: str, report: str) -> None:
        super().__init__(f"{summary}\n\nIn the engine:\n{report}")
        self.report = report


class Engine:
    """A process that runs one job at a time; it starts on first need and is replaced if it dies.

    Safe to use from several threads: a second `run` waits for the first. The app must call
    ``multiprocessing.freeze_support()`` before anything else for frozen builds to start engines.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._turn = threading.Lock()
        self._closed = threading.Event()
        self._child: _Child | None = None

    def run(self, job: str, request: object, control: Control) -> object:
        """Call *job*, ``"module:function"``, with *request* in the process; blocks until it ends.

        After a stop the child has 2 s. DISCARD kills it then. KEEP counts the 2 s from the
        child's last message, so that it may finish what it reports on; a job that is worth
        keeping must have its best state on disk by then.

        Raises:
            FaceGuiError: what the job raised, as itself.
            Cancelled: stopped with nothing to keep, or closed meanwhile.
            EngineError: the process died, or was killed because it would not stop.
            RemoteBug: the job raised anything else.
        """
        while not self._turn.acquire(timeout=POLL_S):
            if control.cancelled():
                raise Cancelled
        try:
            if self._closed.is_set():
                raise Cancelled
            return self._unwrap(self._supervise(job, request, control))
        finally:
            self._turn.release()

    def warm(self, control: Control | None = None) -> None:
        """Start the process and import TensorFlow in it, so that the next job starts at once.

        Raises:
            Cancelled: *control* asked to stop.
            EngineError: the process did not come up.
        """
        self.run(WARM_JOB, None, control or NullControl())

    def close(self) -> None:
        """End the process within a bound, also in the middle of a job; the engine stays closed."""
        self._closed.set()
        if self._turn.acquire(timeout=STOP_GRACE_S + 2 * CLOSE_GRACE_S):
            self._bury(grace_s=CLOSE_GRACE_S)
            self._turn.release()

    def _supervise(self, job: str, request: object, control: Control) -> Ending:
        child = self._ready_child()
        ending: Ending | None = None
        try:
            child.pipe.send(RunJob(job, request, current_language()))
            ending = self._converse(child, control)
        except (EOFError, OSError) as error:
            raise self._obituary() from error
        finally:
            if ending is None:  # killed, died, or the control itself raised
                self._bury(grace_s=0.0)
        return ending

    def _converse(self, child: _Child, control: Control) -> Ending:
        """Pass messages on until the job ends; pass a stop down, and insist on it."""
        asked, asked_at, heard_at = Stop.NO, 0.0, 0.0
        while True:
            if child.pipe.poll(POLL_S):
                answer: Answer = child.pipe.recv()
                heard_at = time.monotonic()
                match answer:
                    case Progress():
                        control.report(answer)
                    case Partial(value):
                        control.partial(value)
                    case Finished() if asked is Stop.DISCARD:
                        return Stopped()
                    case _:
                        return answer
            wanted = Stop.DISCARD if self._closed.is_set() else control.cancelled()
            if wanted is not asked and (wanted or not asked) and asked is not Stop.DISCARD:
                child.pipe.send(StopJob(wanted))
                asked, asked_at = wanted, time.monotonic()
            since = asked_at if asked is Stop.DISCARD else max(asked_at, heard_at)
            if asked and time.monotonic() - since > STOP_GRACE_S:
                return self._kill_unwilling(asked)

    def _kill_unwilling(self, asked: Stop) -> Ending:
        self._bury(grace_s=0.0)
        if asked is Stop.DISCARD:
            return Stopped()
        message = tr("The engine did not stop in time and was ended.")
        return Refused(EngineError(message, tr("What it had saved so far is kept.")))

    def _unwrap(self, ending: Ending) -> object:
        match ending:
            case Finished(result):
                return result
            case Refused(error):
                raise error
            case Stopped():
                raise Cancelled
            case Crashed(summary, report):
                raise RemoteBug(summary, report)

    def _ready_child(self) -> _Child:
        if self._child is not None and not self._child.process.is_alive():
            self._bury(grace_s=0.0)
        if self._child is None:
            self._child = _Child.start(self._name)
        return self._child

    def _obituary(self) -> EngineError | Cancelled:
        """Why the child has gone, in words the owner can use."""
        if self._closed.is_set():
            return Cancelled()
        code = self._child.exit_code() if self._child is not None else None
        if code == SIGKILLED:
            return OutOfMemory(
                tr("The engine was killed, most likely because memory ran out."),
                tr("Close other programs or use a smaller batch, then try again."),
            )
        return EngineError(
            tr("The engine ended unexpectedly (exit code {code}).", code=code),
            tr("Try again: a new one starts by itself."),
        )

    def _bury(self, *, grace_s: float) -> None:
        if self._child is not None:
            self._child.end(grace_s)
            self._child = None


class _Child:
    """The process and the parent's end of its pipe."""

    def __init__(self, process: SpawnProcess, pipe: Connection) -> None:
        self.process = process
        self.pipe = pipe

    @classmethod
    def start(cls, name: str) -> _Child:
        """A fresh process that listens.

        Raises:
            EngineError: the system refuses a new process.
        """
        spawn = multiprocessing.get_context("spawn")
        ours, theirs = spawn.Pipe()
        process = spawn.Process(target=child.serve, args=(theirs,), name=name, daemon=True)
        try:
            process.start()
        except OSError as error:
            ours.close()
            raise EngineError(
                tr("The engine could not be started: {why}", why=error),
                tr("Close other programs and try again."),
            ) from error
        finally:
            theirs.close()
        return cls(process, ours)

    def exit_code(self) -> int | None:
        """How it ended, waiting a moment for the system to say."""
        self.process.join(CLOSE_GRACE_S)
        return self.process.exitcode

    def end(self, grace_s: float) -> None:
        """Hang up, wait *grace_s* for it to leave, then kill it."""
        self.pipe.close()
        if grace_s:
            self.process.join(grace_s)
        if self.process.is_alive():
            self.process.kill()
        self.process.join(CLOSE_GRACE_S)
        if self.process.exitcode is not None:
            self.process.close()
