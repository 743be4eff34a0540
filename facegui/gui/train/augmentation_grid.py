"""A face and its variants, side by side."""

from __future__ import annotations

import math
from collections.abc import Sequence

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from facegui.domain.text import tr

_GAP_PX = 8
_LEAST_PX = 56
_BLACK = QColor(0, 0, 0, 160)


class VariantGrid(QWidget):
    """The face itself, framed, and its variants; as large as they can be in the place there is."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(tr("The face and how it is changed"))
        self._images: Sequence[QImage] = ()
        self._words = ""

    @property
    def images(self) -> Sequence[QImage]:
        """The face, then its variants; empty while `say` stands there."""
        return self._images

    @property
    def words(self) -> str:
        """What stands there in place of images."""
        return self._words

    def show_images(self, images: Sequence[QImage]) -> None:
        """Show the face and its variants."""
        self._images, self._words = images, ""
        self.update()

    def say(self, words: str) -> None:
        """Show *words* in place of images."""
        self._images, self._words = (), words
        self.setAccessibleDescription(words)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(5 * 112 + 4 * _GAP_PX, 3 * 112 + 2 * _GAP_PX)

    def minimumSizeHint(self) -> QSize:
        return QSize(5 * _LEAST_PX + 4 * _GAP_PX, 3 * _LEAST_PX + 2 * _GAP_PX)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        if not self._images:
            painter.setPen(self.palette().color(QPalette.ColorRole.PlaceholderText))
            how = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(self.rect().adjusted(24, 0, -24, 0), how, self._words)
            return
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        for place, (rect, image) in enumerate(zip(self._cells(), self._images, strict=True)):
            painter.drawImage(rect, image)
            if place == 0:
                self._mark(painter, rect)

    def _cells(self) -> list[QRect]:
        """A square for each image, of which there are some: in the columns that make it largest."""
        count = len(self._images)

        def side(columns: int) -> int:
            rows = math.ceil(count / columns)
            across = (self.width() - (columns - 1) * _GAP_PX) // columns
            return min(across, (self.height() - (rows - 1) * _GAP_PX) // rows)

        columns = max(range(1, count + 1), key=side)
        px = max(1, side(columns))
        step = px + _GAP_PX
        left = (self.width() - columns * step + _GAP_PX) // 2
        return [
            QRect(left + place % columns * step, place // columns * step, px, px)
            for place in range(count)
        ]

    def _mark(self, painter: QPainter, rect: QRect) -> None:
        """Tell the face itself from what is made of it."""
        text = tr("Original")
        height = painter.fontMetrics().height() + 4
        strip = QRect(rect.left(), rect.bottom() + 1 - height, rect.width(), height)
        painter.fillRect(strip, _BLACK)
        painter.setPen(Qt.GlobalColor.white)
        painter.drawText(strip, Qt.AlignmentFlag.AlignCenter, text)
        painter.setPen(QPen(self.palette().color(QPalette.ColorRole.Highlight), 3))
        painter.drawRect(rect.adjusted(1, 1, -2, -2))
