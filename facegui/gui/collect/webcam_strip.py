"""The photos of this session, newest first, each with a button to throw it away."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QIcon, QPixmap
from PySide6.QtWidgets import QHBoxLayout, QLabel, QScrollArea, QToolButton, QVBoxLayout, QWidget

from facegui.domain.text import tr
from facegui.gui.images import to_qimage
from facegui.gui.theme import icon
from facegui.services.collecting.webcam import Photo

_CROP_PX = 64


class PhotoStrip(QScrollArea):
    """One row that scrolls sideways.

    Signals:
        removal_asked: the `Photo` to throw away.
    """

    removal_asked = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tiles: dict[int, tuple[Photo, QWidget]] = {}
        self._open = True
        inside = QWidget()
        self._row = QHBoxLayout(inside)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(8)
        self._row.addStretch(1)
        self.setWidget(inside)
        self.setWidgetResizable(True)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFixedHeight(_CROP_PX + 46)
        self.setAccessibleName(tr("Photos taken now"))

    @property
    def count(self) -> int:
        """Photos shown."""
        return len(self._tiles)

    def add(self, photo: Photo) -> None:
        """Show one more, in front of the others, mirrored as the big picture is."""
        tile = QWidget()
        picture = QLabel()
        image = to_qimage(np.ascontiguousarray(photo.crop[:, ::-1]))
        size = QSize(_CROP_PX, _CROP_PX)
        picture.setPixmap(
            QPixmap.fromImage(image).scaled(size, mode=Qt.TransformationMode.SmoothTransformation)
        )
        remove = QToolButton(autoRaise=True)
        remove.setIcon(QIcon(icon("close", 14)))
        remove.setToolTip(tr("Throw this photo away"))
        remove.setAccessibleName(tr("Throw photo {name} away", name=photo.file.stem))
        remove.clicked.connect(lambda: self.removal_asked.emit(photo))
        column = QVBoxLayout(tile)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addWidget(picture)
        column.addWidget(remove, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(1)
        self._row.insertWidget(0, tile)
        self._tiles[id(photo)] = photo, tile

    def remove(self, photo: Photo) -> None:
        """It has gone."""
        found = self._tiles.pop(id(photo), None)
        if found is not None:
            found[1].hide()
            found[1].deleteLater()

    def close_session(self) -> None:
        """The photos are the library's now: nothing can be thrown away any more."""
        for _, tile in self._tiles.values():
            for button in tile.findChildren(QToolButton):
                button.hide()

    def clear(self) -> None:
        """Show none."""
        for photo, _ in list(self._tiles.values()):
            self.remove(photo)
