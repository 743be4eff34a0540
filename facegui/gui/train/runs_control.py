"""What the buttons of the list of runs do."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog

from facegui.domain.control import Control
from facegui.domain.errors import DatasetError
from facegui.domain.text import tr, trn
from facegui.gui.context import AppContext
from facegui.gui.lanes import Lane
from facegui.gui.train.runs import RunsPanel
from facegui.services.libraries import Library
from facegui.services.runs.records import RunRecord

if TYPE_CHECKING:
    from facegui.services.judging.judged_faces import JudgedFaces


class RunsControl(QObject):
    """Deletes, compares, annotates and reports runs for a `RunsPanel`.

    Signals:
        changed: the list should be read anew.
    """

    changed = Signal()

    def __init__(self, context: AppContext, panel: RunsPanel) -> None:
        super().__init__(panel)
        self._context = context
        self._panel = panel
        self._deleted: list[RunRecord] = []
        panel.delete_requested.connect(self._delete)
        panel.restore_requested.connect(self._restore)
        panel.notes_changed.connect(self._keep_notes)
        panel.use_requested.connect(self.use)
        panel.compare_requested.connect(self._compare)
        panel.report_requested.connect(self.ask_for_report)
        panel.board_requested.connect(self._show_board)
        context.library_changed.connect(self._forget)
        self.changed.connect(context.model.refresh)

    def ask_for_report(self, record: RunRecord) -> None:
        """Ask where to, and write the report of *record* there."""
        path, _ = QFileDialog.getSaveFileName(
            self._panel, tr("Report of a run"), f"{record.id}.html", tr("Web page (*.html)")
        )
        if path:
            self.write_report(record, Path(path))

    def write_report(self, record: RunRecord, path: Path) -> None:
        """Write the report of *record* to *path* and show it in the browser."""
        from facegui.services.runs.report import write_report

        def show() -> None:
            self._context.notice.emit(tr("The report is in {path}.", path=path), "")
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))

        self._work(
            lambda library: write_report(library, record, path),
            tr("Writing the report"),
            show,
            Lane.POOL,
        )

    def _delete(self, records: Sequence[RunRecord]) -> None:
        from facegui.services.runs.deleted import delete_run

        def delete(library: Library) -> None:
            for record in records:
                delete_run(library, record)

        def tell() -> None:
            self._deleted = list(records)
            self._panel.allow_restore(allowed=True)
            self._context.notice.emit(
                trn("{n} run was deleted.", "{n} runs were deleted.", len(records)),
                tr("“Bring back” undoes it; after thirty days they go for good."),
            )
            self.changed.emit()

        self._work(delete, tr("Deleting runs"), tell)

    def _restore(self) -> None:
        from facegui.services.runs.deleted import restore_run

        records = self._deleted

        def restore(library: Library) -> None:
            for record in records:
                restore_run(library, record)

        def tell() -> None:
            self._forget()
            self._context.notice.emit("", "")
            self.changed.emit()

        self._work(restore, tr("Bringing runs back"), tell)

    def _keep_notes(self, record: RunRecord, notes: str) -> None:
        from facegui.services.runs.records import write_notes

        self._work(
            lambda library: write_notes(library, record.id, notes),
            tr("Keeping notes"),
            self.changed.emit,
        )

    def use(self, record: RunRecord) -> None:
        """Make the model of *record* the one in use."""
        from facegui.services.runs.models import publish

        self._work(
            lambda library: publish(library, record), tr("Choosing the model"), self.changed.emit
        )

    def _compare(self, one: RunRecord, other: RunRecord) -> None:
        from facegui.gui.train.compare_dialog import CompareDialog
        from facegui.services.judging.judged_faces import judged_faces

        found: list[JudgedFaces] = []

        def read(library: Library) -> None:
            with suppress(DatasetError):  # the settings can be compared all the same
                found.append(judged_faces(library, one, other))

        def show() -> None:
            judged = found[0] if found else None
            CompareDialog(one, other, judged, self._panel.window()).open()

        self._work(read, tr("Comparing runs"), show, Lane.QUERY)

    def _show_board(self) -> None:
        library, board = self._context.library, self._context.tools.board
        if library is None:
            return
        self._panel.board.setEnabled(False)
        task = self._context.lanes.start(
            lambda control: board.open(library, control),
            tr("Starting TensorBoard"),
            Lane.QUERY,
            visible=True,
        )
        task.done.connect(self._visit)
        task.ended.connect(lambda: self._panel.board.setEnabled(True))

    def _visit(self, address: object) -> None:
        """Open the browser, and tell where to go where there is none."""
        self._context.notice.emit(tr("TensorBoard answers at {address}.", address=address), "")
        QDesktopServices.openUrl(QUrl(str(address)))

    def _forget(self, _library: object = None) -> None:
        """Nothing can be brought back any more."""
        self._deleted = []
        self._panel.allow_restore(allowed=False)

    def _work(
        self,
        action: Callable[[Library], object],
        label: str,
        then: Callable[[], object],
        lane: Lane = Lane.WRITER,
    ) -> None:
        library = self._context.library
        if library is None:
            return

        def job(_control: Control) -> object:
            return action(library)

        task = self._context.lanes.start(job, label, lane)
        task.done.connect(lambda _: then())
