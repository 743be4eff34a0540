"""Small pictures of faces in files, read off the GUI thread as rows come into sight."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QImage, QPixmap

from facegui.domain.control import Control
from facegui.domain.geometry import Box
from facegui.gui.images import to_qimage
from facegui.gui.lanes import Lane, Lanes

SIDE_PX = 44
_KEPT = 2000
_BATCH = 12

Key = tuple[str, Box]


class FaceCrops(QObject):
    """A bounded cache of crops, by file and box.

    Signals:
        came: some more are there.
    """

    came = Signal()

    def __init__(self, lanes: Lanes, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lanes = lanes
        self._known: OrderedDict[Key, QPixmap | None] = OrderedDict()
        self._wanted: list[Key] = []
        self._busy = False
        self._soon = QTimer(self, interval=0, singleShot=True)
        self._soon.timeout.connect(self._load)

    def picture(self, path: str, box: Box) -> QPixmap | None:
        """The crop; asked for in the background while it is not here yet."""
        key = path, box
        if key in self._known:
            self._known.move_to_end(key)
            return self._known[key]
        if key not in self._wanted:
            self._wanted.append(key)
            self._soon.start()
        return None

    def stop(self) -> None:
        """Load nothing more."""
        self._soon.stop()
        self._wanted.clear()

    def _load(self) -> None:
        if self._busy or not self._wanted:
            return
        batch = self._wanted[-_BATCH:]  # the newest wishes are the rows in sight
        del self._wanted[-_BATCH:]
        self._busy = True
        scale = QGuiApplication.primaryScreen().devicePixelRatio()
        job = partial(_crops, batch, round(SIDE_PX * scale))
        task = self._lanes.start(job, "", Lane.POOL)
        task.done.connect(self._came)
        task.ended.connect(self._ended)

    def _came(self, found: object) -> None:
        assert isinstance(found, dict)
        for key, image in found.items():
            pixmap = None
            if image is not None:
                pixmap = QPixmap.fromImage(image)
                pixmap.setDevicePixelRatio(QGuiApplication.primaryScreen().devicePixelRatio())
            self._known[key] = pixmap
        while len(self._known) > _KEPT:
            self._known.popitem(last=False)
        self.came.emit()

    def _ended(self) -> None:
        self._busy = False
        self._load()


def _crops(keys: Sequence[Key], side_px: int, control: Control) -> dict[Key, QImage | None]:
    from facegui.services.recognising.face_pictures import face_pictures

    by_path: dict[str, list[Box]] = {}
    for path, box in keys:
        by_path.setdefault(path, []).append(box)
    found: dict[Key, QImage | None] = {}
    for path, boxes in by_path.items():
        if control.cancelled():
            break
        for box, image in zip(boxes, face_pictures(path, boxes, side_px), strict=True):
            found[path, box] = None if image is None else to_qimage(image)
    return found
