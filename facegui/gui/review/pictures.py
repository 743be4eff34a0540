"""Pictures for the tiles: loaded off the GUI thread, visible first, far ones let go."""

from __future__ import annotations

import os
import time
from collections import OrderedDict
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QSize, Qt, Signal
from PySide6.QtGui import QImage, QPixmap

from facegui.domain.control import Control
from facegui.domain.entities import Face, Photo, RgbImage
from facegui.domain.errors import ImageError
from facegui.domain.text import tr
from facegui.gui.images import to_qimage
from facegui.gui.lanes import Lane, Lanes

if TYPE_CHECKING:  # imports cv2, which a window without a library does not need
    from facegui.services.scanning.thumbnails import Thumbnails

_JOBS_AT_ONCE = min(4, max(1, (os.cpu_count() or 1) - 1))  # a core is left to the window
_BATCH = 8
_TELL_EVERY_S = 0.03
_BUDGET_BYTES = 96 * 1024 * 1024
_ROUGH = 0  # as a side: no tile's, so a better picture is still wanted


class Wanted:
    """A picture to show: a whole photo, or one face of it.

    Attributes:
        key: changes when the file or the box does, so that an old picture is never shown.
    """

    __slots__ = ("face", "key", "photo")

    def __init__(self, photo: Photo, face: Face | None = None) -> None:
        self.photo = photo
        self.face = face
        self.key: Hashable = (photo.id, photo.sha256 or photo.mtime_ns)
        if face is not None:
            box = face.box
            self.key = (*self.key, box.x1, box.y1, box.x2, box.y2)


_Loaded = tuple[Hashable, QImage | None]


@dataclass(slots=True)
class _Kept:
    """A loaded picture, or the failure to load it (pixmap None); side 0 is a rough one."""

    pixmap: QPixmap | None
    side: int

    @property
    def bytes(self) -> int:
        return 0 if self.pixmap is None else self.pixmap.width() * self.pixmap.height() * 4


@dataclass(slots=True)
class _Board:
    """What is wanted now, for jobs on other threads to look at."""

    keys: frozenset[Hashable] = frozenset()


