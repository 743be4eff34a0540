"""The recognise page's widgets and where they stand; what they do is `page`'s business."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QListView,
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
from facegui.gui.recognise.results import ResultDelegate, ResultModel
from facegui.gui.recognise.side import SideColumn
from facegui.gui.theme import icon
from facegui.gui.view_message import ViewMessage
from facegui.gui.why.section import WhySection

_SIZES_PX = (260, 640, 280)


class RecogniseBody(QWidget):
    """The model above; below it an empty state, or rows, the photo and the scores.

    Signals:
        train_requested, open_requested, folder_requested, clear_requested: a button was pressed.
    """

    train_requested = Signal()
    open_requested = Signal()
    folder_requested = Signal()
    clear_requested = Signal()

    def __init__(self, context: AppContext, results: ResultModel) -> None:
        super().__init__()
        self.models = ModelBar(context)
        self.rows = QListView()
        self.view = FaceView()
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
            tr("Drop photos or folders anywhere on this page, or paste a picture with Ctrl+V."),
            (tr("Open photos…"), self.open_requested),
            (tr("Open a folder…"), self.folder_requested),
            dashed=True,
        )
        self._results = self._assemble_results(results)
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

    def show_results(self) -> None:
        """There are photos."""
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
        self._buttons = []
        for sign, text, signal in (
            ("photos", tr("Open photos…"), self.open_requested),
            ("folder", tr("Open a folder…"), self.folder_requested),
            ("close", tr("Clear"), self.clear_requested),
        ):
            button = QPushButton(icon(sign), text)
            button.clicked.connect(signal)
            self._buttons.append(button)
            top.addWidget(button)
        return top

    def _assemble_results(self, results: ResultModel) -> QSplitter:
        self.rows.setModel(results)
        self.rows.setItemDelegate(ResultDelegate(self.rows))
        self.rows.setUniformItemSizes(True)
        self.rows.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.rows.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.rows.setFrameShape(QFrame.Shape.NoFrame)
        self.rows.setAccessibleName(tr("Recognised photos"))
        splitter = QSplitter(Qt.Orientation.Horizontal, childrenCollapsible=False)
        for number, widget in enumerate((self.rows, self.view, self.side)):
            splitter.addWidget(widget)
            splitter.setStretchFactor(number, 1 if widget is self.view else 0)
        splitter.setSizes(list(_SIZES_PX))
        return splitter
