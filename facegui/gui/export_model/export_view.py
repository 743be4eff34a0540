"""Files for other programs: which format, what it needs, and how well the result agrees."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QProgressBar,
    QPushButton,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from facegui.domain.control import Control, Progress, Stop
from facegui.domain.errors import FaceGuiError
from facegui.domain.model_export import ModelFormat
from facegui.domain.text import tr
from facegui.gui.collect.manifests_parts import note
from facegui.gui.context import AppContext
from facegui.gui.lanes import Lane
from facegui.gui.task import Task
from facegui.services.libraries import Library

_INDENT_PX = 26


def _formats() -> dict[ModelFormat, tuple[str, str]]:
    """Title and use of each."""
    return {
        ModelFormat.SAVED_MODEL: (
            tr("TensorFlow SavedModel"),
            tr(
                "For TensorFlow Serving and cloud endpoints: JPEG bytes go in, names and scores "
                "come out."
            ),
        ),
        ModelFormat.TFLITE: (
            tr("LiteRT (TFLite)"),
            tr("One file for phones and small machines; pixels go in, one face at a time."),
        ),
        ModelFormat.ONNX: (
            tr("ONNX"),
            tr("One file for ONNX Runtime and many others; pixels go in, any number of faces."),
        ),
    }


class ExportView(QWidget):
    """A choice, a button, and what came of it."""

    def __init__(self, context: AppContext, model: Path) -> None:
        super().__init__()
        self._context = context
        self._model = model
        self._task: Task | None = None
        self._out: Path | None = None
        self.choices: dict[ModelFormat, QRadioButton] = {}
        self.go = QPushButton(tr("Export to a folder…"))
        self.go.setProperty("primary", True)  # noqa: FBT003 - a Qt property
        self.halt = QPushButton(tr("Stop"))
        self.bar = QProgressBar()
        self.bar.setAccessibleName(tr("How far the export is"))
        self.result = note("")
        self.open_folder = QPushButton(tr("Open folder"))
        self._assemble()
        self.go.clicked.connect(self._choose)
        self.halt.clicked.connect(self.stop)
        self.open_folder.clicked.connect(self._show_folder)
        context.library_changed.connect(self._show_state)
        self.choices[ModelFormat.SAVED_MODEL].setChecked(True)
        self._show_state()

    def _assemble(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 14, 16, 14)
        column.setSpacing(6)
        for kind, (title, use) in _formats().items():
            button = self.choices[kind] = QRadioButton(title)
            button.setAccessibleDescription(use)
            column.addWidget(button)
            told = note(use)
            told.setContentsMargins(_INDENT_PX, 0, 0, 6)
            column.addWidget(told)
        column.addWidget(
            note(
                tr(
                    "Such a model is shown faces that have been cut out; the code that finds them "
                    "lies beside it, with an example. It brings all it needs: its pretrained part "
                    "too, under its licence. Before an export counts it is loaded again and must "
                    "name faces of this library as the model itself does."
                )
            )
        )
        row = QHBoxLayout()
        for widget in (self.go, self.halt):
            row.addWidget(widget)
        row.addWidget(self.bar, 1)
        row.addStretch(0)
        column.addSpacing(4)
        column.addLayout(row)
        column.addWidget(self.result)
        column.addWidget(self.open_folder, 0, Qt.AlignmentFlag.AlignLeft)
        column.addStretch(1)

    @property
    def format(self) -> ModelFormat:
        """What is chosen."""
        return next(kind for kind, button in self.choices.items() if button.isChecked())

    def _choose(self) -> None:
        chosen = QFileDialog.getExistingDirectory(
            self, tr("A new or empty folder, or an earlier export")
        )
        if chosen:
            self.export_to(Path(chosen))

    def export_to(self, out: Path) -> None:
        """Export in the chosen format to the folder *out*."""
        library, kind, model = self._context.library, self.format, self._model
        if library is None or self._task is not None:
            return

        def job(control: Control) -> object:
            return _export(library, self._context, model, kind, out, control)

        task = self._context.lanes.start(job, tr("Exporting the model"), Lane.GIVE, visible=True)
        task.refused_here = True
        self._task, self._out = task, None
        self.result.setText("")
        self.bar.setRange(0, 0)
        task.progressed.connect(self._progressed)
        task.done.connect(self._done)
        told, context = tr("The model was exported to {path}.", path=out), self._context
        task.done.connect(lambda _report: context.told.emit(told))
        task.failed.connect(self._failed)
        task.cancelled.connect(self._cancelled)
        task.ended.connect(self._ended)
        self._show_state()

    def stop(self) -> None:
        """Export no more; nothing is written."""
        if self._task is not None:
            self._task.stop(Stop.DISCARD)

    def _progressed(self, progress: object) -> None:
        assert isinstance(progress, Progress)
        self.bar.setRange(0, progress.total)
        self.bar.setValue(progress.done)
        self.result.setText(f"{progress.label}…")

    def _done(self, report: object) -> None:
        from facegui.services.exporting.model_export import ModelExported

        assert isinstance(report, ModelExported)
        self._out = report.out
        agreement = report.agreement
        self.result.setText(
            tr(
                "Written to {path}: {size} MB.\nLoaded again, it gave {same} of {n} faces the same "
                "name; no score was off by more than {off}.\nREADME.txt says what goes in and "
                "what comes out.",
                path=report.out,
                size=f"{report.size_bytes / 1e6:.1f}",
                same=agreement.same_name,
                n=agreement.faces,
                off=f"{agreement.most_off:.1e}",
            )
        )

    def _failed(self, error: object) -> None:
        text = str(error) if isinstance(error, FaceGuiError) else tr("An error ended it.")
        self.result.setText(text)

    def _cancelled(self) -> None:
        self.result.setText(tr("Stopped; nothing was written."))

    def _ended(self) -> None:
        self._task = None
        self._show_state()

    def _show_state(self) -> None:
        busy, closed = self._task is not None, self._context.library is None
        self.go.setVisible(not busy)
        self.go.setEnabled(not closed)
        for widget in (self.halt, self.bar):
            widget.setVisible(busy)
        for button in self.choices.values():
            button.setEnabled(not busy)
        self.open_folder.setVisible(self._out is not None)
        if closed and not busy:
            self.result.setText(
                tr("Open the library of these people first: its faces check the export.")
            )

    def _show_folder(self) -> None:
        if self._out is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._out)))


def _export(
    library: Library,
    context: AppContext,
    model: Path,
    kind: ModelFormat,
    out: Path,
    control: Control,
) -> object:
    from facegui.services.exporting.model_export import ModelExportRequest, export_for_programs

    request = ModelExportRequest(model, kind, out)
    return export_for_programs(library, context.tools, request, control)
