"""The status bar: what runs in the background, how far it is, and the button that stops it."""

from __future__ import annotations

import time

from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QPushButton, QStatusBar, QWidget

from facegui.domain.control import Progress, Stop
from facegui.domain.text import tr
from facegui.gui.task import Task
from facegui.gui.theme import icon


class TaskStatus(QWidget):
    """One running task: label, bar, counts, rate, time left, Stop."""

    def __init__(self, task: Task, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._task = task
        self._began = time.monotonic()
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
        self._figures.setText(figures(progress, time.monotonic() - self._began))

    def _ask_to_stop(self) -> None:
        self._stop.setEnabled(False)
        self._stop.setText(tr("Stopping…"))
        self._task.stop(Stop.KEEP)


def figures(progress: Progress, elapsed_s: float) -> str:
    """Counts, rate and time left, as far as they are known: ``120 / 423 · 25.1/s · 12 s left``."""
    if not progress.total:
        return f"{progress.done:,}" if progress.done else ""
    parts = [f"{progress.done:,} / {progress.total:,}"]
    if progress.done and elapsed_s > 1:
        rate = progress.done / elapsed_s
        parts.append(tr("{rate}/s", rate=f"{rate:.1f}"))
        parts.append(time_left((progress.total - progress.done) / rate))
    return " · ".join(parts)


def time_left(seconds: float) -> str:
    """``12 s left``, ``3 min left``, ``2 h left``."""
    if seconds < 90:  # noqa: PLR2004
        return tr("{n} s left", n=round(seconds))
    if seconds < 90 * 60:
        return tr("{n} min left", n=round(seconds / 60))
    return tr("{n} h left", n=round(seconds / 3600))


class StatusBar(QStatusBar):
    """Shows a `TaskStatus` for each visible task, and short messages."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizeGripEnabled(False)

    def watch(self, task: Task) -> None:
        """Show *task* until it ends."""
        shown = TaskStatus(task, self)
        self.addPermanentWidget(shown)

        def gone() -> None:
            self.removeWidget(shown)
            shown.deleteLater()

        task.ended.connect(gone)
