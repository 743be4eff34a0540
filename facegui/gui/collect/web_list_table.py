"""How the web list's tables look: rows of one height, so that any number of them is fluid."""

from __future__ import annotations

from PySide6.QtCore import QAbstractItemModel, Qt
from PySide6.QtWidgets import QHeaderView, QTableView

_ROW_PX = 22


def table_of(model: QAbstractItemModel, name: str, stretched: int) -> QTableView:
    """A table of *model*; *name* is what a screen reader calls it; one column takes what is left.

    A table, not a tree: a tree asks each row whether it has children, which takes a quarter of a
    second for 58,000 rows.
    """
    table = QTableView(showGrid=False, wordWrap=False, cornerButtonEnabled=False)
    table.setAlternatingRowColors(True)
    table.setModel(model)
    table.setAccessibleName(name)
    table.setSelectionBehavior(QTableView.SelectionBehavior.SelectRows)
    table.setSelectionMode(QTableView.SelectionMode.SingleSelection)
    table.setTabKeyNavigation(False)
    table.verticalHeader().hide()
    table.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
    table.verticalHeader().setDefaultSectionSize(_ROW_PX)
    header = table.horizontalHeader()
    header.setHighlightSections(False)
    header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    header.setSectionResizeMode(stretched, QHeaderView.ResizeMode.Stretch)
    return table
