"""The checks of a run that train anew: every face, leaks, and what more photos would bring."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from facegui.domain.text import tr, trn
from facegui.domain.training import TrainConfig
from facegui.gui.flow import FlowLayout
from facegui.gui.train.results.loaded import Loaded
from facegui.gui.train.results.plot import Dot, Line, Plot
from facegui.services.judging.leak import FOLDS as LEAK_FOLDS
from facegui.services.judging.learning_curve import FRACTIONS, SEEDS
from facegui.services.judging.learning_gain import Gain, LearningCurve, learning_meaning
from facegui.services.judging.out_of_fold import FOLDS, MOST_FOLDS
from facegui.services.learning.networks import default_config, title_of

FAST = "face-transfer"
_MINUTE_S = 60
_BOTTOMS = (0.0, 0.5, 0.75, 0.9)  # of the chart, for round figures at its side
_OVERHEAD_S, _FAST_S = 0.3, 0.5  # of each training in the engine; of a whole fast one


class _Card(QFrame):
    """A title, what it is about, a row of controls, and what came of it."""

    def __init__(self, title: str, about: str, button: str) -> None:
        super().__init__()
        self.setObjectName("card")
        head = QLabel(title)
        font = head.font()
        font.setBold(True)
        head.setFont(font)
        words = QLabel(about, wordWrap=True)
        words.setForegroundRole(words.palette().ColorRole.PlaceholderText)
        self.start = QPushButton(button)
        self.time = QLabel()
        self.time.setForegroundRole(self.time.palette().ColorRole.PlaceholderText)
        self.found = QLabel(wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        self.found.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.controls = FlowLayout(8)
        for widget in (self.start, self.time):
            self.controls.addWidget(widget)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(14, 12, 14, 12)
        self.column.setSpacing(8)
        self.column.addWidget(head)
        self.column.addWidget(words)
        self.column.addLayout(self.controls)
        self.column.addWidget(self.found)

    def add_control(self, label: str, widget: QWidget) -> None:
        """A setting with its label before the button."""
        holder = QWidget()
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 0, 0, 0)
        words = QLabel(label)
        words.setBuddy(widget)
        row.addWidget(words)
        row.addWidget(widget)
        self.controls.insertWidget(0, holder)

    def expect(self, trainings: int, seconds: float) -> None:
        """Say how long so many trainings take if one takes *seconds*."""
        about = _roughly(trainings * (seconds + _OVERHEAD_S))
        self.time.setText(tr("{n} trainings, about {time}", n=trainings, time=about))

    def tell(self, words: str) -> None:
        """Say what came of it."""
        self.found.setText(words)
        self.found.setVisible(bool(words))


class ChecksPage(QScrollArea):
    """Three cards below one another.

    Signals:
        every_face_requested: in so many folds.
        wrong_names_requested: show the names that are likely wrong.
        leak_requested: compare the splits.
        curve_requested: learn from parts, with this `TrainConfig`.
    """

    every_face_requested = Signal(int)
    wrong_names_requested = Signal()
    leak_requested = Signal()
    curve_requested = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._loaded: Loaded | None = None
        self.every_face = _Card(
            tr("Check every face"),
            tr(
                "Deals all faces into folds, and asks about each fold a network that learned from "
                "the others. Then every face has an honest probability, and wrong names show."
            ),
            tr("Check every face"),
        )
        self.leak = _Card(
            tr("Leak check"),
            tr(
                "Judges the same faces twice: with copies of a picture on one side of the split, "
                "and dealt out at random, so that copies of test faces may be learned from."
            ),
            tr("Check for leaks"),
        )
        self.curve = _Card(
            tr("What more photos would bring"),
            tr("Learns from 25, 50, 75 and 100 % of the faces, and tests with the same ones."),
            tr("Learn from parts"),
        )
        self.wrong_names = QPushButton(tr("Show wrong names"))
        self.wrong_names.clicked.connect(self.wrong_names_requested)
        self.every_face.column.addWidget(self.wrong_names, 0, Qt.AlignmentFlag.AlignLeft)
        self._add_settings()
        self.plot = Plot(tr("Faces of each person to learn from"), tr("Named right"))
        self.plot.setFixedHeight(260)
        self.gains = QLabel(wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        self.gains.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.curve.column.addWidget(self.plot)
        self.curve.column.addWidget(self.gains)
        self._assemble()

    def _add_settings(self) -> None:
        self.folds = QSpinBox(minimum=2, maximum=MOST_FOLDS)
        self.folds.setValue(FOLDS)
        self.folds.valueChanged.connect(lambda _value: self._tell_times())
        self.every_face.add_control(tr("Folds"), self.folds)
        self.network = QComboBox()
        self.network.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.network.currentIndexChanged.connect(lambda _index: self._tell_times())
        self.curve.add_control(tr("Network"), self.network)
        self.every_face.start.clicked.connect(
            lambda: self.every_face_requested.emit(self.folds.value())
        )
        self.leak.start.clicked.connect(self.leak_requested)
        self.curve.start.clicked.connect(
            lambda: self.curve_requested.emit(self.network.currentData())
        )

    def _assemble(self) -> None:
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 6, 0)
        column.setSpacing(10)
        for card in (self.every_face, self.leak, self.curve):
            column.addWidget(card)
        column.addStretch(1)
        self.setWidget(inside)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def show_loaded(self, loaded: Loaded) -> None:
        """Show what is known of a run."""
        self._loaded = loaded
        self._offer_networks(loaded.record.config)
        self.every_face.tell(_folds_words(loaded))
        self.wrong_names.setVisible(loaded.doubted > 0)
        self.leak.tell(_leak_words(loaded))
        self._show_curve(loaded.curve)
        self._tell_times()

    def set_running(self, *, running: bool) -> None:
        """Whether a check goes on, so that no other can begin."""
        for card in (self.every_face, self.leak, self.curve):
            card.start.setEnabled(not running)

    def _offer_networks(self, own: TrainConfig) -> None:
        """A fast one, and the run's own where that is another."""
        self.network.blockSignals(True)  # noqa: FBT003 - Qt's signature
        chosen = self.network.currentText()
        self.network.clear()
        self.network.addItem(title_of(FAST), own if own.network == FAST else default_config(FAST))
        if own.network != FAST:
            self.network.addItem(title_of(own.network), own)
        self.network.setCurrentIndex(max(0, self.network.findText(chosen)))
        self.network.blockSignals(False)  # noqa: FBT003

    def _tell_times(self) -> None:
        if self._loaded is None:
            return
        record = self._loaded.record
        seconds = record.metrics.seconds
        self.every_face.expect(self.folds.value(), seconds)
        self.leak.expect(2 * LEAK_FOLDS, seconds)
        config = self.network.currentData()
        fast = isinstance(config, TrainConfig) and config.network != record.config.network
        self.curve.expect(SEEDS * len(FRACTIONS), _FAST_S if fast else seconds)

    def _show_curve(self, curve: LearningCurve | None) -> None:
        for widget in (self.plot, self.gains):
            widget.setVisible(curve is not None)
        if curve is None:
            self.curve.tell("")
            return
        title = title_of(curve.network)
        self.curve.tell(tr("{network}: {meaning}", network=title, meaning=learning_meaning(curve)))
        self.gains.setText("\n".join(_gain_words(curve, gain) for gain in curve.gains))
        overall = [
            Dot(size, score.accuracy, *score.interval)
            for size, score in zip(curve.sizes, curve.scores, strict=True)
        ]
        people = [
            Line([Dot(x, y, y, y) for x, y in zip(curve.sizes, recall, strict=True)], faint=True)
            for recall in map(curve.recall, range(len(curve.people)))
            if recall
        ]
        lowest = min((dot.low for line in (*people, Line(overall)) for dot in line.dots), default=0)
        ticks = [(size, f"{size:.0f}") for size in curve.sizes]
        self.plot.show_lines(
            [*people, Line(overall)],
            ticks,
            bottom=max(bottom for bottom in _BOTTOMS if bottom <= max(0.0, lowest)),
            words=learning_meaning(curve),
        )


