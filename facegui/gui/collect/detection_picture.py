"""A photo with the faces that the detector sees in it, those that count and those that do not."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QImage, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QWidget

from facegui.domain.geometry import Box
from facegui.domain.text import tr
from facegui.gui.overlay import Placement, fitted

_COUNTS = QColor("#2da44e")
_DOES_NOT = QColor("#d0d7de")
_SHADOW = QColor(0, 0, 0, 150)
_LABEL_FROM_PX = 34
_MARGIN_PX = 8


class DetectionPicture(QWidget):
    """Faces that count have a solid box with their score, others a dotted one."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(tr("A photo with the faces found in it"))
        self._image: QImage | None = None
        self._size = QSizeF()
        self._counting: Sequence[tuple[Box, float]] = ()
        self._others: Sequence[tuple[Box, float]] = ()
        self._message = ""

    def show_photo(self, image: QImage, width: int, height: int) -> None:
        """Show *image* of a photo of *width* × *height*, without boxes."""
        self._image, self._size = image, QSizeF(width, height)
        self._counting = self._others = ()
        self._message = ""
        self.update()

    def show_faces(
        self, counting: Sequence[tuple[Box, float]], others: Sequence[tuple[Box, float]]
    ) -> None:
        """Boxes in pixels of the photo, with their scores."""
        self._counting, self._others = counting, others
        self.update()

    def say(self, message: str) -> None:
        """Words instead of a picture."""
        self._image, self._message = None, message
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHints(
            QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform
        )
        painter.fillRect(self.rect(), self.palette().color(QPalette.ColorRole.Base))
        room = QRectF(self.rect()).adjusted(_MARGIN_PX, _MARGIN_PX, -_MARGIN_PX, -_MARGIN_PX)
        if self._image is None:
            flags = int(Qt.AlignmentFlag.AlignCenter) | int(Qt.TextFlag.TextWordWrap)
            painter.drawText(room, flags, self._message)
        else:
            self._paint_photo(painter, Placement(self._size, fitted(self._size, room)))
        painter.end()

    def _paint_photo(self, painter: QPainter, placement: Placement) -> None:
        assert self._image is not None
        painter.drawImage(placement.area, self._image)
        for box, _score in self._others:
            _paint_box(painter, placement.rect(box), QPen(_DOES_NOT, 1.5, Qt.PenStyle.DotLine))
        for box, score in self._counting:
            rect = placement.rect(box)
            _paint_box(painter, rect, QPen(_COUNTS, 2))
            if rect.width() >= _LABEL_FROM_PX:
                _paint_score(painter, rect, score)


def _paint_box(painter: QPainter, rect: QRectF, pen: QPen) -> None:
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(_SHADOW, pen.widthF() + 2))  # readable on bright and on dark pictures
    painter.drawRect(rect)
    painter.setPen(pen)
    painter.drawRect(rect)


def _paint_score(painter: QPainter, rect: QRectF, score: float) -> None:
    text = f"{100 * score:.0f}"
    metrics = QFontMetricsF(painter.font())
    size = QSizeF(metrics.horizontalAdvance(text) + 8, metrics.height())
    place = QRectF(QPointF(rect.left() - 1, rect.top()), size)
    painter.fillRect(place, _COUNTS)
    painter.setPen(QColor("#ffffff"))
    painter.drawText(place, int(Qt.AlignmentFlag.AlignCenter), text)
