"""The real TensorBoard over a library's runs, on this machine's own address only."""

from __future__ import annotations

import multiprocessing
import time
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess

from facegui.domain.control import Control, Progress
from facegui.domain.errors import Cancelled, EngineError
from facegui.domain.text import tr
from facegui.services.libraries import Library
from facegui.training.board_server import serve

START_S = 60.0
_POLL_S = 0.1
_CLOSE_S = 2.0


class TensorBoard:
    """One server at a time, for the library asked for last. Not safe for several threads."""

    def __init__(self) -> None:
        self._process: SpawnProcess | None = None
        self._pipe: Connection | None = None
        self._folder = ""
        self._address = ""

    def open(self, library: Library, control: Control) -> str:
        """The address of a TensorBoard over all runs of *library*; started if it is not there.

        Raises:
            EngineError: it did not start; says why.
            Cancelled: stopped while it started.
        """
        folder = str(library.runs_dir)
        if self._process is not None and self._process.is_alive() and folder == self._folder:
            return self._address
        self.close()
        control.report(Progress(0, 0, tr("Starting TensorBoard")))
        context = multiprocessing.get_context("spawn")
        self._pipe, other = context.Pipe()
        self._process = context.Process(
            target=serve, args=(folder, other), name="facegui-tensorboard", daemon=True
        )
        self._process.start()
        other.close()
        self._folder, self._address = folder, self._hear(control)
        return self._address

    def close(self) -> None:
        """End the server, if there is one."""
        if self._pipe is not None:
            self._pipe.close()
        if self._process is not None:
            self._process.join(_CLOSE_S)
            if self._process.is_alive():
                self._process.kill()
                self._process.join(_CLOSE_S)
        self._process = self._pipe = None

    def _hear(self, control: Control) -> str:
        """What the process says first."""
        assert self._pipe is not None
        until = time.monotonic() + START_S
        while not self._pipe.poll(_POLL_S):
            if control.cancelled():
                self.close()
                raise Cancelled
            if time.monotonic() > until:
                self.close()
                raise _failure(tr("it did not answer"))
        try:
            started, text = self._pipe.recv()
        except EOFError as error:
            self.close()
            raise _failure(tr("its process ended")) from error
        if not started:
            self.close()
            raise _failure(text)
        return str(text)


def _failure(why: str) -> EngineError:
    return EngineError(
        tr("TensorBoard did not start: {why}.", why=why.rstrip(".")),
        tr("Look at the run's curves here, or install FaceGUI again."),
    )
