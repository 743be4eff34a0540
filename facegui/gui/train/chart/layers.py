"""What the chart shows, and how the owner looks at it; no widgets."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from facegui.gui.train.chart.scale import Scale, Span, padded
from facegui.gui.train.chart.series import Quantity, RunCurves, Side, Trace, visible

_FIRST_SPAN = Span(0.0, 10.0)
_PLAIN = {
    Quantity.ACCURACY: Span(-2.0, 102.0),
    Quantity.LOSS: Span(0.0, 1.0),
    Quantity.RATE: Span(0.0, 1.0),
}


@dataclass(frozen=True, slots=True)
class Layer:
    """One run in the chart.

    Attributes:
        number: tells its colours; 0 is the run that is going on, or was chosen.
        title: in the owner's language.
    """

    number: int
    title: str
    curves: RunCurves


@dataclass(frozen=True, slots=True)
class View:
    """How the owner looks at the layers.

    Attributes:
        span: of batches or seconds; None shows all there are.
        heights: the same of single plots.
        log: of the loss.
        by_time: over seconds instead of batches.
        smooth: whether smoothed curves are drawn over faint raw ones.
        hidden: curves that are switched off, by layer number and side.
    """

    span: Span | None = None
    heights: dict[Quantity, Span] = field(default_factory=dict)
    log: bool = False
    by_time: bool = False
    smooth: bool = True
    hidden: frozenset[tuple[int, Side]] = frozenset()

    def whole(self) -> View:
        """The same without a zoom."""
        return replace(self, span=None, heights={})

    @property
    def zoomed(self) -> bool:
        """Whether a part is shown and not all."""
        return self.span is not None or bool(self.heights)


@dataclass(frozen=True, slots=True)
class Curve:
    """One curve that is to be drawn."""

    layer: Layer
    side: Side
    trace: Trace


def curves(layers: Sequence[Layer], view: View, quantity: Quantity) -> Iterator[Curve]:
    """Those of *quantity* that are not hidden and not empty, the first layer's last, on top."""
    for layer in reversed(layers):
        for side in Side:
            if quantity is Quantity.RATE and side is Side.VALIDATION:
                continue
            trace = layer.curves.trace(quantity, side, by_time=view.by_time)
            if len(trace.x) and (layer.number, side) not in view.hidden:
                yield Curve(layer, side, trace)


def whole_span(layers: Sequence[Layer], view: View) -> Span:
    """From the beginning to the end of the longest run that is shown."""
    ends = [
        curve.trace.x[-1]
        for quantity in (Quantity.LOSS, Quantity.RATE)
        for curve in curves(layers, view, quantity)
    ]
    end = float(max(ends, default=0.0))
    return Span(0.0, end) if end > 0 else _FIRST_SPAN


def height(layers: Sequence[Layer], view: View, quantity: Quantity, span: Span) -> Span:
    """What a plot has to cover: what the owner chose, or all that is seen in *span*."""
    if quantity in view.heights:
        return view.heights[quantity]
    if quantity is Quantity.ACCURACY:
        return _PLAIN[quantity]
    log = view.log and quantity is Quantity.LOSS
    lows, highs = [], []
    for curve in curves(layers, view, quantity):
        shown = curve.trace.raw[visible(curve.trace.x, span.low, span.high)]
        shown = shown[shown > 0] if log else shown
        if len(shown):
            lows.append(float(shown.min()))
            highs.append(float(shown.max()))
    if not highs:
        return Span(0.1, 1.0) if log else _PLAIN[quantity]
    found = padded(min(lows), max(highs), log=log)
    return found if log else Span(0.0, found.high)


def nearest(trace: Trace, x: float) -> int:
    """The point of *trace* nearest to *x*."""
    after = int(np.searchsorted(trace.x, x))
    if after == len(trace.x):
        return after - 1
    before = max(0, after - 1)
    return before if x - trace.x[before] < trace.x[after] - x else after


@dataclass(frozen=True, slots=True)
class Plot:
    """One quantity with its scales, in pixels of the chart."""

    quantity: Quantity
    x: Scale
    y: Scale

    def contains(self, x: float, y: float) -> bool:
        """Whether a place is inside."""
        return self.x.first_px <= x <= self.x.last_px and self.y.last_px <= y <= self.y.first_px
