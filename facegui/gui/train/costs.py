"""What each network costs: its size, and the time it takes once that was measured here."""

from __future__ import annotations

from typing import cast

from PySide6.QtCore import QObject

from facegui.domain.control import Control
from facegui.domain.text import tr, trn
from facegui.domain.training import NetworkCost
from facegui.gui.context import AppContext
from facegui.gui.lanes import Lane
from facegui.gui.train.settings import NetworkPanel
from facegui.services.learning.network_costs import (
    expected_seconds,
    measure_costs,
    measured_costs,
    parameters,
)
from facegui.services.learning.networks import NetworkChoice

_MILLION = 1_000_000


class CostsControl(QObject):
    """Writes sizes and times into the list of networks, and answers its button."""

    def __init__(self, context: AppContext, panel: NetworkPanel) -> None:
        super().__init__(panel)
        self._context = context
        self._panel = panel
        self._faces = 0
        self._costs = measured_costs()
        panel.measure_requested.connect(self._measure)
        self._tell()

    def show_faces(self, count: int) -> None:
        """Tell times for a training with *count* faces to learn from."""
        self._faces = count
        self._tell()

    def _tell(self) -> None:
        self._panel.show_costs([self._words(choice) for choice in self._panel.choices])

    def _words(self, choice: NetworkChoice) -> str:
        size = size_in_words(parameters(choice.config.network))
        cost = self._costs.get(choice.config.network)
        if cost is None or not self._faces:
            return size
        time = time_in_words(expected_seconds(choice.config, self._faces, cost))
        about = trn(
            "about {time} for your {n} face",
            "about {time} for your {n} faces",
            self._faces,
            time=time,
        )
        return f"{size}; {about}"

    def _measure(self) -> None:
        tools = self._context.tools

        def job(control: Control) -> object:
            return measure_costs(tools, control)

        self._panel.measure.setEnabled(False)
        label = tr("Measuring networks")
        task = self._context.lanes.start(job, label, Lane.ENGINE, visible=True)
        task.done.connect(self._measured)
        task.ended.connect(lambda: self._panel.measure.setEnabled(True))

    def _measured(self, found: object) -> None:
        self._costs = cast("dict[str, NetworkCost]", found)
        self._tell()


def size_in_words(count: int) -> str:
    """How many parameters, in millions where there are that many."""
    if count < _MILLION:
        return trn("{n} parameter", "{n} parameters", count)
    return tr("{n} million parameters", n=f"{count / _MILLION:.1f}".removesuffix(".0"))


def time_in_words(seconds: float) -> str:
    """A guess, no more exact than it is."""
    if seconds < 90:  # noqa: PLR2004 - above, minutes say it better
        return tr("{n} s", n=max(1, round(seconds)))
    if seconds < 5400:  # noqa: PLR2004 - above, hours do
        return tr("{n} min", n=round(seconds / 60))
    return tr("{n} h", n=f"{seconds / 3600:.1f}".removesuffix(".0"))
