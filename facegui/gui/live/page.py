"""The live page: choose a source, start, and see who is there."""

from __future__ import annotations

import time
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from facegui.domain.control import Stop
from facegui.domain.errors import FaceGuiError
from facegui.domain.text import tr, trn
from facegui.gui.context import AppContext
from facegui.gui.face_view import FaceView
from facegui.gui.lanes import Lane
from facegui.gui.live.clicked import ClickedFace
from facegui.gui.live.mailbox import Mailbox, ShownFrame, live_job
from facegui.gui.live.sources import VIDEO_SUFFIXES, SourcePicker
from facegui.gui.model_bar import ModelBar
from facegui.gui.page import Page
from facegui.gui.task import Task
from facegui.gui.view_message import ViewMessage
from facegui.services.recognising.live import LiveReport, LiveRequest
from facegui.services.recognising.live_source import LiveProblem

_FRAME_INTERVAL_MS = 33
_FIGURES_INTERVAL_MS = 500


class LivePage(Page):
    """Video with boxes and names.

    Signals:
        frame_shown: a `ShownFrame` is on the screen.
        face_clicked: a `ClickedFace`, with the frame that it was clicked in.
        ended: nothing is watched any more.
    """

    frame_shown = Signal(object)
    face_clicked = Signal(object)
    ended = Signal()

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self._task: Task | None = None
        self._again = False
        self._mailbox: Mailbox[ShownFrame] = Mailbox()
        self._shown: ShownFrame | None = None
        self._behind_ms = 0.0
        self.models = ModelBar(context)
        self.sources = SourcePicker(context.lanes)
        self.view = FaceView()
        self.message = ViewMessage(self.view)
        self._assemble()
        self._frames = QTimer(self, interval=_FRAME_INTERVAL_MS)
        self._frames.setTimerType(Qt.TimerType.PreciseTimer)
        self._frames.timeout.connect(self._show_newest)
        self._figures_timer = QTimer(self, interval=_FIGURES_INTERVAL_MS)
        self._figures_timer.timeout.connect(self._show_figures)
        self.models.changed.connect(self._model_changed)
        self.sources.source_chosen.connect(self.start)
        self.sources.looked.connect(self._looked)
        self.message.pressed.connect(self.start)
        self.view.face_clicked.connect(self._clicked)
        self._settle()

    @property
    def running(self) -> bool:
        """Whether a source is being watched."""
        return self._task is not None

    def start(self) -> None:
        """Watch the chosen source, from its beginning; anything watched now ends first."""
        if not self.sources.source:
            return
        if self._task is not None:
            self._again = True
            self._task.stop(Stop.KEEP)
            return
        self._mailbox = Mailbox()
        self._shown = None
        request = LiveRequest(self.sources.source, self.models.bundle)
        job = live_job(self.context.tools, request, self._mailbox)
        self._task = task = self.context.lanes.start(job, tr("Live video"), Lane.LIVE)
        task.partial_arrived.connect(self._show_problem)
        task.done.connect(self._finished)
        task.failed.connect(self._failed)
        task.cancelled.connect(self._settle)
        task.ended.connect(self._ended)
        self._frames.start()
        self._figures_timer.start()
        self.view.fade()
        self.message.tell(tr("Opening {source}…", source=self.sources.currentText()))
        self._show_state()

    def stop(self) -> None:
        """Stop watching."""
        self._again = False
        if self._task is not None:
            self._task.stop(Stop.KEEP)

    # Page

    def activate(self) -> None:
        self.sources.refresh()
        self.models.refresh()

    def leave(self) -> None:
        self._again = False
        self._frames.stop()
        self._figures_timer.stop()
        self.message.hide()

    def drop(self, paths: list[Path]) -> bool:
        """Play one video file; anything else is imported as everywhere."""
        if len(paths) != 1 or paths[0].suffix.lower() not in VIDEO_SUFFIXES:
            return False
        self.sources.add(str(paths[0]))
        return True

    def keys(self) -> list[tuple[str, str]]:
        return [(tr("Space"), tr("Start or stop")), ("M", tr("Mirror"))]

    # Assembly

    def _assemble(self) -> None:
        self.toggle = QPushButton()
        self.toggle.setProperty("primary", True)  # noqa: FBT003 - Qt's signature
        self.toggle.setShortcut(Qt.Key.Key_Space)
        self.toggle.clicked.connect(self._toggle)
        self.mirror = QCheckBox(tr("Mirror"))
        self.mirror.setShortcut(Qt.Key.Key_M)
        self.mirror.setToolTip(tr("Show the picture as a mirror does (M)"))
        self.mirror.toggled.connect(self.view.set_mirrored)
        self.figures = QLabel()
        self.figures.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        # Its changing text must not lay the page out anew twice a second.
        self.figures.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        bar = QHBoxLayout()
        bar.setSpacing(10)
        bar.addWidget(self.sources, 1)
        bar.addWidget(self.toggle)
        bar.addWidget(self.mirror)
        bar.addWidget(self.figures, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 16)
        column.setSpacing(12)
        column.addWidget(self.models)
        column.addLayout(bar)
        column.addWidget(self.view, 1)
        self.view.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.view and event.type() == QEvent.Type.Resize:
            self.message.place()
        return super().eventFilter(watched, event)

    # While it runs

    def _toggle(self) -> None:
        if self._task is None:
            self.start()
        else:
            self.stop()

    def _show_newest(self) -> None:
        frame = self._mailbox.take()
        if frame is None:
            return
        self._shown = frame
        self.view.show_picture(frame.image, frame.faces)
        self._behind_ms = 1000 * (time.monotonic() - frame.taken_at)
        self.message.hide()
        self.frame_shown.emit(frame)

    def _show_figures(self) -> None:
        frame = self._shown
        if frame is None:
            self.figures.clear()
            return
        self.figures.setText(
            " · ".join(
                (
                    trn("{n} face", "{n} faces", len(frame.faces)),
                    tr("{rate} frames/s", rate=f"{frame.fps:.0f}"),
                    tr("{ms} ms behind", ms=f"{self._behind_ms:.0f}"),
                )
            )
        )

    def _show_problem(self, problem: object) -> None:
        assert isinstance(problem, LiveProblem)
        self._shown = None
        self.view.fade()
        self.message.tell(
            problem.message,
            problem.remedy,
            button=tr("Retry now"),
            sign="warning",
            retry_s=problem.retry_s,
        )

    def _clicked(self, number: int) -> None:
        frame = self._shown
        if frame is None or number >= len(frame.faces):
            return
        face = frame.faces[number]
        source = self.sources.currentText()
        self.face_clicked.emit(
            ClickedFace(frame.pixels, face.box, face.landmarks, face.identity, source)
        )

    # When it ends

    def _finished(self, report: object) -> None:
        assert isinstance(report, LiveReport)
        if report.ended is not None:
            self._show_newest()  # a short file may end between two ticks
            self.view.fade()
            self.message.tell(report.ended, button=tr("Replay"), sign="live")
        else:
            self._settle()

    def _failed(self, error: object) -> None:
        if isinstance(error, FaceGuiError):
            self.view.fade()
            self.message.tell(error.message, error.remedy, button=tr("Retry"), sign="warning")
        else:
            self._settle()  # a bug: the window reports it

    def _ended(self) -> None:
        self._task = None
        self._frames.stop()
        self._figures_timer.stop()
        self._shown = None
        self._show_figures()
        self._show_state()
        if self._again:
            self._again = False
            self.start()
        else:
            self.ended.emit()

    def _looked(self) -> None:
        if self._task is None and self._shown is None:
            self._settle()

    def _model_changed(self) -> None:
        if self._task is not None:
            self.start()

    def _settle(self) -> None:
        """Nothing runs and nothing went wrong: say how to begin."""
        self.view.clear()
        how = (
            tr("Press Start, or choose another camera above. Or drop a video file here.")
            if self.sources.source
            else tr(
                "No camera was found. Plug one in and come back, drop a video file here, or choose "
                "a video file or the address of a stream in the list above."
            )
        )
        self.message.tell(tr("See who is there"), how, sign="live")
        self._show_state()

    def _show_state(self) -> None:
        running = self._task is not None
        self.toggle.setText(tr("Stop") if running else tr("Start"))
        self.toggle.setEnabled(running or bool(self.sources.source))
