"""The tab: which run, which of its faces, and a view for each question about them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QStackedWidget,
    QTabBar,
    QVBoxLayout,
    QWidget,
)

from facegui.domain.control import Control, Stop
from facegui.domain.errors import Cancelled, LibraryError
from facegui.domain.text import tr
from facegui.domain.training import TrainConfig
from facegui.gui.context import AppContext
from facegui.gui.flow import FlowLayout
from facegui.gui.lanes import Lane
from facegui.gui.review.asker import Asker
from facegui.gui.review.empty_state import EmptyState, Reason, Remedy
from facegui.gui.task import Task
from facegui.gui.train.results.all_faces import AllFacesPage
from facegui.gui.train.results.calibration import CalibrationPage
from facegui.gui.train.results.checks import ChecksPage
from facegui.gui.train.results.confusion import ConfusionPage
from facegui.gui.train.results.faces import FaceGrid, face_cases
from facegui.gui.train.results.loaded import Loaded, load
from facegui.gui.train.results.mislabels import MislabelView
from facegui.gui.train.results.people import PeopleTable
from facegui.gui.train.results.run_choice import RunChoice
from facegui.services.judging.judge import Judgement, RunResults, Side, judge
from facegui.services.judging.leak import check_leak
from facegui.services.judging.learning_curve import LearningCurveRequest, learn_from_parts
from facegui.services.judging.out_of_fold import OutOfFoldReport, OutOfFoldRequest, check_every_face
from facegui.services.libraries import Library
from facegui.services.runs.models import model_path
from facegui.services.runs.records import RunRecord

_Check = Callable[[Library, RunRecord, Control], object]


class ResultsTab(QWidget):
    """A run judged; it reads the run's folder only while it is in front.

    Signals:
        train_requested: there is nothing to judge yet, or something has changed since.
    """

    train_requested = Signal()

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self.task: Task | None = None
        self._loaded: Loaded | None = None
        self._judgement: Judgement | None = None
        self._stale: set[QWidget] = set()  # views that do not show the judgement yet
        self._asker = Asker(context.lanes, self)
        self._asker.answered.connect(self._take)
        self._make_head()
        self.confusion, self.people = ConfusionPage(context), PeopleTable()
        self.mistakes, self.calibration = FaceGrid(context), CalibrationPage()
        self.all_faces, self.checks = AllFacesPage(context), ChecksPage()
        self.wrong_names = MislabelView(context)
        self._connect()
        self._assemble()
        context.rows_changed.connect(self._follow)
        self.show_library(context.library)

    # Widgets

    def _make_head(self) -> None:
        self.runs, self.side = RunChoice(self), QComboBox()
        self.runs.chosen.connect(self.refresh)
        self.side.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.side.setAccessibleName(tr("Faces to judge by"))
        self.side.activated.connect(lambda _index: self._judge())
        self.score = QLabel()
        font = self.score.font()
        font.setBold(True)
        self.score.setFont(font)
        self.history = QLabel(wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        self.pending = QLabel(wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        self.pending.setFixedHeight(2 * self.fontMetrics().lineSpacing())  # nothing moves for news
        self.corrections = QPushButton(tr("Corrections…"))
        self.corrections.setToolTip(tr("Ask this model about the faces that you corrected"))
        self.corrections.clicked.connect(self._ask_about_corrections)
        self.unknown = QPushButton(tr("How sure is sure enough…"))
        self.unknown.setToolTip(tr("Move the line between a name and “unknown”"))
        self.unknown.clicked.connect(self._ask_for_line)
        self.train = QPushButton(tr("Train again"))
        policy = self.train.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self.train.setSizePolicy(policy)
        self.train.clicked.connect(self.train_requested)

    def _connect(self) -> None:
        self.checks.every_face_requested.connect(self.check_every_face)
        self.checks.wrong_names_requested.connect(
            lambda: self.views.setCurrentIndex(self._stack.indexOf(self.wrong_names))
        )
        self.checks.leak_requested.connect(self._check_leak)
        self.checks.curve_requested.connect(self._learn_from_parts)
        self.wrong_names.check_requested.connect(
            lambda: self.check_every_face(self.checks.folds.value())
        )

    def _assemble(self) -> None:
        self.views = QTabBar(drawBase=False, expanding=False, usesScrollButtons=True)
        self.views.setAccessibleName(tr("Views of the results"))
        self._stack = QStackedWidget()
        for title, view in (
            (tr("Confusion"), self.confusion),
            (tr("People"), self.people),
            (tr("Mistakes"), self.mistakes),
            (tr("Calibration"), self.calibration),
            (tr("All faces"), self.all_faces),
            (tr("Wrong names"), self.wrong_names),
            (tr("Checks"), self.checks),
        ):
            self.views.addTab(title)
            self._stack.addWidget(view)
        self.views.currentChanged.connect(self._show_view)
        head, news = FlowLayout(8), QHBoxLayout()
        head.addWidget(self.runs.box)
        head.addWidget(self.side)
        head.addWidget(self.score)
        head.addWidget(self.unknown)
        head.addWidget(self.corrections)
        news.addWidget(self.pending, 1)
        news.addWidget(self.runs.newer)
        news.addWidget(self.train)
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(8, 8, 8, 8)
        column.setSpacing(8)
        column.addLayout(head)
        column.addWidget(self.history)
        column.addLayout(news)
        column.addWidget(self.views)
        column.addWidget(self._stack, 1)
        self.empty = EmptyState()
        self.empty.remedy_chosen.connect(lambda _remedy: self.train_requested.emit())
        self._pages = QStackedWidget()
        for widget in (QWidget(), body, self.empty):
            self._pages.addWidget(widget)
        page = QVBoxLayout(self)
        page.setContentsMargins(0, 0, 0, 0)
        page.addWidget(self._pages)

    def keys(self) -> Sequence[tuple[str, str]]:
        """Keys of the view in front, for the sheet on F1: (key, what it does)."""
        view = self._stack.currentWidget()
        if view is self.wrong_names:
            return self.wrong_names.keys()
        if view is self.confusion:
            return ((tr("Enter"), tr("Show the faces of the cell")),)
        if view in (self.mistakes, self.all_faces):
            return ((tr("Enter"), tr("Show the face in Review")),)
        return ()

    # Which run

    @property
    def record(self) -> RunRecord | None:
        """The run that is shown."""
        return self.runs.record

    def show_library(self, library: Library | None) -> None:
        """Another library is open, or none: show nothing of the last one."""
        if self.task is not None:
            self.task.stop(Stop.DISCARD)
        self._loaded, self._judgement = None, None
        self.runs.clear()
        self._asker.set_library(library)
        self.confusion.set_library(library)
        self.mistakes.set_library(library)
        self.wrong_names.show_library(library)
        self._pages.setCurrentIndex(0)

    def show_runs(self, runs: Sequence[RunRecord]) -> None:
        """Offer *runs*, newest first; what the owner chose, or has checked now, stays."""
        self.runs.show_runs(runs, stay=self.task is not None)
        self.refresh()

    def choose(self, record: RunRecord) -> None:
        """Show *record*, if it is still there."""
        self.runs.choose(record)

    def refresh(self) -> None:
        """Read the chosen run anew, while the tab is in front."""
        record = self.record
        if not self.isVisible():
            return
        if record is None:
            self._say_empty(
                tr("No results yet"),
                tr("Train a network, and see here what it got right and wrong."),
            )
            return
        self._asker.ask_again(lambda: partial(_load, record=record))

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.refresh()

    def _follow(self, _change: object) -> None:
        if self.isVisible() and self.record is not None:
            self.refresh()

    def _ask_about_corrections(self) -> None:
        if self.record is not None:
            self._context.corrections_requested.emit(Path(self.record.bundle))

    # What it got right

    def _take(self, answer: object) -> None:
        assert isinstance(answer, Loaded)
        if self.record is None or answer.record.id != self.record.id:
            return
        self._loaded = answer
        if answer.results is None:
            self._say_empty(tr("The results of this run have gone"), answer.fault)
            return
        self._pages.setCurrentIndex(1)
        self.history.setText(answer.history)
        self.history.setVisible(bool(answer.history))
        self.pending.setText(answer.pending)
        self.train.setVisible(bool(answer.pending))
        self._offer_sides(answer.results)
        self.checks.show_loaded(answer)
        self._stale.add(self.wrong_names)
        self._judge()

    def _offer_sides(self, results: RunResults) -> None:
        chosen = self.side.currentData()
        self.side.clear()
        for side in results.sides:
            self.side.addItem(_side_words(side), side)
        self.side.setCurrentIndex(max(0, self.side.findData(chosen)))

    def _judge(self) -> None:
        results = self._loaded.results if self._loaded is not None else None
        side = self.side.currentData()
        if results is None or not isinstance(side, Side):
            return
        self._judgement = judge(results, side)
        self._stale |= {self.confusion, self.people, self.mistakes}
        self._stale |= {self.calibration, self.all_faces}
        self.score.setText(self._judgement.score.words)
        self._show_view(self.views.currentIndex())

    def _show_view(self, index: int) -> None:
        """Bring a view to the front, and fill it if it does not show this judgement yet."""
        self._stack.setCurrentIndex(index)
        view, judgement = self._stack.currentWidget(), self._judgement
        if judgement is None or self._loaded is None or view not in self._stale:
            return
        self._stale.discard(view)
        results = self._loaded.results
        assert results is not None, "it has been judged"
        if view is self.confusion:
            self.confusion.show_results(results, judgement)
        elif view is self.people:
            self.people.show_judgement(judgement)
        elif view is self.mistakes:
            cases = face_cases(results, judgement, judgement.mistakes)
            self.mistakes.show_cases(_mistake_words(judgement), cases)
        elif view is self.calibration:
            self.calibration.show_judgement(judgement)
        elif view is self.all_faces:
            self.all_faces.show_results(results, judgement)
        else:
            self.wrong_names.show_run(self._loaded.record)

    def _ask_for_line(self) -> None:
        """Show the line of the run's model: the published one, if there is."""
        library, record = self._context.library, self.record
        if library is not None and record is not None:
            published = model_path(library, record.id)
            model = published if published.exists() else Path(record.bundle)
            self._context.unknown_requested.emit(model)

    def _say_empty(self, title: str, text: str) -> None:
        self.empty.tell(Reason(Remedy.SHOW_ALL, "train", title, text, tr("Train first")))
        self._pages.setCurrentIndex(2)

    # Checks

    def check_every_face(self, folds: int) -> None:
        """Ask networks that have not learned from a face about it, for every face."""
        tools = self._context.tools
        self._start(
            tr("Checking every face"),
            lambda library, record, control: check_every_face(
                library, tools, OutOfFoldRequest(record, folds), control
            ),
        )

    def _check_leak(self) -> None:
        tools = self._context.tools
        self._start(
            tr("Leak check"),
            lambda library, record, control: check_leak(library, tools, record, control),
        )

    def _learn_from_parts(self, config: TrainConfig) -> None:
        tools = self._context.tools
        self._start(
            tr("Learning from parts"),
            lambda library, record, control: learn_from_parts(
                library, tools, LearningCurveRequest(record, config), control
            ),
        )

    def _start(self, label: str, check: _Check) -> None:
        """Run *check* on the chosen run; one at a time, and behind a training that goes on."""
        library, record = self._context.library, self.record
        if library is None or record is None or self.task is not None:
            return

        def job(control: Control) -> object:
            try:
                return check(library, record, control)
            except LibraryError as error:
                if control.cancelled() is Stop.DISCARD:  # discarded because it was closed
                    raise Cancelled from error
                raise

        self.checks.set_running(running=True)
        self.task = self._context.lanes.start(job, label, Lane.ENGINE, visible=True)
        self.task.done.connect(self._tell_kept)
        self.task.cancelled.connect(lambda: self._tell_stopped(library, label))
        self.task.ended.connect(self._ended)

    def _tell_kept(self, found: object) -> None:
        """A check of every face that was stopped keeps the folds that it finished."""
        if isinstance(found, OutOfFoldReport) and found.done < found.folds:
            words = tr(
                "Stopped: {n} of {m} folds are kept, with {checked} of {faces} faces checked.",
                n=found.done,
                m=found.folds,
                checked=found.checked,
                faces=found.faces,
            )
            self._context.notice.emit(words, tr("Check every face again to go on from there."))

    def _tell_stopped(self, library: Library, label: str) -> None:
        if self._context.library is library:  # or it was closed
            self._context.notice.emit(tr("{check}: stopped, nothing was kept.", check=label), "")

    def _ended(self) -> None:
        self.task = None
        self.checks.set_running(running=False)
        self.refresh()


def _load(library: Library, record: RunRecord) -> Loaded:
    return load(library, record)


def _side_words(side: Side) -> str:
    return {
        Side.TEST: tr("Test faces"),
        Side.OUT_OF_FOLD: tr("Every face, out of fold"),
        Side.VALIDATION: tr("Validation faces"),
        Side.TRAIN: tr("Training faces"),
    }[side]


def _mistake_words(judgement: Judgement) -> str:
    if not len(judgement.mistakes):
        return tr("No face got a wrong name.")
    return tr("The surest mistakes first. Enter shows a face in Review.")
