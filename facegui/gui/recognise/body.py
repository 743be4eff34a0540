"""The recognise page's widgets and where they stand; what they do is `page`'s business."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from facegui.domain.recognition import RecognisedFace
from facegui.domain.text import tr
from facegui.gui.context import AppContext
from facegui.gui.correct.bar import CorrectionBar
from facegui.gui.correct.panel import CorrectPanel
from facegui.gui.face_view import FaceView
from facegui.gui.model_bar import ModelBar
from facegui.gui.recognise.empty import EmptyState
from facegui.gui.recognise.filters import FilterBar
from facegui.gui.recognise.opening import add_menu
from facegui.gui.recognise.results import ResultModel
from facegui.gui.recognise.rows import ResultList
from facegui.gui.recognise.side import SideColumn
from facegui.gui.recognise.timeline import Timeline
from facegui.gui.theme import icon
from facegui.gui.view_message import ViewMessage
from facegui.gui.why.section import WhySection

_SIZES_PX = (260, 640, 280)


class RecogniseBody(QWidget):
    """The model above; below it an empty state, or filters, rows, the picture and what it says.

    Signals:
        train_requested, open_requested, videos_requested, folder_requested, clear_requested: a
            button was pressed.
    """

    train_requested = Signal()
    open_requested = Signal()
    videos_requested = Signal()
    folder_requested = Signal()
    clear_requested = Signal()

    def __init__(self, context: AppContext, results: ResultModel) -> None:
        super().__init__()
        self.models = ModelBar(context)
        self.filters = FilterBar()
        self.rows = ResultList(results)
        self.none_listed = _NoneListed(self.filters.clear)
        self.view = FaceView()
        self.timeline = Timeline()
        self.message = ViewMessage(self.view)
        self.message.hide()
        self.side = SideColumn()
        self.correct = CorrectPanel(context)
        self.side.add(self.correct)
        self.corrections = CorrectionBar(context, leads_to_train=True)
        self.why = WhySection(context)
        self.side.add(self.why)
        self._stack = QStackedWidget()
        self.no_model = EmptyState(
            "train",
            tr("No model yet"),
            tr("Train a network on the people in your library, or open a model bundle file."),
            (tr("Go to Train"), self.train_requested),
            (tr("Open bundle file…"), self.models.open_file),
        )
        self.no_photo = EmptyState(
            "recognise",
            tr("Who is this?"),
            tr(
                "Drop photos, videos or folders anywhere on this page, or paste a picture with "
                "Ctrl+V."
            ),
            (tr("Open photos…"), self.open_requested),
            (tr("Open a folder…"), self.folder_requested),
            (tr("Open videos…"), self.videos_requested),
            dashed=True,
        )
        self._results = self._assemble_results()
        for widget in (self.no_model, self.no_photo, self._results):
            self._stack.addWidget(widget)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 16)
        column.setSpacing(12)
        column.addLayout(self._top())
        column.addWidget(self.corrections)
        column.addWidget(self._stack, 1)
        self.view.installEventFilter(self)

    def show_no_model(self, *, can_train: bool) -> None:
        """There is nothing to recognise with; training one needs an open library."""
        self.no_model.buttons[0].setVisible(can_train)
        self._show(self.no_model)

    def show_no_photo(self) -> None:
        """There is nothing to recognise."""
        self._show(self.no_photo)

    def show_results(self, *, any_listed: bool) -> None:
        """There are files; perhaps none of them is listed."""
        self.none_listed.setVisible(not any_listed)
        self.rows.setVisible(any_listed)
        self._show(self._results)

    def show_picture(self, image: QImage, faces: Sequence[RecognisedFace], original: QSize) -> None:
        """Show a photo; boxes of *faces* are in pixels of *original*."""
        self.message.hide()
        self.view.show_picture(image, faces, original)

    def show_error(self, name: str, reason: str) -> None:
        """Say in place of the photo why it cannot be shown."""
        self.view.clear()
        self.message.tell(name, reason, sign="warning")

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.view and event.type() == QEvent.Type.Resize:
            self.message.place()
        return super().eventFilter(watched, event)

    def _show(self, widget: QWidget) -> None:
        self._stack.setCurrentWidget(widget)
        for button in self._buttons:
            button.setVisible(widget is self._results)

    def _top(self) -> QHBoxLayout:
        top = QHBoxLayout()
        top.setSpacing(10)
        top.addWidget(self.models, 1)
        self.add, self.export = QPushButton(icon("add"), tr("Add")), QPushButton(tr("Export"))
        self.add.setMenu(
            add_menu(
                self.add,
                photos=self.open_requested,
                videos=self.videos_requested,
                folder=self.folder_requested,
            )
        )
        clear = QPushButton(icon("close"), tr("Clear"))
        clear.setToolTip(tr("Forget the files on this page; nothing is deleted"))
        clear.clicked.connect(self.clear_requested)
        self._buttons = [self.add, self.export, clear]
        for button in self._buttons:
            top.addWidget(button)
        return top

    def _assemble_results(self) -> QWidget:
        listed, seen = QWidget(), QWidget()
        for holder, widgets in (
            (listed, (self.rows, self.none_listed)),
            (seen, (self.view, self.timeline)),
        ):
            column = QVBoxLayout(holder)
            column.setContentsMargins(0, 0, 0, 0)
            column.setSpacing(8)
            for widget in widgets:
                column.addWidget(widget, 1 if widget is not self.timeline else 0)
        splitter = QSplitter(Qt.Orientation.Horizontal, childrenCollapsible=False)
        for number, part in enumerate((listed, seen, self.side)):
            splitter.addWidget(part)
            splitter.setStretchFactor(number, 1 if part is seen else 0)
        splitter.setSizes(list(_SIZES_PX))
        whole = QWidget()
        column = QVBoxLayout(whole)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addWidget(self.filters)
        column.addWidget(splitter, 1)
        return whole


class _NoneListed(QWidget):
    """In place of the rows when the filters let nothing through; a button takes them off."""

    def __init__(self, show_all: Callable[[], None]) -> None:
        super().__init__()
        text = QLabel(tr("No file is like that."), wordWrap=True)
        text.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.show_all = QPushButton(tr("Show all files"))
        self.show_all.clicked.connect(show_all)
        column = QVBoxLayout(self)
        column.setSpacing(10)
        column.addStretch(1)
        column.addWidget(text)
        column.addWidget(self.show_all, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(1)
