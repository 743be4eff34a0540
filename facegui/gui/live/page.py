"""The live page: choose a source, start, and see who is there."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QTabWidget, QVBoxLayout, QWidget

from facegui.domain.control import Stop
from facegui.domain.errors import FaceGuiError
from facegui.domain.text import tr, trn
from facegui.gui.context import AppContext
from facegui.gui.correct.bar import CorrectionBar
from facegui.gui.correct.live_card import LiveCard
from facegui.gui.face_view import FaceView
from facegui.gui.lanes import Lane
from facegui.gui.live.bars import PictureBar, SourceBar
from facegui.gui.live.clicked import ClickedFace
from facegui.gui.live.keeping import Keeping
from facegui.gui.live.log_view import LogView
from facegui.gui.live.mailbox import Mailbox, ShownFrame, live_job
from facegui.gui.live.sources import VIDEO_SUFFIXES, SourcePicker
from facegui.gui.live.strip import VoteStrip
from facegui.gui.live.words import face_label
from facegui.gui.model_bar import ModelBar
from facegui.gui.page import Page
from facegui.gui.settings import AppSettings
from facegui.gui.task import Task
from facegui.gui.view_message import ViewMessage
from facegui.services.recognising.live import LiveReport, LiveRequest
from facegui.services.recognising.live_source import LiveProblem
from facegui.services.recognising.strangers import StrangerBook

_STRIP_INTERVAL_MS = 100
_FIGURES_INTERVAL_MS = 500
_SIDE_PX = 270


class LivePage(Page):
    """Video with boxes and names, and beside it the votes behind the names.

    Attributes:
        side: the column beside the picture.

    Signals:
        frame_shown: a `ShownFrame` is on the screen.
        face_clicked: a `ClickedFace`, with the frame that it was clicked in.
        ended: nothing is watched any more.
    """

    frame_shown = Signal(object)
    face_clicked = Signal(object)
    ended = Signal()
    _arrived = Signal()

    def __init__(
        self,
        context: AppContext,
        parent: QWidget | None = None,
        *,
        settings: AppSettings | None = None,
    ) -> None:
        super().__init__(context, parent)
        self._settings = settings or AppSettings()
        self._task: Task | None = None
        self._again = False
        self._mailbox: Mailbox[ShownFrame] = Mailbox()
        self._strangers = StrangerBook()
        self._shown: ShownFrame | None = None
        self._behind_ms = 0.0
        self.models = ModelBar(context)
        self.sources = SourcePicker(context.lanes)
        self.view = FaceView(label=face_label)
        self.message = ViewMessage(self.view)
        self.keeping = Keeping(context, self._settings, self)
        self.corrections = CorrectionBar(context, leads_to_train=True)
        self._assemble()
        self._strip_timer = self._every(_STRIP_INTERVAL_MS, self._show_strip)
        self._figures_timer = self._every(_FIGURES_INTERVAL_MS, self._show_figures)
        self._connect()
        self._settle()

    @property
    def running(self) -> bool:
        """Whether a source is being watched."""
        return self._task is not None

    def start(self) -> None:
        """Watch the chosen source, from its beginning; anything watched now ends first."""
        source = self.source_bar.source
        if not source:
            return
        if self._task is not None:
            self._again = True
            self._task.stop(Stop.KEEP)
            return
        self._mailbox = Mailbox(self._arrived.emit)
        self._shown = None
        request = LiveRequest(source, self.models.bundle, self._strangers)
        job = live_job(self.context.tools, request, self._mailbox, self.keeping.hand_over)
        self._task = task = self.context.lanes.start(job, tr("Live video"), Lane.LIVE)
        task.partial_arrived.connect(self._show_problem)
        task.done.connect(self._finished)
        task.failed.connect(self._failed)
        task.cancelled.connect(self._settle)
        task.ended.connect(self._ended)
        self._strip_timer.start()
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
        self.corrections.follow()

    def leave(self) -> None:
        self._again = False
        self._strip_timer.stop()
        self._figures_timer.stop()
        self.message.hide()
        self.keeping.close()

    def drop(self, paths: list[Path]) -> bool:
        """Play one video file; anything else is imported as everywhere."""
        if len(paths) != 1 or paths[0].suffix.lower() not in VIDEO_SUFFIXES:
            return False
        self.sources.add(str(paths[0]))
        return True

    def keys(self) -> list[tuple[str, str]]:
        return [
            (tr("Space"), tr("Start or stop")),
            ("M", tr("Mirror")),
            ("S", tr("Save a snapshot")),
            ("R", tr("Record, or stop recording")),
            *self.card.panel.keys(),
        ]

    # Assembly

    def _assemble(self) -> None:
        self.source_bar = SourceBar(self.sources, self._settings)
        self.picture_bar = PictureBar(self._settings)
        self.view.set_mirrored(self._settings.live_mirror)
        self.strip = VoteStrip()
        scroll = QScrollArea()
        scroll.setWidget(self.strip)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.log = LogView(self.keeping, self.context.lanes)
        self.tabs = QTabWidget()
        self.tabs.addTab(scroll, tr("Now"))
        self.tabs.addTab(self.log, tr("Seen before"))
        self.side = QVBoxLayout()
        self.side.addWidget(self.tabs, 1)
        self.tabs.setFixedWidth(_SIDE_PX)
        picture = QVBoxLayout()
        picture.setSpacing(10)
        picture.addWidget(self.view, 1)
        picture.addWidget(self.picture_bar)
        middle = QHBoxLayout()
        middle.setSpacing(12)
        middle.addLayout(picture, 1)
        middle.addLayout(self.side)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 16)
        column.setSpacing(12)
        column.addWidget(self.models)
        column.addWidget(self.corrections)
        column.addWidget(self.source_bar)
        column.addLayout(middle, 1)
        self.view.installEventFilter(self)
        self.card = LiveCard(self.context, self)

    def _connect(self) -> None:
        self._arrived.connect(self._show_newest, Qt.ConnectionType.QueuedConnection)
        self.models.changed.connect(self._model_changed)
        self.source_bar.changed.connect(self.start)
        self.source_bar.toggled.connect(lambda: self.stop() if self.running else self.start())
        self.sources.looked.connect(self._looked)
        self.message.pressed.connect(self.start)
        self.view.face_clicked.connect(self._clicked)
        self.strip.face_clicked.connect(self._clicked)
        self.picture_bar.mirror.toggled.connect(self._mirror)
        self.picture_bar.snapshot.clicked.connect(self._snapshot)
        self.picture_bar.record.clicked.connect(self.keeping.record)
        self.keeping.changed.connect(self._show_state)
        self.face_clicked.connect(
            lambda clicked: self.card.show_clicked(clicked, self.models.bundle)
        )

    def _every(self, interval_ms: int, slot: Callable[[], None]) -> QTimer:
        timer = QTimer(self, interval=interval_ms)
        timer.timeout.connect(slot)
        return timer

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.view and event.type() == QEvent.Type.Resize:
            self.message.place()
        return super().eventFilter(watched, event)

    # While it runs

    def _show_newest(self) -> None:
        frame = self._mailbox.take()
        if frame is None:
            return
        first, self._shown = self._shown is None, frame
        self.view.show_picture(frame.image, frame.faces)
        self._behind_ms = 1000 * (time.monotonic() - frame.taken_at)
        self.message.hide()
        if first:
            self._show_state()
        self.frame_shown.emit(frame)

    def _show_strip(self) -> None:
        if self._shown is not None:
            self.strip.show_faces(self._shown.image, self._shown.faces)

    def _show_figures(self) -> None:
        self.keeping.check()
        frame = self._shown
        if frame is None:
            self.picture_bar.show_figures("")
            return
        parts = (
            tr("{rate} frames/s", rate=f"{frame.fps:.0f}"),
            tr("{ms} ms behind", ms=f"{self._behind_ms:.0f}"),
            trn("{n} face", "{n} faces", len(frame.faces)),
            f"{frame.image.width()} × {frame.image.height()}",
        )
        self.picture_bar.show_figures(" · ".join(parts))

    def _show_problem(self, problem: object) -> None:
        assert isinstance(problem, LiveProblem)
        self._shown = None
        self.view.fade()
        self.strip.clear()
        self._show_state()
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

    def _mirror(self, mirrored: bool) -> None:  # noqa: FBT001 - a slot of a check box
        self._settings.live_mirror = mirrored
        self.view.set_mirrored(mirrored)

    def _snapshot(self) -> None:
        if self._shown is not None:
            self.keeping.snapshot(self._shown)

    # When it ends

    def _finished(self, report: object) -> None:
        assert isinstance(report, LiveReport)
        if report.ended is not None:
            self._show_newest()  # a short file may end before the last was shown
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
        self._strip_timer.stop()
        self._figures_timer.stop()
        self._shown = None
        self.strip.clear()
        self._show_figures()
        if self._again:
            self._again = False
            self.start()
        else:
            self.keeping.end_recording()
            self.ended.emit()
        self._show_state()

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
        self.source_bar.show_state(running=self._task is not None)
        recording = self.keeping.recorder is not None
        self.picture_bar.show_state(pictures=self._shown is not None, recording=recording)
