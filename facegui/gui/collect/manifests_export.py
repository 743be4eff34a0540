"""The card that exports: which format, what it contains, where to."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QCheckBox,
    QFileDialog,
    QFrame,
    QLabel,
    QPushButton,
    QRadioButton,
    QVBoxLayout,
)

from facegui.domain.control import Control
from facegui.domain.errors import FaceGuiError
from facegui.domain.text import tr, trn
from facegui.gui.collect.manifests_parts import heading, note
from facegui.gui.context import AppContext
from facegui.gui.lanes import Lane
from facegui.services.exporting.formats import ExportFormat, TakeOutRequest, take_out
from facegui.services.exporting.selection import Exported


@dataclass(frozen=True, slots=True)
class _Words:
    """What a format is called, what it contains, and the option it has, if any."""

    title: str
    contains: str
    option: str = ""


def _words() -> dict[ExportFormat, _Words]:
    return {
        ExportFormat.FOLDERS: _Words(
            tr("A folder for each person"),
            tr("Copies of the photos of everybody with kept, named faces. Originals stay."),
            tr("The faces cut out, without metadata"),
        ),
        ExportFormat.CSV: _Words(
            tr("CSV list"),
            tr("One line for each kept, named face: path, name, label."),
        ),
        ExportFormat.COCO: _Words(
            tr("COCO JSON"),
            tr("Boxes, names, landmarks and measures; for FiftyOne, CVAT and training tools."),
            tr("Also faces that are not kept"),
        ),
        ExportFormat.LABELME: _Words(
            tr("labelme JSON"),
            tr("One file for each photo with boxes and names, to open in labelme."),
        ),
        ExportFormat.CROPS: _Words(
            tr("Training crops"),
            tr("Aligned faces of 96×96 in training and validate, with their lists."),
        ),
    }


class ExportCard(QFrame):
    """Formats as a list of choices, each with what it contains; then where to."""

    def __init__(self, context: AppContext) -> None:
        super().__init__()
        self.setObjectName("card")
        self._context = context
        self._words = _words()
        self.choices: dict[ExportFormat, QRadioButton] = {}
        self.option = QCheckBox()
        self.go = QPushButton(tr("Export…"))
        self.go.setToolTip(tr("Ctrl+E"))
        self.go.setProperty("primary", True)  # noqa: FBT003 - a Qt property
        self.result = note("")
        self._contains: QLabel = note("")
        self._assemble()
        self.go.clicked.connect(self._choose)
        QShortcut(QKeySequence("Ctrl+E"), self, self._choose)
        self.choices[ExportFormat.FOLDERS].setChecked(True)

    def _assemble(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 14, 16, 14)
        column.setSpacing(8)
        column.addWidget(heading(tr("Export for other programs")))
        for known, words in self._words.items():
            button = self.choices[known] = QRadioButton(words.title)
            button.setAccessibleDescription(words.contains)
            button.toggled.connect(self._describe)
            column.addWidget(button)
        column.addSpacing(4)
        column.addWidget(self._contains)
        column.addWidget(self.option)
        column.addWidget(self.go, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self.result)
        column.addStretch(1)

    @property
    def format(self) -> ExportFormat:
        """What is chosen."""
        return next(known for known, button in self.choices.items() if button.isChecked())

    def _describe(self, on: bool) -> None:  # noqa: FBT001 - a signal's argument
        if on:
            words = self._words[self.format]
            self._contains.setText(words.contains)
            self.option.setText(words.option)
            self.option.setChecked(False)
            self.option.setVisible(bool(words.option))

    def _choose(self) -> None:
        """Ask where to, and export."""
        suffix = self.format.file_suffix
        title = self._words[self.format].title
        if suffix is None:
            chosen = QFileDialog.getExistingDirectory(self, tr("A new or empty folder"))
        else:
            kinds = f"{title} (*{suffix})"
            chosen, _ = QFileDialog.getSaveFileName(self, title, f"faces{suffix}", kinds)
        if chosen:
            path = Path(chosen)
            if suffix is not None and not path.suffix:
                path = path.with_suffix(suffix)
            self.export_to(path)

    def export_to(self, out: Path) -> None:
        """Export what is chosen to *out*."""
        library = self._context.library
        if library is None:
            return
        on = self.option.isChecked()
        request = TakeOutRequest(self.format, out, cut_out=on, everything=on)
        self.go.setEnabled(False)
        self.result.setText(tr("Exporting…"))

        def job(control: Control) -> object:
            return take_out(library, request, control)

        # beside a scan, not behind it
        task = self._context.lanes.start(job, tr("Exporting"), Lane.POOL, visible=True)
        task.done.connect(self._exported)
        task.failed.connect(self._failed)
        task.cancelled.connect(lambda: self.result.setText(tr("Stopped; nothing was written.")))
        task.ended.connect(lambda: self.go.setEnabled(True))

    def _exported(self, report: object) -> None:
        assert isinstance(report, Exported)
        told = [*report.warnings]
        if report.photos:
            faces = trn("{n} face", "{n} faces", report.faces.total())
            photos = trn("{n} photo", "{n} photos", report.photos)
            told.insert(0, tr("{faces} of {photos}.", faces=faces, photos=photos))
        if report.skipped:
            told.append(
                trn(
                    "{n} photo could not be read: {first}",
                    "{n} photos could not be read, first {first}",
                    len(report.skipped),
                    first=report.skipped[0],
                )
            )
        self.result.setText("\n".join([tr("Written to {path}.", path=report.out), *told]))

    def _failed(self, error: object) -> None:
        text = str(error) if isinstance(error, FaceGuiError) else tr("An error ended it.")
        self.result.setText(text)
