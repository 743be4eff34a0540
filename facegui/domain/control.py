"""How a job talks to whoever started it: progress, partial results, and being told to stop.

A job is a plain function ``job(request, control) -> result``. It calls ``control.report`` as often
as it likes (the receiver thins it to 10 Hz), ``control.partial`` for results worth showing before
the end, and looks at ``control.cancelled()`` at least twice a second.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Protocol


class Stop(Enum):
    """What the owner asked for; false while the job need not end.

    KEEP ends the job early with what it has; DISCARD ends it as if it had never run. PAUSE asks
    it to wait for something else; jobs that cannot do so go on. LEAVE ends a training because the
    app or its library is closed: what it has on disk stays, for it to go on another time.
    """

    NO = 0
    KEEP = 1
    DISCARD = 2
    PAUSE = 3
    LEAVE = 4

    def __bool__(self) -> bool:
        return self not in (Stop.NO, Stop.PAUSE)


@dataclass(frozen=True, slots=True)
class Progress:
    """*done* of *total* items; total 0 while it is not known. *label* says what is being done."""

    done: int
    total: int
    label: str = ""


class Control(Protocol):
    """What a job may ask of the one who runs it. Safe to call from any thread."""

    def report(self, progress: Progress) -> None:
        """Tell how far the job is."""

    def partial(self, value: object) -> None:
        """Hand over a result that is ready before the job ends."""

    def cancelled(self) -> Stop:
        """What the owner asked for; truthy when the job should end."""


class NullControl:
    """A control for callers with nobody watching: never stops, hears nothing."""

    def report(self, progress: Progress) -> None:
        """Ignore it."""

    def partial(self, value: object) -> None:
        """Ignore it."""

    def cancelled(self) -> Stop:
        """Never."""
        return Stop.NO
