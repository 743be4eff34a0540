"""The Train page: surveys the library, starts and stops trainings, shows what comes of them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QStackedLayout, QWidget

from facegui.domain.control import Control, Progress, Stop
from facegui.domain.errors import Cancelled, FaceGuiError, LibraryError
from facegui.domain.text import tr, trn
from facegui.domain.training import TrainConfig
from facegui.gui.context import AppContext
from facegui.gui.lanes import Lane
from facegui.gui.page import Page
from facegui.gui.preload import FOR_TRAINING, Preload
from facegui.gui.task import Job, Task
from facegui.gui.train.reminder import remind

if TYPE_CHECKING:
    from facegui.gui.correct.bar import CorrectionBar
    from facegui.gui.train.body import EmptyTrain, TrainBody
    from facegui.gui.train.costs import CostsControl
    from facegui.gui.train.data_tab import DataTab
    from facegui.gui.train.results.tab import ResultsTab
    from facegui.gui.train.watch import WatchPanel
    from facegui.services.learning.begun import RunBegun
    from facegui.services.runs.records import RunRecord

_SURVEY_AFTER_MS = 300


class TrainPage(Page):
    """Builds itself when it first comes to the front, so that the window opens without its cost."""

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self.task: Task | None = None
        self._stack = QStackedLayout(self)
        self._body: TrainBody | None = None
        self._empty: EmptyTrain | None = None
        self._costs: CostsControl | None = None
        self._corrections: CorrectionBar | None = None
        self._watch: WatchPanel | None = None
        self._results: ResultsTab | None = None
        self._data: DataTab | None = None
        self._generation = 0
        self._loading = False
        self._parts = Preload(FOR_TRAINING, self)
        self._warm = False
        self._refresh_soon = QTimer(self, interval=_SURVEY_AFTER_MS, singleShot=True)
        self._refresh_soon.timeout.connect(self.refresh)
        context.library_changed.connect(self._library_changed)
        context.rows_changed.connect(self._rows_changed)

    # The contract of a page

    def activate(self) -> None:
        if self.context.library is None:
            return
        if self._watch is not None:
            self.refresh()
            self._warm_engine()
        elif not self._loading:
            self._loading = True
            self._parts.then(self._build)

    def leave(self) -> None:
        self._refresh_soon.stop()

    def keys(self) -> Sequence[tuple[str, str]]:
        if self._results is not None and self._results.isVisible():
            return ((tr("Ctrl+Enter"), tr("Train")), *self._results.keys())
        return ((tr("Ctrl+Enter"), tr("Train")), ("P", tr("Pause the training, or go on")))

    # Widgets

    @property
    def body(self) -> TrainBody:
        """The page proper; there soon after the page was first activated."""
        assert self._body is not None, "activate first"
        return self._body

    @property
    def empty(self) -> EmptyTrain:
        """What is shown while there are too few people."""
        assert self._empty is not None, "activate first"
        return self._empty

    @property
    def watch(self) -> WatchPanel | None:
        """The live chart and the faces beside it; there soon after the page."""
        return self._watch

    def _build(self) -> None:
        from facegui.gui.correct.bar import CorrectionBar
        from facegui.gui.train.augmentation_control import AugmentationControl
        from facegui.gui.train.body import EmptyTrain, TrainBody
        from facegui.gui.train.costs import CostsControl
        from facegui.gui.train.interrupted import InterruptedControl
        from facegui.gui.train.network_memory import NetworkMemory
        from facegui.gui.train.runs_control import RunsControl
        from facegui.gui.train.search_control import SearchControl

        body, empty = self._body, self._empty = TrainBody(), EmptyTrain()
        self._stack.addWidget(body)
        self._stack.addWidget(empty)
        body.train.clicked.connect(self.train)
        body.settings.split_changed.connect(self._refresh_soon.start)
        self._costs = CostsControl(self.context, body.networks)
        self._corrections = CorrectionBar(self.context, leads_to_train=False)
        body.place_corrections(self._corrections)
        NetworkMemory(self.context, body.networks)
        AugmentationControl(self.context, body.settings)
        SearchControl(self.context, body.settings)
        body.status.pause_requested.connect(self._pause)
        body.status.keep_requested.connect(lambda: self._stop(Stop.KEEP))
        body.status.discard_requested.connect(lambda: self._stop(Stop.DISCARD))
        body.result.recognise_requested.connect(
            lambda: self.context.page_requested.emit("recognise")
        )
        body.runs.run_chosen.connect(self._show_run)
        body.runs.open_requested.connect(lambda: body.tabs.setCurrentWidget(body.learning))
        body.runs.again_requested.connect(body.take_over)
        runs = RunsControl(self.context, body.runs)
        runs.changed.connect(self.refresh)
        body.result.use_requested.connect(runs.use)
        empty.import_requested.connect(self.context.import_requested)
        empty.review_requested.connect(lambda: self.context.page_requested.emit("review"))
        interrupted = InterruptedControl(self.context, body.interrupted)
        interrupted.job_chosen.connect(self._take_up)
        interrupted.changed.connect(self.refresh)
        QShortcut(QKeySequence("Ctrl+Return"), self, body.train.click)
        QShortcut(QKeySequence("P"), self, body.status.pause.click)
        QTimer.singleShot(0, self, self._place_chart)  # a step of its own: it is costly as well

    def _place_chart(self) -> None:
        from facegui.gui.train.watch import WatchPanel

        self._watch = WatchPanel(self.context)
        self.body.place_chart(self._watch)
        QTimer.singleShot(0, self, self._place_results)
        self.activate()

    def _place_results(self) -> None:
        from facegui.gui.train.results.tab import ResultsTab

        self._results = ResultsTab(self.context)
        self._results.train_requested.connect(self.body.train.click)
        self.body.place_results(self._results)
        QTimer.singleShot(0, self, self._place_data)

    def _place_data(self) -> None:
        from facegui.gui.train.data_tab import DataTab

        self._data = DataTab(self.context)
        self._data.set_library(self.context.library)
        self._data.review_requested.connect(lambda: self.context.page_requested.emit("review"))
        self.body.place_data(self._data)
        if self.task is None and self.body.result.isHidden():  # there is nothing else to see yet
            self.body.tabs.setCurrentWidget(self._data)
        self.refresh()

    # What the library holds

    def refresh(self) -> None:
        """Look anew at who could be trained on, and at the runs there have been."""
        library = self.context.library
        if library is None or self._body is None:
            return
        if self._corrections is not None:
            self._corrections.follow()
        self._generation += 1
        generation = self._generation
        split, seed = self.body.settings.split(), self.body.settings.seed.value()

        def look(_control: Control) -> object:
            from facegui.services.learning.dataset import DatasetRequest, survey
            from facegui.services.learning.interrupted import interrupted_runs
            from facegui.services.runs.rows import run_rows

            try:
                found = survey(library, DatasetRequest(split, seed))
                return found, run_rows(library), interrupted_runs(library)
            except LibraryError:
                return None  # closed, or a scan replaced faces meanwhile: news of that follows

        task = self.context.lanes.start(look, tr("Counting faces"), Lane.QUERY)
        task.done.connect(lambda found: self._show_survey(found, generation))

    def _show_survey(self, found: object, generation: int) -> None:
        if not isinstance(found, tuple) or generation != self._generation:
            return
        survey, runs, interrupted = found
        body = self.body
        body.people.show_survey(survey)
        if self._costs is not None:
            self._costs.show_faces(sum(share.train for share in survey.people))
        if self._data is not None:
            self._data.show_survey(survey, body.settings.split(), body.settings.seed.value())
        body.runs.show_runs(runs)
        body.result.show_used(next((row.record.id for row in runs if row.used), None))
        body.interrupted.show_runs(interrupted)
        if self._watch is not None:
            self._watch.offer_runs([row.record for row in runs])
        if self._results is not None:
            self._results.show_runs([row.record for row in runs])
        usable = survey.manifest is not None
        body.train.setEnabled(usable and self.task is None)
        self.empty.found.setText(
            trn(
                "So far there is {n} named, usable face.",
                "So far there are {n} named, usable faces.",
                sum(share.faces for share in survey.people),
            )
        )
        keep_body = usable or self.task is not None or bool(runs) or bool(interrupted)
        self._stack.setCurrentWidget(body if keep_body else self.empty)

    def _library_changed(self, library: object) -> None:
        self._stop(Stop.LEAVE)
        self._generation += 1
        if self._results is not None:
            self._results.show_library(self.context.library)
        if self._data is not None:
            self._data.set_library(self.context.library)
        if not self.isVisible():
            remind(self.context)
        if self._body is not None:
            self._clear()
            self._body.result.hide()
            if library is not None and self.isVisible():
                self.refresh()

    def _rows_changed(self, _change: object) -> None:
        if self.isVisible() and not self._refresh_soon.isActive():
            self._refresh_soon.start()

    # Training

    def train(self) -> None:
        """Start a training with the settings as they stand."""
        library = self.context.library
        if library is None:
            return
        tools, settings = self.context.tools, self.body.settings
        config, split = settings.config(), settings.split()

        def job(control: Control) -> object:
            from facegui.services.learning.train import TrainRequest, train

            return train(library, tools, TrainRequest(config, split), control)

        self._begin(job, config)

    def _take_up(self, job: Job, begun: RunBegun) -> None:
        """Do something with an interrupted training, whose settings are shown then."""
        self.body.take_over(begun)
        self._begin(job, begun.config)

    def _begin(self, job: Job, config: TrainConfig) -> None:
        """Start *job*, which ends with a `TrainReport`, and show what it tells; one at a time."""
        from facegui.services.learning.networks import title_of

        def until_closed(control: Control) -> object:
            try:
                return job(control)
            except LibraryError as error:
                if control.cancelled() is Stop.LEAVE:  # because it was closed
                    raise Cancelled from error
                raise

        if self.task is not None:
            return
        if self._corrections is not None:
            self._corrections.withdraw()
        body = self.body
        self._clear()
        body.interrupted.set_busy(busy=True)
        body.result.hide()
        body.train.setEnabled(False)
        body.tabs.setCurrentWidget(body.learning)
        body.status.set_running(running=True)
        body.status.follow(config)
        if self._warm:
            body.status.tell(tr("Preparing…"))
        task = self.task = self.context.lanes.start(
            until_closed, tr("Training"), Lane.ENGINE, visible=True
        )
        task.at_close = Stop.LEAVE
        task.seconds_left = body.status.seconds_left
        task.partial_arrived.connect(self._hear)
        title = title_of(config.network)
        task.progressed.connect(lambda progress: self._tell_progress(title, progress))
        task.done.connect(self._finished)
        task.failed.connect(self._failed)
        task.cancelled.connect(lambda: body.status.tell(tr("Discarded; nothing was kept.")))
        task.ended.connect(self._ended)

    def _pause(self, paused: bool) -> None:  # noqa: FBT001 - a slot
        if self.task is not None:
            self.task.pause(paused=paused)

    def _stop(self, how: Stop) -> None:
        if self.task is not None:
            self.task.stop(how)

    def _clear(self) -> None:
        self.body.status.clear()
        if self._watch is not None:
            self._watch.clear()

    def _hear(self, partial: object) -> None:
        if self._watch is not None:
            self._watch.hear(partial)
        if isinstance(partial, tuple):
            self.body.status.add(partial)

    def _tell_progress(self, title: str, progress: object) -> None:
        assert isinstance(progress, Progress)
        if self.body.status.stop.isEnabled():  # else it says that it is stopping
            self.body.status.tell(f"{title} – {progress.label}")

    def _finished(self, report: object) -> None:
        from facegui.services.learning.train import TrainReport

        assert isinstance(report, TrainReport)
        self.body.status.tell(tr("Done."))
        self.context.model.refresh()
        self.body.result.show_run(report.record, report.choice)
        if self._watch is not None:
            self._watch.run_ended(Path(report.record.bundle))
        if self._corrections is not None:
            self._corrections.offer(Path(report.record.bundle))

    def _failed(self, error: object) -> None:
        message = error.message if isinstance(error, FaceGuiError) else tr("An error ended it.")
        self.body.status.tell(message)

    def _ended(self) -> None:
        self.task = None
        self.body.status.set_running(running=False)
        self.body.interrupted.set_busy(busy=False)
        self.refresh()

    # The engine

    def _warm_engine(self) -> None:
        """Start TensorFlow while the owner still looks around."""
        if self._warm or self.task is not None:
            return
        self._warm = True
        engine, status = self.context.tools.trainer, self.body.status
        status.tell(tr("Starting TensorFlow…"))
        task = self.context.lanes.start(engine.warm, tr("Starting TensorFlow"), Lane.ENGINE)
        task.done.connect(lambda _: self._say_ready())
        task.failed.connect(self._failed)

    def _say_ready(self) -> None:
        if self.task is None:
            self.body.status.tell(tr("Ready to train."))

    # Earlier runs

    def _show_run(self, record: RunRecord) -> None:
        """Show an earlier run's curve and result, unless one is going on."""
        library = self.context.library
        if library is None or self.task is not None:
            return

        def read(_control: Control) -> object:
            from facegui.services.runs.records import read_curve

            return read_curve(library, record.id)

        task = self.context.lanes.start(read, tr("Reading the run"), Lane.QUERY)
        task.done.connect(lambda curve: self._show_curve(record, curve))

    def _show_curve(self, record: RunRecord, curve: object) -> None:
        if self.task is None:
            assert isinstance(curve, tuple)
            self.body.status.clear()
            self.body.status.add(curve)
            if self._watch is not None:
                self._watch.show_run(record, curve)
            self.body.result.show_run(record)
