"""Which earlier runs lie over the chart: a list to tick, behind a button."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QListView, QMenu, QToolButton, QWidget, QWidgetAction

from facegui.domain.text import tr
from facegui.gui.train.chart.painting import OTHERS_MOST

_ROLE = Qt.ItemDataRole.UserRole
_ROWS_MOST = 12
_SPACING_PX = 2


class CompareButton(QToolButton):
    """Opens the list of earlier runs, of which a few can be ticked.

    Signals:
        run_ticked: lay this run over the chart; its id.
        run_unticked: take it off again; its id.
    """

    run_ticked = Signal(str)
    run_unticked = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setText(tr("Compare"))
        self.setToolTip(tr("Lay earlier runs over the chart"))
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.model = QStandardItemModel(self)
        self.model.itemChanged.connect(self._changed)
        self._list = QListView()
        self._list.setModel(self.model)
        self._list.setSpacing(_SPACING_PX)
        self._list.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self._list.setAccessibleName(tr("Earlier runs to compare with"))
        self._list.activated.connect(self._toggle)
        menu = QMenu(self)
        action = QWidgetAction(menu)
        action.setDefaultWidget(self._list)
        menu.addAction(action)
        menu.aboutToShow.connect(self._list.setFocus)
        self.setMenu(menu)
        self.setEnabled(False)

    def offer(self, runs: Mapping[str, str]) -> None:
        """Offer *runs*, title by id, newest first; those ticked that are not among them go."""
        ticked = self.ticked()
        self.model.blockSignals(True)  # noqa: FBT003 - Qt's signature
        self.model.clear()
        for run, title in runs.items():
            item = QStandardItem(title)
            item.setData(run, _ROLE)
            item.setCheckable(True)
            item.setCheckState(Qt.CheckState.Checked if run in ticked else Qt.CheckState.Unchecked)
            self.model.appendRow(item)
        self.model.blockSignals(False)  # noqa: FBT003
        self._list.reset()
        self._allow()
        self._fit()
        self.setEnabled(bool(runs))
        for run in ticked:
            if run not in runs:
                self.run_unticked.emit(run)

    def ticked(self) -> Sequence[str]:
        """The ids of the runs that are ticked."""
        return [str(item.data(_ROLE)) for item in self._items() if _is_ticked(item)]

    def _items(self) -> list[QStandardItem]:
        return [self.model.item(row) for row in range(self.model.rowCount())]

    def _changed(self, item: QStandardItem) -> None:
        self._allow()
        (self.run_ticked if _is_ticked(item) else self.run_unticked).emit(item.data(_ROLE))

    def _toggle(self) -> None:
        item = self.model.itemFromIndex(self._list.currentIndex())
        if item is not None and item.isEnabled():
            ticked = _is_ticked(item)
            item.setCheckState(Qt.CheckState.Unchecked if ticked else Qt.CheckState.Checked)

    def _allow(self) -> None:
        """No more runs than there are colours."""
        full = len(self.ticked()) >= OTHERS_MOST
        self.model.blockSignals(True)  # noqa: FBT003 - Qt's signature
        for item in self._items():
            item.setEnabled(_is_ticked(item) or not full)
        self.model.blockSignals(False)  # noqa: FBT003
        self._list.viewport().update()

    def _fit(self) -> None:
        rows = min(self.model.rowCount(), _ROWS_MOST)
        height = max(1, rows) * (self._list.sizeHintForRow(0) + 2 * _SPACING_PX) + 12
        self._list.setFixedHeight(height)
        self._list.setMinimumWidth(min(480, self._list.sizeHintForColumn(0) + 40))


def _is_ticked(item: QStandardItem) -> bool:
    return item.checkState() is Qt.CheckState.Checked
