"""Who is in a list: a table with a check box for each person, counts, and a search field."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QPersistentModelIndex,
    QSortFilterProxyModel,
    Qt,
    Signal,
)
from PySide6.QtWidgets import (
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QPushButton,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from facegui.domain.text import tr, trn
from facegui.domain.web_list import FetchResult, WebPhoto
from facegui.gui.collect.web_list_table import table_of
from facegui.services.collecting.web_list_survey import PersonUrls

Index = QModelIndex | QPersistentModelIndex

NAME, URLS, DONE, FAILED = range(4)
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_COUNT_PX = 62
_LEAST_PX = 310


class PeopleModel(QAbstractTableModel):
    """One row for each person of the lists.

    Signals:
        choice_changed: other people are checked now.
    """

    choice_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._people: list[PersonUrls] = []
        self._rows: dict[str, int] = {}
        self._checked: set[str] = set()

    def show(self, people: Sequence[PersonUrls], checked: Iterable[str]) -> None:
        """Replace all rows."""
        self.beginResetModel()
        self._people = list(people)
        self._rows = {person.name: row for row, person in enumerate(people)}
        self._checked = set(checked) & set(self._rows)
        self.endResetModel()
        self.choice_changed.emit()

    @property
    def people(self) -> Sequence[PersonUrls]:
        """Every row."""
        return self._people

    @property
    def checked(self) -> frozenset[str]:
        """Whose photos are wanted."""
        return frozenset(self._checked)

    def count(self, photo: WebPhoto, before: FetchResult | None) -> None:
        """One more address of a person has come to something; *before*, to something else."""
        row = self._rows.get(photo.person)
        if row is None:
            return
        person = self._people[row]
        done, failed = person.done, person.failed
        if before is not None:
            failed -= 1
        if photo.result is FetchResult.DONE:
            done += 1
        else:
            failed += 1
        self._people[row] = replace(person, done=done, failed=failed)
        self.dataChanged.emit(self.index(row, DONE), self.index(row, FAILED))

    def check(self, rows: Iterable[int], *, on: bool) -> None:
        """Check or clear the people in *rows*."""
        for row in rows:
            name = self._people[row].name
            (self._checked.add if on else self._checked.discard)(name)
        if self._people:
            self.dataChanged.emit(self.index(0, NAME), self.index(len(self._people) - 1, NAME))
        self.choice_changed.emit()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        return 0 if parent.isValid() else len(self._people)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        return 0 if parent.isValid() else FAILED + 1

    def flags(self, index: Index) -> Qt.ItemFlag:
        flags = super().flags(index)
        if index.isValid() and index.column() == NAME:
            flags |= Qt.ItemFlag.ItemIsUserCheckable
        return flags

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        person, column = self._people[index.row()], index.column()
        match role:
            case Qt.ItemDataRole.DisplayRole:
                counts = (person.name, person.urls, person.done, person.failed)
                return counts[column] if column == NAME else f"{counts[column]:,}"
            case Qt.ItemDataRole.TextAlignmentRole if column != NAME:
                return _RIGHT
            case Qt.ItemDataRole.CheckStateRole if column == NAME:
                on = person.name in self._checked
                return Qt.CheckState.Checked if on else Qt.CheckState.Unchecked
        return None

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        if not index.isValid() or role != Qt.ItemDataRole.CheckStateRole:
            return False
        self.check([index.row()], on=Qt.CheckState(value) is Qt.CheckState.Checked)
        return True

    def headerData(
        self,
        section: int,
        orientation: Qt.Orientation,
        role: int = Qt.ItemDataRole.DisplayRole,
    ) -> Any:
        if orientation is not Qt.Orientation.Horizontal:
            return None
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return (tr("Person"), tr("Listed"), tr("Photos"), tr("Failed"))[section]
            case Qt.ItemDataRole.TextAlignmentRole if section != NAME:
                return _RIGHT
        return None


class PeoplePanel(QWidget):
    """Search field, table, and buttons that check or clear everybody who is shown."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setMinimumWidth(_LEAST_PX)
        self.model = PeopleModel(self)
        self._shown = QSortFilterProxyModel(self)
        self._shown.setSourceModel(self.model)
        self._shown.setFilterKeyColumn(NAME)
        self._shown.setFilterCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.search = QLineEdit(placeholderText=tr("Find a person"), clearButtonEnabled=True)
        self.search.setAccessibleName(tr("Find a person"))
        self.search.textChanged.connect(self._shown.setFilterFixedString)
        self.all = QPushButton(tr("All"))
        self.all.setToolTip(tr("Check everybody who is shown"))
        self.none = QPushButton(tr("None"))
        self.none.setToolTip(tr("Clear everybody who is shown"))
        self.all.clicked.connect(lambda: self._check_shown(on=True))
        self.none.clicked.connect(lambda: self._check_shown(on=False))
        self._chosen = QLabel()
        self.model.choice_changed.connect(self._tell_choice)
        self.table = _table(self._shown)
        top = QHBoxLayout()
        top.addWidget(self.search, 1)
        top.addWidget(self.all)
        top.addWidget(self.none)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(top)
        column.addWidget(self.table, 1)
        column.addWidget(self._chosen)

    def _check_shown(self, *, on: bool) -> None:
        rows = range(self._shown.rowCount())
        self.model.check(
            [self._shown.mapToSource(self._shown.index(row, NAME)).row() for row in rows], on=on
        )

    def _tell_choice(self) -> None:
        checked = self.model.checked
        urls = sum(person.urls for person in self.model.people if person.name in checked)
        self._chosen.setText(
            tr(
                "{chosen} of {all} people chosen",
                chosen=f"{len(checked):,}",
                all=f"{len(self.model.people):,}",
            )
            + " · "
            + trn("{n} address", "{n} addresses", urls)
        )


def _table(model: QSortFilterProxyModel) -> QTableView:
    table = table_of(model, tr("People of the list"), NAME)
    header = table.horizontalHeader()
    for column in (URLS, DONE, FAILED):
        header.setSectionResizeMode(column, QHeaderView.ResizeMode.Fixed)
        header.resizeSection(column, _COUNT_PX)
    return table
