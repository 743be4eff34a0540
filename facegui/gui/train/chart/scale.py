"""The scales of a plot: values to pixels, and where the ticks stand."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_ROUND = (1.0, 2.0, 5.0, 10.0)
_LEAST_DECADES = 0.3


@dataclass(frozen=True, slots=True)
class Span:
    """From *low* to *high*, never empty."""

    low: float
    high: float

    @property
    def size(self) -> float:
        """How much it covers."""
        return self.high - self.low

    def scaled(self, factor: float, about: float) -> Span:
        """Larger or smaller by *factor*, *about* staying where it is."""
        return Span(about + (self.low - about) * factor, about + (self.high - about) * factor)

    def moved(self, by: float) -> Span:
        """Further on by *by*."""
        return Span(self.low + by, self.high + by)


@dataclass(frozen=True, slots=True)
class Scale:
    """Values on one axis, in pixels: *span* lies from *first_px* to *last_px*.

    A logarithmic one takes positive values only and shows others at its lower end.
    """

    span: Span
    first_px: float
    last_px: float
    log: bool = False

    def pixels(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Where *values* lie."""
        low, high = self._line(self.span.low), self._line(self.span.high)
        if self.log:
            values = np.log10(np.maximum(values, self.span.low))
        return self.first_px + (values - low) * ((self.last_px - self.first_px) / (high - low))

    def pixel(self, value: float) -> float:
        """Where one value lies."""
        return float(self.pixels(np.array([value]))[0])

    def value(self, pixel: float) -> float:
        """What lies at *pixel*."""
        low, high = self._line(self.span.low), self._line(self.span.high)
        found = low + (pixel - self.first_px) / (self.last_px - self.first_px) * (high - low)
        return float(10**found) if self.log else found

    def ticks(self, most: int) -> list[float]:
        """About *most* round values within, ascending."""
        return log_ticks(self.span, most) if self.log else ticks(self.span, most)

    def _line(self, value: float) -> float:
        return math.log10(value) if self.log else value


def padded(low: float, high: float, *, log: bool) -> Span:
    """A span that shows all from *low* to *high*, with a little room."""
    if log:
        middle = math.sqrt(low * high)
        room = max(high / low, 10**_LEAST_DECADES) ** 0.54
        return Span(middle / room, middle * room)
    room = 0.04 * ((high - low) or abs(high) or 1.0)
    return Span(low - room, high + room)


def ticks(span: Span, most: int) -> list[float]:
    """At most *most* multiples of a round number."""
    rough = span.size / max(1, most)
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(round_ * power for round_ in _ROUND if round_ * power >= rough * (1 - 1e-9))
    first, last = math.ceil(span.low / step - 1e-9), math.floor(span.high / step + 1e-9)
    return [number * step for number in range(first, last + 1)]


def log_ticks(span: Span, most: int) -> list[float]:
    """Powers of ten, with their doubles and fivefolds between where there is room for them."""
    first, last = math.floor(math.log10(span.low)), math.ceil(math.log10(span.high))
    for parts in ((1.0, 2.0, 5.0), (1.0, 3.0), (1.0,)):
        found = [part * 10.0**power for power in range(first, last + 1) for part in parts]
        found = [value for value in found if span.low <= value <= span.high]
        if len(found) <= most:
            return found
    return found[:: math.ceil(len(found) / most)]


def spell(value: float) -> str:
    """A tick's label: as short as tells it from its neighbours."""
    if value == 0:
        return "0"
    if abs(value) >= 1000:  # noqa: PLR2004 - then digits are grouped
        return f"{value:,.0f}"
    if abs(value) < 0.001:  # noqa: PLR2004
        digits, power = f"{value:.1e}".split("e")
        return f"{float(digits):g}e{int(power)}"
    return f"{value:.4g}"
