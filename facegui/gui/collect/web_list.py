"""Collecting from a list of web addresses: choose people, download, see what failed and why."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices, QKeySequence, QShortcut
from PySide6.QtWidgets import QFileDialog, QStackedLayout, QWidget

from facegui.domain.control import Control, Progress, Stop
from facegui.domain.errors import Cancelled, LibraryError
from facegui.domain.queries import Change
from facegui.domain.text import tr, trn
from facegui.domain.web_list import FetchResult
from facegui.gui.collect.view import CollectView
from facegui.gui.collect.web_list_body import EmptyWebList, WebListBody
from facegui.gui.context import AppContext
from facegui.gui.lanes import Lane
from facegui.gui.preload import FOR_DOWNLOADS, Preload
from facegui.gui.status import Pace, figures
from facegui.gui.task import Task

if TYPE_CHECKING:
    from facegui.services.collecting.web_list import DownloadReport, DownloadRequest
    from facegui.services.collecting.web_list_survey import ListSurvey

_SCAN_EVERY = 100  # photos: faces show while the download goes on


class WebListView(CollectView):
    """A download runs on when another source or page is looked at."""

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self.task: Task | None = None
        self.body, self.empty = WebListBody(), EmptyWebList()
        self._stack = QStackedLayout(self)
        self._stack.addWidget(self.empty)
        self._stack.addWidget(self.body)
        self._lists: tuple[Path, ...] = ()
        self._generation = 0
        self._restored = False
        self._pace = Pace()
        self._unscanned = 0
        self._parts = Preload(FOR_DOWNLOADS, self)
        self._connect()

    def _connect(self) -> None:
        body = self.body
        self.empty.choose.clicked.connect(self.choose)
        body.choose.clicked.connect(self.choose)
        body.start.clicked.connect(self.start_or_pause)
        body.folder.clicked.connect(self._open_folder)
        body.people.model.choice_changed.connect(self._update)
        body.failures.again_requested.connect(self._try_again)
        body.failures.export_requested.connect(self._choose_export)
        body.failures.file_requested.connect(self._open_file)
        self.context.library_changed.connect(self._library_changed)
        QShortcut(QKeySequence("Ctrl+Return"), self, body.start.click)

    # The contract of a view

    def activate(self) -> None:
        if not self._restored:
            self._restored = True
            self._restore()

    def drop(self, paths: list[Path]) -> bool:
        if not paths or not all(path.suffix.lower() in {".txt", ".csv", ".tsv"} for path in paths):
            return False
        if self.task is None:
            self.show_lists(tuple(paths))
        return True

    def keys(self) -> Sequence[tuple[str, str]]:
        return ((tr("Ctrl+Enter"), tr("Download the list, or pause")),)

    # Lists

    def choose(self) -> None:
        """Ask for list files, and show who is in them."""
        chosen, _ = QFileDialog.getOpenFileNames(
            self,
            tr("Choose lists of photos"),
            str(self._lists[0].parent) if self._lists else "",
            tr("Lists (*.txt *.csv *.tsv);;All files (*)"),
        )
        if chosen:
            self.show_lists(tuple(map(Path, chosen)))

    def show_lists(
        self, lists: tuple[Path, ...], people: frozenset[str] | None = None, cap: int | None = None
    ) -> None:
        """Read *lists* in the background and show them; *people* are checked, or everybody."""
        library = self.context.library
        if library is None:
            return
        self._generation += 1

        def look(_control: Control) -> object:
            from facegui.services.collecting.web_list_survey import survey_lists

            return survey_lists(library, lists)

        task = self.context.lanes.start(look, tr("Reading the list"), Lane.QUERY)
        task.done.connect(partial(self._show_survey, self._generation, lists, people, cap))

    def _restore(self) -> None:
        """Go on with what was asked for last in this library."""
        library, generation = self.context.library, self._generation
        if library is None:
            return

        def look(_control: Control) -> object:
            from facegui.services.collecting.web_list import last_request

            return last_request(library)

        def show(found: object) -> None:
            if found is not None and generation == self._generation:
                request: DownloadRequest = found  # type: ignore[assignment]
                self.show_lists(request.lists, request.people, request.cap or 0)

        task = self.context.lanes.start(look, tr("Reading the list"), Lane.QUERY)
        task.done.connect(show)

    def _show_survey(
        self,
        generation: int,
        lists: tuple[Path, ...],
        people: frozenset[str] | None,
        cap: int | None,
        found: object,
    ) -> None:
        if generation != self._generation:
            return
        survey: ListSurvey = found  # type: ignore[assignment]
        self._lists = lists
        names = [person.name for person in survey.people]
        self.body.show_lists(lists)
        self.body.people.model.show(survey.people, names if people is None else people)
        self.body.failures.model.show(survey.failures, survey.bad_rows)
        if cap is not None:
            self.body.cap.setValue(cap)
        self._say(_malformed(survey.bad_count))
        self._stack.setCurrentWidget(self.body)
        self._update()

    def _library_changed(self, _library: object) -> None:
        if self.task is not None:
            self.task.stop(Stop.DISCARD)
        self._generation += 1
        self._restored = False
        self._lists = ()
        self._stack.setCurrentWidget(self.empty)
        if self.isVisible():
            self.activate()

    # The download

    def start_or_pause(self) -> None:
        """Download what is chosen; while that goes on, pause it."""
        if self.task is not None:
            self.body.start.setEnabled(False)
            self._say(tr("Pausing…"))
            self.task.stop(Stop.KEEP)
            return
        checked = self.body.people.model.checked
        if self._lists and checked:
            everybody = len(checked) == len(self.body.people.model.people)
            self._begin(None if everybody else checked, frozenset(), fresh=True)

    def _try_again(self, results: frozenset[FetchResult]) -> None:
        if self._lists and self.task is None:
            self._begin(None, results, fresh=False)

    def _begin(
        self, people: frozenset[str] | None, again: frozenset[FetchResult], *, fresh: bool
    ) -> None:
        library, lists, cap = self.context.library, self._lists, self.body.cap.value() or None
        if library is None:
            return

        def job(control: Control) -> object:
            from facegui.services.collecting.web_list import DownloadRequest, download_list

            request = DownloadRequest(lists, people, cap, again, fresh)
            try:
                return download_list(library, request, control)
            except LibraryError as error:
                if control.cancelled() is Stop.DISCARD:  # the library was closed meanwhile
                    raise Cancelled from error
                raise

        self.body.start.setEnabled(False)
        self._parts.then(partial(self._run, library, job))

    def _run(self, library: object, job: Callable[[Control], object]) -> None:
        if self.task is not None or self.context.library is not library:
            return
        self._pace = Pace()
        task = self.task = self.context.lanes.start(job, tr("Downloading"), Lane.WEB, visible=True)
        task.progressed.connect(self._progressed)
        task.partial_arrived.connect(self._take)
        task.done.connect(self._finished)
        task.failed.connect(lambda _: self._say(tr("It ended early; what has come is kept.")))
        task.ended.connect(self._ended)
        self._update()

    def _progressed(self, progress: object) -> None:
        assert isinstance(progress, Progress)
        self.body.bar.setMaximum(progress.total)
        self.body.bar.setValue(progress.done)
        if self.body.start.isEnabled():  # else it says that it is pausing
            self._pace.add(progress, time.monotonic())
            told = figures(progress, self._pace.rate(), self._pace.left())
            self._say(told or progress.label)

    def _take(self, news: object) -> None:
        from facegui.services.collecting.web_list import DownloadNews

        assert isinstance(news, DownloadNews)
        failures = self.body.failures.model
        for photo in news.photos:
            self.body.people.model.count(photo, failures.before(photo.url))
        failures.take(news.photos)
        self._unscanned += len(news.added_ids)
        if news.added_ids:
            self.context.rows_changed.emit(Change(None, photo_ids=news.added_ids))
        if self._unscanned >= _SCAN_EVERY:
            self._scan()

    def _scan(self) -> None:
        if self._unscanned:
            self._unscanned = 0
            self.context.scan_requested.emit()

    def _finished(self, found: object) -> None:
        report: DownloadReport = found  # type: ignore[assignment]
        done = report.results.get(FetchResult.DONE, 0)
        parts = [
            tr("Paused") if report.stopped else tr("Done"),
            trn("{n} photo", "{n} photos", done),
            trn("{n} address failed", "{n} addresses failed", len(report.failures)),
        ]
        if report.known:
            parts.append(trn("{n} known already", "{n} known already", report.known))
        self._say(" · ".join([*parts, _malformed(report.bad_count)]))
        self._scan()

    def _ended(self) -> None:
        self.task = None
        self._update()

    # What is shown

    def _say(self, text: str) -> None:
        self.body.state.setText(text.removesuffix(" · "))

    def _update(self) -> None:
        body, running = self.body, self.task is not None
        people = [p for p in body.people.model.people if p.name in body.people.model.checked]
        tried = any(person.done or person.failed for person in people)
        idle_word = tr("Go on") if tried else tr("Download")
        body.start.setText(tr("Pause") if running else idle_word)
        body.start.setEnabled(running or bool(people))
        body.bar.setVisible(running)
        for widget in (body.choose, body.cap, body.people.all, body.people.none):
            widget.setEnabled(not running)
        body.failures.set_idle(idle=not running)

    # Files

    def _open_folder(self) -> None:
        library = self.context.library
        if library is not None:
            folder = library.photos_dir if library.photos_dir.is_dir() else library.path
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))

    def _open_file(self, file: Path) -> None:
        library = self.context.library
        if library is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(library.path / file)))

    def _choose_export(self) -> None:
        chosen, _ = QFileDialog.getSaveFileName(
            self, tr("Save what failed"), tr("failures.csv"), tr("CSV (*.csv)")
        )
        if chosen:
            self.export(Path(chosen))

    def export(self, out: Path) -> None:
        """Write every failure to *out* as CSV."""
        library = self.context.library
        if library is None:
            return

        def job(_control: Control) -> object:
            from facegui.services.collecting.web_list_survey import export_failures

            export_failures(library, out)
            return out

        task = self.context.lanes.start(job, tr("Saving"), Lane.QUERY)
        task.done.connect(lambda _: self._say(tr("Saved {file}.", file=out.name)))


def _malformed(count: int) -> str:
    if not count:
        return ""
    return trn("{n} line of the list is malformed", "{n} lines of the list are malformed", count)
