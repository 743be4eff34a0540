"""Draws the chart, on whatever a painter can draw on: the screen, a picture, an SVG.

Raw curves can be a thousand times denser than pixels, so they are thinned to the lowest and
highest point of each column; drawn one pixel wide and opaque, which Qt does fifty times faster
than anything wider or translucent, that takes a millisecond or two.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QByteArray, QDataStream, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPalette, QPen, QPolygonF

from facegui.domain.text import tr
from facegui.gui.train.chart.layers import Curve, Layer, Plot, View, curves, height, whole_span
from facegui.gui.train.chart.scale import Scale, spell
from facegui.gui.train.chart.series import Quantity, Side, envelope, sampled

RATE_FROM_PX = 260
"""A chart lower than this has no room for the learning rate."""

_AXIS_PX, _RIGHT_PX = 50.0, 10.0
_RATE_PX = 34.0
_GAP_PX = 8.0
_TICK_ROOM_X, _TICK_ROOM_Y = 70, 34
_FAINT = 0.62
_COLUMN_PX = 2
_DOTS_MOST = 120
_DOT_PX = 2.4
_DARK_BELOW = 128
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_MIDDLE = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop

# In the light, in the dark: training and validation of the first layer, then the other layers.
_TRAIN = ("#8a6100", "#e0a526")
_VALIDATION = ("#1a5fc8", "#79b0ff")
_OTHERS = (
    ("#1a7f37", "#57d27a"),
    ("#a626a4", "#e38ce0"),
    ("#c4320a", "#ff9066"),
    ("#0f7b8a", "#4fd0e0"),
    ("#57606a", "#b4bdc8"),
)
OTHERS_MOST = len(_OTHERS)
"""How many runs can be told apart beside the first."""


@dataclass(frozen=True, slots=True)
class Look:
    """The colours of a palette, which is light or dark."""

    palette: QPalette

    @property
    def dark(self) -> bool:
        """Whether curves are light on dark."""
        return self.base.lightness() < _DARK_BELOW

    @property
    def base(self) -> QColor:
        """Behind everything."""
        return self.palette.color(QPalette.ColorRole.Base)

    @property
    def text(self) -> QColor:
        """Of words and figures."""
        return self.palette.color(QPalette.ColorRole.Text)

    @property
    def quiet(self) -> QColor:
        """Of words and figures that are less important."""
        return self.palette.color(QPalette.ColorRole.PlaceholderText)

    @property
    def frame(self) -> QColor:
        """Of lines around plots."""
        return self.palette.color(QPalette.ColorRole.Mid)

    @property
    def grid(self) -> QColor:
        """Of lines behind curves."""
        return self.palette.color(QPalette.ColorRole.Midlight)

    def curve(self, number: int, side: Side) -> QColor:
        """Of one curve of the layer *number*."""
        if number:
            pair = _OTHERS[(number - 1) % len(_OTHERS)]
        else:
            pair = _TRAIN if side is Side.TRAIN else _VALIDATION
        return QColor(pair[self.dark])

    def faint(self, colour: QColor) -> QColor:
        """*colour* moved towards the background, opaque because that is drawn much faster."""
        back = self.base
        return QColor.fromRgbF(
            colour.redF() + (back.redF() - colour.redF()) * _FAINT,
            colour.greenF() + (back.greenF() - colour.greenF()) * _FAINT,
            colour.blueF() + (back.blueF() - colour.blueF()) * _FAINT,
        )


def polygon(x: NDArray[np.float64], y: NDArray[np.float64]) -> QPolygonF:
    """Points for Qt; through its own serialisation, forty times faster than one by one."""
    raw = len(x).to_bytes(4, "big") + np.stack([x, y], axis=1).astype(">f8").tobytes()
    found = QPolygonF()
    QDataStream(QByteArray(raw)) >> found
    return found


def arrange(area: QRectF, line_px: float, layers: Sequence[Layer], view: View) -> list[Plot]:
    """Where the plots stand in *area* and what they cover, from top to bottom."""
    span = view.span or whole_span(layers, view)
    left, right = area.left() + _AXIS_PX, area.right() - _RIGHT_PX
    room = area.height() - 3 * line_px - 2 * _GAP_PX
    rate_px = 0.0
    if area.height() >= RATE_FROM_PX:
        rate_px = _RATE_PX
        room -= rate_px + line_px + _GAP_PX
    parts = {Quantity.ACCURACY: room / 2, Quantity.LOSS: room / 2, Quantity.RATE: rate_px}
    top, found = area.top(), []
    for quantity, part in parts.items():
        if part <= 0:
            continue
        top += line_px
        log = view.log and quantity is Quantity.LOSS
        covers = height(layers, view, quantity, span)
        found.append(Plot(quantity, Scale(span, left, right), Scale(covers, top + part, top, log)))
        top += part + _GAP_PX
    return found


def paint(
    painter: QPainter, plots: Sequence[Plot], layers: Sequence[Layer], view: View, look: Look
) -> None:
    """Draw *plots* with all their curves."""
    for plot in plots:
        _paint_grid(painter, plot, look, last=plot is plots[-1])
        _paint_title(painter, plot, look)
        area = QRectF(
            QPointF(plot.x.first_px, plot.y.last_px), QPointF(plot.x.last_px, plot.y.first_px)
        )
        painter.save()
        painter.setClipRect(area)
        for curve in curves(layers, view, plot.quantity):
            _paint_curve(painter, plot, curve, view, look)
        painter.restore()
        painter.setPen(look.frame)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(area)
    if plots:
        _paint_x_title(painter, plots[-1], view, look)


def _paint_grid(painter: QPainter, plot: Plot, look: Look, *, last: bool) -> None:
    line = QFontMetricsF(painter.font()).height()
    x, y = plot.x, plot.y
    for value in y.ticks(max(2, int((y.first_px - y.last_px) / _TICK_ROOM_Y))):
        at = y.pixel(value)
        painter.setPen(look.grid)
        painter.drawLine(QPointF(x.first_px, at), QPointF(x.last_px, at))
        painter.setPen(look.quiet)
        place = QRectF(x.first_px - _AXIS_PX, at - line / 2, _AXIS_PX - 6, line)
        painter.drawText(place, _RIGHT, spell(value))
    for value in x.ticks(max(2, int((x.last_px - x.first_px) / _TICK_ROOM_X))):
        at = x.pixel(value)
        painter.setPen(look.grid)
        painter.drawLine(QPointF(at, y.last_px), QPointF(at, y.first_px))
        if last:
            painter.setPen(look.quiet)
            label = spell(value)
            width = QFontMetricsF(painter.font()).horizontalAdvance(label) + 2
            left = min(at - width / 2, x.last_px + _RIGHT_PX - width)
            painter.drawText(QRectF(left, y.first_px + 3, width, line), _MIDDLE, label)


def _paint_title(painter: QPainter, plot: Plot, look: Look) -> None:
    title = {
        Quantity.ACCURACY: tr("Accuracy, %"),
        Quantity.LOSS: tr("Loss, nat"),
        Quantity.RATE: tr("Learning rate"),
    }[plot.quantity]
    line = QFontMetricsF(painter.font()).height()
    painter.setPen(look.text)
    place = QRectF(plot.x.first_px, plot.y.last_px - line - 1, plot.x.last_px, line)
    painter.drawText(place, _LEFT, title)


def _paint_x_title(painter: QPainter, plot: Plot, view: View, look: Look) -> None:
    line = QFontMetricsF(painter.font()).height()
    painter.setPen(look.text)
    top = plot.y.first_px + line + 2
    place = QRectF(plot.x.first_px, top, plot.x.last_px - plot.x.first_px, line)
    painter.drawText(place, _MIDDLE, tr("Seconds") if view.by_time else tr("Batch"))


def _paint_curve(painter: QPainter, plot: Plot, curve: Curve, view: View, look: Look) -> None:
    colour = look.curve(curve.layer.number, curve.side)
    columns = max(_COLUMN_PX, int(plot.x.last_px - plot.x.first_px))
    low, high = plot.x.span.low, plot.x.span.high
    trace = curve.trace
    smooth = view.smooth and plot.quantity is not Quantity.RATE
    # Runs beside the first have one colour for both sides: faint in training, no raw curves.
    pale = curve.layer.number > 0 and curve.side is Side.TRAIN
    if not smooth or curve.layer.number == 0:
        x, y = envelope(trace.x, trace.raw, low, high, columns // _COLUMN_PX)
        dense = len(x) > columns // _COLUMN_PX
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, not dense)
        raw = look.faint(colour) if smooth or pale else colour
        thin = smooth or dense
        _paint_line(painter, raw, polygon(plot.x.pixels(x), plot.y.pixels(y)), thin=thin)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if smooth:
        x, y = sampled(trace.x, trace.smooth, low, high, columns // _COLUMN_PX)
        strong = look.faint(colour) if pale else colour
        _paint_line(painter, strong, polygon(plot.x.pixels(x), plot.y.pixels(y)), thin=False)
    if curve.side is Side.VALIDATION:
        _paint_dots(painter, plot, curve, colour, smooth=smooth)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)


def _paint_line(painter: QPainter, colour: QColor, line: QPolygonF, *, thin: bool) -> None:
    """One pixel wide, or two: as two lines, which together take half the time of a wide one."""
    painter.setPen(QPen(colour, 1.0))
    for shift in (0.0,) if thin else (-0.5, 0.5):
        painter.drawPolyline(line.translated(0.0, shift))


def _paint_dots(
    painter: QPainter, plot: Plot, curve: Curve, colour: QColor, *, smooth: bool
) -> None:
    """What is measured once an epoch has dots, so that it is not told by its colour alone."""
    low, high = plot.x.span.low, plot.x.span.high
    values = curve.trace.smooth if smooth else curve.trace.raw
    x, y = sampled(curve.trace.x, values, low, high, _DOTS_MOST)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    for at_x, at_y in zip(plot.x.pixels(x).tolist(), plot.y.pixels(y).tolist(), strict=True):
        painter.drawEllipse(QPointF(at_x, at_y), _DOT_PX, _DOT_PX)
