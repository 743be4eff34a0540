"""Photos from a video file: look through it, say who is who, take the frames."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, QStringListModel, Qt
from PySide6.QtWidgets import (
    QComboBox,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from facegui.domain.control import Control, Stop
from facegui.domain.errors import FaceGuiError
from facegui.domain.queries import Change
from facegui.domain.text import minutes, tr, trn
from facegui.gui.collect.video_rows import TrackRow
from facegui.gui.collect.view import CollectView
from facegui.gui.context import AppContext
from facegui.gui.lanes import Lane
from facegui.gui.live.sources import VIDEO_SUFFIXES
from facegui.gui.task import Task
from facegui.gui.view_message import ViewMessage
from facegui.services.collecting.video import (
    SAME_PERSON_COSINE,
    FoundTrack,
    VideoFindings,
    VideoRequest,
)
from facegui.services.collecting.video_take import TakeReport, TakeRequest

_RATES = (1.0, 2.0, 4.0, 8.0)
_USUAL_RATE = 4.0


class VideoView(CollectView):
    """A row for each face that is followed; named and ticked ones become photos."""

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self._task: Task | None = None
        self._findings: VideoFindings | None = None
        self._path: Path | None = None
        self._names = QStringListModel(self)
        self.rows: list[TrackRow] = []
        self._assemble()
        self.context.library_changed.connect(self._forget)
        self._settle()

    @property
    def busy(self) -> bool:
        """Whether a video is being looked through, or photos are being taken."""
        return self._task is not None

    def look_through(self, path: Path) -> None:
        """Find out who is in the video at *path*."""
        library = self.context.library
        if library is None or self._task is not None:
            return
        self._forget()
        self._path = path
        request = VideoRequest(path, per_second=self.rate.currentData())
        tools = self.context.tools

        def job(control: Control) -> object:
            from facegui.services.collecting.video import find_tracks

            return find_tracks(library, tools, request, control)

        label = tr("Looking through {name}", name=path.name)
        self._task = task = self.context.lanes.start(job, label, Lane.LONG, visible=True)
        task.partial_arrived.connect(self._show_tracks)
        task.done.connect(self._looked)
        self._follow(task)
        self.message.tell(tr("Looking through {name}…", name=path.name))

    def take(self) -> None:
        """Put the frames of the ticked tracks into the library."""
        library, findings = self.context.library, self._findings
        wanted = {row.track.number: row.given_name() for row in self._wanted()}
        if library is None or findings is None or self._task is not None or not wanted:
            return
        request = TakeRequest(findings, wanted)

        def job(control: Control) -> object:
            from facegui.services.collecting.video_take import take_tracks

            return take_tracks(library, request, control)

        self._task = task = self.context.lanes.start(
            job, tr("Taking photos"), Lane.LONG, visible=True
        )
        task.partial_arrived.connect(self._photos_added)
        task.done.connect(self._took)
        self._follow(task)

    # CollectView

    def activate(self) -> None:
        library = self.context.library
        if library is None:
            return
        task = self.context.lanes.start(
            lambda _control: [person.name for person in library.people()],
            tr("Reading names"),
            Lane.QUERY,
        )
        task.done.connect(self._names.setStringList)

    def drop(self, paths: list[Path]) -> bool:
        if len(paths) != 1 or paths[0].suffix.lower() not in VIDEO_SUFFIXES or self.busy:
            return False
        self.look_through(paths[0])
        return True

    # Assembly

    def _assemble(self) -> None:
        self.choose = QPushButton(tr("Choose a video…"))
        self.choose.clicked.connect(self._ask_for_file)
        self._name = QLabel()
        self._name.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.rate = QComboBox()
        for rate in _RATES:
            self.rate.addItem(trn("{n} frame", "{n} frames", int(rate)), rate)
        self.rate.setCurrentIndex(_RATES.index(_USUAL_RATE))
        self.rate.setAccessibleName(tr("Frames to look at in each second"))
        self.stop = QPushButton(tr("Stop"))
        self.stop.setToolTip(tr("Stop here and keep what has been found"))
        self.stop.clicked.connect(self._stop)
        look = QLabel(tr("Each second, look at"))
        look.setBuddy(self.rate)
        bar = QHBoxLayout()
        bar.setSpacing(10)
        for widget in (self.choose, look, self.rate):
            bar.addWidget(widget)
        bar.addWidget(self._name, 1)
        bar.addWidget(self.stop)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(12)
        column.addLayout(bar)
        column.addWidget(self._body(), 1)
        column.addLayout(self._foot())

    def _body(self) -> QWidget:
        self._area = QScrollArea(widgetResizable=True)
        self._area.setFrameShape(QScrollArea.Shape.NoFrame)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        inside = QWidget()
        self._column = QVBoxLayout(inside)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(8)
        self._column.addStretch(1)
        self._area.setWidget(inside)
        self.message = ViewMessage(self._area)
        self.message.pressed.connect(self._ask_for_file)
        self._area.installEventFilter(self)
        return self._area

    def _foot(self) -> QHBoxLayout:
        self.summary = QLabel(wordWrap=True)
        self.take_them = QPushButton(tr("Take them"))
        self.take_them.setProperty("primary", True)  # noqa: FBT003 - Qt's signature
        self.take_them.clicked.connect(self.take)
        foot = QHBoxLayout()
        foot.addWidget(self.summary, 1)
        foot.addWidget(self.take_them)
        return foot

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._area and event.type() == QEvent.Type.Resize:
            self.message.place()
        return super().eventFilter(watched, event)

    # While it runs

    def _ask_for_file(self) -> None:
        patterns = " ".join(f"*{suffix}" for suffix in sorted(VIDEO_SUFFIXES))
        kinds = f"{tr('Videos')} ({patterns});;{tr('All files')} (*)"
        path, _ = QFileDialog.getOpenFileName(self, tr("Choose a video"), "", kinds)
        if path:
            self.look_through(Path(path))

    def _follow(self, task: Task) -> None:
        task.failed.connect(self._failed)
        task.ended.connect(self._ended)
        self._show_state()

    def _stop(self) -> None:
        if self._task is not None:
            self._task.stop(Stop.KEEP)

    def _show_tracks(self, tracks: Sequence[FoundTrack]) -> None:
        rows = {row.track.number: row for row in self.rows}
        for track in tracks:
            if track.number in rows:
                rows[track.number].show_track(track)
            else:
                self._add_row(track)
        if self.rows:
            self.message.hide()
        self._show_state()

    def _add_row(self, track: FoundTrack) -> None:
        row = TrackRow(track, self._names)
        row.changed.connect(self._show_state)
        row.named.connect(lambda: self._spread_name(row))
        self.rows.append(row)
        self._column.insertWidget(self._column.count() - 1, row)
        for other in self.rows:
            if other.name_is_own and _alike(other, row):
                row.propose(other.name.text())

    def _spread_name(self, named: TrackRow) -> None:
        """Whoever is surely the same person has the same name, unless the owner said otherwise."""
        for row in self.rows:
            if row is not named and not row.name_is_own and _alike(row, named):
                row.propose(named.name.text())

    def _looked(self, findings: object) -> None:
        assert isinstance(findings, VideoFindings)
        self._findings = findings
        self._show_tracks(findings.tracks)
        if not self.rows:
            self.message.tell(
                tr("No usable face was found in {name}.", name=findings.path.name),
                tr("Faces have to be sharp, large and turned to the camera, as the rules say."),
                button=tr("Choose another video…"),
                sign="warning",
            )

    def _photos_added(self, ids: object) -> None:
        assert isinstance(ids, tuple)
        self.context.rows_changed.emit(Change(None, photo_ids=ids))

    def _took(self, report: object) -> None:
        assert isinstance(report, TakeReport)
        self._forget()
        told = trn("{n} photo was taken.", "{n} photos were taken.", len(report.added_ids))
        if report.known:
            told += " " + trn("{n} was there already.", "{n} were there already.", report.known)
        if report.shared:
            told += " " + trn(
                "{n} shows several of these people.",
                "{n} show several of these people.",
                report.shared,
            )
        self.message.tell(told, button=tr("Choose another video…"), sign="photos")
        if report.added_ids:
            self.context.scan_requested.emit()

    def _failed(self, error: object) -> None:
        if isinstance(error, FaceGuiError) and self._findings is None:
            self.message.tell(
                error.message, error.remedy, button=tr("Choose another video…"), sign="warning"
            )
        else:
            self.message.hide()

    def _ended(self) -> None:
        self._task = None
        if self._findings is None and not self.rows and self.message.isHidden():
            self._settle()
        self._show_state()

    def _forget(self, *_library: object) -> None:
        self._findings = None
        self._path = None
        for row in self.rows:
            row.hide()
            row.deleteLater()
        self.rows.clear()
        self._settle()

    def _settle(self) -> None:
        self.message.tell(
            tr("Photos from a video"),
            tr(
                "Everybody in it is followed, and the sharpest frames that differ are offered. "
                "You say who is who. Drop a video file here, or choose one."
            ),
            button=tr("Choose a video…"),
            sign="live",
        )
        self._show_state()

    def _wanted(self) -> list[TrackRow]:
        return [row for row in self.rows if row.wanted.isChecked()]

    def _show_state(self) -> None:
        writable = self.context.library is not None and not self.context.library.read_only
        self.choose.setEnabled(writable and not self.busy)
        self.message.button.setEnabled(writable and not self.busy)
        self.rate.setEnabled(not self.busy)
        self.stop.setVisible(self.busy)
        self._name.setText(self._path.name if self._path is not None else "")
        wanted = self._wanted()
        ready = self._findings is not None and not self.busy and bool(wanted)
        self.take_them.setEnabled(ready)
        self.take_them.setVisible(bool(self.rows))
        self.summary.setText(self._summary(wanted))

    def _summary(self, wanted: Sequence[TrackRow]) -> str:
        if not self.rows:
            return ""
        photos = sum(len(row.track.shots) for row in wanted)
        of = tr("{n} of {total} ticked", n=len(wanted), total=len(self.rows))
        parts = [of, trn("{n} photo", "{n} photos", photos)]
        if self._findings is not None:
            parts += _remarks(self._findings)
        return " · ".join(parts)


def _remarks(findings: VideoFindings) -> list[str]:
    remarks = []
    if findings.unusable:
        told = trn("{n} face passed over", "{n} faces passed over", findings.unusable)
        remarks.append(told)
    if findings.stopped:
        remarks.append(tr("stopped at {time}", time=minutes(findings.seconds)))
    elif findings.cut_short:
        remarks.append(tr("the file is damaged from {time} on", time=minutes(findings.seconds)))
    return remarks


def _alike(one: TrackRow, other: TrackRow) -> bool:
    return float(one.track.embedding @ other.track.embedding) >= SAME_PERSON_COSINE
