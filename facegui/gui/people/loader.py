"""Faces by id for small lists and panels: their rows and pictures, read off the GUI thread."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QPixmap

from facegui.gui.lanes import Lanes
from facegui.gui.review.asker import Asker
from facegui.gui.review.pictures import Pictures, Wanted
from facegui.gui.review.tiles import FaceTile, face_tiles
from facegui.services.libraries import Library


class FaceLoader(QObject):
    """What is wanted is replaced as a whole; what has come is kept while it is wanted.

    Signals:
        changed: rows or pictures have come; paint again.
    """

    changed = Signal()

    def __init__(self, lanes: Lanes, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pictures = Pictures(lanes, self)
        self._asker = Asker(lanes, self)
        self._tiles: dict[int, FaceTile] = {}
        self._ids: list[int] = []
        self._side_px, self._scale = 0, 1.0
        self._asker.answered.connect(self._take)
        self._pictures.arrived.connect(lambda _keys: self.changed.emit())

    def set_library(self, library: Library | None) -> None:
        """Forget everything; faces come from *library* from now on."""
        source = None
        if library is not None:
            from facegui.services.scanning.thumbnails import (
                Thumbnails,  # imports cv2: when first needed
            )

            source = Thumbnails(library.cache_dir)
        self._tiles, self._ids = {}, []
        self._asker.set_library(library)
        self._pictures.set_source(source)

    def want(self, face_ids: Sequence[int], side_px: int, scale: float) -> None:
        """Load these faces, first things first, with pictures of *side_px*."""
        self._ids, self._side_px, self._scale = list(face_ids), side_px, scale
        self._tiles = {n: self._tiles[n] for n in self._ids if n in self._tiles}
        missing = [n for n in self._ids if n not in self._tiles]
        if missing:
            self._asker.ask(lambda library: face_tiles(library, missing))
        self._want_pictures()

    def tile(self, face_id: int) -> FaceTile | None:
        """The face's row, once it is there."""
        return self._tiles.get(face_id)

    def pixmap(self, face_id: int) -> QPixmap | None:
        """The face's picture, once it is there."""
        tile = self._tiles.get(face_id)
        return None if tile is None else self._pictures.get(Wanted(tile.photo, tile.face))

    def _take(self, answer: object) -> None:
        assert isinstance(answer, Mapping)
        self._tiles.update(answer)
        self._want_pictures()
        self.changed.emit()

    def _want_pictures(self) -> None:
        tiles = [self._tiles[n] for n in self._ids if n in self._tiles]
        wanted = [Wanted(tile.photo, tile.face) for tile in tiles]
        self._pictures.want(wanted, self._side_px, self._scale)
