"""How a job talks to whoever started it: progress, partial results, and being told to stop.

A job is a plain function ``job(request, control) -> result``. It calls ``control.report`` as often
as it likes (the receiver thins it to 10 Hz), ``control.partial`` for results worth showing before
the end, and looks at ``control.cancelled()`` at least twice a second.
"""

from __future__ import annotations

from collections.abc import Callable
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


class Relay:
    """The control of a job within a job: passes on, both ways, what is not told otherwise.

    Args:
        control: of the outer job.
        report: hears the progress in place of *control*.
        partial: hears partial results likewise.
        stop: makes what the inner job hears out of what the owner asked for.
    """

    def __init__(
        self,
        control: Control,
        *,
        report: Callable[[Progress], None] | None = None,
        partial: Callable[[object], None] | None = None,
        stop: Callable[[Stop], Stop] | None = None,
    ) -> None:
        self._control = control
        self._report = report or control.report
        self._partial = partial or control.partial
        self._stop = stop

    def report(self, progress: Progress) -> None:
        """Hand *progress* to who hears it."""
        self._report(progress)

    def partial(self, value: object) -> None:
        """Hand *value* to who hears it."""
        self._partial(value)

    def cancelled(self) -> Stop:
        """What the inner job should do."""
        asked = self._control.cancelled()
        return asked if self._stop is None else self._stop(asked)


def all_or_nothing(asked: Stop) -> Stop:
    """For a `Relay` to a job of which a part is worth nothing: any stop discards it."""
    return Stop.DISCARD if asked else Stop.NO


def unheard(_told: object) -> None:
    """For a `Relay` of which progress or partial results interest nobody."""
