"""What the owner can do to a library from anywhere in the window: menu, buttons and drops."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

import platformdirs
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from facegui.domain.control import Control
from facegui.domain.queries import Change
from facegui.domain.text import tr, trn
from facegui.gui.context import AppContext
from facegui.gui.lanes import Lane
from facegui.gui.preload import FOR_SCANS, Preload
from facegui.gui.settings import AppSettings
from facegui.gui.task import Task
from facegui.gui.watching import FolderWatching
from facegui.services.libraries import (
    Library,
    create_library,
    is_library,
    open_library,
    with_suffix,
)


class LibraryActions(QObject):
    """Opens, fills and scans libraries; every long part runs in a lane and can be stopped.

    Signals:
        photos_arrived: an import has put new photos into the open library.
    """

    photos_arrived = Signal()

    def __init__(
        self,
        context: AppContext,
        settings: AppSettings,
        window: QWidget,
        when_ready: Callable[[Callable[[], object]], None],
    ) -> None:
        """A library is shown *when_ready*: as soon as the pages are there that show it."""
        super().__init__(window)
        self._context = context
        self._settings = settings
        self._when_ready = when_ready
        self._opening = False
        self._window = window
        self._scanning: Task | None = None
        self._preload = Preload(FOR_SCANS, self)
        FolderWatching(context, self)
        context.rows_changed.connect(self.follow)
        context.library_changed.connect(self._prepare)

    @property
    def busy(self) -> bool:
        """Whether something runs in the background, or is about to."""
        return self._context.lanes.busy() or self._opening or self._preload.awaited

    # Libraries

    def _prepare(self, library: object) -> None:
        if library is not None:
            self._preload.begin()

    def choose_new(self) -> None:
        """Ask where a new library should lie, and make it."""
        suggestion = str(_libraries_folder() / tr("My Faces.facegui"))
        chosen, _ = QFileDialog.getSaveFileName(
            self._window,
            tr("New library"),
            suggestion,
            tr("FaceGUI library (*.facegui)"),
            options=QFileDialog.Option.DontConfirmOverwrite,
        )
        if chosen:
            self.create(with_suffix(Path(chosen)))

    def choose_open(self) -> None:
        """Ask for a library folder, and open it."""
        chosen = QFileDialog.getExistingDirectory(
            self._window, tr("Open library"), str(_libraries_folder())
        )
        if chosen:
            self.open(Path(chosen))

    def create(self, path: Path, then: Callable[[], None] | None = None) -> None:
        """Make a new library at *path*, show it, and go on with *then*."""
        self._show_library(lambda: create_library(path), tr("Creating the library"), then)

    def open(self, path: Path, then: Callable[[], None] | None = None) -> None:
        """Open the library at *path*, show it, and go on with *then*."""
        self._show_library(lambda: open_library(path), tr("Opening the library"), then)

    def _show_library(
        self, make: Callable[[], Library], label: str, then: Callable[[], None] | None
    ) -> None:
        def arrived(library: object) -> None:
            assert isinstance(library, Library)
            self._when_ready(partial(self._show, library, then))

        if self._opening:  # the second click of a double one
            return
        self._opening = True
        task = self._context.lanes.start(lambda _control: make(), label, Lane.LONG)
        task.done.connect(arrived)
        task.failed.connect(self._opened)
        task.cancelled.connect(self._opened)

    def _opened(self, _error: object = None) -> None:
        self._opening = False

    def _show(self, library: Library, then: Callable[[], None] | None) -> None:
        self._opened()
        self._context.set_library(library)
        self._settings.remember(library.path)
        if then is not None:
            then()

    # Photos

    def open_sample(self) -> None:
        """Fetch the sample photos, make them a library the first time, and show it."""

        def job(control: Control) -> Library:
            from facegui.services.collecting.sample import default_sample_path, fill_sample

            path = default_sample_path()
            path.parent.mkdir(parents=True, exist_ok=True)
            library = open_library(path, create=True)
            try:
                fill_sample(library, self._context.tools, control)
            except BaseException:
                library.close()
                raise
            return library

        def filled() -> None:
            self.photos_arrived.emit()
            self.scan()

        def arrived(library: object) -> None:
            assert isinstance(library, Library)
            self._when_ready(partial(self._show, library, filled))

        opened = self._context.library
        if opened is not None:
            self._context.set_library(None)  # the sample may be the library that is open now
        task = self._context.lanes.start(job, tr("Fetching the sample"), Lane.LONG, visible=True)
        task.done.connect(arrived)

    def choose_photos(self) -> None:
        """Ask for a folder of photos, and import it."""
        chosen = QFileDialog.getExistingDirectory(self._window, tr("Add a folder of photos"))
        if chosen:
            self.import_paths([Path(chosen)])

    def import_paths(self, paths: list[Path]) -> None:
        """Import *paths* and scan what is new; with no library open, a new one is made for them."""
        if self._context.library is None:
            self.create(_free_name(paths[0]), then=partial(self._import, paths))
        else:
            self._import(paths)

    def import_or_open(self, paths: list[Path]) -> None:
        """What a drop on the window means: a library is opened, anything else imported."""
        if len(paths) == 1 and is_library(paths[0]):
            self.open(paths[0])
        else:
            self.import_paths(paths)

    def _import(self, paths: list[Path]) -> None:
        library = self._context.library
        assert library is not None
        self._context.notice.emit("", "")

        def job(control: Control) -> object:
            from facegui.services.collecting.photos import ImportRequest, import_photos

            return import_photos(library, ImportRequest(tuple(paths)), control)

        task = self._context.lanes.start(job, tr("Importing"), Lane.LONG, visible=True)
        task.partial_arrived.connect(self._rows_added)
        task.done.connect(self._imported)

    def _imported(self, report: object) -> None:
        from facegui.services.collecting.photos import ImportReport

        assert isinstance(report, ImportReport)
        if report.skipped:
            first = report.skipped[0]
            self._context.notice.emit(
                trn(
                    "{n} item was passed over.", "{n} items were passed over.", len(report.skipped)
                ),
                f"{first.path}: {first.reason}",
            )
        elif not report.added_ids:
            self._context.notice.emit(tr("There is nothing new to import there."), "")
        if report.added_ids:
            self.photos_arrived.emit()
            self.scan()

    def _rows_added(self, ids: object) -> None:
        assert isinstance(ids, tuple)
        self._context.rows_changed.emit(Change(None, photo_ids=ids))

    # Scanning

    def scan(self, *, rescan: bool = False) -> None:
        """Scan new and changed photos, or all; one scan at a time."""
        self._preload.then(partial(self._scan, rescan=rescan))

    def _scan(self, *, rescan: bool) -> None:
        library = self._context.library
        if library is None or self._scanning is not None:
            return

        def job(control: Control) -> object:
            from facegui.services.scanning.scan import ScanRequest, scan

            return scan(library, self._context.tools, ScanRequest(rescan=rescan), control)

        task = self._context.lanes.start(job, tr("Scanning"), Lane.LONG, visible=True)
        self._scanning = task
        task.partial_arrived.connect(self._rows_added)
        task.done.connect(self._scanned)
        task.ended.connect(self._scan_ended)

    def follow(self, change: Change) -> None:
        """Group the copies anew when a step, or its undo, has moved what counts as a copy."""
        library = self._context.library
        moved = change.limits_changed or change.copies_changed
        if library is None or not moved or self._scanning is not None:
            return

        def job(control: Control) -> object:
            from facegui.services.copies.duplicates import find_duplicates, is_outdated

            return is_outdated(library) and find_duplicates(library, None, control)

        task = self._context.lanes.start(job, tr("Looking for copies"), Lane.LONG)
        task.done.connect(self._regrouped)

    def _regrouped(self, groups: object) -> None:
        if groups is not False:
            self._context.rows_changed.emit(Change(None))

    def _scanned(self, report: object) -> None:
        from facegui.services.scanning.scan import ScanReport

        assert isinstance(report, ScanReport)
        told = tr(
            "Scanned {photos} in {seconds} s: {faces}, {bad} unreadable.",
            photos=trn("{n} photo", "{n} photos", report.scanned),
            seconds=f"{report.seconds:.0f}",
            faces=trn("{n} face", "{n} faces", report.faces),
            bad=report.unreadable,
        )
        self._context.told.emit(" ".join((told, *report.unmeasured)))

    def _scan_ended(self) -> None:
        self._scanning = None
        self._context.rows_changed.emit(Change(None))

    # Undo

    def undo(self) -> None:
        """Take the last step back."""
        self._step(tr("Undone: {step}"), tr("Nothing to undo"), Library.undo)

    def redo(self) -> None:
        """Do the step again that was taken back last."""
        self._step(tr("Done again: {step}"), tr("Nothing to redo"), Library.redo)

    def _step(self, told: str, nothing: str, act: Callable[[Library], Change | None]) -> None:
        library = self._context.library
        if library is None:
            return
        task = self._context.write(told, lambda: act(library))

        def tell(change: object) -> None:
            entry = change.entry if isinstance(change, Change) else None
            self._context.told.emit(told.format(step=entry.label) if entry else nothing)

        task.done.connect(tell)


def _libraries_folder() -> Path:
    return Path(platformdirs.user_documents_dir())


def _free_name(photos: Path) -> Path:
    """A library name for dropped *photos* that is not taken, in the documents folder."""
    folder = _libraries_folder()
    folder.mkdir(parents=True, exist_ok=True)
    stem = (photos if photos.is_dir() else photos.parent).name or tr("My Faces")
    path = with_suffix(folder / stem)
    number = 2
    while path.exists():
        path = with_suffix(folder / f"{stem} {number}")
        number += 1
    return path
