"""The list of recognised files in the window."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QItemSelection, QItemSelectionModel, QModelIndex, Qt, Signal
from PySide6.QtWidgets import QFrame, QListView

from facegui.domain.recognition import RecognisedPhoto
from facegui.domain.text import tr
from facegui.gui.recognise.results import ResultDelegate, ResultModel


class ResultList(QListView):
    """The rows; who is chosen and what is in sight stay when rows come, go and change places.

    Signals:
        photo_chosen: a `RecognisedPhoto`, or None while none is.
    """

    photo_chosen = Signal(object)

    def __init__(self, model: ResultModel) -> None:
        super().__init__()
        self._results = model
        self._current: str | None = None
        self._marked: set[str] = set()
        self._place = 0
        self.setModel(model)
        self.setItemDelegate(ResultDelegate(self))
        self.setUniformItemSizes(True)
        self.setSelectionMode(QListView.SelectionMode.ExtendedSelection)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setAccessibleName(tr("Recognised files"))
        self.selectionModel().currentChanged.connect(self._tell)
        model.modelAboutToBeReset.connect(self._note)
        model.modelReset.connect(self._restore)

    def current(self) -> RecognisedPhoto | None:
        """The file that is chosen."""
        row = self.currentIndex().row()
        return self._results.photos[row] if row >= 0 else None

    def marked(self) -> Sequence[RecognisedPhoto]:
        """All files that are selected, in their order."""
        rows = sorted(index.row() for index in self.selectionModel().selectedRows())
        return [self._results.photos[row] for row in rows]

    def choose(self, row: int) -> None:
        """Choose the file in *row*, if there is one."""
        if 0 <= row < self._results.rowCount():
            self.setCurrentIndex(self._results.index(row))

    def step(self, by: int) -> None:
        """Choose the next file, or the one before."""
        self.choose(self.currentIndex().row() + by)

    def _note(self) -> None:
        current = self.current()
        self._current = None if current is None else current.path
        self._marked = {photo.path for photo in self.marked()}
        self._place = self.verticalScrollBar().value()

    def _restore(self) -> None:
        row_of = {photo.path: row for row, photo in enumerate(self._results.photos)}
        row = row_of.get(self._current or "", 0)
        chosen = QItemSelection()
        for path in self._marked & row_of.keys():
            index = self._results.index(row_of[path])
            chosen.select(index, index)
        index = self._results.index(row)
        flags = QItemSelectionModel.SelectionFlag
        if chosen.isEmpty():
            chosen.select(index, index)
        self.selectionModel().select(chosen, flags.ClearAndSelect)
        self.selectionModel().setCurrentIndex(index, flags.NoUpdate)
        if self._current in row_of:
            self.doItemsLayout()
            self.verticalScrollBar().setValue(self._place)
        self.scrollTo(index)
        if not row_of:
            self.photo_chosen.emit(None)

    def _tell(self, current: QModelIndex) -> None:
        if current.isValid():
            self.photo_chosen.emit(self.current())
