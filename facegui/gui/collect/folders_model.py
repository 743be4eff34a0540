"""The folders of a library as a table: how much is in each, who it shows, whether it is watched."""

from __future__ import annotations

import os
from collections.abc import Sequence
from enum import IntEnum
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)

from facegui.domain.text import tr
from facegui.services.collecting.folders import FolderState

Index = QModelIndex | QPersistentModelIndex


class Column(IntEnum):
    """What stands where."""

    WATCH = 0
    PATH = 1
    PERSON = 2
    PHOTOS = 3
    NEW = 4


class FoldersModel(QAbstractTableModel):
    """One row for each folder.

    Signals:
        live_changed: the owner ticked or unticked a folder: path, ticked.
        person_changed: the owner said who a folder shows: path, name or None.
    """

    live_changed = Signal(object, bool)
    person_changed = Signal(object, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: Sequence[FolderState] = ()

    def show(self, rows: Sequence[FolderState]) -> None:
        """Replace all rows."""
        self.beginResetModel()
        self._rows = rows
        self.endResetModel()

    def state(self, row: int) -> FolderState:
        """The folder in *row*."""
        return self._rows[row]

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        return 0 if parent.isValid() else len(Column)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(Column(section))
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        return {
            Column.WATCH: tr("Watch"),
            Column.PATH: tr("Folder"),
            Column.PERSON: tr("Shows"),
            Column.PHOTOS: tr("Photos"),
            Column.NEW: tr("Not scanned"),
        }[Column(section)]

    def flags(self, index: Index) -> Qt.ItemFlag:
        flags = super().flags(index)
        if index.isValid() and index.column() == Column.WATCH:
            flags |= Qt.ItemFlag.ItemIsUserCheckable
        if index.isValid() and index.column() == Column.PERSON:
            flags |= Qt.ItemFlag.ItemIsEditable
        return flags

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        state, column = self._rows[index.row()], Column(index.column())
        value: Any = None
        match role:
            case Qt.ItemDataRole.DisplayRole:
                value = _shown(state, column)
            case Qt.ItemDataRole.EditRole if column is Column.PERSON:
                value = state.folder.person or ""
            case Qt.ItemDataRole.CheckStateRole if column is Column.WATCH:
                value = Qt.CheckState.Checked if state.folder.live else Qt.CheckState.Unchecked
            case Qt.ItemDataRole.TextAlignmentRole:
                value = _alignment(column)
            case Qt.ItemDataRole.ToolTipRole | Qt.ItemDataRole.AccessibleTextRole:
                value = _told(state, column)
        return value

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        if not index.isValid():
            return False
        folder = self._rows[index.row()].folder
        if index.column() == Column.WATCH and role == Qt.ItemDataRole.CheckStateRole:
            self.live_changed.emit(folder.path, Qt.CheckState(value) is Qt.CheckState.Checked)
            return True
        if index.column() == Column.PERSON and role == Qt.ItemDataRole.EditRole:
            name = str(value).strip() or None
            if name != folder.person:
                self.person_changed.emit(folder.path, name)
            return True
        return False


def _alignment(column: Column) -> Qt.AlignmentFlag:
    number = column in (Column.PHOTOS, Column.NEW)
    side = Qt.AlignmentFlag.AlignRight if number else Qt.AlignmentFlag.AlignLeft
    return side | Qt.AlignmentFlag.AlignVCenter


def _shown(state: FolderState, column: Column) -> str:
    match column:
        case Column.PATH:
            return os.fspath(state.folder.path)
        case Column.PERSON:
            return state.folder.person or tr("by folder name")
        case Column.PHOTOS:
            return f"{state.photos:,}"
        case Column.NEW:
            return f"{state.pending:,}"
        case Column.WATCH:
            return ""


def _told(state: FolderState, column: Column) -> str:
    match column:
        case Column.WATCH if state.folder.live:
            return tr("Watched: new photos come in by themselves")
        case Column.WATCH:
            return tr("Not watched")
        case Column.PATH if not state.there:
            return tr("{path} cannot be reached now", path=state.folder.path)
        case Column.PERSON if state.folder.person is None:
            return tr("New photos are named after the folder they lie in; type a name to change it")
        case _:
            return _shown(state, column)
