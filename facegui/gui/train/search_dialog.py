"""The window in which better hyper-parameters are looked for, a row for each trial."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPushButton,
    QSpinBox,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from facegui.domain.control import Control, Stop
from facegui.domain.errors import FaceGuiError, LibraryError
from facegui.domain.search import SearchResult, Trial, Tunable
from facegui.domain.text import tr, trn
from facegui.domain.training import TrainConfig
from facegui.gui.context import AppContext
from facegui.gui.flow import FlowLayout
from facegui.gui.lanes import Lane
from facegui.gui.task import Task
from facegui.gui.train.settings import SettingsPanel
from facegui.gui.train.status import duration, percent
from facegui.services.learning.search import SearchRequest, last_search, tunables, with_best

_SIZE_PX = (820, 480)
_MINUTES = 5
_TICKED = (Tunable.LEARNING_RATE, Tunable.DROPOUT, Tunable.WEIGHT_DECAY)
_ROLE = Qt.ItemDataRole.UserRole


class SearchDialog(QDialog):
    """Begins and ends a search; the settings of the best trial, or any other, can be taken over.

    Signals:
        chosen: the `TrainConfig` that the owner wants to go on with.
    """

    chosen = Signal(object)

    def __init__(
        self, context: AppContext, settings: SettingsPanel, parent: QWidget | None = None
    ) -> None:
        """For the network and the split of *settings*, starting from what is set there."""
        super().__init__(parent)
        self.setWindowTitle(tr("Search settings: {network}", network=settings.choice.title))
        self.resize(*_SIZE_PX)
        self._context = context
        self._config, self._split = settings.config(), settings.split()
        self.task: Task | None = None
        self._begun = False
        self._make_choices()
        self._make_table()
        self._make_buttons()
        self.said = QLabel(wordWrap=True)
        self.said.setTextFormat(Qt.TextFormat.PlainText)
        layout = QVBoxLayout(self)
        layout.addWidget(
            QLabel(
                tr(
                    "The network is trained again and again with other settings. The ones with the "
                    "lowest validation loss win; the faces to test with are not looked at."
                ),
                wordWrap=True,
            )
        )
        layout.addLayout(self._choices)
        layout.addWidget(self.table, 1)
        layout.addWidget(self.said)
        layout.addLayout(self._buttons)
        self._read_last()
        self._allow()

    def done(self, result: int) -> None:
        """A search ends with its window; the trials that are done are remembered."""
        super().done(result)
        if self.task is None:
            self.deleteLater()
        else:  # which still tells how it ends
            self.task.ended.connect(self.deleteLater)
            self._stop()

    def _make_choices(self) -> None:
        titles = {
            Tunable.LEARNING_RATE: tr("learning rate"),
            Tunable.OPTIMIZER: tr("optimiser"),
            Tunable.BATCH_SIZE: tr("batch size"),
            Tunable.DROPOUT: tr("dropout"),
            Tunable.WEIGHT_DECAY: tr("weight decay"),
            Tunable.LABEL_SMOOTHING: tr("label smoothing"),
            Tunable.AUGMENTATION: tr("augmentation"),
        }
        self.ticks = {kind: QCheckBox(titles[kind]) for kind in tunables(self._config.network)}
        self.minutes = QSpinBox(minimum=1, maximum=24 * 60, value=_MINUTES, suffix=tr(" min"))
        self.minutes.setAccessibleName(tr("Time for the whole search"))
        self._choices = FlowLayout(10)
        for kind, tick in self.ticks.items():
            tick.setChecked(kind in _TICKED)
            tick.toggled.connect(self._allow)
            self._choices.addWidget(tick)
        self._choices.addWidget(self.minutes)

    def _make_table(self) -> None:
        self.table = QTreeWidget()
        self.table.setAccessibleName(tr("Trials"))
        self.table.setRootIsDecorated(False)
        self.table.setUniformRowHeights(True)
        self.table.setHeaderLabels(
            [tr("Trial"), tr("Loss"), tr("Accuracy"), tr("Took"), tr("Settings")]
        )
        self.table.header().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        self.table.itemSelectionChanged.connect(self._allow)
        self.table.itemDoubleClicked.connect(lambda _item, _column: self._take())

    def _make_buttons(self) -> None:
        self.start = QPushButton(tr("Search"))
        self.start.setProperty("primary", True)  # noqa: FBT003 - Qt's signature
        self.start.clicked.connect(self._start)
        self.stop = QPushButton(tr("Stop and keep"))
        self.stop.clicked.connect(self._stop)
        self.take = QPushButton(tr("Take these settings"))
        self.take.setToolTip(tr("Those of the chosen row, or of the best one"))
        self.take.clicked.connect(self._take)
        close = QPushButton(tr("Close"))
        close.clicked.connect(self.reject)
        self._buttons = QHBoxLayout()
        for button in (self.start, self.stop):
            self._buttons.addWidget(button)
        self._buttons.addStretch(1)
        for button in (self.take, close):
            self._buttons.addWidget(button)

    def _start(self) -> None:
        library, tools = self._context.library, self._context.tools
        if library is None or self.task is not None:
            return
        chosen = tuple(kind for kind, tick in self.ticks.items() if tick.isChecked())
        request = SearchRequest(self._config, self._split, chosen, self.minutes.value() * 60.0)

        def job(control: Control) -> object:
            from facegui.services.learning.search import search

            return search(library, tools, request, control)

        self._begun = True
        self.table.clear()
        self.said.setText(tr("Starting…"))
        task = self.task = self._context.lanes.start(
            job, tr("Searching settings"), Lane.ENGINE, visible=True
        )
        task.partial_arrived.connect(self._add)
        task.done.connect(self._finished)
        task.failed.connect(self._failed)
        task.cancelled.connect(lambda: self.said.setText(tr("Stopped before a trial was done.")))
        task.ended.connect(self._ended)
        self._allow()

    def _stop(self) -> None:
        if self.task is not None:
            self.task.stop(Stop.KEEP)

    def _add(self, trial: object) -> None:
        if isinstance(trial, Trial):
            self._show_trial(trial)
            self._tell_best()

    def _finished(self, result: object) -> None:
        assert isinstance(result, SearchResult)
        self._tell_best()

    def _failed(self, error: object) -> None:
        self.said.setText(str(error) if isinstance(error, FaceGuiError) else tr("It failed."))

    def _ended(self) -> None:
        self.task = None
        self._allow()

    def _read_last(self) -> None:
        """Ask for what the last search of this network found."""
        library, network = self._context.library, self._config.network
        if library is None:
            return

        def read(_control: Control) -> object:
            try:
                return last_search(library, network)
            except LibraryError:
                return None  # closed meanwhile

        task = self._context.lanes.start(read, tr("Reading the last search"), Lane.QUERY)
        task.done.connect(self._show_last)

    def _show_last(self, found: object) -> None:
        """Show *found*, unless another search has begun meanwhile."""
        if isinstance(found, SearchResult) and found.trials and not self._begun:
            for trial in found.trials:
                self._show_trial(trial)
            self._tell_best()

    def _show_trial(self, trial: Trial) -> None:
        item = QTreeWidgetItem(
            [
                str(trial.number),
                tr("astray") if trial.loss is None else f"{trial.loss:.4f}",
                percent(trial.accuracy),
                duration(trial.seconds),
                ", ".join(_changes(self._config, trial.config)) or tr("as they are"),
            ]
        )
        item.setData(0, _ROLE, trial)
        self.table.addTopLevelItem(item)

    def _tell_best(self) -> None:
        trials = self._trials()
        best = SearchResult(tuple(trials)).best
        alike = sum(trial.accuracy == best.accuracy for trial in trials)
        for item in self._rows():
            font = item.font(0)
            font.setBold(item.data(0, _ROLE) is best)
            for column in range(self.table.columnCount()):
                item.setFont(column, font)
        told = tr(
            "Best so far: trial {n}, {accuracy} of the validation faces right.",
            n=best.number,
            accuracy=percent(best.accuracy),
        )
        if alike > 1:
            told += " " + trn(
                "{n} trial is as often right: these faces can hardly tell them apart.",
                "{n} trials are as often right: these faces can hardly tell them apart.",
                alike,
            )
        self.said.setText(told)
        self._allow()

    def _trials(self) -> Sequence[Trial]:
        return [item.data(0, _ROLE) for item in self._rows()]

    def _rows(self) -> Sequence[QTreeWidgetItem]:
        items = (self.table.topLevelItem(row) for row in range(self.table.topLevelItemCount()))
        return [item for item in items if item is not None]

    def _take(self) -> None:
        """Hand over the settings of the chosen trial, or of the best, and go."""
        chosen = [item.data(0, _ROLE) for item in self.table.selectedItems()]
        trial = chosen[0] if chosen else SearchResult(tuple(self._trials())).best
        self.chosen.emit(with_best(self._config, trial))
        self.accept()

    def _allow(self) -> None:
        running = self.task is not None
        ticked = any(tick.isChecked() for tick in self.ticks.values())
        self.start.setEnabled(not running and ticked)
        self.stop.setEnabled(running)
        self.take.setEnabled(bool(self._trials()))


def _changes(one: TrainConfig, other: TrainConfig) -> list[str]:
    """What *other* has that *one* has not."""
    from facegui.services.runs.words import config_in_words

    before, after = config_in_words(one), config_in_words(other)
    return [f"{title} {text}" for title, text in after.items() if before[title] != text]
