"""List models that hold ids only; rows are fetched when a view asks, and remembered for a while."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
)

from facegui.domain.queries import Section
from facegui.domain.text import tr
from facegui.gui.review import words
from facegui.gui.review.tiles import FaceTile, PhotoTile, Tile

TILE_ROLE = int(Qt.ItemDataRole.UserRole) + 1
"""The row's `Tile`, or None when it is gone from the library."""

STALE_ROLE = TILE_ROLE + 1
"""Whether the row no longer fits the filter, and stays only so that nothing jumps."""

_BLOCK = 32
_REMEMBERED = 4096

Ids = NDArray[np.int64]
Fetch = Callable[[Sequence[int]], Mapping[int, Tile]]
Index = QModelIndex | QPersistentModelIndex


NEW = ""
"""The key of the section for rows that came after the others were put in order."""


class Arrangement(NamedTuple):
    """An answer: ids in order, and the sections they are parted into (none: no headings).

    Attributes:
        titles: what the heading of each section says, by its key.
    """

    ids: Ids
    sections: Sequence[Section] = ()
    titles: Mapping[str | int | None, str] = {}


class MergePlan(NamedTuple):
    """How rows follow a new answer; made off the GUI thread by `plan_merge`.

    Attributes:
        base: the rows it was made for.
        stale: ids among them that the answer lacks, or has in another section.
        fresh: ids of the answer that are not among them, in its order.
        titles: of the sections, as they are called now.
    """

    base: Arrangement
    stale: frozenset[int]
    fresh: Ids
    titles: Mapping[str | int | None, str] = {}


def plan_merge(base: Arrangement, wanted: Arrangement) -> MergePlan:
    """What `TileModel.merge` has to do for rows *base* to follow the answer *wanted*."""
    if np.array_equal(base.ids, wanted.ids) and base.sections == wanted.sections:
        return MergePlan(base, frozenset(), wanted.ids[:0], wanted.titles)
    gone = np.isin(base.ids, wanted.ids, invert=True)
    if base.sections and wanted.sections:
        gone |= _moved(base, wanted, ~gone)
    fresh = wanted.ids[np.isin(wanted.ids, base.ids, invert=True)]
    return MergePlan(base, frozenset(base.ids[gone].tolist()), fresh, wanted.titles)


