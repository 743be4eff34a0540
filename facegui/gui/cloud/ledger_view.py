"""What left the machine, photo by photo, with the total, and as a CSV file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPushButton,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from facegui.domain.text import tr, trn
from facegui.gui.cloud.words import dollars
from facegui.gui.context import AppContext
from facegui.gui.lanes import Lane
from facegui.services.cloud.ledger import Ledger, SentPhoto, export_ledger, spent_usd

Index = QModelIndex | QPersistentModelIndex
_RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
_NUMBERS = (2, 3, 4)
_WIDTHS_PX = (150, 260, 90, 80, 80)


class LedgerModel(QAbstractTableModel):
    """One row for each photo that was sent, newest first."""

    def __init__(self) -> None:
        super().__init__()
        self._rows: list[SentPhoto] = []
        self._titles = (
            tr("When"),
            tr("Photo"),
            tr("Pixels"),
            tr("Size"),
            tr("Cost"),
            tr("Outcome"),
        )

    def show(self, sent: Sequence[SentPhoto]) -> None:
        """Show these, given oldest first."""
        self.beginResetModel()
        self._rows = list(reversed(sent))
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._titles)

    def headerData(
        self,
        section: int,
        orientation: Qt.Orientation,
        role: int = int(Qt.ItemDataRole.DisplayRole),
    ) -> Any:
        if role == Qt.ItemDataRole.DisplayRole and orientation is Qt.Orientation.Horizontal:
            return self._titles[section]
        return None

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        row, column = self._rows[index.row()], index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            return _cells(row)[column]
        if role == Qt.ItemDataRole.ToolTipRole:
            return row.photo if column == 1 else _cells(row)[column]
        if role == Qt.ItemDataRole.TextAlignmentRole and column in _NUMBERS:
            return _RIGHT
        return None


def _cells(row: SentPhoto) -> tuple[str, ...]:
    return (
        row.when[:19].replace("T", " "),
        Path(row.photo).name,
        f"{row.width} × {row.height}",
        f"{row.size_bytes / 1000:,.0f} kB",
        dollars(row.cost_usd),
        row.outcome,
    )


class LedgerView(QWidget):
    """The table, its total, and the button that exports it."""

    def __init__(self, context: AppContext) -> None:
        super().__init__()
        self._context = context
        self.model = LedgerModel()
        self._table = QTableView()
        self._table.setModel(self.model)
        self._table.setAccessibleName(tr("Photos that were sent"))
        self._table.setSelectionBehavior(QTableView.SelectionBehavior.SelectRows)
        self._table.setAlternatingRowColors(True)
        self._table.setShowGrid(False)
        self._table.verticalHeader().hide()
        header = self._table.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setStretchLastSection(True)
        for column, width in enumerate(_WIDTHS_PX):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.Interactive)
            self._table.setColumnWidth(column, width)
        self.total = QLabel()
        self.export = QPushButton(tr("Export CSV…"))
        self.export.clicked.connect(self._choose_file)
        bottom = QHBoxLayout()
        bottom.addWidget(self.total, 1)
        bottom.addWidget(self.export)
        column_box = QVBoxLayout(self)
        column_box.setContentsMargins(12, 12, 12, 12)
        column_box.setSpacing(10)
        column_box.addWidget(self._table, 1)
        column_box.addLayout(bottom)
        self._show([])

    def refresh(self) -> None:
        """Read the ledger again."""
        library = self._context.library
        if library is not None:
            task = self._context.lanes.start(
                lambda _control: Ledger(library).sent(), tr("Reading the ledger"), Lane.QUERY
            )
            task.done.connect(self._show)

    def _show(self, sent: object) -> None:
        assert isinstance(sent, list)
        self.model.show(sent)
        self.export.setEnabled(bool(sent))
        if not sent:
            self.total.setText(tr("Nothing has left this computer."))
            return
        size = sum(photo.size_bytes for photo in sent) / 1e6
        self.total.setText(
            trn(
                "{n} photo, {size} MB, at most {cost}. Times are UTC.",
                "{n} photos, {size} MB, at most {cost} in all. Times are UTC.",
                len(sent),
                size=f"{size:,.1f}",
                cost=dollars(spent_usd(sent)),
            )
        )

    def _choose_file(self) -> None:
        chosen, _ = QFileDialog.getSaveFileName(
            self, tr("Export the ledger"), tr("cloud ledger.csv"), tr("CSV (*.csv)")
        )
        if chosen:
            self.write_csv(Path(chosen))

    def write_csv(self, path: Path) -> None:
        """Write the ledger to *path*."""
        library = self._context.library
        assert library is not None
        self._context.lanes.start(
            lambda _control: export_ledger(library, path), tr("Exporting"), Lane.QUERY
        )
