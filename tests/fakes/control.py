"""A control that writes down what a job says, and stops it when a condition comes true."""

from __future__ import annotations

from collections.abc import Callable

from facegui.domain.control import Progress, Stop


class RecordingControl:
    """Implements `facegui.domain.control.Control`.

    *stop_when* is asked each time the job looks and may look at what was recorded; True means
    *Stop and keep*.
    """

    def __init__(
        self, stop_when: Callable[[RecordingControl], Stop | bool] = lambda _: Stop.NO
    ) -> None:
        self.progress: list[Progress] = []
        self.partials: list[object] = []
        self._stop_when = stop_when

    def report(self, progress: Progress) -> None:
        self.progress.append(progress)

    def partial(self, value: object) -> None:
        self.partials.append(value)

    def cancelled(self) -> Stop:
        answer = self._stop_when(self)
        if isinstance(answer, Stop):
            return answer
        return Stop.KEEP if answer else Stop.NO
