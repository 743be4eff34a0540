"""Colours and marks of the three states; each has a colour and a shape, never colour alone."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPalette, QPen, QPolygonF

from facegui.domain.entities import FaceState

_WHITE = QColor("#ffffff")
_MIDDLE_LIGHTNESS = 128
_COLOURS = {
    FaceState.KEPT: QColor("#2da44e"),
    FaceState.REJECTED: QColor("#d63b43"),
    FaceState.IGNORED: QColor("#8a94a0"),
}
_LINES = {
    FaceState.KEPT: Qt.PenStyle.SolidLine,
    FaceState.REJECTED: Qt.PenStyle.DashLine,
    FaceState.IGNORED: Qt.PenStyle.DotLine,
}


def state_colour(state: FaceState) -> QColor:
    """Green kept, red rejected, grey ignored."""
    return _COLOURS[state]


def box_pen(state: FaceState, width: float) -> QPen:
    """The outline of a face's box: solid kept, dashed rejected, dotted ignored."""
    pen = QPen(_COLOURS[state], width, _LINES[state])
    pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
    pen.setCosmetic(True)
    return pen


def draw_mark(painter: QPainter, area: QRectF, state: FaceState, *, by_owner: bool) -> None:
    """The state's sign: a tick in a disc, a cross in a square, a bar in a disc.

    Filled when the owner decided, a ring on white when the rules did.
    """
    colour = _COLOURS[state]
    width = max(1.4, area.width() / 8)
    painter.setPen(QPen(_WHITE if by_owner else colour, width * 0.8))
    painter.setBrush(colour if by_owner else _WHITE)
    if state is FaceState.REJECTED:
        painter.drawRoundedRect(area, 3, 3)
    else:
        painter.drawEllipse(area)
    pen = QPen(_WHITE if by_owner else colour, width)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    painter.setPen(pen)
    _draw_sign(painter, area, state)


def _draw_sign(painter: QPainter, area: QRectF, state: FaceState) -> None:
    def at(x: float, y: float) -> QPointF:
        return QPointF(area.left() + x * area.width(), area.top() + y * area.height())

    match state:
        case FaceState.KEPT:
            painter.drawPolyline(QPolygonF([at(0.28, 0.52), at(0.44, 0.68), at(0.73, 0.34)]))
        case FaceState.REJECTED:
            painter.drawLine(at(0.31, 0.31), at(0.69, 0.69))
            painter.drawLine(at(0.69, 0.31), at(0.31, 0.69))
        case FaceState.IGNORED:
            painter.drawLine(at(0.28, 0.5), at(0.72, 0.5))


def text_colour(state: FaceState, palette: QPalette) -> QColor:
    """The state's colour for text, readable on *palette*'s background."""
    dark = palette.color(QPalette.ColorRole.Base).lightness() < _MIDDLE_LIGHTNESS
    return _COLOURS[state].lighter(135) if dark else _COLOURS[state].darker(120)
