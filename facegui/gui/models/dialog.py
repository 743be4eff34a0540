"""The window of the models: all of them, the card of the one chosen, and what can be done."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from facegui.domain.control import Control
from facegui.domain.errors import FaceGuiError
from facegui.domain.text import tr, trn
from facegui.gui.context import AppContext
from facegui.gui.export_model.dialog import OtherProgramsDialog
from facegui.gui.flow import FlowLayout
from facegui.gui.lanes import Lane
from facegui.gui.models.arrival import import_bundle
from facegui.gui.models.card_view import CardView
from facegui.gui.models.compare_dialog import CompareModelsDialog
from facegui.gui.models.list_button import ListButton
from facegui.gui.models.list_view import ModelList
from facegui.gui.notice import Notice
from facegui.gui.recognise.empty import EmptyState
from facegui.gui.task import Task
from facegui.gui.window_size import roomy
from facegui.services.libraries import Library
from facegui.services.runs.model_cards import ModelRow, model_rows
from facegui.services.runs.model_files import (
    ModelIsThere,
    delete_model,
    export_model,
    restore_model,
    suggested_name,
)
from facegui.services.runs.model_titles import set_title

_SIZE_PX = (1160, 640)
_MINIMUM_PX = (820, 480)
_SIZES_PX = (740, 360)
_FILTER = "*.facebundle"


class ModelsDialog(QDialog):
    """Lists the models; what is done to them is shown at once wherever models are shown."""

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(tr("Models"))
        self.setMinimumSize(*_MINIMUM_PX)
        self.resize(roomy(_SIZE_PX, parent))
        self.setAcceptDrops(True)
        self._context = context
        self._generation = 0
        self._deleted: list[Path] = []
        self.list = ModelList()
        self.card = CardView(context.lanes)
        self.notice = Notice()
        self._make_actions()
        self._assemble()
        self.list.chosen_changed.connect(self._chosen_changed)
        self.list.title_changed.connect(self._rename)
        self.list.itemActivated.connect(lambda _item: self.use.click())
        context.model.looked.connect(self.refresh)
        context.notice.connect(self.notice.tell)
        context.lanes.task_failed.connect(self._failed)
        self.refresh()

    def refresh(self) -> None:
        """List anew what there is."""
        self._generation += 1
        generation = self._generation
        library, opened = self._context.library, self._context.model.opened

        def look(_control: Control) -> object:
            return generation, model_rows(library, opened)

        # A method, which is not called any more once the window has gone.
        task = self._context.lanes.start(look, tr("Reading the models"), Lane.QUERY)
        task.done.connect(self._show)

    def _show(self, found: object) -> None:
        assert isinstance(found, tuple)
        generation, rows = found
        if generation == self._generation:
            self.list.show_rows(rows)
            if rows and not self._stack.currentIndex():
                self._stack.setCurrentIndex(1)
                self.list.setFocus()  # whose keys the buttons have
            elif not rows:
                self._stack.setCurrentIndex(0)

    # What can be done

    def _make_actions(self) -> None:
        self._buttons: list[ListButton] = []
        add = self._added
        self.use = add(tr("Use"), tr("Recognise with the chosen model"), self._use)
        self.rename = add(tr("Rename"), tr("Write a title"), self.list.edit_title, "F2")
        self.compare = add(tr("Compare…"), tr("Ask two models about the same faces"), self._compare)
        self.export = add(
            tr("Export…"), tr("Write the chosen model into one file to pass on"), self._export
        )
        self.give = add(
            tr("Other programs…"), tr("Export the chosen model for other programs"), self._give
        )
        self.take = add(
            tr("Import…"), tr("Check a model file and take it into this library"), self._import
        )
        self.delete = add(tr("Delete"), tr("Set the chosen models aside"), self._delete, "Delete")
        self.restore = add(tr("Bring back"), tr("Bring back what was deleted last"), self._restore)

    def _added(self, text: str, tip: str, act: Callable[[], object], key: str = "") -> ListButton:
        made = ListButton(text, tip, key)
        made.clicked.connect(act)
        self.list.addAction(made.of_list)
        self._buttons.append(made)
        return made

    def _chosen_changed(self) -> None:
        rows = self.list.chosen()
        one = rows[0] if len(rows) == 1 else None
        own = [row for row in rows if not row.outside]
        sound = one is not None and one.card is not None
        self.use.allow(sound and one is not None and not one.used)
        self.rename.allow(sound and one is not None and not one.outside)
        self.export.allow(sound)
        self.give.allow(sound)
        self.compare.allow(len(rows) <= 2 and all(row.card for row in rows))  # noqa: PLR2004
        self.take.allow(self._context.library is not None)
        self.delete.allow(bool(own) and len(own) == len(rows))
        self.restore.setVisible(bool(self._deleted))
        if one is None:
            words = trn("{n} model is chosen.", "{n} models are chosen.", len(rows))
            self.card.clear(words if rows else "")
        else:
            self.card.show_card(one.path)

    def _use(self) -> None:
        for row in self.list.chosen():
            self._context.model.use(row.path)

    def _rename(self, row: ModelRow, title: str) -> None:
        self._work(lambda library: set_title(library, row.path, title), tr("Renaming the model"))

    def _compare(self) -> None:
        chosen = [row.path for row in self.list.chosen()]
        CompareModelsDialog(self._context, chosen, self).open()

    def _export(self) -> None:
        (row,) = self.list.chosen()
        assert row.card is not None
        path, _ = QFileDialog.getSaveFileName(
            self,
            tr("Export the model"),
            suggested_name(row.card),
            tr("FaceGUI model ({files})", files=_FILTER),
        )
        if path:
            self.export_to(row.path, Path(path))

    def _give(self) -> None:
        (row,) = self.list.chosen()
        assert row.card is not None
        OtherProgramsDialog(self._context, row.card, self).open()

    def export_to(self, model: Path, out: Path) -> None:
        """Write *model* into the file *out*."""
        task = self._context.lanes.start(
            lambda _control: export_model(model, out), tr("Exporting the model"), Lane.POOL
        )
        told = tr("The model is in {path}.", path=out)
        people = tr("It holds the names of its people; share it as you would share the photos.")
        context = self._context
        task.done.connect(lambda _: context.notice.emit(told, people))

    def _import(self) -> None:
        path, _ = QFileDialog.getOpenFileName(
            self, tr("Import a model"), "", tr("FaceGUI model ({files})", files=_FILTER)
        )
        if path:
            self._take_in(Path(path))

    def _take_in(self, path: Path) -> None:
        task = import_bundle(self._context, path)
        if task is not None:
            task.failed.connect(self._show_same)

    def _show_same(self, error: object) -> None:
        """Choose the model that a refused import is the same as."""
        if isinstance(error, ModelIsThere):
            self.list.choose(error.model)

    def _delete(self) -> None:
        models = [row.path for row in self.list.chosen()]
        task = self._work(partial(_delete_all, models), tr("Deleting models"))
        if task is not None:
            task.done.connect(self._tell_deleted)

    def _tell_deleted(self, models: object) -> None:
        assert isinstance(models, list)
        self._deleted = models
        self.notice.tell(
            trn("{n} model was deleted.", "{n} models were deleted.", len(models)),
            tr("“Bring back” undoes it; after thirty days they go for good."),
        )

    def _restore(self) -> None:
        models, self._deleted = self._deleted, []
        self.notice.hide()
        self._work(partial(_restore_all, models), tr("Bringing models back"))

    def _work(self, act: Callable[[Library], object], label: str) -> Task | None:
        """Have the library changed, and everybody look again."""
        library = self._context.library
        if library is None:
            return None
        task = self._context.lanes.start(lambda _control: act(library), label, Lane.WRITER)
        task.ended.connect(self._context.model.refresh)
        return task

    def _failed(self, _task: object, error: BaseException) -> None:
        if isinstance(error, FaceGuiError):
            self.notice.tell(error.message, error.remedy)

    # Qt events

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if self.take.isEnabled() and event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Take in every model file that is dropped."""
        for url in event.mimeData().urls():
            if url.isLocalFile():
                self._take_in(Path(url.toLocalFile()))
        event.acceptProposedAction()

    # Assembly

    def _assemble(self) -> None:
        buttons = QWidget()
        flow = FlowLayout(6)
        buttons.setLayout(flow)
        for button in self._buttons:
            flow.addWidget(button)
        splitter = QSplitter(Qt.Orientation.Horizontal, childrenCollapsible=False)
        splitter.addWidget(self.list)
        splitter.addWidget(self.card)
        splitter.setStretchFactor(0, 1)
        splitter.setSizes(list(_SIZES_PX))
        self._stack = QStackedWidget()
        self._stack.addWidget(
            EmptyState(
                "train",
                tr("No model yet"),
                tr("Train a network on the people in your library, or import a model file."),
                (tr("Go to Train"), self._go_to_train),
                (tr("Open bundle file…"), self._open),
            )
        )
        self._stack.addWidget(splitter)
        close = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        close.rejected.connect(self.reject)
        # Enter uses the chosen model.
        close.button(QDialogButtonBox.StandardButton.Close).setAutoDefault(False)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 14, 16, 12)
        column.setSpacing(10)
        column.addWidget(self.notice)
        column.addWidget(buttons)
        column.addWidget(self._stack, 1)
        column.addWidget(close)
        self._chosen_changed()

    def _go_to_train(self) -> None:
        self.accept()
        self._context.page_requested.emit("train")

    def _open(self) -> None:
        path, _ = QFileDialog.getOpenFileName(self, tr("Open a model bundle"))
        if path:
            self._context.model.open(Path(path))


def _delete_all(models: Sequence[Path], library: Library) -> Sequence[Path]:
    for model in models:
        delete_model(library, model)
    return models


def _restore_all(models: Sequence[Path], library: Library) -> None:
    for model in models:
        restore_model(library, model)
