"""A sheet of tiles: a grid with its model, kept in step with the library, and its pictures."""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QWidget

from facegui.domain.entities import Decision
from facegui.gui.lanes import Lanes
from facegui.gui.review.asker import Asker, Question
from facegui.gui.review.delegates import TileDelegate
from facegui.gui.review.grid import GridView
from facegui.gui.review.models import Arrangement, Fetch, MergePlan, TileModel, plan_merge
from facegui.gui.review.pictures import Pictures, Wanted
from facegui.gui.review.tiles import FaceTile, Tile
from facegui.services.libraries import Library

_LOOK_AHEAD = 512
_COALESCE_MS = 15


Read = Callable[[Library, Sequence[int]], Mapping[int, Tile]]
Arrange = Callable[[Library], Arrangement]


class Sheet(GridView):
    """The faces, or the photos, of a library.

    Signals:
        opened: a tile was double-clicked (its row).
        refreshed: rows came, went stale or were replaced.
        selection_changed: other tiles are current or marked.
    """

    opened = Signal(int)
    refreshed = Signal()
    selection_changed = Signal()

    def __init__(
        self,
        lanes: Lanes,
        pictures: Pictures,
        delegate: TileDelegate,
        read: Read,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._tile_model = TileModel(self)
        self._pictures = pictures
        self._delegate = delegate
        self._read = read
        self._question: Arrange | None = None
        self._again: Arrange | None = None
        self._keep_id: int | None = None
        self.settled = False
        self._asker = Asker(lanes, self)
        self._asker.answered.connect(self._take)
        delegate.setParent(self)
        self.setItemDelegate(delegate)
        self.setModel(self._tile_model)
        self._rows_by_key: dict[Hashable, int] = {}
        self._fetching = QTimer(self, singleShot=True, interval=_COALESCE_MS)
        self._fetching.timeout.connect(self._want_pictures)
        self.visible_changed.connect(self._fetch_soon)
        pictures.arrived.connect(self._show_pictures)
        self.doubleClicked.connect(lambda index: self.opened.emit(index.row()))
        self.selectionModel().currentChanged.connect(lambda *_: self.selection_changed.emit())
        self.selectionModel().selectionChanged.connect(lambda *_: self.selection_changed.emit())

    # content

    @property
    def tiles(self) -> TileModel:
        """The model: ids in order, and their tiles."""
        return self._tile_model

    def set_library(self, library: Library | None) -> None:
        """Show nothing yet, and ask *library* from now on."""
        self._asker.set_library(library)
        self._question = None
        self.settled = False
        self._tile_model.set_source(_source(library, self._read))

    def ask(
        self,
        question: Arrange,
        keep_id: int | None = None,
        again: Arrange | None = None,
        first: Arrange | None = None,
    ) -> None:
        """Show the answer to another question; *keep_id*, or what is current, stays current.

        Args:
            question: asked off the GUI thread.
            keep_id: to be current then.
            again: asked instead of it to follow changes, where it is not cheap enough for that.
            first: the start of the answer, where that is to be had sooner; for an empty sheet.
        """
        current = self.currentIndex()
        if keep_id is None and current.isValid():
            keep_id = int(self._tile_model.ids[current.row()])
        self._keep_id = keep_id
        self._question, self._again = question, again or question
        self.settled = False
        if first is None or keep_id is not None or self._tile_model.rowCount():
            self._asker.ask(question)
        else:
            self._asker.ask(first)
            self._asker.ask_again(self._merge_question)

    def follow(self, photo_ids: Collection[int] | None) -> None:
        """Tiles of *photo_ids* (all if None) have changed: fetch them again, and what is there."""
        self._tile_model.forget(photo_ids)
        if self._question is not None:
            self._asker.ask_again(self._merge_question)

    def _merge_question(self) -> Question:
        question, again, base = self._question, self._again, self._tile_model.rows
        assert question is not None
        assert again is not None
        if not self.settled:
            return question
        return lambda library: plan_merge(base, again(library))

    def _take(self, answer: object) -> None:
        if isinstance(answer, MergePlan):
            self._tile_model.merge(answer)
            if not self.currentIndex().isValid() and self._tile_model.rowCount():
                self.go_to(0)  # the first rows of a library that was empty
        else:
            assert isinstance(answer, Arrangement)
            self._tile_model.show(answer)
            self._take_up_place()
        self.settled = True
        self.refreshed.emit()

    def _take_up_place(self) -> None:
        """Go on where the owner was before the rows were replaced, or at the top."""
        row = None if self._keep_id is None else self._tile_model.row_of(self._keep_id)
        if self._tile_model.rowCount():
            self.go_to(row or 0)
        if row:
            self.scrollTo(self.currentIndex(), GridView.ScrollHint.PositionAtCenter)

    def section_starts(self) -> Sequence[int]:
        return [section.start for section in self._tile_model.rows.sections]

    def heading(self, section: int) -> str:
        return self._tile_model.title(section)

    # the current tile and the marked ones

    def current_tile(self) -> Tile | None:
        """The tile under the cursor of keys."""
        index = self.currentIndex()
        return self._tile_model.tile(index.row()) if index.isValid() else None

    def target_ids(self) -> list[int]:
        """Ids that a step acts on: the marked ones, or else the current one."""
        return [int(n) for n in self._tile_model.ids[self.selected_rows()]]

    def show_id(self, item_id: int) -> None:
        """Make *item_id* current, if it is here."""
        row = self._tile_model.row_of(item_id)
        if row is not None:
            self.go_to(row)

    def go_on(self, decided: Collection[int]) -> None:
        """Make the next face current that the owner has not decided on, *decided* aside."""
        row, count = self.currentIndex().row(), self._tile_model.rowCount()
        ahead = range(row + 1, min(row + 1 + _LOOK_AHEAD, count))
        following = next((n for n in ahead if self._undecided(n, decided)), None)
        if following is None:
            following = min(row + 1, count - 1)
        if following >= 0:
            self.go_to(following)

    def _undecided(self, row: int, decided: Collection[int]) -> bool:
        tile = self._tile_model.tile(row)
        return (
            isinstance(tile, FaceTile)
            and tile.face.decision is Decision.UNDECIDED
            and tile.id not in decided
        )

    # pictures

    @property
    def fetching(self) -> bool:
        """Whether pictures are about to be asked for."""
        return self._fetching.isActive()

    def _fetch_soon(self) -> None:
        if not self._fetching.isActive():
            self._fetching.start()

    def _want_pictures(self) -> None:
        """Ask for the visible pictures first, then for a screen below and half a screen above."""
        if not self.isVisible():
            return
        seen, count = self.visible_rows(), self._tile_model.rowCount()
        below = range(seen.stop, min(seen.stop + len(seen), count))
        above = range(max(seen.start - len(seen) // 2, 0), seen.start)
        visible = self._wanted(seen)
        self._rows_by_key = {one.key: row for row, one in visible.items()}
        wanted = [*visible.values(), *self._wanted(below).values(), *self._wanted(above).values()]
        self._pictures.want(wanted, self.shown_px, self.devicePixelRatioF())

    def _wanted(self, rows: range) -> dict[int, Wanted]:
        """The pictures that the tiles of *rows* show, by row."""
        tiles = ((row, self._tile_model.tile(row)) for row in rows)
        found = ((row, self._delegate.wanted(tile)) for row, tile in tiles if tile is not None)
        return {row: wanted for row, wanted in found if wanted is not None}

    def _show_pictures(self, keys: Iterable[Hashable]) -> None:
        """Repaint the visible tiles that these pictures belong to."""
        for row in (self._rows_by_key.get(key) for key in keys):
            if row is not None and row < self._tile_model.rowCount():
                self.viewport().update(self.visualRect(self._tile_model.index(row, 0)))

    def showEvent(self, event: object) -> None:
        super().showEvent(event)  # type: ignore[arg-type]
        self._fetch_soon()


def _source(library: Library | None, read: Read) -> Fetch:
    if library is None:
        return lambda _ids: {}
    return lambda ids: read(library, ids)
