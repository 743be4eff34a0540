"""The middle of the review page: the two sheets, one photo by itself, or why there is nothing."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from PySide6.QtCore import QPoint, Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from facegui.domain.entities import Counts, Decision
from facegui.domain.text import tr
from facegui.gui.lanes import Lanes
from facegui.gui.review.delegates import FaceDelegate, PhotoDelegate
from facegui.gui.review.empty_state import EmptyState, why_empty
from facegui.gui.review.fast_view import FastView
from facegui.gui.review.filters import Mode
from facegui.gui.review.photo_view import PhotoView
from facegui.gui.review.pictures import Pictures
from facegui.gui.review.sheet import Sheet
from facegui.gui.review.tiles import FaceTile, PhotoTile, face_tiles, photo_tiles
from facegui.gui.review.verdicts import Targets
from facegui.services.libraries import Library

_FACES_PX, _PHOTOS_PX = 128, 176


class Stage(QStackedWidget):
    """Shows faces or photos, and knows which of them a step is about.

    Attributes:
        mode: faces or photos.
        sheets: the grid of each mode.
        photo_view: one photo by itself.
        fast_view: one face of the grid at a time.
        empty: what stands for an empty grid.
        pictures: what the sheets show, as far as it is loaded.

    Signals:
        refreshed: the rows of the present sheet are others, or some are stale.
        selection_changed: other tiles are current or marked.
        zoomed: the picture side that Ctrl+wheel chose.
        menu_requested: a right click, at a place on the present sheet's viewport.
    """

    refreshed = Signal()
    selection_changed = Signal()
    zoomed = Signal(int)
    menu_requested = Signal(QPoint)

    def __init__(self, lanes: Lanes, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.mode = Mode.FACES
        self.pictures = pictures = Pictures(lanes, self)
        self._photo_delegate = PhotoDelegate(pictures)
        self.sheets = {
            Mode.FACES: Sheet(lanes, pictures, FaceDelegate(pictures), face_tiles),
            Mode.PHOTOS: Sheet(lanes, pictures, self._photo_delegate, photo_tiles),
        }
        self.sheets[Mode.FACES].set_picture_px(_FACES_PX)
        self.sheets[Mode.PHOTOS].set_picture_px(_PHOTOS_PX)
        self.photo_view, self.empty = PhotoView(lanes), EmptyState()
        self.fast_view = FastView(lanes)
        self.fast_view.stepped.connect(self._step)
        self.selection_changed.connect(self._show_fast)
        self._boxes_shown = True
        for widget in (*self.sheets.values(), self.photo_view, self.fast_view, self.empty):
            self.addWidget(widget)
        for sheet in self.sheets.values():
            sheet.opened.connect(self.open_photo)
            sheet.refreshed.connect(self.refreshed)
            sheet.selection_changed.connect(self.selection_changed)
            sheet.zoomed.connect(self.zoomed)
            sheet.customContextMenuRequested.connect(self.menu_requested)
        view = self.photo_view
        view.back_requested.connect(self.back)
        view.previous_requested.connect(lambda: self.turn_page(-1))
        view.next_requested.connect(lambda: self.turn_page(1))
        view.face_chosen.connect(self._follow_photo)

    @property
    def sheet(self) -> Sheet:
        """The grid of the present mode."""
        return self.sheets[self.mode]

    @property
    def viewing_photo(self) -> bool:
        """Whether one photo by itself is shown."""
        return self.currentWidget() is self.photo_view

    @property
    def reviewing_fast(self) -> bool:
        """Whether one face at a time is shown."""
        return self.currentWidget() is self.fast_view

    @property
    def close_up(self) -> bool:
        """Whether one photo, or one face, is shown instead of the grid."""
        return self.viewing_photo or self.reviewing_fast

    def set_library(self, library: Library | None) -> None:
        """Show nothing yet; everything comes from *library* from now on."""
        thumbnails = None
        if library is not None:
            from facegui.services.scanning.thumbnails import (
                Thumbnails,  # imports cv2: when first needed
            )

            thumbnails = Thumbnails(library.cache_dir)
        self.pictures.set_source(thumbnails)
        self.photo_view.set_library(library, thumbnails)
        self.fast_view.set_source(library, thumbnails)
        for sheet in self.sheets.values():
            sheet.set_library(library)
        self.show_sheet()

    def set_mode(self, mode: Mode) -> int | None:
        """Show the other sheet; the id of what lies at the same place there, if anything does."""
        left, self.mode = self.sheet.current_tile(), mode
        self.show_sheet()
        if isinstance(left, PhotoTile):
            return left.faces[0].id if left.faces else None
        return left.photo_id if left is not None else None

    def show_sheet(self) -> None:
        """Leave the photo, or the empty state, for the grid."""
        self.setCurrentWidget(self.sheet)

    def settle(self, counts: Counts | None, *, narrowed: bool) -> None:
        """Show the grid, or why it is empty; leave an open photo alone."""
        if self.viewing_photo or not self.sheet.settled:
            return
        if self.reviewing_fast and self.sheet.tiles.rowCount():
            return
        if self.sheet.tiles.rowCount() or counts is None:
            self.show_sheet()
        else:
            self.empty.tell(why_empty(counts, self.mode, narrowed=narrowed))
            self.setCurrentWidget(self.empty)

    def focus(self) -> None:
        """Give the keys to what is shown."""
        shown = self.currentWidget()
        if shown is not None:
            shown.setFocus()

    def mark_group(self) -> bool:
        """Mark the group of the current tile; False where no groups are shown."""
        return self.currentWidget() is self.sheet and self.sheet.mark_current_section()

    def show_marks(self) -> bool:
        """Scroll to the marks of the grid where none can be seen; whether that had to be."""
        return self.currentWidget() is self.sheet and self.sheet.show_marks()

    # what a step is about

    def targets(self) -> Targets | None:
        """The faces that a step would be about now."""
        if self.viewing_photo:
            face = self.photo_view.face
            return Targets(faces=(face.id,)) if face else None
        among = self.currentWidget() is self.sheet or self.reviewing_fast
        ids = self.sheet.target_ids() if among else []
        return self.targets_of(ids) if ids else None

    def targets_of(self, ids: Sequence[int]) -> Targets:
        """These tiles of the grid, as what a step is about."""
        found = tuple(ids)
        return Targets(faces=found) if self.mode is Mode.FACES else Targets(photos=found)

    def current_face(self) -> FaceTile | None:
        """The face under the cursor of keys."""
        tile = self.photo_view.face if self.viewing_photo else self.sheet.current_tile()
        return tile if isinstance(tile, FaceTile) else None

    def go_on(self, decided: Collection[int]) -> None:
        """Make the next undecided face current; where tiles are marked, everything stays."""
        if self.viewing_photo:
            self.photo_view.go_on(decided)
        elif self.mode is Mode.FACES and not self.sheet.marking:
            self.sheet.go_on(decided)

    def place_below_current(self) -> QPoint:
        """Where a small card about the current face fits, in this widget's pixels."""
        if self.close_up:
            return self.mapTo(self, QPoint(40, 60))
        below = self.sheet.visualRect(self.sheet.currentIndex()).bottomLeft()
        return self.sheet.viewport().mapTo(self, below)

    # one face at a time

    def review_fast(self, decided: Collection[int]) -> None:
        """Show one face at a time, from the current one if it is undecided."""
        tile = self.sheet.current_tile()
        if self.mode is not Mode.FACES or not isinstance(tile, FaceTile):
            return
        self.sheet.drop_marks()
        self.fast_view.begin()
        self.setCurrentWidget(self.fast_view)
        self.fast_view.setFocus()
        if tile.face.decision is not Decision.UNDECIDED:
            self.sheet.go_on(decided)
        self._show_fast()

    def follow_undo(self, face_ids: Sequence[int]) -> None:
        """In fast review, go back to the one face whose decision was taken back."""
        if self.reviewing_fast and len(face_ids) == 1:
            self.sheet.show_id(face_ids[0])
        self._show_fast()

    def _step(self, step: int) -> None:
        row = self.sheet.currentIndex().row() + step
        if 0 <= row < self.sheet.tiles.rowCount():
            self.sheet.go_to(row)

    def _show_fast(self) -> None:
        tile = self.sheet.current_tile() if self.reviewing_fast else None
        if isinstance(tile, FaceTile):
            row, count = self.sheet.currentIndex().row(), self.sheet.tiles.rowCount()
            self.fast_view.show_face(tile, row + 1, count)

    # one photo by itself

    def open_photo(self, row: int | None = None) -> None:
        """Show the photo of *row*, or of the current tile."""
        if row is None:
            row = self.sheet.currentIndex().row()
        tile = self.sheet.tiles.tile(row) if row >= 0 else None
        if tile is None:
            return
        self.sheet.go_to(row)
        self.setCurrentWidget(self.photo_view)
        place = tr("{n} of {count}", n=f"{row + 1:,}", count=f"{self.sheet.tiles.rowCount():,}")
        face_id = tile.id if isinstance(tile, FaceTile) else None
        self.photo_view.show_photo(tile.photo_id, face_id, place)

    def turn_page(self, step: int) -> None:
        """Open the next photo of the grid, past other faces of the same one."""
        if not self.viewing_photo:
            return
        tiles, row = self.sheet.tiles, self.sheet.currentIndex().row() + step
        while 0 <= row < tiles.rowCount():
            tile = tiles.tile(row)
            if tile is not None and tile.photo_id != self.photo_view.photo_id:
                self.open_photo(row)
                return
            row += step

    def back(self) -> None:
        """From the photo to the grid, at the same place."""
        if self.close_up:
            self.show_sheet()
            self.refreshed.emit()
            self.sheet.setFocus()

    def toggle_boxes(self) -> None:
        """Show or hide the boxes on photos."""
        self._boxes_shown = not self._boxes_shown
        self._photo_delegate.boxes_shown = self._boxes_shown
        self.photo_view.show_boxes(shown=self._boxes_shown)
        self.sheets[Mode.PHOTOS].viewport().update()

    def _follow_photo(self) -> None:
        """Keep the grid's current face on the one in the photo, for when it comes back."""
        face = self.photo_view.face
        if face is not None and self.mode is Mode.FACES:
            self.sheet.show_id(face.id)
