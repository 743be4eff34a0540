"""Who is taken for whom: the confusion matrix, and the crops of the cell that is chosen."""

from __future__ import annotations

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QSize, Qt
from PySide6.QtGui import QColor, QGuiApplication, QPalette, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QSplitter,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from facegui.domain.text import tr, trn
from facegui.gui.context import AppContext
from facegui.gui.train.results.faces import FaceGrid, face_cases
from facegui.services.judging.judge import Judgement, RunResults
from facegui.services.libraries import Library

_WRONG = QColor("#d1242f")
_FAINT, _STRONG = 26, 150  # of 255
_CELL_PX, _NAME_PX = 56, 120

Index = QModelIndex | QPersistentModelIndex


class ConfusionModel(QAbstractTableModel):
    """Rows are people, columns the names that they were given."""

    def __init__(self) -> None:
        super().__init__()
        self._labels: tuple[str, ...] = ()
        self._judgement: Judgement | None = None

    def show(self, labels: tuple[str, ...], judgement: Judgement | None) -> None:
        """Start anew with *judgement*."""
        self.beginResetModel()
        self._labels, self._judgement = labels, judgement
        self.endResetModel()

    def words(self, row: int, column: int) -> str:
        """A cell in a sentence."""
        if self._judgement is None:
            return ""
        count = int(self._judgement.confusion[row, column])
        faces = trn("{n} face", "{n} faces", count)
        name, said = self._labels[row], self._labels[column]
        if row == column:
            return tr("{faces} of {name}, named right", faces=faces, name=name)
        return tr("{faces} of {name}, called {said}", faces=faces, name=name, said=said)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() or self._judgement is None else len(self._labels)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return self.rowCount(parent)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return self._labels[section]
        if role == Qt.ItemDataRole.TextAlignmentRole and orientation is Qt.Orientation.Vertical:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if self._judgement is None or not index.isValid():
            return None
        row, column = index.row(), index.column()
        count = int(self._judgement.confusion[row, column])
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return str(count) if count else ""
            case Qt.ItemDataRole.AccessibleTextRole | Qt.ItemDataRole.ToolTipRole:
                return self.words(row, column)
            case Qt.ItemDataRole.TextAlignmentRole:
                return Qt.AlignmentFlag.AlignCenter
            case Qt.ItemDataRole.BackgroundRole if count:
                return self._colour(row, column, count)
        return None

    def _colour(self, row: int, column: int, count: int) -> QColor:
        """Deeper for a larger share of the person's faces; another one for mistakes."""
        assert self._judgement is not None
        right = QGuiApplication.palette().color(QPalette.ColorRole.Highlight)
        colour = QColor(right if row == column else _WRONG)
        share = count / int(self._judgement.confusion[row].sum())
        colour.setAlpha(round(_FAINT + (_STRONG - _FAINT) * share))
        return colour


class ConfusionPage(QSplitter):
    """The matrix, and below it the crops of a cell that is clicked or entered."""

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Vertical, parent)
        self.setChildrenCollapsible(False)
        self.model = ConfusionModel()
        self.table = _Matrix()
        self.table.setModel(self.model)
        self.table.clicked.connect(self._show_cell)
        self.table.activated.connect(self._show_cell)
        self.faces = FaceGrid(context)
        self.addWidget(_framed(self.table))
        self.addWidget(self.faces)
        self.setStretchFactor(0, 3)
        self.setStretchFactor(1, 2)
        self._results: RunResults | None = None
        self._judgement: Judgement | None = None

    def set_library(self, library: Library | None) -> None:
        """Show nothing; faces come from *library* from now on."""
        self._results = self._judgement = None
        self.model.show((), None)
        self.faces.set_library(library)

    def show_results(self, results: RunResults, judgement: Judgement) -> None:
        """Show the matrix of *judgement*, and its worst cell below."""
        self._results, self._judgement = results, judgement
        self.model.show(results.labels, judgement)
        self.table.fit()
        wrong = judgement.confusion.copy()
        for label in range(len(results.labels)):
            wrong[label, label] = 0
        if wrong.any():
            row, column = divmod(int(wrong.argmax()), len(results.labels))
            self.table.setCurrentIndex(self.model.index(row, column))
            self._show_cell(self.table.currentIndex())
        else:
            self.faces.show_cases(tr("No mistake. Choose a cell to see its faces."), ())

    def _show_cell(self, index: QModelIndex) -> None:
        if self._results is None or self._judgement is None or not index.isValid():
            return
        row, column = index.row(), index.column()
        places = self._judgement.cell(row, column)
        cases = face_cases(self._results, self._judgement, places)
        self.faces.show_cases(self.model.words(row, column), cases)


def _framed(table: QTableView) -> QWidget:
    """The matrix with the titles of its axes: who it is down the side, the name it got above."""
    holder = QWidget()
    across, down = QLabel(tr("called →")), QLabel(tr("is ↓"))
    for title in (across, down):
        title.setForegroundRole(QPalette.ColorRole.PlaceholderText)
    titles = QHBoxLayout()
    titles.setSpacing(16)
    titles.addWidget(down)
    titles.addWidget(across)
    titles.addStretch(1)
    column = QVBoxLayout(holder)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(2)
    column.addLayout(titles)
    column.addWidget(table, 1)
    return holder


class _Matrix(QTableView):
    """Square cells; a key that Qt does not call an activation everywhere is one here."""

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(
            tr("Confusion matrix: a row for each person, a column for each name")
        )
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)
        self.setMinimumHeight(120)
        self.setCornerButtonEnabled(False)
        across, down = self.horizontalHeader(), self.verticalHeader()
        across.setDefaultSectionSize(_CELL_PX)
        across.setSectionsClickable(False)
        down.setDefaultSectionSize(28)
        down.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        down.setMaximumWidth(_NAME_PX)
        for header in (across, down):
            header.setTextElideMode(Qt.TextElideMode.ElideRight)

    def sizeHint(self) -> QSize:
        return QSize(360, 260)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fit()

    def fit(self) -> None:
        """Make columns as wide as their names like, as far as there is room."""
        columns = self.horizontalHeader().count()
        if columns:
            room = self.viewport().width() // columns
            self.horizontalHeader().setDefaultSectionSize(min(_NAME_PX, max(_CELL_PX, room)))
