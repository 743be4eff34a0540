"""What the live page keeps when the owner asks: snapshots, recordings, and the log of who was seen.

Pictures are handed over on the job's thread and cost it nothing but a look at what is on: they are
painted and written elsewhere.
"""

from __future__ import annotations

from datetime import datetime
from functools import partial
from pathlib import Path

import platformdirs
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from facegui.domain.control import Control
from facegui.domain.errors import FaceGuiError
from facegui.domain.text import tr
from facegui.gui.context import AppContext
from facegui.gui.lanes import Lane
from facegui.gui.live.mailbox import ShownFrame
from facegui.gui.live.painting import with_names
from facegui.gui.settings import AppSettings
from facegui.services.recognising.live_watch import LiveFrame
from facegui.services.recognising.recording import Recorded, Recorder, save_snapshot
from facegui.services.recognising.seen_log import SeenLog


class Keeping(QObject):
    """Asks once where things go, and puts them there.

    Signals:
        changed: recording or the log has begun or ended.
    """

    changed = Signal()

    def __init__(self, context: AppContext, settings: AppSettings, parent: QWidget) -> None:
        super().__init__(parent)
        self._context = context
        self._settings = settings
        self._window = parent
        self.recorder: Recorder | None = None
        self.log: SeenLog | None = None

    @property
    def folder(self) -> Path | None:
        """Where things go; None until the owner has said."""
        return self._settings.live_folder

    def hand_over(self, frame: LiveFrame, shown: ShownFrame) -> None:
        """A frame is there; called on the job's thread."""
        recorder, log = self.recorder, self.log
        if recorder is not None:
            recorder.offer(shown.taken_at, partial(with_names, shown.image, shown.faces))
        if log is not None:
            log.see(frame)

    def snapshot(self, shown: ShownFrame) -> None:
        """Keep the picture of now, with its names."""
        folder = self.ask_folder()
        if folder is None:
            return
        job = partial(_save, folder, shown, datetime.now().astimezone())
        task = self._context.lanes.start(job, tr("Saving a snapshot"), Lane.POOL)
        task.done.connect(lambda path: self._tell(tr("Snapshot saved: {path}", path=path)))
        task.failed.connect(self._complain)

    def record(self) -> None:
        """Begin a recording, or end the one that goes on."""
        if self.recorder is not None:
            self.end_recording()
            return
        folder = self.ask_folder()
        if folder is not None:
            self.recorder = Recorder(folder, datetime.now().astimezone())
            self.changed.emit()

    def end_recording(self) -> None:
        """Make the video whole, in the background; does nothing without one."""
        recorder, self.recorder = self.recorder, None
        if recorder is None:
            return
        recorder.stop()
        task = self._context.lanes.start(
            lambda _control: recorder.finish(), tr("Finishing the recording"), Lane.POOL
        )
        task.done.connect(self._recorded)
        self.changed.emit()

    def keep_log(self, *, on: bool) -> None:
        """Begin or end the log."""
        if not on:
            self.end_log()
            return
        folder = self.ask_folder()
        if folder is not None and self.log is None:
            self.log = SeenLog(folder, lambda: datetime.now().astimezone())
        self.changed.emit()

    def end_log(self) -> None:
        """Write what is open, in the background."""
        log, self.log = self.log, None
        if log is not None:
            self._context.lanes.start(lambda _c: log.close(), tr("Closing the log"), Lane.POOL)
            self.changed.emit()

    def check(self) -> None:
        """Say of what could not be written, and end it."""
        if self.recorder is not None and self.recorder.failure is not None:
            self.end_recording()
        if self.log is not None and self.log.failure is not None:
            self._complain(self.log.failure)
            self.end_log()

    def close(self) -> None:
        """The window closes: make whole what is being written, within a few seconds."""
        recorder, self.recorder = self.recorder, None
        log, self.log = self.log, None
        if recorder is not None:
            recorder.finish()
        if log is not None:
            log.close()

    def ask_folder(self, *, again: bool = False) -> Path | None:
        """Where things go: asked the first time, or *again*, and remembered; None for no answer."""
        known = self._settings.live_folder
        if known is not None and not again:
            return known
        start = known or Path(platformdirs.user_pictures_dir())
        title = tr("Where should snapshots, recordings and the log go?")
        chosen = QFileDialog.getExistingDirectory(self._window, title, str(start))
        if not chosen:
            return known
        self._settings.live_folder = Path(chosen)
        self.changed.emit()
        return Path(chosen)

    def _recorded(self, outcome: object) -> None:
        assert isinstance(outcome, Recorded)
        if outcome.failure is not None:
            self._complain(outcome.failure)
        elif outcome.path is None:
            self._tell(tr("Nothing was recorded: no picture came."))
        else:
            self._tell(tr("Recording saved: {path}", path=outcome.path))

    def _tell(self, text: str) -> None:
        self._context.told.emit(text)

    def _complain(self, error: object) -> None:
        if isinstance(error, FaceGuiError):
            self._context.notice.emit(error.message, error.remedy)


def _save(folder: Path, shown: ShownFrame, moment: datetime, _control: Control) -> object:
    return save_snapshot(folder, with_names(shown.image, shown.faces), moment)