class Pictures(QObject):
    """A bounded cache in front of `Thumbnails`.

    What is wanted is replaced as a whole at every scroll, so work for tiles that have left the
    screen is never begun.

    Signals:
        arrived: pictures have come; their keys.
    """

    arrived = Signal(object)

    def __init__(self, lanes: Lanes, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lanes = lanes
        self._source: Thumbnails | None = None
        self._kept: OrderedDict[Hashable, _Kept] = OrderedDict()
        self._bytes = 0
        self._wanted: list[Wanted] = []
        self._board = _Board()
        self._queue: list[Wanted] = []
        self._side = 0
        self._scale = 1.0
        self._loading: set[Hashable] = set()
        self._glanced: set[Hashable] = set()
        self._jobs = 0

    def set_source(self, source: Thumbnails | None) -> None:
        """Forget everything and load from *source* from now on."""
        self._source = source
        self._kept.clear()
        self._bytes = 0
        self.want((), 0, 1.0)

    def get(self, wanted: Wanted) -> QPixmap | None:
        """The picture, as large as it was wanted last, or None while it is not loaded."""
        kept = self._kept.get(wanted.key)
        if kept is None:
            return None
        self._kept.move_to_end(wanted.key)
        return kept.pixmap

    def failed(self, wanted: Wanted) -> bool:
        """Whether the picture cannot be loaded."""
        kept = self._kept.get(wanted.key)
        return kept is not None and kept.pixmap is None

    def want(self, wanted: Sequence[Wanted], side_px: int, scale: float) -> None:
        """Load these, first things first; drop what was waiting.

        Args:
            wanted: pictures in the order of their urgency.
            side_px: longer side to show them with; scaled here, so that painting is copying.
            scale: the screen's pixels for one of those.
        """
        self._side, self._scale = round(side_px * scale), scale
        self._wanted = list(wanted)
        self._board.keys = frozenset(one.key for one in wanted)
        self._glanced &= self._board.keys
        self._pump()

    def _lacks(self, wanted: Wanted) -> bool:
        if wanted.key in self._loading:
            return False
        kept = self._kept.get(wanted.key)
        return kept is None or (kept.pixmap is not None and kept.side != self._side)

    def _pump(self) -> None:
        self._queue = [one for one in self._wanted if self._lacks(one)]
        if self._source is not None:
            self._glance(self._source)
        while self._source is not None and self._queue and self._jobs < _JOBS_AT_ONCE:
            self._start(self._source, self._next_batch())

    def _glance(self, source: Thumbnails) -> None:
        """Have rough pictures of whole photos first, from where that takes no decoding."""
        new = [
            one
            for one in self._queue
            if one.face is None and one.key not in self._kept and one.key not in self._glanced
        ]
        if not new:
            return
        self._glanced.update(one.key for one in new)
        side, board = self._side, self._board

        def job(control: Control) -> list[_Loaded]:
            return [
                (one.key, _fitted(image, side))
                for one in new
                if one.key in board.keys and not control.cancelled()
                if (image := source.glance(one.photo, side)) is not None
            ]

        task = self._lanes.start(job, tr("Thumbnails"), Lane.POOL)
        task.done.connect(lambda images: self._take_rough(source, images))

    def _take_rough(self, source: Thumbnails, images: list[_Loaded]) -> None:
        self._take(source, _ROUGH, [image for image in images if image[0] not in self._kept])

    def _next_batch(self) -> list[list[Wanted]]:
        """The next few pictures; those of one photo together, so that it is decoded once."""
        batch: dict[int, list[Wanted]] = {}
        for one in self._queue:
            if one.photo.id in batch or len(batch) < _BATCH:
                batch.setdefault(one.photo.id, []).append(one)
        taken = {one.key for group in batch.values() for one in group}
        self._queue = [one for one in self._queue if one.key not in taken]
        self._loading |= taken
        return list(batch.values())

    def _start(self, source: Thumbnails, batch: list[list[Wanted]]) -> None:
        side, board = self._side, self._board

        def job(control: Control) -> list[_Loaded]:
            ready: list[_Loaded] = []
            told_at = time.monotonic()
            for group in batch:
                if control.cancelled():
                    break
                if any(one.key in board.keys for one in group):
                    ready += _load(source, group, side)
                if time.monotonic() - told_at > _TELL_EVERY_S:
                    control.partial(ready)
                    ready, told_at = [], time.monotonic()
            return ready

        keys = [one.key for group in batch for one in group]
        nothing: list[_Loaded] = [(key, None) for key in keys]
        take = partial(self._take, source, side)
        self._jobs += 1
        task = self._lanes.start(job, tr("Thumbnails"), Lane.POOL)
        task.partial_arrived.connect(take)
        task.done.connect(take)
        task.failed.connect(lambda _error: take(nothing))
        task.ended.connect(partial(self._ended, keys))
        # A cancelled job has no successor: the lanes are closing and would cancel that as well.
        task.cancelled.connect(lambda: self.want((), 0, 1.0))

    def _take(self, source: Thumbnails, side: int, images: list[_Loaded]) -> None:
        if source is not self._source:
            return  # another library is open by now
        for key, image in images:
            pixmap = None
            if image is not None:
                pixmap = QPixmap.fromImage(image)
                pixmap.setDevicePixelRatio(self._scale)
            old = self._kept.pop(key, None)
            self._kept[key] = kept = _Kept(pixmap, side)
            self._bytes += kept.bytes - (old.bytes if old else 0)
        while self._bytes > _BUDGET_BYTES:
            self._bytes -= self._kept.popitem(last=False)[1].bytes
        self.arrived.emit([key for key, _ in images])

    def _ended(self, keys: Iterable[Hashable]) -> None:
        self._jobs -= 1
        self._loading.difference_update(keys)
        self._pump()


def _load(source: Thumbnails, group: list[Wanted], side: int) -> list[_Loaded]:
    """The pictures of one photo, as large as they are shown, in the screen's own format."""
    photo = group[0].photo
    faces = [one.face for one in group if one.face is not None]
    try:
        crops = iter(source.faces(photo, faces, side)) if faces else iter(())
        arrays = [next(crops) if one.face else source.photo(photo, side) for one in group]
    except ImageError:
        return [(one.key, None) for one in group]
    return [(one.key, _fitted(array, side)) for one, array in zip(group, arrays, strict=True)]


def _fitted(array: RgbImage, side: int) -> QImage:
    """*array* with its longer side *side*, enlarged here where nobody waits for it."""
    keep, smooth = Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
    return to_qimage(array).scaled(QSize(side, side), keep, smooth)
