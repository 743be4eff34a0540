"""The line under the mouse and the values of every curve where it stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen

from facegui.domain.text import tr
from facegui.gui.train.chart.layers import Curve, Layer, Plot, View, curves, nearest
from facegui.gui.train.chart.painting import Look
from facegui.gui.train.chart.series import EPOCH, SECONDS, STEP, Quantity, Side

_PAD_PX = 6.0
_DOT_PX = 3.5
_BACK_ALPHA = 225
_TITLE_MOST = 30
_PROBES = 48


@dataclass(frozen=True, slots=True)
class Reading:
    """One line of the values: of which curve, and where its point is."""

    text: str
    colour: QColor
    x: float
    y: float


def readings(
    layers: Sequence[Layer], view: View, quantity: Quantity, look: Look, x: float
) -> list[Reading]:
    """What every curve of *quantity* says nearest to *x*, the first layer first."""
    found: list[Reading] = []
    for curve in reversed(list(curves(layers, view, quantity))):
        place = nearest(curve.trace, x)
        raw, smooth = float(curve.trace.raw[place]), float(curve.trace.smooth[place])
        value = _value(quantity, raw)
        if curve.layer.number == 0 and view.smooth and quantity is not Quantity.RATE:
            value = tr("{value} (smoothed {smooth})", value=value, smooth=_value(quantity, smooth))
        shown = smooth if view.smooth else raw
        colour = look.curve(curve.layer.number, curve.side)
        text = f"{_short(curve_title(curve, quantity))}  {value}"
        found.append(Reading(text, colour, float(curve.trace.x[place]), shown))
    return found


def spoken(layers: Sequence[Layer], view: View, x: float) -> str:
    """The same in words, for those who hear the chart."""
    if not (head := headline(layers, view, x)):
        return ""
    titles = {Quantity.ACCURACY: tr("Accuracy"), Quantity.LOSS: tr("Loss")}
    parts = [head]
    for quantity, title in titles.items():
        values = [
            f"{curve_title(curve, quantity)} "
            + _value(quantity, float(curve.trace.raw[nearest(curve.trace, x)]))
            for curve in reversed(list(curves(layers, view, quantity)))
        ]
        if values:
            parts.append(f"{title}: " + ", ".join(values))
    return "; ".join(parts)


def headline(layers: Sequence[Layer], view: View, x: float) -> str:
    """Which batch of which epoch is at *x*, and when it was, in the first layer with points."""
    for layer in layers:
        trace = layer.curves.trace(Quantity.LOSS, Side.TRAIN, by_time=view.by_time)
        if len(trace.x):
            row = layer.curves.table(Side.TRAIN)[nearest(trace, x)]
            return tr(
                "Batch {step} · epoch {epoch} · {seconds} s",
                step=f"{row[STEP]:,.0f}",
                epoch=f"{row[EPOCH]:,.0f}",
                seconds=f"{row[SECONDS]:,.1f}",
            )
    return ""


def curve_title(curve: Curve, quantity: Quantity) -> str:
    """What a curve is called beside its value."""
    side = tr("Validation") if curve.side is Side.VALIDATION else tr("Training")
    if curve.layer.number == 0:
        return tr("Learning rate") if quantity is Quantity.RATE else side
    return curve.layer.title if quantity is Quantity.RATE else f"{side}, {curve.layer.title}"


def paint_cursor(
    painter: QPainter,
    plots: Sequence[Plot],
    layers: Sequence[Layer],
    view: View,
    look: Look,
    x: float,
) -> None:
    """Draw the line at *x* through all plots, and a box of values in each."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for plot in plots:
        found = readings(layers, view, plot.quantity, look, x)
        at = plot.x.pixel(x)
        if not found or not plot.x.first_px <= at <= plot.x.last_px:
            continue
        painter.setPen(QPen(look.quiet, 1, Qt.PenStyle.DashLine))
        painter.drawLine(QPointF(at, plot.y.last_px), QPointF(at, plot.y.first_px))
        painter.setPen(Qt.PenStyle.NoPen)
        for reading in found:
            place = QPointF(plot.x.pixel(reading.x), plot.y.pixel(reading.y))
            if plot.contains(place.x(), place.y()):
                painter.setBrush(reading.colour)
                painter.drawEllipse(place, _DOT_PX, _DOT_PX)
        if plot is plots[0]:
            quiet = Reading(headline(layers, view, x), look.quiet, 0, 0)
            found = [quiet, *found]
        drawn = list(curves(layers, view, plot.quantity))
        _paint_box(painter, plot, found, drawn, view, look, at)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)


def _paint_box(
    painter: QPainter,
    plot: Plot,
    lines: Sequence[Reading],
    drawn: Sequence[Curve],
    view: View,
    look: Look,
    at: float,
) -> None:
    """The values, beside the line at *at* or in a corner: where they hide least of the curves."""
    metrics = QFontMetricsF(painter.font())
    width = max(metrics.horizontalAdvance(line.text) for line in lines) + 2 * _PAD_PX
    height = metrics.height() * len(lines) + _PAD_PX
    places = _places(plot, QSizeF(width, height), at)
    box = min(places, key=lambda place: _covered(place, plot, drawn, view))  # the first of equals
    back = QColor(look.base)
    back.setAlpha(_BACK_ALPHA)
    painter.setBrush(back)
    painter.setPen(look.frame)
    painter.drawRoundedRect(box, 4, 4)
    place = box.adjusted(_PAD_PX, _PAD_PX / 2, 0, 0)
    for line in lines:
        painter.setPen(line.colour)
        painter.drawText(place, Qt.AlignmentFlag.AlignLeft, line.text)
        place.translate(0, metrics.height())


def _places(plot: Plot, size: QSizeF, at: float) -> list[QRectF]:
    """Where a box of *size* could be, the most natural place first."""
    least, most = plot.x.first_px + 1, plot.x.last_px - size.width() - 1
    right, left = at + 2 * _PAD_PX, at - 2 * _PAD_PX - size.width()
    beside = [x for x in (right, left) if least <= x <= most] or [max(least, most)]
    top, bottom = plot.y.last_px + 2, plot.y.first_px - 2 - size.height()
    corners = [QPointF(x, y) for x in (*beside, least, most) for y in (top, bottom)]
    return [QRectF(corner, size) for corner in corners if corner.x() >= least]


def _covered(box: QRectF, plot: Plot, drawn: Sequence[Curve], view: View) -> int:
    """How much of the curves *box* would hide: places on them that lie in it."""
    low, high = plot.y.value(box.bottom()), plot.y.value(box.top())
    x = np.linspace(plot.x.value(box.left()), plot.x.value(box.right()), _PROBES)
    count = 0
    for curve in drawn:
        trace = curve.trace
        inside = x[(x >= trace.x[0]) & (x <= trace.x[-1])]
        for values in (trace.raw, trace.smooth) if view.smooth else (trace.raw,):
            y = np.interp(inside, trace.x, values)
            count += int(((y >= low) & (y <= high)).sum())
    return count


def _short(title: str) -> str:
    return title if len(title) <= _TITLE_MOST else title[: _TITLE_MOST - 1] + "…"


def _value(quantity: Quantity, value: float) -> str:
    match quantity:
        case Quantity.ACCURACY:
            return tr("{value} %", value=f"{value:.1f}")
        case Quantity.LOSS:
            return f"{value:.4f}"
        case _:
            return f"{value:.3g}"
