"""Photos from a webcam: a coach asks for what lacks, and takes it by itself."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QEvent, QObject, QStringListModel, Qt, QTimer
from PySide6.QtGui import QImage
from PySide6.QtWidgets import (
    QCompleter,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from facegui.domain.control import Control, Stop
from facegui.domain.errors import FaceGuiError
from facegui.domain.geometry import Box
from facegui.domain.queries import Change
from facegui.domain.text import tr, trn
from facegui.gui.collect.view import CollectView
from facegui.gui.collect.webcam_map import PoseMap
from facegui.gui.collect.webcam_strip import PhotoStrip
from facegui.gui.collect.webcam_words import URGENT, instruction, remark
from facegui.gui.context import AppContext
from facegui.gui.face_view import FaceView
from facegui.gui.images import to_qimage
from facegui.gui.lanes import Lane
from facegui.gui.live.mailbox import Mailbox
from facegui.gui.live.sources import SourcePicker
from facegui.gui.task import Job, Task
from facegui.gui.view_message import ViewMessage
from facegui.services.collecting.pose_map import GOAL
from facegui.services.collecting.webcam import (
    CaptureFrame,
    CaptureReport,
    CaptureSession,
    Coaching,
    Photo,
    capture,
)
from facegui.services.libraries import Library
from facegui.services.recognising.live_source import LiveProblem
from facegui.services.tools import Tools

_FRAME_INTERVAL_MS = 33
_LARGE = 1.8


@dataclass(frozen=True, slots=True)
class ShownCapture:
    """A `CaptureFrame` ready to paint."""

    image: QImage
    coaching: Coaching | None


@dataclass(frozen=True, slots=True)
class _Framed:
    """A box to paint without a name."""

    box: Box
    identity: None = None


class WebcamView(CollectView):
    """The picture as in a mirror, the instruction over it, the map of poses beside it."""

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self._task: Task | None = None
        self._greeting = False  # the message says how to begin, and nothing that happened
        self._session: CaptureSession | None = None
        self._mailbox: Mailbox[ShownCapture] = Mailbox()
        self._names = QStringListModel(self)
        self._frames = QTimer(self, interval=_FRAME_INTERVAL_MS)
        self._frames.setTimerType(Qt.TimerType.PreciseTimer)
        self._frames.timeout.connect(self._show_newest)
        self._assemble()
        self.name.textChanged.connect(lambda _text: self._show_state())
        self.sources.looked.connect(self._looked)
        self.sources.source_chosen.connect(lambda _spec: self._looked())
        self.message.pressed.connect(self.start)
        self.strip.removal_asked.connect(self._remove)
        context.library_changed.connect(self._library_changed)
        self._settle()

    @property
    def running(self) -> bool:
        """Whether the camera is on."""
        return self._task is not None

    def start(self) -> None:
        """Turn the camera on and begin to coach whoever the name field names."""
        library, person = self.context.library, self.name.text().strip()
        if library is None or not self._ready() or self._task is not None:
            return
        self._forget()
        self._mailbox = Mailbox()
        self._session = session = CaptureSession(library, person)
        job = _capture_job(self.context.tools, self.sources.source, session, self._mailbox)
        self._task = task = self.context.lanes.start(job, tr("Webcam"), Lane.LIVE)
        task.partial_arrived.connect(self._told)
        task.done.connect(self._finished)
        task.failed.connect(self._failed)
        task.cancelled.connect(self._settle)
        task.ended.connect(self._ended)
        self._frames.start()
        self.message.tell(tr("Opening {source}…", source=self.sources.currentText()))
        self._show_state()

    def stop(self) -> None:
        """Turn the camera off; what has been taken goes to the library."""
        if self._task is not None:
            self._task.stop(Stop.KEEP)

    # CollectView

    def activate(self) -> None:
        self.sources.refresh()
        library = self.context.library
        if library is not None:
            task = self.context.lanes.start(
                lambda _control: [person.name for person in library.people()],
                tr("Reading names"),
                Lane.QUERY,
            )
            task.done.connect(self._names.setStringList)

    def leave(self) -> None:
        self.stop()

    def keys(self) -> list[tuple[str, str]]:
        return [(tr("Space"), tr("Start or stop the camera"))]

    # Assembly

    def _assemble(self) -> None:
        self.name = QLineEdit(placeholderText=tr("Who sits at the camera?"))
        self.name.setAccessibleName(tr("Name of the person at the camera"))
        self.name.setMaximumWidth(260)
        completer = QCompleter(self._names, self)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        self.name.setCompleter(completer)
        self.name.returnPressed.connect(self.start)
        self.sources = SourcePicker(self.context.lanes)
        self.toggle = QPushButton()
        self.toggle.setProperty("primary", True)  # noqa: FBT003 - Qt's signature
        self.toggle.setShortcut(Qt.Key.Key_Space)
        self.toggle.clicked.connect(lambda: self.stop() if self.running else self.start())
        bar = QHBoxLayout()
        bar.setSpacing(10)
        bar.addWidget(self.name, 2)
        bar.addWidget(self.sources, 2)
        bar.addWidget(self.toggle)
        bar.addStretch(1)
        middle = QHBoxLayout()
        middle.setSpacing(16)
        middle.addLayout(self._picture(), 1)
        middle.addLayout(self._side())
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(10)
        column.addLayout(bar)
        column.addLayout(middle, 1)
        self.strip = PhotoStrip()
        column.addWidget(self.strip)

    def _picture(self) -> QVBoxLayout:
        self.instruction = QLabel(alignment=Qt.AlignmentFlag.AlignCenter, wordWrap=True)
        font = self.instruction.font()
        font.setPointSizeF(font.pointSizeF() * _LARGE)
        font.setBold(True)
        self.instruction.setFont(font)
        # Two lines whatever it says: the picture must not jump with the words.
        self.instruction.setFixedHeight(2 * self.instruction.fontMetrics().lineSpacing() + 4)
        self.remark = QLabel(alignment=Qt.AlignmentFlag.AlignCenter)
        self.view = FaceView()
        self.view.set_mirrored(True)
        self.view.installEventFilter(self)
        self.message = ViewMessage(self.view)
        column = QVBoxLayout()
        column.setSpacing(6)
        column.addWidget(self.instruction)
        column.addWidget(self.view, 1)
        column.addWidget(self.remark)
        return column

    def _side(self) -> QVBoxLayout:
        self.map = PoseMap()
        self.progress = QProgressBar()
        self.progress.setRange(0, GOAL)
        self.progress.setFormat(tr("%v of %m"))
        self.progress.setAccessibleName(tr("Photos of all that are wanted"))
        legend = QLabel(tr("Left half: first light\nRight half: another light"))
        column = QVBoxLayout()
        column.setSpacing(10)
        column.addStretch(1)
        column.addWidget(self.map, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(legend, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(self.progress)
        column.addStretch(1)
        return column

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.view and event.type() == QEvent.Type.Resize:
            self.message.place()
        return super().eventFilter(watched, event)

    # While it runs

    def _show_newest(self) -> None:
        shown = self._mailbox.take()
        if shown is None:
            return
        said = shown.coaching
        faces = () if said is None or said.box is None else (_Framed(said.box),)
        self.view.show_picture(shown.image, faces)
        self.message.hide()
        if said is not None:
            self._show_coaching(said)

    def _show_coaching(self, said: Coaching) -> None:
        self.instruction.setText(instruction(said.advice, said.verdict))
        self.remark.setText("" if said.verdict in URGENT else remark(said.verdict))
        self.map.show_coaching(said)
        self.progress.setValue(said.done)

    def _told(self, news: object) -> None:
        if isinstance(news, Photo):
            self.strip.add(news)
            return
        assert isinstance(news, LiveProblem)
        self.view.fade()
        self.message.tell(
            news.message, news.remedy, button="", sign="warning", retry_s=news.retry_s
        )

    def _remove(self, photo: Photo) -> None:
        session = self._session
        if session is None:
            return
        task = self.context.lanes.start(
            lambda _control: session.remove(photo), tr("Throwing a photo away"), Lane.WRITER
        )
        task.done.connect(lambda _result: self.strip.remove(photo))

    # When it ends

    def _finished(self, report: object) -> None:
        assert isinstance(report, CaptureReport)
        self._settle()
        self._greeting = False
        if report.added_ids:
            told = trn(
                "{n} photo is in the library now.",
                "{n} photos are in the library now.",
                len(report.added_ids),
            )
            self.message.tell(told, report.ended or "", sign="photos")
            self.context.rows_changed.emit(Change(None, photo_ids=report.added_ids))
            self.context.scan_requested.emit()
        elif report.ended is not None:
            self.message.tell(report.ended, sign="live")

    def _failed(self, error: object) -> None:
        self._settle()
        self._greeting = False
        if isinstance(error, FaceGuiError):
            self.message.tell(error.message, error.remedy, button=tr("Retry"), sign="warning")

    def _ended(self) -> None:
        self._task = None
        self._session = None
        self._frames.stop()
        self.strip.close_session()
        self._show_state()

    def _library_changed(self, _library: Library | None) -> None:
        self.stop()
        self._forget()
        if not self.running:
            self._settle()

    def _forget(self) -> None:
        """What is shown of a session that is over."""
        self.strip.clear()
        self.map.show_coaching(None)
        self.progress.setValue(0)

    def _settle(self) -> None:
        """Nothing runs: say how to begin."""
        self.view.clear()
        self.instruction.clear()
        self.remark.clear()
        self._greet()
        self._show_state()

    def _greet(self) -> None:
        self._greeting = True
        how = (
            tr(
                "Say who sits there and press Start. You will be asked to turn this way and that; "
                "photos are taken by themselves when they are sharp."
            )
            if self.sources.source
            else tr(
                "No camera was found. Plug one in and come back, or choose a video file or the "
                "address of a stream in the list above."
            )
        )
        self.message.tell(tr("Photos from a webcam"), how, sign="live")

    def _looked(self) -> None:
        if self._greeting and not self.running:
            self._greet()
        self._show_state()

    def _ready(self) -> bool:
        library = self.context.library
        writable = library is not None and not library.read_only
        return writable and bool(self.name.text().strip()) and bool(self.sources.source)

    def _show_state(self) -> None:
        self.toggle.setText(tr("Stop") if self.running else tr("Start"))
        self.toggle.setEnabled(self.running or self._ready())
        self.name.setEnabled(not self.running)
        self.sources.setEnabled(not self.running)


def _capture_job(
    tools: Tools, source: str, session: CaptureSession, mailbox: Mailbox[ShownCapture]
) -> Job:
    """The job to start; it holds no widget."""
    return partial(_capture, tools, source, session, mailbox)


def _capture(
    tools: Tools,
    source: str,
    session: CaptureSession,
    mailbox: Mailbox[ShownCapture],
    control: Control,
) -> object:
    def show(frame: CaptureFrame) -> None:
        # On the job's thread, where turning arrays into images costs the window nothing.
        mailbox.put(ShownCapture(to_qimage(frame.image), frame.coaching))

    return capture(tools, source, session, show, control)
