"""What a training does right now, in figures, and the ways to pause and to stop it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from facegui.domain.text import tr
from facegui.domain.training import CurvePoint, TrainConfig
from facegui.gui.flow import FlowLayout
from facegui.gui.theme import icon
from facegui.gui.train.discard import DiscardButton
from facegui.gui.train.left import Forecast, Left

_NOTHING = "–"
_RATE_WINDOW = 50
_WIDE_PX = 560
_GAP_PX = 10


def _widest() -> dict[str, str]:
    """For each figure a text as wide as it gets: its room is kept, so that nothing jumps."""
    return {
        "step": "999,999",
        "epoch": "9,999",
        "rate": "9,999",
        "elapsed": duration(3599),
        "left": tr("{time}, at most {most}", time=duration(3599), most=duration(3599)),
        "learning": "0.000125",
        "best": tr("{accuracy} at batch {step}", accuracy=percent(0.999), step="999,999"),
    }


class RunStatus(QWidget):
    """State, step, epoch, rate, elapsed time, how good the best weights are; what ends it.

    Signals:
        pause_requested: True to wait, False to go on.
        keep_requested: end now with the best so far.
        discard_requested: end as if it had never run.
    """

    pause_requested = Signal(bool)
    keep_requested = Signal()
    discard_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._last: list[CurvePoint] = []
        self._best: CurvePoint | None = None
        self._forecast: Forecast | None = None
        self.state = QLabel()
        font = self.state.font()
        font.setBold(True)
        self.state.setFont(font)
        self._figures = {key: QLabel(_NOTHING) for key in _widest()}
        self._figures["left"].setToolTip(
            tr("The first time holds if it gets no better from now on, the second in any case.")
        )
        self.pause = QPushButton(tr("Pause"))
        self.pause.setCheckable(True)
        self.pause.setToolTip(tr("Leave the processor to something else for a while (P)"))
        self.pause.toggled.connect(self._pause)
        self.stop = QPushButton(icon("stop", 14), tr("Stop and keep"))
        self.stop.setToolTip(tr("End now with the best network so far"))
        self.stop.clicked.connect(self._keep)
        self.discard = DiscardButton()
        self.discard.setToolTip(tr("End now and keep nothing of this run"))
        self.discard.confirmed.connect(self._discard)
        self.state.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._head = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._head.addWidget(self.state, 1)
        self._head.addLayout(self._buttons())
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addLayout(self._head)
        layout.addLayout(self._titled())
        self.set_running(running=False)

    def _buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        for button in (self.pause, self.stop, self.discard):
            policy = button.sizePolicy()
            policy.setRetainSizeWhenHidden(True)
            button.setSizePolicy(policy)
            row.addWidget(button)
        row.addStretch(1)
        return row

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        wide = self.width() >= _WIDE_PX
        ways = QBoxLayout.Direction
        self._head.setDirection(ways.LeftToRight if wide else ways.TopToBottom)

    def tell(self, text: str) -> None:
        """Say in a few words what is going on."""
        self.state.setText(text)
        self.state.setToolTip(text)

    def set_running(self, *, running: bool) -> None:
        """Whether there is something to stop."""
        self.discard.relax()
        self._show_paused(paused=False)
        for button in (self.pause, self.stop, self.discard):
            button.setVisible(running)
            button.setEnabled(running)
        if not running:
            self._forecast = None
            self._figures["left"].setText(_NOTHING)

    def follow(self, config: TrainConfig) -> None:
        """A run of *config* begins; from now on say how long it may take."""
        self._forecast = Forecast(config)

    def seconds_left(self) -> float | None:
        """Until the run ends at the latest; None while no limit tells."""
        return None if self._forecast is None else self._forecast.left().most

    def clear(self) -> None:
        """Forget the figures of the last run."""
        self._last, self._best, self._forecast = [], None, None
        self.discard.seconds = 0.0
        for label in self._figures.values():
            label.setText(_NOTHING)

    def add(self, points: Sequence[CurvePoint]) -> None:
        """Show where *points* have brought the run."""
        if not points:
            return
        self._last = [*self._last, *points][-_RATE_WINDOW:]
        for point in points:
            if point.validation_loss is not None:
                best = self._best.validation_loss if self._best else None
                if best is None or point.validation_loss < best:
                    self._best = point
        now = self._last[-1]
        self.discard.seconds = now.seconds
        self._figures["step"].setText(f"{now.step:,}")
        self._figures["epoch"].setText(f"{now.epoch:,}")
        self._figures["rate"].setText(rate(self._last))
        self._figures["elapsed"].setText(duration(now.seconds))
        self._figures["learning"].setText(f"{now.learning_rate:.3g}")
        if self._forecast is not None:
            self._forecast.add(points)
            self._figures["left"].setText(_left(self._forecast.left()))
        if self._best is not None and self._best.validation_accuracy is not None:
            self._figures["best"].setText(
                tr(
                    "{accuracy} at batch {step}",
                    accuracy=percent(self._best.validation_accuracy),
                    step=f"{self._best.step:,}",
                )
            )

    def _titled(self) -> FlowLayout:
        titles = {
            "step": tr("Batch"),
            "epoch": tr("Epoch"),
            "rate": tr("Batches a second"),
            "elapsed": tr("Elapsed"),
            "left": tr("Time left"),  # what the first of two times means is in the tip
            "learning": tr("Learning rate"),
            "best": tr("Validation accuracy of the best weights"),
        }
        figures = FlowLayout(_GAP_PX)
        widest = _widest()
        for place, (key, title) in enumerate(titles.items()):
            head = QLabel(title)
            head.setForegroundRole(head.palette().ColorRole.PlaceholderText)
            holder = QWidget()
            column = QVBoxLayout(holder)
            column.setContentsMargins(0, 0, 0, 0)
            column.addWidget(head)
            column.addWidget(self._figures[key])
            figure = self._figures[key]
            figure.setAccessibleName(title)
            figure.setMinimumWidth(figure.fontMetrics().horizontalAdvance(widest[key]))
            figures.insertWidget(place, holder)
        return figures

    def _pause(self, paused: bool) -> None:  # noqa: FBT001 - a slot
        self._show_paused(paused=paused)
        self.tell(tr("Pausing after this batch…") if paused else tr("Going on…"))
        self.pause_requested.emit(paused)

    def _show_paused(self, *, paused: bool) -> None:
        with QSignalBlocker(self.pause):
            self.pause.setChecked(paused)
        self.pause.setText(tr("Go on") if paused else tr("Pause"))

    def _keep(self) -> None:
        self.pause.setEnabled(False)
        self.stop.setEnabled(False)
        self.tell(tr("Stopping; the best network so far is kept…"))
        self.keep_requested.emit()

    def _discard(self) -> None:
        self.pause.setEnabled(False)
        self.stop.setEnabled(False)
        self.discard.setEnabled(False)
        self.tell(tr("Discarding…"))
        self.discard_requested.emit()


def _left(left: Left) -> str:
    """Such as ``at most 2:05 min``; what is not known is not promised.

    Of two times the first holds if it gets no better.
    """
    if left.unless_better is not None:
        time = duration(left.unless_better)
        if left.most is None:
            return time
        most = duration(left.most)
        return tr("{time}, at most {most}", time=time, most=most)
    return _NOTHING if left.most is None else tr("at most {time}", time=duration(left.most))


def percent(fraction: float) -> str:
    """``97.3 %``; a whole hundred without decimals."""
    return "100 %" if fraction >= 1 else f"{fraction * 100:.1f} %"


def rate(points: Sequence[CurvePoint]) -> str:
    """Batches a second over *points*, as far as it can be told."""
    if len(points) < 2 or points[-1].seconds <= points[0].seconds:  # noqa: PLR2004
        return _NOTHING
    value = (points[-1].step - points[0].step) / (points[-1].seconds - points[0].seconds)
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}"  # noqa: PLR2004


def duration(seconds: float) -> str:
    """``4.2 s``, ``1:05 min``, ``2:03:04 h``."""
    if seconds < 60:  # noqa: PLR2004
        return tr("{n} s", n=f"{seconds:.1f}")
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return tr("{time} h", time=f"{hours}:{minutes:02}:{rest:02}")
    return tr("{time} min", time=f"{minutes}:{rest:02}")
