"""A face on the photo: its box with mark and name, handles to hold it by, landmarks and pose."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFontMetricsF, QPainter, QPen
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from facegui.domain.entities import Decision, FaceState
from facegui.domain.geometry import Box
from facegui.domain.text import tr
from facegui.gui.review.box_edit import HANDLES, handle_place
from facegui.gui.review.paint import box_pen, draw_mark
from facegui.gui.review.tiles import FaceTile

HANDLE_PX = 9.0
_MARK_PX = 20.0
_WHITE, _DARK = QColor("#ffffff"), QColor("#1c2128")
_POINT = QColor("#ffd33d")
# Told apart by their letters too: left, top, face.
_AXES = (("L", QColor("#ff6b6b")), ("T", QColor("#4ade80")), ("F", QColor("#60a5fa")))


class BoxItem(QGraphicsItem):
    """A box in pixels of the photo as shown; lines, handles and names keep their size on screen.

    Attributes:
        tile: the face, or None for a box that is only being drawn.
        box: where it is now, which is not the face's place while it is dragged or measured.
    """

    def __init__(self, tile: FaceTile | None, box: Box, *, waiting: bool = False) -> None:
        super().__init__()
        self.tile, self.box = tile, box
        self.current = False
        self._waiting = waiting
        self._marks_shown = False
        if tile is not None:
            self.setToolTip(tile.title)

    def show_current(self, *, current: bool) -> None:
        """Make it stand out, with its handles, or not."""
        self.current = current
        self.setZValue(2 if current else 1)
        self.update()

    def show_marks(self, *, shown: bool) -> None:
        """Show or hide landmarks and pose."""
        self._marks_shown = shown
        self.update()

    def move_to(self, box: Box) -> None:
        """Put the box elsewhere."""
        self.prepareGeometryChange()
        self.box = box

    @property
    def moved(self) -> bool:
        """Whether the box is not where the face was measured."""
        return self.tile is None or self.box != self.tile.photo.shown_box(self.tile.face.box)

    def boundingRect(self) -> QRectF:
        # The label is drawn in screen pixels: leave as much room as it can take at any zoom.
        room = max(self.box.width, self.box.height, 200.0)
        return self._rect().adjusted(-room, -room, room, room)

    def paint(
        self,
        painter: QPainter,
        _option: QStyleOptionGraphicsItem,
        _widget: QWidget | None = None,
    ) -> None:
        scale = painter.worldTransform().m11()
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if self.current:
            painter.setPen(_cosmetic(_WHITE, 5))
            painter.drawRect(self._rect())
        painter.setPen(self._outline())
        painter.drawRect(self._rect())
        if self._marks_shown and not self.moved:
            self._paint_axes(painter, scale)
            self._paint_landmarks(painter, scale)
        if self.current:
            self._paint_handles(painter, scale)
        self._paint_label(painter, scale)

    def _rect(self) -> QRectF:
        return QRectF(self.box.x1, self.box.y1, self.box.width, self.box.height)

    def _outline(self) -> QPen:
        state = FaceState.KEPT if self.tile is None else self.tile.state
        return box_pen(state, 3 if self.current or self.tile is None else 2)

    def _paint_handles(self, painter: QPainter, scale: float) -> None:
        side = HANDLE_PX / scale
        painter.setPen(_cosmetic(_DARK, 1))
        painter.setBrush(QBrush(_WHITE))
        for grip in HANDLES:
            x, y = handle_place(self.box, grip)
            painter.drawRect(QRectF(x - side / 2, y - side / 2, side, side))

    def _paint_landmarks(self, painter: QPainter, scale: float) -> None:
        assert self.tile is not None
        painter.setPen(_cosmetic(_DARK, 1))
        painter.setBrush(QBrush(_POINT))
        for x, y in self.tile.photo.shown_landmarks(self.tile.face.landmarks):
            painter.drawEllipse(QPointF(x, y), 3 / scale, 3 / scale)

    def _paint_axes(self, painter: QPainter, scale: float) -> None:
        """From the nose, half as long as the box: the head's left, its top, and where it faces."""
        assert self.tile is not None
        face = self.tile.face
        nose = QPointF(*self.tile.photo.shown_landmarks(face.landmarks).nose)
        length = max(self.box.width, self.box.height) / 2
        for (letter, colour), axis in zip(_AXES, face.pose.axes, strict=True):
            end = nose + QPointF(axis.x, axis.y) * length
            for pen in (_cosmetic(_DARK, 5), _cosmetic(colour, 3)):
                painter.setPen(pen)
                painter.drawLine(nose, end)
            painter.save()
            painter.translate(end)
            painter.scale(1 / scale, 1 / scale)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour)
            painter.drawEllipse(QPointF(0, 0), 8, 8)
            painter.setPen(_DARK)
            painter.drawText(QRectF(-8, -8, 16, 16), Qt.AlignmentFlag.AlignCenter, letter)
            painter.restore()

    def _paint_label(self, painter: QPainter, scale: float) -> None:
        painter.save()
        painter.translate(self._rect().topLeft())
        painter.scale(1 / scale, 1 / scale)
        left, top = 0.0, -_MARK_PX - 3
        text = tr("Measuring…") if self._waiting else ""
        if self.tile is not None:
            by_owner = self.tile.face.decision is not Decision.UNDECIDED
            mark = QRectF(0, top, _MARK_PX, _MARK_PX)
            draw_mark(painter, mark, self.tile.state, by_owner=by_owner)
            left, text = _MARK_PX + 3, text or self.tile.title
        if text:
            width = QFontMetricsF(painter.font()).horizontalAdvance(text) + 12
            label = QRectF(left, top, width, _MARK_PX)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(20, 23, 27, 210))
            painter.drawRoundedRect(label, 4, 4)
            painter.setPen(_WHITE)
            painter.drawText(label, Qt.AlignmentFlag.AlignCenter, text)
        painter.restore()


def _cosmetic(colour: QColor, width: float) -> QPen:
    pen = QPen(colour, width)
    pen.setCosmetic(True)
    return pen
