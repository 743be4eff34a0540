"""How a training ended."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QDateTime, QLocale, Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QLabel,
    QPushButton,
    QWidget,
)

from facegui.domain.text import tr, trn
from facegui.domain.training import StopReason
from facegui.gui.flow import FlowLayout
from facegui.gui.theme import icon
from facegui.gui.train.status import duration, percent
from facegui.services.judging.score import Score
from facegui.services.learning.networks import title_of
from facegui.services.runs.models import Choice
from facegui.services.runs.records import RunRecord


def stop_words(reason: StopReason) -> str:
    """Why a run ended, in the owner's language."""
    return {
        StopReason.CONVERGED: tr("validation stopped getting better"),
        StopReason.TARGET: tr("the target was reached"),
        StopReason.LIMIT: tr("the limit of epochs or batches was reached"),
        StopReason.TIME: tr("its time was over"),
        StopReason.OWNER: tr("stopped by you"),
    }[reason]


class ResultCard(QFrame):
    """The accuracy of a run in large figures, what it means, and what to do next.

    Signals:
        recognise_requested: go and use it.
        results_requested: see what it got right and wrong; its `RunRecord`.
        use_requested: make its model the one in use; its `RunRecord`.
    """

    recognise_requested = Signal()
    results_requested = Signal(object)
    use_requested = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self._bundle, self._folded = Path(), False
        self._record: RunRecord | None = None
        self._choice: Choice | None = None
        self._used: str | None = None
        self.accuracy = QLabel()
        self.meaning, self.standing = QLabel(wordWrap=True), QLabel(wordWrap=True)
        self.details = QLabel(wordWrap=True)
        self.details.setForegroundRole(self.details.palette().ColorRole.PlaceholderText)
        for label in (self.meaning, self.details, self.standing):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.recognise = QPushButton(tr("Recognise a photo"))
        self.recognise.setProperty("primary", True)  # noqa: FBT003 - Qt's signature
        self.recognise.clicked.connect(self.recognise_requested)
        self.judge = QPushButton(tr("See its mistakes"))
        self.judge.clicked.connect(lambda: self.results_requested.emit(self._record))
        self.use = QPushButton(tr("Use this model"))
        self.use.setToolTip(tr("Recognise with it from now on"))
        self.use.clicked.connect(lambda: self.use_requested.emit(self._record))
        self.reveal = QPushButton(icon("folder"), tr("Show in folder"))
        self.reveal.clicked.connect(self._reveal)
        self._arrange()
        self.fold(folded=False)
        self.hide()

    def _arrange(self) -> None:
        self._buttons = QWidget()
        buttons = FlowLayout(8)
        self._buttons.setLayout(buttons)
        for button in (self.use, self.recognise, self.judge, self.reveal):
            buttons.addWidget(button)
        grid = self._grid = QGridLayout(self)
        grid.addWidget(self.accuracy, 0, 0, 2, 1, Qt.AlignmentFlag.AlignVCenter)
        grid.addWidget(self.meaning, 0, 1)
        grid.addWidget(self.details, 1, 1)
        grid.addWidget(self.standing, 2, 0, 1, 2)
        grid.setColumnStretch(1, 1)
        grid.setHorizontalSpacing(16)

    def fold(self, *, folded: bool) -> None:
        """Take one line, and leave the room to what stands below; the rest is in the tip."""
        font = self.font()
        font.setBold(True)
        if not folded:
            font.setPointSizeF(font.pointSizeF() * 2)
        self.accuracy.setFont(font)
        self._folded = folded
        if folded:
            self._grid.addWidget(self._buttons, 0, 1)
        else:  # below the words: beside them they would not fit
            self._grid.addWidget(self._buttons, 3, 0, 1, 2)
        self._grid.setContentsMargins(14, 4 if folded else 10, 14, 4 if folded else 10)
        self._tell_standing()

    def show_used(self, run_id: str | None) -> None:
        """The model of that run is the one in use."""
        self._used = run_id
        self._tell_standing()

    def _tell_standing(self) -> None:
        used = self._record is not None and self._record.id == self._used
        words = tr("In use.") if used else tr("Not in use.")
        if self._choice is not None and self._choice.used is used:
            words += f" {self._choice.reason}"
        self.standing.setText(words)
        self.use.setVisible(not used)
        self.recognise.setVisible(used)  # it is the model in use that recognises
        for widget in (self.meaning, self.details, self.judge, self.reveal):
            widget.setVisible(not self._folded)
        self.standing.setVisible(not (self._folded and used))
        self.setToolTip(f"{self.meaning.text()}\n{self.details.text()}" if self._folded else "")

    def show_run(self, record: RunRecord, choice: Choice | None = None) -> None:
        """Show how *record* ended, and for one that has just done so what was chosen."""
        metrics = record.metrics
        self._record, self._choice = record, choice
        if choice is not None and choice.used:
            self._used = record.id
        self._bundle = Path(record.bundle)
        self.accuracy.setText(percent(record.accuracy))
        score = Score(round(record.accuracy * metrics.judged_count), metrics.judged_count)
        self.meaning.setText(
            trn(
                "of {n} face that it did not learn from was named right "
                "(95 % interval {interval}),",
                "of {n} faces that it did not learn from were named right "
                "(95 % interval {interval}),",
                metrics.judged_count,
                interval=score.interval_words,
            )
            + " "
            + tr(
                "{accuracy} when it may also say “unknown”.",
                accuracy=percent(record.accuracy_with_unknown),
            )
        )
        self.details.setText(
            " · ".join(
                (
                    title_of(record.config.network),
                    trn("{n} person", "{n} people", len(record.people)),
                    trn("{n} batch", "{n} batches", metrics.steps),
                    duration(record.seconds),
                    stop_words(metrics.stopped_by),
                )
            )
            + f"\n{record.bundle}"
        )
        self._tell_standing()
        self.show()

    def _reveal(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._bundle.parent)))


def when(created: str) -> str:
    """A run's beginning in the owner's time and format."""
    local = QDateTime.fromString(created, Qt.DateFormat.ISODate).toLocalTime()
    return QLocale().toString(local, QLocale.FormatType.ShortFormat)
