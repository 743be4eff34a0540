"""The runs there have been: a table, and what can be done with those chosen in it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QLabel,
    QMenu,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from facegui.domain.text import tr
from facegui.gui.flow import FlowLayout
from facegui.gui.theme import icon
from facegui.gui.train.result import when
from facegui.gui.train.status import duration, percent
from facegui.services.learning.networks import title_of
from facegui.services.runs.records import RunRecord
from facegui.services.runs.rows import RunRow

_ROLE = Qt.ItemDataRole.UserRole
_NOTES_PX = 160


class RunsPanel(QWidget):
    """Earlier runs, newest first; the owner's notes are written in the table.

    Signals:
        run_chosen: a `RunRecord` to look at again.
        open_requested: go to the curve of the one chosen.
        use_requested: a `RunRecord` whose model should be the one in use.
        again_requested: a `RunRecord` to take the settings of.
        compare_requested: two `RunRecord`, the older first.
        report_requested: a `RunRecord` to write a report of.
        board_requested: show TensorBoard.
        delete_requested: a list of `RunRecord`.
        restore_requested: bring back what was deleted last.
        notes_changed: a `RunRecord` and what the owner wrote.
    """

    run_chosen = Signal(object)
    open_requested = Signal()
    use_requested = Signal(object)
    again_requested = Signal(object)
    compare_requested = Signal(object, object)
    report_requested = Signal(object)
    board_requested = Signal()
    delete_requested = Signal(object)
    restore_requested = Signal()
    notes_changed = Signal(object, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._filling = False
        self._make_buttons()
        self._make_tree()
        self.empty = QLabel(tr("No network has been trained yet. Every training is listed here."))
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.empty.setForegroundRole(self.palette().ColorRole.PlaceholderText)
        layout = QVBoxLayout(self)
        holder = QWidget()
        flow = FlowLayout(6)
        holder.setLayout(flow)
        for button in self._buttons:
            flow.addWidget(button)
        layout.addWidget(holder)
        layout.addWidget(self.tree, 1)
        layout.addWidget(self.empty, 1)
        self.show_runs([])

    def show_runs(self, rows: Sequence[RunRow]) -> None:
        """List *rows*; those chosen stay so."""
        chosen = {record.id for record in self.chosen()}
        self._filling = True
        self.tree.clear()
        for row in rows:
            item = _item(row)
            self.tree.addTopLevelItem(item)
            item.setSelected(row.record.id in chosen)
        self._filling = False
        self.tree.setVisible(bool(rows))
        self.empty.setVisible(not rows)
        self._allow()

    def chosen(self) -> list[RunRecord]:
        """The records of the rows chosen, newest first."""
        rows = [item.data(0, _ROLE) for item in self.tree.selectedItems()]
        return sorted((row.record for row in rows), key=lambda record: record.id, reverse=True)

    def allow_restore(self, *, allowed: bool) -> None:
        """Whether something deleted can be brought back."""
        self.restore.setVisible(allowed)

    def _make_buttons(self) -> None:
        def button(text: str, tip: str, slot: object, name: str = "") -> QPushButton:
            made = QPushButton(icon(name), text) if name else QPushButton(text)
            made.setToolTip(tip)
            made.clicked.connect(slot)
            return made

        one = self._one
        self.use = button(
            tr("Use this model"),
            tr("Recognise with the model of the chosen run"),
            lambda: self.use_requested.emit(one()),
        )
        self.again = button(
            tr("Take over settings"),
            tr("Set network, settings and split as in the chosen run, to train again"),
            lambda: self.again_requested.emit(one()),
        )
        self.compare = button(
            tr("Compare…"),
            tr("What differs between the two runs chosen"),
            lambda: self.compare_requested.emit(*reversed(self.chosen())),
        )
        self.report = button(
            tr("Report…"),
            tr("Write all about the chosen run into one page that any browser shows"),
            lambda: self.report_requested.emit(one()),
        )
        self.board = button(
            tr("TensorBoard"),
            tr("Curves, weights and graph of all runs, in the browser, from this machine"),
            self.board_requested,
        )
        self.delete = button(
            tr("Delete"),
            tr("Set the chosen runs and their models aside"),
            lambda: self.delete_requested.emit(self.chosen()),
        )
        self.restore = button(
            tr("Bring back"), tr("Bring back what was deleted last"), self.restore_requested
        )
        self.restore.hide()
        self._buttons = (
            self.use,
            self.again,
            self.compare,
            self.report,
            self.board,
            self.delete,
            self.restore,
        )

    def _make_tree(self) -> None:
        tree = self.tree = QTreeWidget()
        tree.setRootIsDecorated(False)
        tree.setUniformRowHeights(True)
        tree.setAccessibleName(tr("Earlier runs"))
        tree.setAlternatingRowColors(True)
        tree.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        tree.setHeaderLabels(_headings())
        tree.header().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        tree.header().setStretchLastSection(True)
        tree.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        tree.itemSelectionChanged.connect(self._selected)
        tree.itemDoubleClicked.connect(self._double_clicked)
        tree.itemChanged.connect(self._changed)
        tree.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        tree.customContextMenuRequested.connect(self._show_menu)
        context = Qt.ShortcutContext.WidgetShortcut
        QShortcut(QKeySequence("F2"), tree, lambda: self._edit(tree.currentItem()), context=context)
        QShortcut(QKeySequence("Delete"), tree, self.delete.click, context=context)

    def _show_menu(self, place: QPoint) -> None:
        menu = QMenu(self)
        for button in self._buttons:
            if button.isEnabled() and not button.isHidden():
                menu.addAction(button.text(), button.click)
        menu.exec(self.tree.viewport().mapToGlobal(place))

    def _one(self) -> RunRecord:
        return self.chosen()[0]

    def _double_clicked(self, item: QTreeWidgetItem, column: int) -> None:
        if column == item.columnCount() - 1:
            self._edit(item)
        else:
            self.open_requested.emit()

    def _edit(self, item: QTreeWidgetItem | None) -> None:
        """Let the owner write notes about the run of *item*."""
        if item is not None:
            self.tree.editItem(item, item.columnCount() - 1)

    def _changed(self, item: QTreeWidgetItem, column: int) -> None:
        if not self._filling and column == item.columnCount() - 1:
            self.notes_changed.emit(item.data(0, _ROLE).record, item.text(column))

    def _selected(self) -> None:
        if self._filling:
            return
        self._allow()
        if len(chosen := self.chosen()) == 1:
            self.run_chosen.emit(chosen[0])

    def _allow(self) -> None:
        rows = [item.data(0, _ROLE) for item in self.tree.selectedItems()]
        one = len(rows) == 1
        self.use.setEnabled(one and not rows[0].used and rows[0].has_model)
        self.again.setEnabled(one)
        self.report.setEnabled(one)
        self.compare.setEnabled(len(rows) == 2)  # noqa: PLR2004 - with one another
        self.delete.setEnabled(bool(rows))
        self.board.setEnabled(self.tree.topLevelItemCount() > 0)


def _headings() -> list[str]:
    return [
        tr("When"),
        tr("Network"),
        tr("People"),
        tr("Faces"),
        tr("Accuracy"),
        tr("With unknown"),
        tr("Took"),
        "",
        tr("Notes"),
    ]


def _item(row: RunRow) -> QTreeWidgetItem:
    record = row.record
    item = QTreeWidgetItem(
        [
            when(record.created),
            title_of(record.config.network),
            str(len(record.people)),
            f"{record.metrics.train_count:,}",
            percent(record.accuracy),
            percent(record.accuracy_with_unknown),
            duration(record.seconds),
            tr("in use") if row.used else "",
            row.notes,
        ]
    )
    item.setData(0, _ROLE, row)
    item.setToolTip(0, record.id)
    item.setToolTip(item.columnCount() - 1, tr("F2 or a double click writes here"))
    item.setFlags(item.flags() | Qt.ItemFlag.ItemIsEditable)
    return item