def _roughly(seconds: float) -> str:
    """A time that is only guessed, without false precision."""
    if seconds < _MINUTE_S:
        return tr("{n} s", n=max(1, round(seconds)))
    return trn("{n} minute", "{n} minutes", round(seconds / _MINUTE_S))


def _gain_words(curve: LearningCurve, gain: Gain) -> str:
    """What more faces would bring, and how often the person was known with few and with all."""
    recall = curve.recall(curve.people.index(gain.name))
    few, all_of_them = (f"{share * 100:.0f} %" for share in (recall[0], recall[-1]))
    return tr("{gain}. Recall: {few} → {all}.", gain=gain.words, few=few, all=all_of_them)


def _folds_words(loaded: Loaded) -> str:
    done, of = loaded.folds
    if not of:
        return ""
    words = tr("Every face has been checked, in {n} folds.", n=of)
    if done < of:
        words = tr("{n} of {m} folds are done; with as many folds it goes on.", n=done, m=of)
    if loaded.honest is None:
        return words
    accuracy = tr("Accuracy out of fold: {score}.", score=loaded.honest.words)
    doubted = trn("{n} name is likely wrong.", "{n} names are likely wrong.", loaded.doubted)
    return f"{words}\n{accuracy} {doubted}"


def _leak_words(loaded: Loaded) -> str:
    if loaded.leak is None:
        return ""
    picture = tr("Split by picture: {score}", score=loaded.leak.by_picture.words)
    face = tr("Split at random: {score}", score=loaded.leak.by_face.words)
    return f"{picture}\n{face}\n{loaded.leak.meaning}"
