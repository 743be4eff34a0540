"""Recognised files taken out: the menu, and what its entries do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QLabel, QMenu, QRadioButton, QWidget

from facegui.domain.control import Control
from facegui.domain.recognition import RecognisedPhoto
from facegui.domain.text import tr, trn
from facegui.gui.context import AppContext
from facegui.gui.lanes import Lane
from facegui.gui.recognise.out_dialog import OutDialog
from facegui.gui.task import Job
from facegui.gui.theme import icon
from facegui.services.recognising.results_export import (
    Annotated,
    export_annotated,
    export_csv,
    export_json,
)
from facegui.services.recognising.sorting import (
    Several,
    SortReport,
    SortRequest,
    sort_into_folders,
    special_folders,
)

Photos = Sequence[RecognisedPhoto]
_TOLD_FAILURES = 3
_TOLD_PEOPLE = 8


class ExportMenu(QMenu):
    """Says which files it is about, and what they can become.

    Args:
        chosen: the files: those that are marked, or all that are listed; and whether they are
            marked.
        read_said: makes what a job calls to have files with what the owner has said of them.
    """

    def __init__(
        self,
        context: AppContext,
        parent: QWidget,
        chosen: Callable[[], tuple[Photos, bool]],
        read_said: Callable[[Photos], Callable[[], Photos]],
    ) -> None:
        super().__init__(parent)
        self._context = context
        self._owner = parent
        self._chosen = chosen
        self._read_said = read_said
        self._about = self.addSection("")
        self.aboutToShow.connect(self._tell)
        self.actions_by_name = {
            name: self.addAction(icon(sign), text)
            for name, sign, text in (
                ("sort", "folder-new", tr("Sort into folders…")),
                ("annotated", "photos", tr("Photos with names drawn in…")),
                ("csv", "sort-down", tr("Table (CSV)…")),
                ("json", "rules", tr("Document (JSON)…")),
            )
        }
        for name, act in (
            ("sort", self.sort),
            ("annotated", self.annotate),
            ("csv", partial(self._ask_for_file, ".csv", tr("Table"), export_csv)),
            ("json", partial(self._ask_for_file, ".json", tr("Document"), export_json)),
        ):
            self.actions_by_name[name].triggered.connect(lambda _on=False, act=act: act())

    def sort(self) -> OutDialog:
        """Copy the files into a folder for each person."""
        photos, _ = self._chosen()
        read = self._read_said(photos)
        each = QRadioButton(tr("To each of them"))
        apart = QRadioButton(tr("To a folder of their own, “Several people”"))
        each.setChecked(True)

        def job(out: Path) -> Job:
            several = Several.APART if apart.isChecked() else Several.EACH
            return lambda control: sort_into_folders(SortRequest(read(), out, several), control)

        about = trn(
            "Copies {n} file into a folder for each person, and one each for unknown people and "
            "for files without a face. Nothing is moved, and nothing is replaced.",
            "Copies {n} files into a folder for each person, and one each for unknown people and "
            "for files without a face. Nothing is moved, and nothing is replaced.",
            len(photos),
        )
        dialog = OutDialog(
            self._context,
            tr("Sort into folders"),
            about,
            make_job=job,
            tell=_tell_sorted,
            parent=self._owner,
        )
        dialog.options.addWidget(QLabel(tr("Files with several people go:")))
        dialog.options.addWidget(each)
        dialog.options.addWidget(apart)
        dialog.open()
        return dialog

    def annotate(self) -> OutDialog:
        """Draw boxes and names into copies."""
        from facegui.gui.recognise.drawing import with_names

        photos, _ = self._chosen()
        read = self._read_said(photos)

        def job(out: Path) -> Job:
            return lambda control: export_annotated(read(), out, with_names, control)

        about = trn(
            "Writes a copy of {n} file with boxes and names drawn in: full size, as JPEG, without "
            "place, time and other metadata. Of a video, the best frame of everybody in it.",
            "Writes copies of {n} files with boxes and names drawn in: full size, as JPEG, without "
            "place, time and other metadata. Of a video, the best frame of everybody in it.",
            len(photos),
        )
        dialog = OutDialog(
            self._context,
            tr("Photos with names"),
            about,
            make_job=job,
            tell=_tell_annotated,
            parent=self._owner,
        )
        dialog.open()
        return dialog

    def _ask_for_file(self, suffix: str, title: str, write: Callable[[Photos, Path], None]) -> None:
        kinds = f"{title} (*{suffix})"
        name = f"{tr('recognised')}{suffix}"
        chosen, _ = QFileDialog.getSaveFileName(self._owner, title, name, kinds)
        if not chosen:
            return
        out = Path(chosen) if Path(chosen).suffix else Path(chosen).with_suffix(suffix)
        photos, _marked = self._chosen()
        read = self._read_said(photos)

        def job(_control: Control) -> None:
            write(read(), out)

        task = self._context.lanes.start(job, tr("Exporting"), Lane.POOL, visible=True)
        told = trn(
            "{n} file written to {out}.", "{n} files written to {out}.", len(photos), out=out
        )
        task.done.connect(lambda _: self._context.told.emit(told))

    def _tell(self) -> None:
        photos, marked = self._chosen()
        text = (
            trn("{n} selected file", "{n} selected files", len(photos))
            if marked
            else trn("{n} file that is listed", "All {n} files that are listed", len(photos))
        )
        self._about.setText(text)
        for action in self.actions_by_name.values():
            action.setEnabled(bool(photos))


def _tell_sorted(report: object) -> str:
    assert isinstance(report, SortReport)
    copies = trn("{n} copy made.", "{n} copies made.", report.copied.total())
    lines = [tr("Stopped; what was copied stays.")] if report.stopped else []
    lines.append(copies)
    if report.present:
        lines.append(trn("{n} was there already.", "{n} were there already.", report.present))
    return "\n".join(lines + _folders(report) + _failures(report.failed))


def _folders(report: SortReport) -> list[str]:
    """Copies by folder: those with most of them, what the others add up to, and who is nobody."""
    filled = Counter({folder: count for folder, count in report.copied.items() if count})
    apart = [name for name in special_folders() if name in filled]
    people = [row for row in filled.most_common() if row[0] not in apart]
    lines = [f"{folder}: {count:,}" for folder, count in people[:_TOLD_PEOPLE]]
    others = people[_TOLD_PEOPLE:]
    if others:
        copies = sum(count for _, count in others)
        lines.append(
            trn(
                "{n} more folder: {copies}",
                "{n} more folders: {copies}",
                len(others),
                copies=copies,
            )
        )
    return lines + [f"{folder}: {filled[folder]:,}" for folder in apart]


def _tell_annotated(report: object) -> str:
    assert isinstance(report, Annotated)
    lines = [tr("Stopped; what was written stays.")] if report.stopped else []
    lines.append(trn("{n} picture written.", "{n} pictures written.", report.written))
    return "\n".join(lines + _failures(report.failed))


def _failures(failed: Sequence[tuple[str, str]]) -> list[str]:
    """How many there are, and the first ones with the reason."""
    if not failed:
        return []
    told = [f"{Path(path).name}: {reason}" for path, reason in failed[:_TOLD_FAILURES]]
    head = trn("{n} file could not be read:", "{n} files could not be read:", len(failed))
    more = len(failed) - len(told)
    return [head, *told, *([tr("and {n} more", n=more)] if more else [])]
