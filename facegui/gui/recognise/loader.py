"""Pictures of recognised files, read off the GUI thread: small ones for rows, one large one."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QImage, QPixmap

from facegui.domain.control import Control
from facegui.domain.errors import OwnerError
from facegui.domain.text import tr
from facegui.gui.images import to_qimage
from facegui.gui.lanes import Lane, Lanes

LARGE_PX = 1920
_THUMB_PX = 56
_KEPT_THUMBS = 1000
_BATCH = 8
_MOST_WISHES = 64


Wish = tuple[str, float | None]
"""A file, and the moment of a video."""


class PictureLoader(QObject):
    """A bounded cache of thumbnails, and one large picture at a time.

    Signals:
        loaded: a thumbnail has come: its path and image.
        shown: the large picture last asked for: its path and image; null when it cannot be read.
    """

    loaded = Signal(str, QImage)
    shown = Signal(str, QImage)

    def __init__(self, lanes: Lanes, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lanes = lanes
        self._thumbs: OrderedDict[Wish, QPixmap | None] = OrderedDict()
        self._wanted: list[Wish] = []
        self._busy = False
        self._large: Wish | None = None
        self._opening = False
        self._soon = QTimer(self, interval=0, singleShot=True)
        self._soon.timeout.connect(self._load_thumbs)

    def thumbnail(self, path: str, time_s: float | None = None) -> QPixmap | None:
        """The thumbnail of *path*; asked for in the background when it is not here yet."""
        wish = path, time_s
        if wish in self._thumbs:
            self._thumbs.move_to_end(wish)
            return self._thumbs[wish]
        if wish not in self._wanted:
            self._wanted.append(wish)
            del self._wanted[:-_MOST_WISHES]  # rows that have been scrolled past
            self._soon.start()
        return None

    def show(self, path: str, time_s: float | None = None) -> None:
        """Load the large picture of *path*; one that waits still is forgotten."""
        self._large = path, time_s
        self._load_large()

    def forget(self) -> None:
        """The large picture on its way is not wanted any more."""
        self._large = None

    def stop(self) -> None:
        """Load nothing more."""
        self._soon.stop()
        self._wanted.clear()
        self.forget()

    def _load_thumbs(self) -> None:
        if self._busy or not self._wanted:
            return
        batch = self._wanted[-_BATCH:]  # the newest wishes are the rows in sight
        del self._wanted[-_BATCH:]
        self._busy = True
        scale = QGuiApplication.primaryScreen().devicePixelRatio()
        job = partial(_thumbs, batch, round(_THUMB_PX * scale))
        task = self._lanes.start(job, tr("Thumbnails"), Lane.POOL)
        task.partial_arrived.connect(self._thumb_came)
        task.ended.connect(self._batch_ended)

    def _batch_ended(self) -> None:
        self._busy = False
        self._load_thumbs()

    def _thumb_came(self, arrived: object) -> None:
        assert isinstance(arrived, tuple)
        wish, image = arrived
        pixmap = None
        if not image.isNull():
            pixmap = QPixmap.fromImage(image)
            pixmap.setDevicePixelRatio(QGuiApplication.primaryScreen().devicePixelRatio())
        self._thumbs[wish] = pixmap
        while len(self._thumbs) > _KEPT_THUMBS:
            self._thumbs.popitem(last=False)
        self.loaded.emit(wish[0], image)

    def _load_large(self) -> None:
        if self._large is None or self._opening:
            return
        self._opening = True
        job = partial(_large, self._large)
        task = self._lanes.start(job, tr("Opening the photo"), Lane.POOL)
        task.done.connect(partial(self._large_came, self._large))
        task.ended.connect(partial(self._large_ended, self._large))

    def _large_ended(self, wish: Wish) -> None:
        self._opening = False
        if wish != self._large:
            self._load_large()

    def _large_came(self, wish: Wish, image: object) -> None:
        if wish == self._large:
            assert isinstance(image, QImage)
            self.shown.emit(wish[0], image)


def _thumbs(wishes: Sequence[Wish], side_px: int, control: Control) -> None:
    for wish in wishes:
        if control.cancelled():
            return
        control.partial((wish, _load(wish, side_px)))


def _large(wish: Wish, _control: Control) -> QImage:
    return _load(wish, LARGE_PX)


def _load(wish: Wish, side_px: int) -> QImage:
    """The picture with its longer side at most *side_px*; null when it cannot be read."""
    from facegui.services.recognising.recognise import load_picture

    path, time_s = wish
    try:
        return to_qimage(load_picture(path, side_px, time_s))
    except OwnerError:
        return QImage()
