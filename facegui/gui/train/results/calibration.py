"""Whether the network is as sure as it is right: a reliability diagram and its sum."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from facegui.domain.text import tr
from facegui.gui.train.results.plot import Dot, Line, Plot
from facegui.services.judging.judge import Judgement
from facegui.services.judging.score import Score

_NOTABLE = 0.05


class CalibrationPage(QWidget):
    """The diagram below what it means."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.meaning = QLabel(wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        self.plot = Plot(
            tr("How sure the network was"), tr("How often it was right"), diagonal=True
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.meaning)
        column.addWidget(self.plot, 1)
        column.addStretch(0)

    def show_judgement(self, judgement: Judgement) -> None:
        """Draw the bars of *judgement*, each with its interval."""
        dots = []
        for bar in judgement.bars:
            low, high = Score(round(bar.accuracy * bar.count), bar.count).interval
            dots.append(Dot(bar.confidence, bar.accuracy, low, high))
        words = _meaning(judgement)
        self.meaning.setText(words)
        ticks = [(n / 5, f"{20 * n} %") for n in range(6)]
        self.plot.show_lines([Line(dots)], ticks, words=words)


def _meaning(judgement: Judgement) -> str:
    if not len(judgement.rows):
        return tr("There is no face to judge by.")
    error = judgement.calibration_error
    sure = float(judgement.confidence.mean())
    figures = tr(
        "On average it is {sure} sure and {right} right; the expected calibration error is "
        "{error}.",
        sure=_percent(sure),
        right=_percent(judgement.score.accuracy),
        error=_percent(error),
    )
    if error < _NOTABLE:
        verdict = tr("What it says of itself can be believed.")
    elif sure > judgement.score.accuracy:
        verdict = tr("It is too sure of itself: dots below the dashed line.")
    else:
        verdict = tr("It is better than it thinks: dots above the dashed line.")
    return f"{figures} {verdict}"


def _percent(share: float) -> str:
    return f"{share * 100:.1f} %"
