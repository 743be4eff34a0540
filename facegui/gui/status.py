"""The status bar: what runs in the background, with its Stop, and which model recognises."""

from __future__ import annotations

import time
from collections import deque

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QStatusBar,
    QToolButton,
    QWidget,
)

from facegui.domain.control import Progress, Stop
from facegui.domain.text import tr
from facegui.gui.model_in_use import ModelInUse
from facegui.gui.models.words import model_name, short_name
from facegui.gui.task import Task
from facegui.gui.theme import icon

_PACE_OVER_S = 10.0
_PACE_FROM_S = 1.0
_MODEL_WIDTH_PX = 260


class Pace:
    """How fast the counts of a task go on, over its last seconds."""

    def __init__(self) -> None:
        self._seen: deque[tuple[float, int]] = deque()
        self._total = 0

    def add(self, progress: Progress, now_s: float) -> None:
        """It is at *progress* now; other counts than before are a new beginning."""
        if progress.total != self._total or (self._seen and progress.done < self._seen[-1][1]):
            self._seen.clear()
            self._total = progress.total
        self._seen.append((now_s, progress.done))
        while len(self._seen) > 2 and now_s - self._seen[1][0] >= _PACE_OVER_S:  # noqa: PLR2004
            self._seen.popleft()

    def rate(self) -> float | None:
        """Items a second; None while it cannot be told."""
        (began, before), (now, done) = self._seen[0], self._seen[-1]
        if now - began < _PACE_FROM_S or done == before:
            return None
        return (done - before) / (now - began)

    def left(self) -> float | None:
        """Seconds until all is done, at that rate."""
        rate = self.rate()
        return None if rate is None else (self._total - self._seen[-1][1]) / rate


class TaskStatus(QWidget):
    """One running task: label, bar, counts, rate, time left, Stop."""

    def __init__(self, task: Task, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._task = task
        self._pace = Pace()
        self._label = QLabel(task.label)
        self._bar = QProgressBar(maximum=0, textVisible=False)
        self._bar.setFixedSize(160, 8)
        self._figures = QLabel()
        self._stop = QPushButton(icon("stop", 14), tr("Stop"))
        self._stop.setToolTip(tr("Stop and keep what has been done"))
        self._stop.clicked.connect(self._ask_to_stop)
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 0, 0, 0)
        for widget in (self._label, self._bar, self._figures, self._stop):
            row.addWidget(widget)
        task.progressed.connect(self._show)

    def _show(self, progress: Progress) -> None:
        if progress.label:
            self._label.setText(progress.label)
        self._bar.setMaximum(progress.total)
        self._bar.setValue(progress.done)
        self._pace.add(progress, time.monotonic())
        told = self._task.seconds_left
        left = self._pace.left() if told is None else told()
        self._figures.setText(figures(progress, self._pace.rate(), left))

    def _ask_to_stop(self) -> None:
        self._stop.setEnabled(False)
        self._stop.setText(tr("Stopping…"))
        self._task.stop(Stop.KEEP)


def figures(progress: Progress, rate: float | None, left_s: float | None) -> str:
    """What is known of counts, items a second and time left: ``120 / 423 · 25.1/s · 12 s left``."""
    if not progress.total:
        return f"{progress.done:,}" if progress.done else ""
    parts = [f"{progress.done:,} / {progress.total:,}"]
    if rate is not None:
        parts.append(tr("{rate}/s", rate=f"{rate:.1f}"))
    if left_s is not None:
        parts.append(time_left(left_s))
    return " · ".join(parts)


def time_left(seconds: float) -> str:
    """``12 s left``, ``3 min left``, ``2 h left``."""
    if seconds < 90:  # noqa: PLR2004
        return tr("{n} s left", n=round(seconds))
    if seconds < 90 * 60:
        return tr("{n} min left", n=round(seconds / 60))
    return tr("{n} h left", n=round(seconds / 3600))


class ModelField(QToolButton):
    """Names the model in use on every page; a click shows them all."""

    def __init__(self, model: ModelInUse, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self.setAutoRaise(True)
        self.setIcon(icon("recognise", 16))
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        model.looked.connect(self._show)
        self._show()

    def _show(self) -> None:
        card = self._model.card
        if card is None:
            self.setText(tr("No model yet"))
            self.setToolTip(tr("Nobody can be recognised yet. A click shows the models."))
        else:
            opened = card.path == self._model.opened
            name = short_name(card, opened=opened)
            metrics, mode = self.fontMetrics(), Qt.TextElideMode.ElideMiddle
            self.setText(metrics.elidedText(name, mode, _MODEL_WIDTH_PX))
            told = tr("Recognises: {model}. A click shows the models.",
                      model=model_name(card, opened=opened))  # fmt: skip
            self.setToolTip(told)
        self.setAccessibleName(tr("Model in use: {model}", model=self.text()))


class StatusBar(QStatusBar):
    """Shows a `TaskStatus` for each visible task, short messages, and the model in use."""

    def __init__(self, model: ModelInUse, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizeGripEnabled(False)
        self.model = ModelField(model)
        self.addPermanentWidget(self.model)

    def watch(self, task: Task) -> None:
        """Show *task* until it ends."""
        shown = TaskStatus(task, self)
        self.insertPermanentWidget(0, shown)

        def gone() -> None:
            self.removeWidget(shown)
            shown.deleteLater()

        task.ended.connect(gone)
