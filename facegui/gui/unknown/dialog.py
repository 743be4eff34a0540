"""The window “How sure is sure enough”: the line between a name and *unknown*, moved by the owner.

What is known of the model's scores is gathered in the background; moving the line only counts.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QDialog, QFileDialog, QWidget

from facegui.domain.control import Control
from facegui.domain.entities import FaceState
from facegui.domain.errors import Cancelled, FaceGuiError, LibraryError
from facegui.domain.text import tr, trn
from facegui.domain.training import Thresholds
from facegui.gui.context import AppContext
from facegui.gui.lanes import Lane
from facegui.gui.review.paint import state_colour
from facegui.gui.task import Job, Task
from facegui.gui.unknown import words
from facegui.gui.unknown.body import UnknownBody
from facegui.gui.unknown.chart import Band
from facegui.gui.unknown.lines import Lines
from facegui.services.recognising.evidence import Evidence, gather
from facegui.services.recognising.stranger_faces import name_stranger_folders, stranger_folders
from facegui.services.recognising.stranger_folders import FolderStrangers, folder_strangers
from facegui.services.recognising.stranger_known import Acquaintances
from facegui.services.recognising.thresholds import set_thresholds

_SIZE_PX = (980, 700)
_MINIMUM_PX = (860, 610)


class UnknownDialog(QDialog):
    """One model's line, over the faces that are known of it.

    Args:
        path: of the model.
    """

    def __init__(self, context: AppContext, path: Path, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(tr("How sure is sure enough"))
        self.setMinimumSize(*_MINIMUM_PX)
        self.resize(*_SIZE_PX)
        self._context = context
        self._path = path
        self._task: Task | None = None
        self._evidence: Evidence | None = None
        self._lines: Lines | None = None
        self._folders: tuple[Path, ...] = ()
        self._in_folders: FolderStrangers | None = None
        self.body = UnknownBody(self)
        self._connect()
        context.library_changed.connect(self.close)
        self._begin()

    # What is known

    def _begin(self) -> None:
        library = self._context.library
        if library is None:
            self.body.say(tr("Open a library first: its faces tell where the line should be."))
            return

        def read(_control: Control) -> object:
            return stranger_folders(library)

        task = self._run(read, tr("Reading the library"), Lane.QUERY)
        task.done.connect(self._folders_known)

    def _folders_known(self, folders: object) -> None:
        assert isinstance(folders, tuple)
        self._folders = folders
        self._gather()

    def _gather(self) -> None:
        library, tools = self._context.library, self._context.tools
        if library is None:
            return
        path = self._path
        in_folders = None if self._in_folders is None else self._in_folders.faces

        def job(control: Control) -> object:
            try:
                return gather(library, tools, path, in_folders, control)
            except LibraryError as error:
                if control.cancelled():  # closed meanwhile
                    raise Cancelled from error
                raise

        self.body.say(tr("Asking the model about the faces that are known…"))
        task = self._run(job, tr("Asking about known faces and strangers"), Lane.LIVE)
        task.done.connect(self._show)

    def _look_through(self) -> None:
        """Find the strangers' faces in the owner's folders, then ask about them too."""
        library, evidence = self._context.library, self._evidence
        if library is None or evidence is None:
            return
        tools, folders = self._context.tools, self._folders

        def job(control: Control) -> object:
            known = Acquaintances.of(library, evidence.info)
            return folder_strangers(tools, folders, known, control)

        task = self._run(job, tr("Looking for strangers' faces"), Lane.LIVE)
        task.progressed.connect(self.body.show_progress)
        task.done.connect(self._looked_through)

    def _looked_through(self, found: object) -> None:
        assert isinstance(found, FolderStrangers)
        self._in_folders = found
        faces = trn("{n} face", "{n} faces", found.faces.in_folders)
        photos = trn("{n} photo", "{n} photos", found.photos)
        told = tr("{faces} in {photos} of your folders.", faces=faces, photos=photos)
        if found.stopped:
            told += " " + tr("Stopped before all were looked at.")
        self.body.tell(told)
        self._gather()

    def _show(self, evidence: object) -> None:
        assert isinstance(evidence, Evidence)
        first = self._evidence is None
        self._evidence = evidence
        if self._lines is None:
            self._lines = Lines(evidence.thresholds)
            self.body.person.show_people(evidence.labels)
        self.body.show_evidence(evidence, self._folders, self._in_folders)
        self._show_person()
        if first and self._folders and self._in_folders is None:
            self._look_through()

    # The line

    def _connect(self) -> None:
        body = self.body
        body.person.chosen.connect(self._choose)
        body.chart.valueChanged.connect(lambda _value: self._moved())
        body.shared.clicked.connect(self._share)
        body.calibrated.clicked.connect(self._as_calibrated)
        body.suggested.clicked.connect(self._suggest)
        body.add_folder.clicked.connect(self._ask_for_folder)
        body.forget_folders.clicked.connect(self._forget_folders)
        body.stop.clicked.connect(self._stop)
        body.buttons.rejected.connect(self.reject)
        body.apply.clicked.connect(self._apply)

    def _choose(self, name: object) -> None:
        assert name is None or isinstance(name, str)
        if self._lines is not None:
            self._lines.person = name
            self._show_person()

    def _show_person(self) -> None:
        """The histograms of the chosen person, or everybody's, and the line over them."""
        evidence, lines = self._evidence, self._lines
        if evidence is None or lines is None:
            return
        bands = evidence.bands(lines.person)
        title = words.known_title(bands, evidence.rates(lines.thresholds, lines.person))
        whose = (
            (title, bands.known, FaceState.KEPT),
            (
                tr("The same faces, without their own person · {n}", n=f"{len(bands.impostors):,}"),
                bands.impostors,
                FaceState.IGNORED,
            ),
            (
                tr("Strangers · {n}", n=f"{len(bands.strangers):,}"),
                bands.strangers,
                FaceState.REJECTED,
            ),
        )
        shown = [Band(title, scores, state_colour(state)) for title, scores, state in whose]
        self.body.chart.show_bands(shown)
        self._show_line()

    def _moved(self) -> None:
        if self._lines is not None:
            self._lines.move(self.body.chart.line())
            self._show_line()

    def _share(self) -> None:
        if self._lines is not None:
            self._lines.share()
            self._show_line()

    def _as_calibrated(self) -> None:
        if self._evidence is not None and self._evidence.calibrated is not None:
            self._put(self._evidence.calibrated)

    def _suggest(self) -> None:
        if self._evidence is not None:
            self._put(self._evidence.suggested())

    def _put(self, thresholds: Thresholds) -> None:
        assert self._lines is not None
        self._lines.thresholds = thresholds
        self._show_line()

    def _show_line(self) -> None:
        evidence, lines = self._evidence, self._lines
        assert evidence is not None
        assert lines is not None
        found = None if evidence.calibrated is None else lines.of(evidence.calibrated)
        self.body.chart.show_line(lines.line, found)
        self.body.show_rates(
            lines,
            evidence.rates(lines.thresholds, lines.person),
            words.warning_words(evidence, evidence.rates(lines.thresholds)),
            changed=lines.thresholds != evidence.thresholds,
        )

    # Folders

    def _ask_for_folder(self) -> None:
        path = QFileDialog.getExistingDirectory(
            self, tr("A folder of photos of people that the model does not know")
        )
        if path and Path(path) not in self._folders:
            self._keep_folders((*self._folders, Path(path)))

    def _forget_folders(self) -> None:
        self._keep_folders(())

    def _keep_folders(self, folders: Sequence[Path]) -> None:
        library = self._context.library
        if library is None or self._evidence is None:
            return
        self._folders, self._in_folders = tuple(folders), None
        self._context.write(
            tr("Remembering the folders of strangers"),
            partial(name_stranger_folders, library, self._folders),
        )
        self.body.show_evidence(self._evidence, self._folders, None)
        if self._folders:
            self._look_through()
        else:
            self._gather()

    # Into the model

    def _apply(self) -> None:
        evidence, lines = self._evidence, self._lines
        if evidence is None or lines is None:
            return
        path, sha256, thresholds = evidence.path, evidence.sha256, lines.thresholds

        def job(_control: Control) -> object:
            set_thresholds(path, sha256, thresholds)
            return None

        task = self._run(job, tr("Writing the line into the model"), Lane.WRITER)
        task.done.connect(self._applied)

    def _applied(self, _nothing: object) -> None:
        self._context.model.refresh()
        self._context.told.emit(tr("The model names faces by the new line now."))
        self.body.tell(tr("The model names faces by this line now."))
        self._gather()

    # Work

    def _run(self, job: Job, label: str, lane: Lane) -> Task:
        """The one thing that this window does now; what it did before is stopped."""
        self._stop()
        self._task = task = self._context.lanes.start(job, label, lane)
        self.body.set_busy(busy=True)
        task.failed.connect(self._failed)
        task.ended.connect(partial(self._ended, task))
        return task

    def _ended(self, task: Task) -> None:
        if task is self._task:
            self._task = None
            self.body.set_busy(busy=False)

    def _stop(self) -> None:
        if self._task is not None:
            self._task.stop()

    def _failed(self, error: object) -> None:
        if isinstance(error, FaceGuiError):
            self.body.notice.tell(error.message, error.remedy)
            if self._evidence is None:
                self.body.say(tr("The model could not be asked."))

    def closeEvent(self, event: QCloseEvent) -> None:
        self._stop()
        super().closeEvent(event)

    def reject(self) -> None:
        self._stop()
        super().reject()
