"""What a verb says while it works: progress on standard error, and Ctrl+C as a polite Stop."""

from __future__ import annotations

import shutil
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import TextIO

from facegui.domain.control import Progress, Stop
from facegui.domain.text import tr

REDRAW_S = 0.1
SPARSE_S = 10.0
_CLEAR_LINE = "\r\x1b[K"


class ConsoleControl:
    """A control that draws one changing line on a terminal, and a line now and then in a log.

    Safe to call from any thread.
    """

    def __init__(self, stream: TextIO, clock: Callable[[], float] = time.monotonic) -> None:
        self._stream = stream
        self._clock = clock
        self._terminal = stream.isatty()
        self._lock = threading.Lock()
        self._stop = Stop.NO
        self._last = Progress(0, 0)
        self._since = 0.0
        self._drawn_at = float("-inf")
        self._on_screen = False
        self._held_back = False

    def report(self, progress: Progress) -> None:
        """Show how far the job is, at most ten times a second on a terminal."""
        with self._lock:
            now = self._clock()
            self._held_back = True
            if progress.total != self._last.total or progress.done < self._last.done:
                self._since = now  # another phase; a label may change within one, as epochs do
            self._last = progress
            if now - self._drawn_at >= (REDRAW_S if self._terminal else SPARSE_S):
                self._drawn_at = now
                self._held_back = False
                self._draw(describe(progress, now - self._since))

    def partial(self, value: object) -> None:
        """Say texts; the document at the end has everything else."""
        if isinstance(value, str):
            self.say(value)

    def cancelled(self) -> Stop:
        """What Ctrl+C asked for."""
        return self._stop

    def stop(self) -> None:
        """Keep what is done and end; asked again, end at once.

        Only a flag: a signal handler may interrupt a write, and must not write itself.
        """
        self._stop = Stop.DISCARD if self._stop else Stop.KEEP

    def say(self, text: str) -> None:
        """A line of its own, above the progress."""
        with self._lock:
            self._clear()
            print(text, file=self._stream, flush=True)

    def finish(self) -> None:
        """Take the progress line away; a log gets how far it came in the end."""
        with self._lock:
            if self._held_back and not self._terminal:
                self._draw(describe(self._last, self._clock() - self._since))
            self._held_back = False
            self._clear()

    def _draw(self, text: str) -> None:
        if not self._terminal:
            print(text, file=self._stream, flush=True)
            return
        width = shutil.get_terminal_size().columns - 1
        self._stream.write(_CLEAR_LINE + text[:width])
        self._stream.flush()
        self._on_screen = True

    def _clear(self) -> None:
        if self._on_screen:
            self._stream.write(_CLEAR_LINE)
            self._stream.flush()
            self._on_screen = False


def describe(progress: Progress, elapsed_s: float) -> str:
    """Label, count, items a second and time left, as far as they are known."""
    if not progress.total:
        return f"{progress.label} {progress.done:,}" if progress.done else progress.label
    text = f"{progress.label} {progress.done:,}/{progress.total:,}"
    if not progress.done or elapsed_s <= 0:
        return text
    rate = progress.done / elapsed_s
    minutes, seconds = divmod(round((progress.total - progress.done) / rate), 60)
    return f"{text} · {rate:,.1f}/s · " + tr("{time} left", time=f"{minutes}:{seconds:02}")


@contextmanager
def interruptible(control: ConsoleControl) -> Iterator[None]:
    """Within it Ctrl+C asks *control* to stop instead of raising KeyboardInterrupt."""

    def ask(_signal: int, _frame: FrameType | None) -> None:
        control.stop()

    previous = signal.signal(signal.SIGINT, ask)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, previous)
        control.finish()