def _moved(base: Arrangement, wanted: Arrangement, shared: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Which rows of *base*, of those that are *shared*, have another section in *wanted*."""
    numbers = {key: n for n, key in enumerate({s.key for s in (*base.sections, *wanted.sections)})}
    before, after = (_section_numbers(rows, numbers) for rows in (base, wanted))
    order = np.argsort(wanted.ids, kind="stable")
    places = order[np.searchsorted(wanted.ids, base.ids[shared], sorter=order)]
    moved = np.zeros(len(base.ids), np.bool_)
    moved[shared] = before[shared] != after[places]
    if NEW in numbers:
        moved &= before != numbers[NEW]
    return moved


def _section_numbers(
    rows: Arrangement, numbers: Mapping[str | int | None, int]
) -> NDArray[np.int64]:
    """For each row the number of its section's key."""
    sizes = np.diff([section.start for section in rows.sections], append=len(rows.ids))
    return np.repeat([numbers[section.key] for section in rows.sections], sizes)


class TileModel(QAbstractListModel):
    """Ids in order, tiles on demand.

    A model never loses or moves a row but in `show`: what `merge` no longer wants stays, stale,
    and what it newly wants comes at the end, so selection and scroll hold.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows = Arrangement(np.empty(0, np.int64))
        self._titles: dict[str | int | None, str] = {}
        self._by_id: NDArray[np.intp] | None = None
        self._stale: frozenset[int] = frozenset()
        self._tiles: OrderedDict[int, Tile | None] = OrderedDict()
        self._fetch: Fetch = lambda _ids: {}

    # content

    @property
    def ids(self) -> Ids:
        """Every row's id, in order; not to be written to."""
        return self._rows.ids

    @property
    def rows(self) -> Arrangement:
        """Ids and sections as they stand; another object whenever they change."""
        return self._rows

    def title(self, section: int) -> str:
        """What the heading of a section says."""
        return self._titles.get(self._rows.sections[section].key, "")

    @property
    def stale_count(self) -> int:
        """How many rows no longer fit the filter."""
        return len(self._stale)

    def set_source(self, fetch: Fetch) -> None:
        """Empty the model and take tiles from *fetch* (ids to tiles by id) from now on."""
        self._fetch = fetch
        self.show(Arrangement(np.empty(0, np.int64)))

    def show(self, rows: Arrangement) -> None:
        """Start anew with *rows*."""
        self.beginResetModel()
        self._rows = rows
        self._titles = dict(rows.titles)
        self._by_id = None
        self._stale = frozenset()
        self._tiles.clear()
        self.endResetModel()

    def merge(self, plan: MergePlan) -> bool:
        """Follow a new answer to the same filter without moving what is there.

        Returns:
            False, and nothing is done, when the rows are others than the plan was made for.
        """
        if plan.base is not self._rows:
            return False
        self._titles.update(plan.titles)
        if plan.stale != self._stale:
            self._stale = plan.stale
            self._changed(0, len(self.ids) - 1)
        if len(plan.fresh):
            count = len(self.ids)
            self.beginInsertRows(QModelIndex(), count, count + len(plan.fresh) - 1)
            self._rows = _extended(self._rows, plan.fresh)
            self._titles[NEW] = tr("New")
            self._by_id = None
            self.endInsertRows()
        return True

    def forget(self, photo_ids: Iterable[int] | None = None) -> None:
        """Fetch the tiles of *photo_ids* (of all if None) again when they are next looked at."""
        if photo_ids is None:
            self._tiles.clear()
            self._changed(0, len(self.ids) - 1)
            return
        wanted = set(photo_ids)
        gone = [key for key, tile in self._tiles.items() if tile is None or tile.photo_id in wanted]
        for key in gone:
            del self._tiles[key]
        rows = [row for row in map(self.row_of, gone) if row is not None]
        if rows:
            self._changed(min(rows), max(rows))

    def row_of(self, item_id: int) -> int | None:
        """The row of *item_id*, or None."""
        if self._by_id is None:
            self._by_id = np.argsort(self.ids, kind="stable")
        place = int(np.searchsorted(self.ids, item_id, sorter=self._by_id))
        if place < len(self.ids) and self.ids[self._by_id[place]] == item_id:
            return int(self._by_id[place])
        return None

    def tile(self, row: int) -> Tile | None:
        """The tile of *row*; its neighbours are fetched along with it."""
        item_id = int(self.ids[row])
        if item_id not in self._tiles:
            self._fetch_block(row)
        return self._tiles[item_id]

    def tile_of(self, item_id: int) -> Tile | None:
        """The tile of *item_id*, if it is in the model and the library."""
        row = self.row_of(item_id)
        return None if row is None else self.tile(row)

    def _fetch_block(self, row: int) -> None:
        start = row - row % _BLOCK
        block = self.ids[start : start + _BLOCK].tolist()
        missing = [item_id for item_id in block if item_id not in self._tiles]
        found = self._fetch(missing)
        for item_id in missing:
            self._tiles[item_id] = found.get(item_id)
        while len(self._tiles) > _REMEMBERED:
            self._tiles.popitem(last=False)

    def _changed(self, first: int, last: int) -> None:
        if last >= first:
            self.dataChanged.emit(self.index(first, 0), self.index(last, 0))

    # Qt

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self.ids)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        if role == TILE_ROLE:
            return self.tile(index.row())
        if role == STALE_ROLE:
            return int(self.ids[index.row()]) in self._stale
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return _spoken(self.tile(index.row()))
        return None


def _extended(rows: Arrangement, fresh: Ids) -> Arrangement:
    """*rows* with *fresh* ones after them, below a heading of their own where there are any."""
    sections = rows.sections
    if sections and sections[-1].key != NEW:
        sections = [*sections, Section(len(rows.ids), NEW)]
    return Arrangement(np.concatenate([rows.ids, fresh]), sections, rows.titles)


def _spoken(tile: Tile | None) -> str:
    match tile:
        case FaceTile():
            parts = (tile.title, words.state_word(tile.state), words.file_name(tile.photo))
            return ", ".join(part for part in parts if part)
        case PhotoTile():
            return words.file_name(tile.photo)
    return ""
