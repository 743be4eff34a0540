"""The map of poses: nine places as in a mirror, each filled as its photos come, for two lights."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QWidget

from facegui.domain.text import tr
from facegui.services.collecting.pose_map import CELLS, GOAL, Cell, Light, Place
from facegui.services.collecting.webcam import Coaching

_CELL_PX, _GAP_PX, _RADIUS_PX = 56, 6, 8
_SIDE_PX = 3 * _CELL_PX + 2 * _GAP_PX
_HERE = QColor("#e3a008")


class PoseMap(QWidget):
    """Left half of a place: the light it began with; right half: another light."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._coaching: Coaching | None = None
        self.setFixedSize(_SIDE_PX + 4, _SIDE_PX + 4)
        self.setAccessibleName(tr("Poses that there are photos of"))
        self.setToolTip(
            tr("Left half: the light you began with. Right half: another light. As in a mirror.")
        )

    def show_coaching(self, coaching: Coaching | None) -> None:
        """Fill the map; None for nobody yet."""
        self._coaching = coaching
        done = 0 if coaching is None else coaching.done
        self.setAccessibleDescription(tr("{done} of {goal}", done=done, goal=GOAL))
        self.update()

    def sizeHint(self) -> QSize:
        return self.minimumSize()

    def rect_of(self, cell: Cell) -> QRectF:
        """Where a place lies: the person's own left is at the left, as in a mirror."""
        step = _CELL_PX + _GAP_PX
        column, row = cell.side.value + 1, cell.height.value + 1
        return QRectF(2 + column * step, 2 + row * step, _CELL_PX, _CELL_PX)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for cell in CELLS:
            self._paint_cell(painter, cell)

    def _paint_cell(self, painter: QPainter, cell: Cell) -> None:
        palette = self.palette()
        place = self.rect_of(cell)
        shape = QPainterPath()
        shape.addRoundedRect(place, _RADIUS_PX, _RADIUS_PX)
        painter.fillPath(shape, palette.color(QPalette.ColorRole.Midlight))
        painter.save()
        painter.setClipPath(shape)
        for number, light in enumerate(Light):
            half = QRectF(place.left() + number * _CELL_PX / 2, place.top(), _CELL_PX / 2, _CELL_PX)
            filled = half.adjusted(0, half.height() * (1 - self._share((cell, light))), 0, 0)
            painter.fillRect(filled, palette.color(QPalette.ColorRole.Highlight))
        painter.restore()
        painter.setPen(palette.color(QPalette.ColorRole.Base))
        middle = QPointF(place.center().x(), place.top())
        painter.drawLine(middle, QPointF(middle.x(), place.bottom()))
        self._paint_frame(painter, cell, place)

    def _paint_frame(self, painter: QPainter, cell: Cell, place: QRectF) -> None:
        """Solid where the face is now, dashed where it should go."""
        coaching = self._coaching
        if coaching is None:
            return
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if coaching.advice.cell == cell:
            pen = QPen(self.palette().color(QPalette.ColorRole.WindowText), 2)
            pen.setStyle(Qt.PenStyle.DashLine)
            painter.setPen(pen)
            painter.drawRoundedRect(place, _RADIUS_PX, _RADIUS_PX)
        if coaching.here is not None and coaching.here[0] == cell:
            painter.setPen(QPen(_HERE, 3))
            painter.drawRoundedRect(place, _RADIUS_PX, _RADIUS_PX)

    def _share(self, place: Place) -> float:
        counts = {} if self._coaching is None else self._coaching.counts
        return min(1.0, counts.get(place, 0) / place[0].wanted)
