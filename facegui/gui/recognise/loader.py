"""Pictures of recognised files, read off the GUI thread: small ones for rows, one large one."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QImage, QPixmap

from facegui.domain.control import Control
from facegui.domain.errors import ImageError
from facegui.domain.text import tr
from facegui.gui.images import to_qimage
from facegui.gui.lanes import Lane, Lanes

LARGE_PX = 1920
_THUMB_PX = 56
_KEPT_THUMBS = 1000
_BATCH = 8


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
        self._thumbs: OrderedDict[str, QPixmap | None] = OrderedDict()
        self._wanted: list[str] = []
        self._busy = False
        self._large = ""
        self._soon = QTimer(self, interval=0, singleShot=True)
        self._soon.timeout.connect(self._load_thumbs)

    def thumbnail(self, path: str) -> QPixmap | None:
        """The thumbnail of *path*; asked for in the background when it is not here yet."""
        if path in self._thumbs:
            self._thumbs.move_to_end(path)
            return self._thumbs[path]
        if path not in self._wanted:
            self._wanted.append(path)
            self._soon.start()
        return None

    def show(self, path: str) -> None:
        """Load the large picture of *path*; one still on its way is forgotten."""
        self._large = path
        task = self._lanes.start(partial(_large, path), tr("Opening the photo"), Lane.POOL)
        task.done.connect(partial(self._large_came, path))

    def forget(self) -> None:
        """The large picture on its way is not wanted any more."""
        self._large = ""

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
        path, image = arrived
        pixmap = None
        if not image.isNull():
            pixmap = QPixmap.fromImage(image)
            pixmap.setDevicePixelRatio(QGuiApplication.primaryScreen().devicePixelRatio())
        self._thumbs[path] = pixmap
        while len(self._thumbs) > _KEPT_THUMBS:
            self._thumbs.popitem(last=False)
        self.loaded.emit(path, image)

    def _large_came(self, path: str, image: object) -> None:
        if path == self._large:
            assert isinstance(image, QImage)
            self.shown.emit(path, image)


def _thumbs(paths: Sequence[str], side_px: int, control: Control) -> None:
    for path in paths:
        if control.cancelled():
            return
        control.partial((path, _load(path, side_px)))


def _large(path: str, _control: Control) -> QImage:
    return _load(path, LARGE_PX)


def _load(path: str, side_px: int) -> QImage:
    """The picture with its longer side at most *side_px*; null when it cannot be read."""
    from facegui.services.recognising.recognise import load_picture

    try:
        return to_qimage(load_picture(path, side_px))
    except ImageError:
        return QImage()
