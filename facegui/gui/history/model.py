"""The steps as a list: newest first, what was undone greyed, where the library stands marked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QFont, QGuiApplication, QPalette
from PySide6.QtWidgets import QWidget

from facegui.domain.entities import JournalEntry
from facegui.domain.text import tr

Index = QModelIndex | QPersistentModelIndex


class HistoryModel(QAbstractListModel):
    """The owner's steps, and below them the state before; UserRole gives a step's id or None."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._entries: tuple[JournalEntry, ...] = ()

    @property
    def standing_row(self) -> int:
        """The row of the last step that stands; the last row where none does."""
        rows = (row for row, entry in enumerate(self._entries) if not entry.undone)
        return next(rows, len(self._entries))

    def show(self, entries: Sequence[JournalEntry]) -> None:
        """Replace all rows; *entries* are newest first."""
        self.beginResetModel()
        self._entries = tuple(entries)
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() or not self._entries else len(self._entries) + 1

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        return self._of(index.row(), role) if index.isValid() else None

    def _of(self, row: int, role: int) -> Any:
        entry = self._entries[row] if row < len(self._entries) else None
        here = row == self.standing_row
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return entry.label if entry else tr("Before these steps")
            case Qt.ItemDataRole.UserRole:
                return entry.id if entry else None
            case Qt.ItemDataRole.ToolTipRole | Qt.ItemDataRole.AccessibleDescriptionRole:
                return _told(entry, here=here)
            case Qt.ItemDataRole.ForegroundRole if entry and entry.undone:
                return QGuiApplication.palette().brush(QPalette.ColorRole.PlaceholderText)
            case Qt.ItemDataRole.FontRole:
                return _font(bold=here, italic=entry is None or entry.undone)
        return None


def _font(*, bold: bool, italic: bool) -> QFont:
    font = QFont()
    font.setBold(bold)
    font.setItalic(italic)
    return font


def _told(entry: JournalEntry | None, *, here: bool) -> str:
    if here:
        return tr("The library stands here")
    if entry is not None and entry.undone:
        return tr("Undone: click to do everything up to this step again")
    return tr("Click to take back every later step")
