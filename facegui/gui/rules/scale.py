"""How far each limit can be moved, in which steps, and in which bins its histogram counts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from facegui.domain.rules import Rule

_BINS = 60


@dataclass(frozen=True, slots=True)
class Scale:
    """The values that a slider and its histogram span.

    Attributes:
        low, high: the ends; values beyond are counted in the last bin, and can still be typed.
        step: of the slider and the arrow keys.
        decimals: of the number that can be typed.
        factor: from value to number shown: 100 for shares, which are shown in percent.
        suffix: after that number.
        whole: values are whole numbers, each with a bin of its own around it.
        marks: numbers below the histogram, ends included.
    """

    low: float
    high: float
    step: float = 1.0
    decimals: int = 0
    factor: float = 1.0
    suffix: str = ""
    whole: bool = False
    marks: int = 5

    @property
    def steps(self) -> int:
        """How many steps there are from low to high."""
        return round((self.high - self.low) / self.step)

    def position(self, value: float) -> int:
        """The step nearest to *value*."""
        place = (value - self.low) / self.step
        return round(min(max(place, 0.0), self.steps))

    def value(self, position: int) -> float:
        """The value of a step."""
        return round(self.low + position * self.step, 6)

    def edges(self) -> NDArray[np.float64]:
        """The bins' edges, ascending."""
        if self.whole:
            return np.arange(self.low - 0.5, self.high + 1)
        return np.linspace(self.low, self.high, _BINS + 1)

    def labels(self) -> list[float]:
        """The values that stand below the histogram."""
        return [float(value) for value in np.linspace(self.low, self.high, self.marks)]

    def share(self, limit: float, *, at_most: bool) -> float:
        """Where *limit* lies between the outer edges, 0 to 1."""
        edges = self.edges()
        if self.whole:  # the line is drawn beside the last bin that passes
            limit += 0.5 if at_most else -0.5
        place = (limit - edges[0]) / (edges[-1] - edges[0])
        return float(min(max(place, 0.0), 1.0))

    def count(self, values: NDArray[np.float64]) -> NDArray[np.int64]:
        """How many of *values*, which ascend, each bin has."""
        edges = self.edges()[1:-1]
        places = np.concatenate([[0], np.searchsorted(values, edges), [len(values)]])
        return np.diff(places).astype(np.int64)


_DEGREES = Scale(0, 90, decimals=1, suffix="°", marks=7)
_SHARE = Scale(0, 1, 0.01, factor=100, suffix=" %")
_LUMA = Scale(0, 255, marks=6)

SCALES = {
    Rule.ONE_FACE: Scale(1, 10, whole=True, marks=10),
    Rule.ROLL: _DEGREES,
    Rule.PAN: _DEGREES,
    Rule.TILT: _DEGREES,
    Rule.SIZE: Scale(0, 400, suffix=" px"),
    Rule.SHARPNESS: Scale(0, 80, 0.5, decimals=1),
    Rule.DARK: _LUMA,
    Rule.BRIGHT: _LUMA,
    Rule.CONTRAST: Scale(0, 100),
    Rule.GREYSCALE: Scale(0, 20, 0.1, decimals=1),
    Rule.SUNGLASSES: _SHARE,
    Rule.OCCLUSION: _SHARE,
    Rule.EYES: _SHARE,
    Rule.MOUTH: _SHARE,
    Rule.SMILE: _SHARE,
}
"""Every rule whose limit is moved on the rules page; that of copies is moved on their own."""
