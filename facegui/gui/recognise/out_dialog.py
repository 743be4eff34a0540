"""A dialog that writes files into a folder: where to, how far it is, what came of it."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from facegui.domain.control import Progress
from facegui.domain.errors import FaceGuiError
from facegui.domain.text import tr
from facegui.gui.context import AppContext
from facegui.gui.lanes import Lane
from facegui.gui.status import Pace, figures
from facegui.gui.task import Job, Task

_WIDTH_PX = 560


class OutDialog(QDialog):
    """Folder, *Start* and *Stop*, progress, and the result with *Open folder*.

    Args:
        title: of the window and of the job.
        about: what is going to happen, in a sentence or two.
        make_job: the job for a folder.
        tell: the job's result in words.
    """

    def __init__(
        self,
        context: AppContext,
        title: str,
        about: str,
        *,
        make_job: Callable[[Path], Job],
        tell: Callable[[object], str],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._context = context
        self._make_job = make_job
        self._tell = tell
        self._task: Task | None = None
        self._pace = Pace()
        self.setWindowTitle(title)
        self.setMinimumWidth(_WIDTH_PX)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.options = QVBoxLayout()
        self.folder = QLineEdit(placeholderText=tr("Where to"))
        self.folder.setAccessibleName(tr("Folder"))
        self.choose = QPushButton(tr("Choose…"))
        self.bar = QProgressBar(textVisible=False)
        self.figures = QLabel(" ")
        self.outcome = QLabel(wordWrap=True)
        self.outcome.setTextFormat(Qt.TextFormat.PlainText)
        self.outcome.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.go = QPushButton(tr("Start"))
        self.show_folder = QPushButton(tr("Open folder"))
        self.leave = QPushButton(tr("Close"))
        self._assemble(about)
        self._connect()
        self._show_state()

    def start(self) -> None:
        """Write into the folder that stands in the field."""
        text = self.folder.text().strip()
        if not text or self._task is not None:
            return
        self.outcome.clear()
        self._pace = Pace()
        job = self._make_job(Path(text).expanduser().absolute())
        task = self._context.lanes.start(job, self.windowTitle(), Lane.POOL, visible=True)
        self._task = task
        task.progressed.connect(self._progressed)
        task.done.connect(lambda report: self.outcome.setText(self._tell(report)))
        task.failed.connect(self._failed)
        task.ended.connect(self._ended)
        self._show_state()

    def done(self, result: int) -> None:
        """Closing stops what runs; what is written stays."""
        if self._task is not None:
            self._task.stop()
        super().done(result)

    def _go_or_stop(self) -> None:
        if self._task is None:
            self.start()
        else:
            self._task.stop()

    def _progressed(self, progress: Progress) -> None:
        self.bar.setMaximum(progress.total)
        self.bar.setValue(progress.done)
        self._pace.add(progress, time.monotonic())
        self.figures.setText(figures(progress, self._pace.rate(), self._pace.left()))

    def _failed(self, error: object) -> None:
        text = str(error) if isinstance(error, FaceGuiError) else tr("An error ended it.")
        self.outcome.setText(text)

    def _ended(self) -> None:
        self._task = None
        self.figures.setText(" ")
        self._show_state()
        self.adjustSize()

    def _show_state(self) -> None:
        running = self._task is not None
        there = bool(self.folder.text().strip())
        self.bar.setVisible(running)
        self.figures.setVisible(running)
        for widget in (self.folder, self.choose):
            widget.setEnabled(not running)
        self.go.setText(tr("Stop") if running else tr("Start"))
        self.go.setEnabled(running or there)
        self.outcome.setVisible(bool(self.outcome.text()))
        self.show_folder.setVisible(bool(self.outcome.text()) and Path(self.folder.text()).is_dir())

    def _ask_for_folder(self) -> None:
        path = QFileDialog.getExistingDirectory(self, tr("Choose a folder"), self.folder.text())
        if path:
            self.folder.setText(path)

    def _open_folder(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(self.folder.text()))

    def _connect(self) -> None:
        self.choose.clicked.connect(self._ask_for_folder)
        self.folder.textChanged.connect(lambda _text: self._show_state())
        self.go.clicked.connect(self._go_or_stop)
        self.show_folder.clicked.connect(self._open_folder)
        self.leave.clicked.connect(self.accept)

    def _assemble(self, about: str) -> None:
        text = QLabel(about, wordWrap=True)
        where = QHBoxLayout()
        where.addWidget(self.folder, 1)
        where.addWidget(self.choose)
        self.go.setProperty("primary", True)  # noqa: FBT003 - Qt's signature
        self.go.setDefault(True)
        buttons = QHBoxLayout()
        buttons.addWidget(self.show_folder)
        buttons.addStretch(1)
        buttons.addWidget(self.leave)
        buttons.addWidget(self.go)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 18, 20, 16)
        column.setSpacing(12)
        column.addWidget(text)
        column.addLayout(self.options)
        column.addLayout(where)
        for widget in (self.bar, self.figures, self.outcome):
            column.addWidget(widget)
        column.addLayout(buttons)
