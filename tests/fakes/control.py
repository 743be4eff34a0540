"""A control that remembers what a job said, and stops it when a condition comes true."""

from __future__ import annotations

from collections.abc import Callable

from facegui.domain.control import Progress, Stop


class RecordingControl:
    """Implements `facegui.domain.control.Control`."""

    def __init__(self, stop_when: Callable[[RecordingControl], bool] = lambda _: False) -> None:
        self.progress: list[Progress] = []
        self.partials: list[object] = []
        self._stop_when = stop_when

    def report(self, progress: Progress) -> None:
        self.progress.append(progress)

    def partial(self, value: object) -> None:
        self.partials.append(value)

    def cancelled(self) -> Stop:
        return Stop.KEEP if self._stop_when(self) else Stop.NO
