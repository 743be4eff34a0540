"""Precision, recall and counts of everybody, sorted by a click on a heading."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from facegui.domain.text import tr
from facegui.services.judging.judge import Judgement, PersonScore

Index = QModelIndex | QPersistentModelIndex


class PeopleModel(QAbstractTableModel):
    """One row for each person."""

    def __init__(self) -> None:
        super().__init__()
        self.people: list[PersonScore] = []
        self._order = (0, Qt.SortOrder.AscendingOrder)
        self._heads = (
            (tr("Person"), ""),
            (tr("Faces"), tr("Faces of this person that were judged")),
            (tr("Recall"), tr("Of this person's faces, the share that was named right")),
            (tr("Precision"), tr("Of the faces given this name, the share that was right")),
            (tr("F1"), tr("Recall and precision in one: their harmonic mean")),
            (tr("Named so"), tr("Faces that were given this name")),
        )

    def show(self, people: Sequence[PersonScore]) -> None:
        """Start anew with *people*, in the order chosen last."""
        self.people = list(people)
        self.sort(*self._order)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self.people)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self._heads)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        if orientation is Qt.Orientation.Vertical:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self._heads[section][0]
        return self._heads[section][1] if role == Qt.ItemDataRole.ToolTipRole else None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        value = _values(self.people[index.row()])[index.column()]
        if role == Qt.ItemDataRole.DisplayRole:
            if isinstance(value, float):
                return f"{value * 100:.1f} %"
            return "–" if value is None else str(value)
        if role == Qt.ItemDataRole.TextAlignmentRole and index.column():
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        return None

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """By one column; who has no figure there comes last."""
        self._order = (column, order)
        self.beginResetModel()
        known = [one for one in self.people if _values(one)[column] is not None]
        rest = [one for one in self.people if _values(one)[column] is None]
        backwards = order is Qt.SortOrder.DescendingOrder
        known.sort(key=lambda one: _values(one)[column], reverse=backwards)  # type: ignore[arg-type,return-value]
        self.people = known + rest
        self.endResetModel()


def _values(one: PersonScore) -> tuple[str | int | float | None, ...]:
    return one.name, one.count, one.recall, one.precision, one.f1, one.named


class PeopleTable(QTableView):
    """The table."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.people = PeopleModel()
        self.setModel(self.people)
        self.setAccessibleName(tr("Precision and recall of everybody"))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setAlternatingRowColors(True)
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(28)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        header.setMinimumSectionSize(64)
        self.setSortingEnabled(True)
        self.sortByColumn(0, Qt.SortOrder.AscendingOrder)

    def show_judgement(self, judgement: Judgement) -> None:
        """Show everybody's figures."""
        self.people.show(judgement.people)
