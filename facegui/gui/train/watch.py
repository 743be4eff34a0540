"""Watching a training: its curves, and beside them the faces it is checked with.

Where there is room for both they stand side by side, else a small bar switches between them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QResizeEvent
from PySide6.QtWidgets import QFileDialog, QSplitter, QTabBar, QVBoxLayout, QWidget

from facegui.domain.control import Control
from facegui.domain.errors import DatasetError
from facegui.domain.text import tr
from facegui.domain.training import Guesses
from facegui.gui.context import AppContext
from facegui.gui.images import to_qimage
from facegui.gui.lanes import Lane
from facegui.gui.train.chart import LearningChart
from facegui.gui.train.result import when
from facegui.gui.train.status import percent
from facegui.gui.train.watch_grid import Face, GuessGrid
from facegui.gui.train.watch_maps import MapsWindow
from facegui.services.judging.judge import read_results
from facegui.services.learning.networks import title_of
from facegui.services.learning.watched import (
    WatchedCrop,
    WatchedRun,
    finished_run,
    last_guesses,
    watched_crops,
)
from facegui.services.runs.chart_files import write_chart
from facegui.services.runs.records import RunRecord, read_curve

FACES_MOST = 48
"""Of a run that has ended; of one that goes on the trainer chooses as many."""

_SIDE_BY_SIDE_PX = 640
_SHARES = [570, 430]


class WatchPanel(QWidget):
    """What there is to see of the run that goes on, or of the one that was chosen."""

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._run: WatchedRun | None = None
        self._rows: tuple[int, ...] = ()
        self._images: dict[int, tuple[str, QImage | None]] = {}
        self._guesses: Guesses | None = None
        self._generation = 0
        self._records: dict[str, RunRecord] = {}
        self._bundle = ""  # of the run that is shown
        self.chart = LearningChart()
        self.grid = GuessGrid()
        self.maps = MapsWindow(context, self)
        self.switch = QTabBar(documentMode=True, drawBase=False)
        self.switch.addTab(tr("Curves"))
        self.switch.addTab(tr("Faces and guesses"))
        self.switch.currentChanged.connect(lambda _: self._arrange())
        self.chart.compare_requested.connect(self._compare)
        self.chart.export_ready.connect(self._save)
        self.grid.crop_chosen.connect(self._look)
        self._splitter = QSplitter(Qt.Orientation.Horizontal, childrenCollapsible=False)
        for place, widget in enumerate((self.chart, self.grid)):
            self._splitter.addWidget(widget)
            self._splitter.setStretchFactor(place, _SHARES[place])
        self._splitter.setSizes(_SHARES)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self.switch)
        layout.addWidget(self._splitter, 1)
        self._arrange()

    # The run that goes on

    def clear(self) -> None:
        """Make room for another run."""
        self._generation += 1
        self._run, self._rows, self._images, self._guesses = None, (), {}, None
        self._offer("")
        self.chart.clear()
        self.grid.clear()
        self.maps.run_changed(None)

    def hear(self, partial: object) -> None:
        """Show what a training tells while it goes on."""
        match partial:
            case tuple():
                self.chart.add(partial)
            case WatchedRun():
                self._run = partial
            case Guesses():
                self._show_guesses(partial)

    def run_ended(self, bundle: Path) -> None:
        """The run is through, its model is in *bundle*."""
        self._offer(str(bundle))
        if self._run is not None:
            self._run = replace(self._run, bundle=bundle)
            self.maps.run_changed(self._run)

    def _show_guesses(self, guesses: Guesses) -> None:
        self._guesses = guesses
        if guesses.rows != self._rows:
            self._rows = guesses.rows
            self._fetch(guesses.rows)
        elif self._images:
            self.grid.show_guesses(guesses)
        self.maps.epoch_ended()

    def _fetch(self, rows: Sequence[int]) -> None:
        """Get the pictures of *rows*; the guesses wait for them."""
        run, library = self._run, self._context.library
        if run is None or library is None:
            return

        def get(_control: Control) -> object:
            return [(crop, _picture(crop)) for crop in watched_crops(library, run, rows)]

        task = self._context.lanes.start(get, tr("Reading faces"), Lane.POOL)
        task.done.connect(lambda found: self._show_faces(found, run))

    def _show_faces(self, found: object, run: WatchedRun) -> None:
        if run is not self._run:
            return
        assert isinstance(found, list)
        self._images = {crop.row: (crop.name, picture) for crop, picture in found}
        faces = [Face(crop.row, crop.name, crop.label, picture) for crop, picture in found]
        self.grid.show_faces(faces, run.people)
        if self._guesses is not None:
            self.grid.show_guesses(self._guesses)

    def _look(self, row: int) -> None:
        if self._run is not None:
            name, picture = self._images[row]
            self.maps.show_crop(self._run, row, name, picture)

    # Earlier runs

    def offer_runs(self, records: Sequence[RunRecord]) -> None:
        """The runs that can be laid over the chart, newest first."""
        self._records = {record.id: record for record in records}
        self._offer(self._bundle)

    def _offer(self, bundle: str) -> None:
        """Every run but the one of *bundle*, which is shown itself."""
        self._bundle = bundle
        others = [record for record in self._records.values() if record.bundle != bundle]
        self.chart.offer_runs({record.id: _title(record) for record in others})

    def show_run(self, record: RunRecord, curve: Sequence[object]) -> None:
        """Show *record*, which ended some time ago, with its *curve*."""
        self.clear()
        self._offer(record.bundle)
        self.hear(tuple(curve))
        library = self._context.library
        if library is None:
            return

        def read(_control: Control) -> object:
            try:
                results = read_results(library, record)
            except DatasetError:
                return None  # an older run: its curve is all there is
            return finished_run(library, results), last_guesses(results, FACES_MOST)

        task = self._context.lanes.start(read, tr("Reading the run"), Lane.QUERY)
        generation = self._generation
        task.done.connect(lambda found: self._show_finished(found, generation))

    def _show_finished(self, found: object, generation: int) -> None:
        if isinstance(found, tuple) and generation == self._generation:
            self._run, guesses = found
            self._show_guesses(guesses)

    def _compare(self, run: str) -> None:
        library = self._context.library
        if library is None:
            return
        task = self._context.lanes.start(
            lambda _control: read_curve(library, run), tr("Reading the run"), Lane.QUERY
        )
        task.done.connect(lambda curve: self.chart.compare_with(run, curve))

    # Files

    def _save(self, kind: str, content: object) -> None:
        chosen, _ = QFileDialog.getSaveFileName(
            self, tr("Save the chart"), f"learning-curves.{kind}", f"{kind.upper()} (*.{kind})"
        )
        if not chosen:
            return
        path = Path(chosen) if Path(chosen).suffix else Path(f"{chosen}.{kind}")
        assert isinstance(content, bytes | list)
        self._context.lanes.start(
            lambda _control: write_chart(path, content), tr("Saving the chart"), Lane.POOL
        )

    # Room

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        both = self.width() >= _SIDE_BY_SIDE_PX
        self.switch.setVisible(not both)
        self.chart.setVisible(both or self.switch.currentIndex() == 0)
        self.grid.setVisible(both or self.switch.currentIndex() == 1)


def _picture(crop: WatchedCrop) -> QImage | None:
    return None if crop.image is None else to_qimage(crop.image)


def _title(record: RunRecord) -> str:
    parts = (when(record.created), title_of(record.config.network), percent(record.accuracy))
    return " · ".join(parts)
