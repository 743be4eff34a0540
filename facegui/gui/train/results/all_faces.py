"""The probabilities of every crop: searched, sorted, and written as CSV."""

from __future__ import annotations

from os.path import basename
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from facegui.domain.control import Control
from facegui.domain.text import tr, trn
from facegui.gui.context import AppContext
from facegui.gui.lanes import Lane
from facegui.services.judging.judge import Judgement, RunResults, export_probabilities

_FIXED = 4  # columns before those of the people
_PHOTO, _PERSON, _CALLED, _CONFIDENCE = range(_FIXED)

Index = QModelIndex | QPersistentModelIndex


class AllFacesModel(QAbstractTableModel):
    """A row for each face in any order, a column for each person."""

    def __init__(self) -> None:
        super().__init__()
        self._results: RunResults | None = None
        self._judgement: Judgement | None = None
        self._texts: list[str] = []
        self._search = ""
        self._by = (_CONFIDENCE, Qt.SortOrder.AscendingOrder)
        self._places: list[int] = []

    def show(self, results: RunResults, judgement: Judgement) -> None:
        """Start anew with *judgement*; order and search stay."""
        self.beginResetModel()
        self._results, self._judgement = results, judgement
        self._texts = [
            f"{_file_name(results.items[row].path)} {results.labels[results.truth[row]]} "
            f"{results.labels[said]}".casefold()
            for row, said in zip(judgement.rows, judgement.said, strict=True)
        ]
        self._arrange()
        self.endResetModel()

    def search(self, text: str) -> None:
        """Show only faces whose file, person or name it was called holds all words of *text*."""
        self.beginResetModel()
        self._search = text.casefold()
        self._arrange()
        self.endResetModel()

    def face_id(self, row: int) -> int:
        """The face in *row*."""
        assert self._results is not None
        assert self._judgement is not None
        item = self._results.items[int(self._judgement.rows[self._places[row]])]
        return item.face_id

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self._places)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        if parent.isValid() or self._results is None:
            return 0
        return _FIXED + len(self._results.labels)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        if role != Qt.ItemDataRole.DisplayRole or orientation is Qt.Orientation.Vertical:
            return None
        if section >= _FIXED and self._results is not None:
            return self._results.labels[section - _FIXED]
        return (tr("Photo"), tr("Person"), tr("Called"), tr("Confidence"))[section]

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if self._results is None or self._judgement is None or not index.isValid():
            return None
        place, column = self._places[index.row()], index.column()
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return self._text(place, column)
            case Qt.ItemDataRole.TextAlignmentRole if column >= _CONFIDENCE:
                return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            case Qt.ItemDataRole.ToolTipRole if column == _PHOTO:
                return self._results.items[self._judgement.rows[place]].path
        return None

    def _text(self, place: int, column: int) -> str:
        assert self._results is not None
        assert self._judgement is not None
        row, labels = int(self._judgement.rows[place]), self._results.labels
        if column == _PHOTO:
            return _file_name(self._results.items[row].path)
        if column == _PERSON:
            return labels[int(self._results.truth[row])]
        if column == _CALLED:
            return labels[int(self._judgement.said[place])]
        if column == _CONFIDENCE:
            return _percent(self._judgement.confidence[place])
        return _percent(self._results.said(self._judgement.side)[row, column - _FIXED])

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """By one column."""
        self.beginResetModel()
        self._by = (column, order)
        self._arrange()
        self.endResetModel()

    def _arrange(self) -> None:
        """Rows in order, those that the search leaves: in numpy, for ten thousands of faces."""
        if self._results is None or self._judgement is None:
            return
        column, order = self._by
        keys = self._keys(min(column, self.columnCount() - 1))
        places = np.argsort(keys, kind="stable")
        if order is Qt.SortOrder.DescendingOrder:
            places = places[::-1]
        words = self._search.split()
        self._places = [
            place for place in places.tolist() if all(w in self._texts[place] for w in words)
        ]

    def _keys(self, column: int) -> NDArray[Any]:
        assert self._results is not None
        assert self._judgement is not None
        rows = self._judgement.rows
        keys: NDArray[Any]
        if column == _PHOTO:
            keys = np.array([_file_name(self._results.items[row].path) for row in rows])
        elif column == _PERSON:
            keys = self._results.truth[rows]
        elif column == _CALLED:
            keys = self._judgement.said
        elif column == _CONFIDENCE:
            keys = self._judgement.confidence
        else:
            keys = self._results.said(self._judgement.side)[rows, column - _FIXED]
        return keys


class AllFacesPage(QWidget):
    """The table with its search, and the button that writes it."""

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._results: RunResults | None = None
        self._judgement: Judgement | None = None
        self.search = QLineEdit(placeholderText=tr("Search photos and people"))
        self.search.setClearButtonEnabled(True)
        self.search.setAccessibleName(tr("Search photos and people"))
        self.export = QPushButton(tr("Export CSV…"))
        self.export.clicked.connect(self._choose_file)
        self.count = QLabel()
        self.model = AllFacesModel()
        self.table = _Table(self)
        self.table.setModel(self.model)
        self.table.setSortingEnabled(True)
        self.table.sortByColumn(_CONFIDENCE, Qt.SortOrder.AscendingOrder)
        self.search.textChanged.connect(self._search)
        self.table.doubleClicked.connect(lambda _index: self.open_current())
        row = QHBoxLayout()
        row.addWidget(self.search, 1)
        row.addWidget(self.export)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(row)
        column.addWidget(self.count)
        column.addWidget(self.table, 1)

    def show_results(self, results: RunResults, judgement: Judgement) -> None:
        """List every face of *judgement*."""
        self._results, self._judgement = results, judgement
        self.model.show(results, judgement)
        self._tell()

    def open_current(self) -> None:
        """Show the current face in Review."""
        index = self.table.currentIndex()
        if index.isValid():
            self._context.page_requested.emit("review")
            self._context.face_requested.emit(self.model.face_id(index.row()))

    def write(self, path: Path) -> None:
        """Write all faces, searched for or not, to *path*."""
        results, judgement = self._results, self._judgement
        if results is None or judgement is None:
            return

        def job(_control: Control) -> object:
            export_probabilities(results, judgement, path)
            return None

        self._context.lanes.start(job, tr("Writing {name}", name=path.name), Lane.QUERY)

    def _choose_file(self) -> None:
        chosen, _ = QFileDialog.getSaveFileName(
            self, tr("Export probabilities"), "probabilities.csv", tr("CSV (*.csv)")
        )
        if chosen:
            self.write(Path(chosen))

    def _search(self, text: str) -> None:
        self.model.search(text)
        self._tell()

    def _tell(self) -> None:
        self.count.setText(trn("{n} face", "{n} faces", self.model.rowCount()))


class _Table(QTableView):
    def __init__(self, page: AllFacesPage) -> None:
        super().__init__()
        self._page = page
        self.setAccessibleName(tr("Probabilities of every face"))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setAlternatingRowColors(True)
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(26)
        self.horizontalHeader().setHighlightSections(False)
        self.horizontalHeader().setDefaultSectionSize(110)
        self.horizontalHeader().setTextElideMode(Qt.TextElideMode.ElideRight)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._page.open_current()
        else:
            super().keyPressEvent(event)


def _file_name(path: str) -> str:
    return basename(path)  # noqa: PTH119 - a Path for each of ten thousand takes 0.3 s


def _percent(share: float) -> str:
    return f"{share * 100:.1f} %"
