"""A photo with the faces of both sides: solid for this computer's, dashed for the cloud's."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import (
    QColor,
    QFontMetricsF,
    QImage,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from facegui.domain.geometry import Box
from facegui.domain.text import tr
from facegui.gui.overlay import Placement, fitted
from facegui.services.cloud.compare import FacePair

LOCAL_COLOUR = QColor("#2f81f7")
CLOUD_COLOUR = QColor("#f0883e")
_SHADOW = QColor(0, 0, 0, 150)
_LINE_PX = 2.0
_CHOSEN_PX = 4.0
_SAMPLE_PX = 34


def pen_of(*, cloud: bool, width: float = _LINE_PX) -> QPen:
    """How a side is drawn."""
    style = Qt.PenStyle.DashLine if cloud else Qt.PenStyle.SolidLine
    return QPen(CLOUD_COLOUR if cloud else LOCAL_COLOUR, width, style)


class PairView(QWidget):
    """One photo as large as fits; each face carries the number of its row in the table."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(240, 160)
        self._image = QImage()
        self._size = QSizeF()
        self._pairs: Sequence[FacePair] = ()
        self._chosen: int | None = None

    def show_photo(self, image: QImage, size: QSize, pairs: Sequence[FacePair]) -> None:
        """Show *image*; boxes of *pairs* are in pixels of the original, which has *size*."""
        self._image = image
        self._size = QSizeF(size)
        self._pairs = pairs
        self._chosen = None
        self.setAccessibleDescription(
            tr("{n} faces on this photo, here or in the cloud", n=len(pairs))
        )
        self.update()

    def choose(self, number: int | None) -> None:
        """Mark the face of this row."""
        self._chosen = number
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(560, 380)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), self.palette().color(QPalette.ColorRole.AlternateBase))
        if self._image.isNull():
            return
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        placement = Placement(self._size, fitted(self._size, QRectF(self.rect())))
        painter.drawImage(placement.area, self._image)
        for number, pair in enumerate(self._pairs):
            width = _CHOSEN_PX if number == self._chosen else _LINE_PX
            boxes: list[tuple[Box, bool]] = []
            if pair.local is not None:
                boxes.append((pair.local.box, False))
            if pair.cloud is not None:
                boxes.append((pair.cloud.box, True))
            rects = [placement.rect(box) for box, _ in boxes]
            for rect, (_, cloud) in zip(rects, boxes, strict=True):
                _outline(painter, rect, cloud=cloud, width=width)
            _paint_number(painter, rects[0], number + 1, placement.area)


class Legend(QWidget):
    """What the two kinds of line mean."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._entries = ((tr("this computer"), False), (tr("Google Cloud Vision"), True))
        self.setAccessibleName(tr("Solid: this computer; dashed: Google Cloud Vision"))
        self.setFixedHeight(self.fontMetrics().height() + 6)
        self.setMinimumWidth(self.sizeHint().width())

    def sizeHint(self) -> QSize:
        metrics = self.fontMetrics()
        widths = [metrics.horizontalAdvance(text) + _SAMPLE_PX + 26 for text, _ in self._entries]
        return QSize(sum(widths), self.height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        x, middle = 2.0, self.height() / 2
        for text, cloud in self._entries:
            painter.setPen(pen_of(cloud=cloud, width=3))
            painter.drawLine(QPointF(x, middle), QPointF(x + _SAMPLE_PX, middle))
            painter.setPen(self.palette().color(QPalette.ColorRole.WindowText))
            left = x + _SAMPLE_PX + 6
            width = self.fontMetrics().horizontalAdvance(text)
            place = QRectF(left, 0, width + 2, self.height())
            painter.drawText(place, int(Qt.AlignmentFlag.AlignVCenter), text)
            x = left + width + 20


def _outline(painter: QPainter, rect: QRectF, *, cloud: bool, width: float) -> None:
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(_SHADOW, width + 2))  # readable on bright and on dark pictures
    painter.drawRect(rect)
    painter.setPen(pen_of(cloud=cloud, width=width))
    painter.drawRect(rect)


def _paint_number(painter: QPainter, rect: QRectF, number: int, area: QRectF) -> None:
    text = str(number)
    metrics = QFontMetricsF(painter.font())
    size = QSizeF(metrics.horizontalAdvance(text) + 10, metrics.height() + 2)
    top = max(area.top(), rect.top() - size.height() - 2)
    place = QRectF(QPointF(rect.left(), top), size)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(_SHADOW)
    painter.drawRoundedRect(place, 3, 3)
    painter.setPen(Qt.GlobalColor.white)
    painter.drawText(place, int(Qt.AlignmentFlag.AlignCenter), text)
