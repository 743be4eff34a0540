"""Which run is judged: the newest until the owner has chosen one, and others are only offered."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QComboBox, QPushButton

from facegui.domain.text import tr
from facegui.gui.train.result import when
from facegui.services.learning.networks import title_of
from facegui.services.runs.records import RunRecord


class RunChoice(QObject):
    """A list of runs, and a button that shows where a newer one is there than the chosen one.

    Signals:
        chosen: the owner chose the run that is current now.
    """

    chosen = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._runs: Sequence[RunRecord] = ()
        self._picked = False  # by the owner: it does not make room for a newer one by itself
        self._newest = ""  # that the owner has seen in the list
        self.box = QComboBox()
        self.box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.box.setAccessibleName(tr("Run"))
        self.box.activated.connect(self._pick)
        self.newer = QPushButton(tr("A newer run is there: show it"))
        self.newer.clicked.connect(lambda: self._pick(0))
        self.newer.hide()

    @property
    def record(self) -> RunRecord | None:
        """The run that is chosen."""
        record = self.box.currentData()
        return record if isinstance(record, RunRecord) else None

    def clear(self) -> None:
        """There is no run any more."""
        self._picked = False
        self.show_runs((), stay=False)

    def show_runs(self, runs: Sequence[RunRecord], *, stay: bool) -> None:
        """Offer *runs*, newest first; a new one is chosen unless another is to *stay*."""
        before, was_newest = self.record, self.box.currentIndex() == 0
        follow = was_newest and not self._picked and not stay
        self._runs = tuple(runs)
        self.box.clear()
        for record in runs:
            percent = f"{record.accuracy * 100:.0f} %"
            words = (when(record.created), title_of(record.config.network), percent)
            self.box.addItem(" · ".join(words), record)
        place = self._place(before)
        if place is None:
            self._picked = False
        if place is not None and not follow:
            self.box.setCurrentIndex(place)
        else:
            self._newest = runs[0].id if runs else ""
        self._offer()

    def choose(self, record: RunRecord) -> None:
        """What the owner chose elsewhere, if it is still there."""
        place = self._place(record)
        if place is not None:
            self._pick(place)

    def _pick(self, place: int) -> None:
        self._picked, self._newest = True, self._runs[0].id
        self.box.setCurrentIndex(place)
        self._offer()
        self.chosen.emit()

    def _offer(self) -> None:
        self.newer.setVisible(bool(self._runs) and self._runs[0].id != self._newest)

    def _place(self, record: RunRecord | None) -> int | None:
        ids = [run.id for run in self._runs]
        return ids.index(record.id) if record is not None and record.id in ids else None
