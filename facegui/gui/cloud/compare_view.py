"""Both detectors on the same photos: pictures, angles side by side, and how far they agree."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QListView,
    QPushButton,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from facegui.domain.control import Control
from facegui.domain.queries import Change
from facegui.domain.text import tr, trn
from facegui.gui.cloud.pair_table import agreement_words, fill, pair_table
from facegui.gui.cloud.pair_view import Legend, PairView
from facegui.gui.context import AppContext
from facegui.gui.lanes import Lane
from facegui.gui.recognise.empty import EmptyState
from facegui.gui.recognise.loader import PictureLoader
from facegui.gui.task import Task
from facegui.services.cloud.compare import PhotoComparison, agreement, compare

Index = QModelIndex | QPersistentModelIndex
_SIZES_PX = (220, 700)
_LIST_PX = 180


class PhotoModel(QAbstractListModel):
    """One row for each photo that was asked about."""

    def __init__(self) -> None:
        super().__init__()
        self._photos: Sequence[PhotoComparison] = ()

    def show(self, photos: Sequence[PhotoComparison]) -> None:
        """Show these."""
        self.beginResetModel()
        self._photos = photos
        self.endResetModel()

    def photo(self, row: int) -> PhotoComparison:
        """The photo of a row."""
        return self._photos[row]

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self._photos)

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        one = self._photos[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return f"{Path(one.photo.path).name}\n{summary(one)}"
        if role == Qt.ItemDataRole.ToolTipRole:
            return one.photo.path
        return None


def summary(one: PhotoComparison) -> str:
    """How the two sides see a photo, in a few words."""
    if one.taken:
        return tr("the cloud's faces are in use")
    both = sum(pair.turned is not None for pair in one.pairs)
    ours = sum(pair.cloud is None for pair in one.pairs)
    theirs = sum(pair.local is None for pair in one.pairs)
    parts = [tr("{n} by both", n=both)] if both else []
    parts += [tr("{n} only here", n=ours)] if ours else []
    parts += [tr("{n} only cloud", n=theirs)] if theirs else []
    return ", ".join(parts) or tr("no face on either side")


class CompareView(QWidget):
    """Photos on the left; the one that is chosen, and its faces in a table, on the right.

    Signals:
        ask_requested: there is nothing to compare yet, and the owner wants to ask.
    """

    ask_requested = Signal()

    def __init__(self, context: AppContext) -> None:
        super().__init__()
        self._context = context
        self._task: Task | None = None
        self._path = ""
        self.photos = PhotoModel()
        self._list = QListView()
        self._list.setModel(self.photos)
        self._list.setUniformItemSizes(True)
        self._list.setSpacing(2)
        self._list.setMinimumWidth(_LIST_PX)
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._list.setAccessibleName(tr("Photos asked about"))
        self.agreed = QLabel(wordWrap=True)
        self.view = PairView()
        self.table = pair_table()
        self.labels = QLabel(wordWrap=True)
        self.take_one = QPushButton(tr("Take the cloud's faces"))
        self.take_one.setToolTip(tr("They are the faces of this photo until it is scanned again"))
        self.take_all = QPushButton(tr("Take them for all photos"))
        self._loader = PictureLoader(context.lanes, self)
        self._stack = QStackedWidget()
        self._empty = EmptyState(
            "search",
            tr("Nothing to compare yet"),
            tr("Once the cloud has been asked about some photos, both sides stand here."),
            (tr("Ask about some photos"), self.ask_requested),
        )
        self._assemble()
        self._connect()

    @property
    def busy(self) -> bool:
        """Whether faces are being taken over."""
        return self._task is not None

    def refresh(self) -> None:
        """Compare again."""
        library = self._context.library
        if library is None:
            return

        def job(_control: Control) -> object:
            photos = compare(library)
            return photos, agreement(photos)

        task = self._context.lanes.start(job, tr("Comparing"), Lane.QUERY)
        task.done.connect(self._compared)

    def take(self, photo_ids: tuple[int, ...]) -> None:
        """Make the cloud's faces the faces of these photos."""
        library, tools = self._context.library, self._context.tools
        if library is None or self._task is not None:
            return

        def job(control: Control) -> object:
            from facegui.services.cloud.faces import take_cloud_faces

            return take_cloud_faces(library, tools, photo_ids, control)

        label = tr("Taking the cloud's faces")
        self._task = self._context.lanes.start(job, label, Lane.LONG, visible=True)
        self._task.done.connect(self._taken)
        self._task.ended.connect(self._take_ended)
        self._show_buttons()

    def _compared(self, found: object) -> None:
        assert isinstance(found, tuple)
        photos, result = found
        row = self._list.currentIndex().row()
        self.photos.show(photos)
        self.agreed.setText(agreement_words(result))
        self._stack.setCurrentIndex(1 if photos else 0)
        if photos:
            self._list.setCurrentIndex(self.photos.index(min(max(row, 0), len(photos) - 1)))

    def _chosen(self, current: QModelIndex, _previous: QModelIndex) -> None:
        if not current.isValid():
            return
        one = self.photos.photo(current.row())
        self._path = one.photo.path
        fill(self.table, one.pairs)
        words = ", ".join(f"{label.text} {label.score:.0%}" for label in one.labels)
        self.labels.setText(tr("The cloud also sees: {labels}", labels=words) if words else "")
        self.view.show_photo(QImage(), QSize(), one.pairs)
        self._loader.show(self._path)
        self._show_buttons()

    def _picture_came(self, path: str, image: QImage) -> None:
        row = self._list.currentIndex().row()
        if path != self._path or row < 0:
            return
        one = self.photos.photo(row)
        size = QSize(one.photo.width, one.photo.height)
        self.view.show_photo(image, size, one.pairs)

    def _take_current(self) -> None:
        row = self._list.currentIndex().row()
        if row >= 0:
            self.take((self.photos.photo(row).photo.id,))

    def _take_everything(self) -> None:
        rows = range(self.photos.rowCount())
        self.take(tuple(self.photos.photo(row).photo.id for row in rows))

    def _taken(self, report: object) -> None:
        from facegui.services.cloud.faces import TakenReport

        assert isinstance(report, TakenReport)
        words = trn(
            "{n} photo has the cloud's faces now.",
            "{n} photos have the cloud's faces now.",
            report.photos,
        )
        left = [f"{Path(path).name}: {why}" for path, why in report.failed]
        if report.unmeasured:
            left.append(
                trn(
                    "{n} face was left out: nothing could be measured there.",
                    "{n} faces were left out: nothing could be measured there.",
                    report.unmeasured,
                )
            )
        self._context.notice.emit(words, " ".join(left))

    def _take_ended(self) -> None:
        self._task = None
        self._context.rows_changed.emit(Change(None))
        self.refresh()
        self._show_buttons()

    def _show_buttons(self) -> None:
        row = self._list.currentIndex().row()
        free = self._task is None
        self.take_one.setEnabled(free and row >= 0 and not self.photos.photo(row).taken)
        self.take_all.setEnabled(free and self.photos.rowCount() > 0)

    def _row_chosen(self) -> None:
        row = self.table.currentRow()
        self.view.choose(row if row >= 0 else None)

    def _connect(self) -> None:
        self._list.selectionModel().currentChanged.connect(self._chosen)
        self._loader.shown.connect(self._picture_came)
        self.table.itemSelectionChanged.connect(self._row_chosen)
        self.take_one.clicked.connect(self._take_current)
        self.take_all.clicked.connect(self._take_everything)

    def _assemble(self) -> None:
        right = QWidget()
        column = QVBoxLayout(right)
        column.setContentsMargins(8, 0, 0, 0)
        column.setSpacing(8)
        buttons = QHBoxLayout()
        buttons.addWidget(self.take_one)
        buttons.addWidget(self.take_all)
        buttons.addStretch(1)
        column.addWidget(Legend())
        column.addWidget(self.view, 1)
        column.addWidget(self.table)
        column.addWidget(self.labels)
        column.addLayout(buttons)
        splitter = QSplitter(Qt.Orientation.Horizontal, childrenCollapsible=False)
        splitter.addWidget(self._list)
        splitter.addWidget(right)
        splitter.setStretchFactor(1, 1)
        splitter.setSizes(list(_SIZES_PX))
        full = QWidget()
        rows = QVBoxLayout(full)
        rows.setContentsMargins(12, 12, 12, 12)
        rows.setSpacing(10)
        rows.addWidget(self.agreed)
        rows.addWidget(splitter, 1)
        self._stack.addWidget(self._empty)
        self._stack.addWidget(full)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._stack)
