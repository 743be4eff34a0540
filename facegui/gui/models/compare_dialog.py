"""Two models side by side: chosen, asked about the same faces, and what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QStandardPaths, Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from facegui.domain.control import Control, Progress
from facegui.domain.errors import FaceGuiError
from facegui.domain.text import tr
from facegui.gui.context import AppContext
from facegui.gui.lanes import Lane
from facegui.gui.models.compared_view import ComparedView
from facegui.gui.models.words import model_name
from facegui.gui.notice import Notice
from facegui.gui.status import figures
from facegui.gui.task import Task
from facegui.gui.theme import icon
from facegui.gui.window_size import roomy
from facegui.services.recognising.compared import write_csv
from facegui.services.recognising.comparing import CompareRequest, Comparison, compare
from facegui.services.runs.model_cards import ModelRow, model_rows

_SIZE_PX = (1180, 700)
_MINIMUM_PX = (860, 520)


class CompareModelsDialog(QDialog):
    """Asks two models about faces of the library, or about photos of the owner's choice.

    Args:
        chosen: up to two models to begin with.
    """

    def __init__(
        self, context: AppContext, chosen: Sequence[Path] = (), parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(tr("Compare two models"))
        self.setMinimumSize(*_MINIMUM_PX)
        self.resize(roomy(_SIZE_PX, parent))
        self.setAcceptDrops(True)
        self._context = context
        self._wanted = list(chosen)
        self._rows: list[ModelRow] = []
        self._task: Task | None = None
        self._found: Comparison | None = None
        self.one, self.other = self._chooser("A"), self._chooser("B")
        self.notice = Notice()
        self.view = ComparedView(context.lanes)
        self._make_buttons()
        self._assemble()
        context.notice.connect(self.notice.tell)
        context.lanes.task_failed.connect(self._failed)
        self._look()

    @property
    def busy(self) -> bool:
        """Whether the models are being asked."""
        return self._task is not None

    def compare(self, paths: Sequence[Path] = ()) -> None:
        """Ask about *paths*; without any, about the library's faces that neither learned from."""
        one, other = self.one.currentIndex(), self.other.currentIndex()
        if self._task is not None or min(one, other) < 0 or one == other:
            return
        self.notice.hide()
        request = CompareRequest(self._rows[one].path, self._rows[other].path, tuple(paths))
        job = partial(compare, self._context.library, self._context.tools, request)
        task = self._task = self._context.lanes.start(job, tr("Comparing"), Lane.LIVE)
        task.progressed.connect(self._progressed)
        task.done.connect(self._compared)
        task.ended.connect(self._ended)
        self.told.setText(tr("Asking both models…"))
        self._allow()

    def stop(self) -> None:
        """Stop asking; what was compared is shown."""
        if self._task is not None:
            self._task.stop()
            self.told.setText(tr("Stopping…"))

    # Choosing

    def _look(self) -> None:
        library, opened = self._context.library, self._context.model.opened

        def look(_control: Control) -> object:
            return model_rows(library, opened)

        task = self._context.lanes.start(look, tr("Reading the models"), Lane.QUERY)
        task.done.connect(self._offer)

    def _offer(self, rows: object) -> None:
        assert isinstance(rows, list)
        self._rows = [row for row in rows if row.card is not None]
        for chooser in (self.one, self.other):
            chooser.clear()
            for row in self._rows:
                chooser.addItem(_title(row))
                chooser.setItemData(chooser.count() - 1, str(row.path), Qt.ItemDataRole.ToolTipRole)
        paths = [row.path for row in self._rows]
        first = [paths.index(path) for path in self._wanted if path in paths]
        first += [number for number in range(len(paths)) if number not in first]
        for chooser, number in zip((self.one, self.other), first, strict=False):
            chooser.setCurrentIndex(number)
        self._allow()

    def _allow(self) -> None:
        two = len(self._rows) > 1 and self.one.currentIndex() != self.other.currentIndex()
        idle = self._task is None
        for button in (self.photos, self.folder):
            button.setEnabled(two and idle)
        self.library.setEnabled(two and idle and self._context.library is not None)
        for chooser in (self.one, self.other):
            chooser.setEnabled(idle)
        self.halt.setVisible(not idle)
        self.export.setEnabled(idle and self._found is not None and bool(self._found.faces))
        if not idle:
            return
        if len(self._rows) < 2:  # noqa: PLR2004 - with one another
            self.told.setText(tr("There are not two models yet: train or import another one."))
        elif not two:
            self.told.setText(tr("Choose two different models."))
        else:
            self.told.setText("" if self._found else tr("Choose what to ask them about."))

    def _ask_library(self) -> None:
        self.compare()

    def _ask_for_photos(self) -> None:
        paths, _ = QFileDialog.getOpenFileNames(self, tr("Choose photos"), _pictures_folder())
        if paths:
            self.compare([Path(path) for path in paths])

    def _ask_for_folder(self) -> None:
        path = QFileDialog.getExistingDirectory(self, tr("Choose a folder"), _pictures_folder())
        if path:
            self.compare([Path(path)])

    def _ask_where_to(self) -> None:
        path, _ = QFileDialog.getSaveFileName(
            self, tr("Export the comparison"), tr("comparison.csv"), tr("CSV (*.csv)")
        )
        if path:
            self.export_to(Path(path))

    def export_to(self, out: Path) -> None:
        """Write what was found to the CSV file *out*."""
        found = self._found
        assert found is not None
        task = self._context.lanes.start(
            lambda _control: write_csv(found, out), tr("Exporting the comparison"), Lane.POOL
        )
        context, told = self._context, tr("The comparison is in {path}.", path=out)
        task.done.connect(lambda _: context.notice.emit(told, ""))

    # While it runs

    def _progressed(self, progress: object) -> None:
        assert isinstance(progress, Progress)
        if self.halt.isVisible():
            self.told.setText(f"{progress.label} {figures(progress, None, None)}")

    def _compared(self, found: object) -> None:
        assert isinstance(found, Comparison)
        self._found = found
        titles = [
            _title(row)
            for path in (found.request.one, found.request.other)
            for row in self._rows
            if row.path == path
        ]
        self.view.show_comparison(found, titles[0], titles[1])
        self._stack.setCurrentWidget(self.view)

    def _ended(self) -> None:
        self._task = None
        self._allow()

    def _failed(self, _task: object, error: BaseException) -> None:
        if isinstance(error, FaceGuiError):
            self.notice.tell(error.message, error.remedy)

    # Qt events

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        if paths:
            event.acceptProposedAction()
            self.compare(paths)

    def done(self, result: int) -> None:
        """Closing the window ends the comparison."""
        self.stop()
        self.view.stop()
        super().done(result)

    # Assembly

    def _chooser(self, letter: str) -> QComboBox:
        made = QComboBox()
        made.setAccessibleName(tr("Model {letter}", letter=letter))
        made.setMinimumContentsLength(24)
        made.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        made.activated.connect(lambda _row: self._allow())
        return made

    def _make_buttons(self) -> None:
        def button(text: str, tip: str, act: object, sign: str = "") -> QPushButton:
            made = QPushButton(icon(sign), text) if sign else QPushButton(text)
            made.setToolTip(tip)
            made.setAutoDefault(False)
            made.clicked.connect(act)
            return made

        self.library = button(
            tr("Faces of this library"),
            tr("Kept and named faces that neither model has learned from"),
            self._ask_library,
            "face",
        )
        self.photos = button(
            tr("Photos…"), tr("Photos of your choice"), self._ask_for_photos, "photos"
        )
        self.folder = button(
            tr("A folder…"),
            tr("All photos of a folder; folders that are named after people tell who it is"),
            self._ask_for_folder,
            "folder",
        )
        self.halt = button(tr("Stop"), tr("Stop, and show what was done"), self.stop, "stop")
        self.export = button(
            tr("Export CSV…"), tr("Write every face with both answers"), self._ask_where_to
        )

    def _assemble(self) -> None:
        models = QGridLayout()
        models.setHorizontalSpacing(10)
        for row, (letter, chooser) in enumerate((("A", self.one), ("B", self.other))):
            models.addWidget(QLabel(tr("Model {letter}", letter=letter)), row, 0)
            models.addWidget(chooser, row, 1)
        models.setColumnStretch(1, 1)
        self.told = QLabel()
        self.told.setForegroundRole(self.palette().ColorRole.PlaceholderText)
        asked = QHBoxLayout()
        asked.addWidget(QLabel(tr("Ask about")))
        for button in (self.library, self.photos, self.folder):
            asked.addWidget(button)
        asked.addWidget(self.told, 1)
        asked.addWidget(self.halt)
        self._stack = QStackedWidget()
        self._stack.addWidget(_explained())
        self._stack.addWidget(self.view)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.addButton(self.export, QDialogButtonBox.ButtonRole.ActionRole)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 14, 16, 12)
        column.setSpacing(10)
        column.addWidget(self.notice)
        column.addLayout(models)
        column.addLayout(asked)
        column.addWidget(self._stack, 1)
        column.addWidget(buttons)
        self._allow()


def _explained() -> QLabel:
    """What stands where the result will be."""
    label = QLabel(
        tr(
            "Both models are asked about the same faces. You see where they agree and where not, "
            "and which one is right more often where it is known who the faces are: from this "
            "library, or from the folder that a photo lies in. Photos can be dropped here."
        ),
        wordWrap=True,
    )
    label.setAlignment(Qt.AlignmentFlag.AlignCenter)
    label.setForegroundRole(label.palette().ColorRole.PlaceholderText)
    label.setMargin(40)
    return label


def _title(row: ModelRow) -> str:
    assert row.card is not None
    return model_name(row.card, opened=row.outside)


def _pictures_folder() -> str:
    return QStandardPaths.writableLocation(QStandardPaths.StandardLocation.PicturesLocation)
