"""The models there are, one in each row."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QPoint, QSize, Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QMenu, QTreeWidget, QTreeWidgetItem

from facegui.domain.text import tr
from facegui.gui.models.words import file_size, when
from facegui.gui.theme import icon
from facegui.services.judging.score import Score
from facegui.services.runs.model_cards import ModelCard, ModelRow

_ROLE = Qt.ItemDataRole.UserRole
_NAME_PX = 150
_STANDING, _PHOTOS, _RIGHT, _STRANGERS = 1, 4, 5, 6
_NUMBERS = (3, 4, 5, 6, 7)


class ModelList(QTreeWidget):
    """A row for each model; the title is written in the first column.

    Signals:
        chosen_changed: other rows are chosen.
        title_changed: a `ModelRow` and what the owner wrote.
    """

    chosen_changed = Signal()
    title_changed = Signal(object, str)

    def __init__(self) -> None:
        super().__init__()
        self._filling = False
        self.setAccessibleName(tr("Models"))
        self.setRootIsDecorated(False)
        self.setUniformRowHeights(True)
        self.setAlternatingRowColors(True)
        self.setAllColumnsShowFocus(True)
        self.setIconSize(QSize(14, 14))
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.EditKeyPressed)
        self.setHeaderLabels(_headings())
        self.header().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        self.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Interactive)
        self.header().resizeSection(0, _NAME_PX)
        self.itemSelectionChanged.connect(self._selected)
        self.itemChanged.connect(self._changed)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._show_menu)

    def show_rows(self, rows: Sequence[ModelRow]) -> None:
        """List *rows*; those chosen stay so, and at first it is the one in use."""
        chosen = {row.path for row in self.chosen()} or {row.path for row in rows if row.used}
        self._filling = True
        self.clear()
        for row in rows:
            item = _item(row)
            self.addTopLevelItem(item)
            item.setSelected(row.path in chosen)
            if row.path in chosen:
                self.setCurrentItem(item, 0, self.selectionModel().SelectionFlag.NoUpdate)
        self._filling = False
        self.chosen_changed.emit()

    def chosen(self) -> list[ModelRow]:
        """The rows chosen, from the top."""
        items = (self.topLevelItem(row) for row in range(self.topLevelItemCount()))
        return [item.data(0, _ROLE) for item in items if item is not None and item.isSelected()]

    def choose(self, path: Path) -> None:
        """Choose the row of the model at *path*, and no other."""
        for row in range(self.topLevelItemCount()):
            item = self.topLevelItem(row)
            if item is not None and item.data(0, _ROLE).path == path:
                self.setCurrentItem(item)

    def edit_title(self) -> None:
        """Let the owner write a title for the model that is chosen."""
        item = self.currentItem()
        if item is not None:
            self.editItem(item, 0)

    def _selected(self) -> None:
        if not self._filling:
            self.chosen_changed.emit()

    def _changed(self, item: QTreeWidgetItem, column: int) -> None:
        if not self._filling and column == 0:
            self.title_changed.emit(item.data(0, _ROLE), item.text(0))

    def _show_menu(self, place: QPoint) -> None:
        menu = QMenu(self)
        menu.addActions([action for action in self.actions() if action.isEnabled()])
        menu.exec(self.viewport().mapToGlobal(place))


def _headings() -> list[str]:
    return [
        tr("Model"),
        tr("State"),
        tr("Made"),
        tr("People"),
        tr("Photos"),
        tr("Named right"),
        tr("Strangers named"),
        tr("Size"),
    ]


def _item(row: ModelRow) -> QTreeWidgetItem:
    card = row.card
    item = QTreeWidgetItem([row.path.name, tr("cannot be used")] if card is None else _texts(row))
    item.setData(0, _ROLE, row)
    item.setToolTip(0, str(row.path))
    if card is None:
        item.setIcon(0, icon("warning", 14))
        item.setToolTip(_STANDING, row.problem)
    else:
        item.setToolTip(_PHOTOS, tr("Photos that it learned from"))
        item.setToolTip(_RIGHT, tr("{score} it was not trained with", score=card.score.words))
        if card.strangers is not None:
            item.setToolTip(_STRANGERS, card.strangers.words)
        if row.used:
            item.setIcon(0, icon("check", 14))
        if not row.outside:
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsEditable)
    for column in _NUMBERS:
        item.setTextAlignment(column, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
    return item


def _texts(row: ModelRow) -> list[str]:
    card = row.card
    assert isinstance(card, ModelCard)
    return [
        (row.path.name if row.outside else card.title) or card.network,
        _standing(row, card),
        when(card.created),
        f"{len(card.people):,}",
        f"{card.train_count:,}",
        _share(card.score),
        "–" if card.strangers is None else _share(card.strangers),
        file_size(card.size_bytes),
    ]


def _share(score: Score) -> str:
    return f"{100 * score.accuracy:.0f} % ({score.interval_words})"


def _standing(row: ModelRow, card: ModelCard) -> str:
    """What sort of model it is: its network where a title hides that, and where it stands."""
    told = [card.network] if card.title or row.outside else []
    if row.used:
        told.append(tr("in use"))
    if row.outside:
        told.append(tr("opened file"))
    elif not row.published:
        told.append(tr("never used"))
    return " · ".join(told)
