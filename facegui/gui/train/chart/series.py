"""The numbers behind the curves: they grow at the end, and are thinned to what pixels can show."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum

import numpy as np
from numpy.typing import NDArray

from facegui.domain.training import CurvePoint

Values = NDArray[np.float64]

STEP, EPOCH, SECONDS, LOSS, ACCURACY, RATE, SMOOTH_LOSS, SMOOTH_ACCURACY = range(8)
_WIDTH = 8


class Quantity(Enum):
    """What a plot shows."""

    ACCURACY = "accuracy"
    LOSS = "loss"
    RATE = "rate"


class Side(Enum):
    """What it was measured on."""

    TRAIN = "train"
    VALIDATION = "validation"


_RAW = {Quantity.ACCURACY: ACCURACY, Quantity.LOSS: LOSS, Quantity.RATE: RATE}
_SMOOTH = {Quantity.ACCURACY: SMOOTH_ACCURACY, Quantity.LOSS: SMOOTH_LOSS, Quantity.RATE: RATE}


@dataclass(frozen=True, slots=True)
class Trace:
    """One curve: where, what was measured, and that smoothed. Accuracy is in per cent."""

    x: Values
    raw: Values
    smooth: Values


class RunCurves:
    """The curves of one run, raw and smoothed; each point costs the same however many there are.

    Args:
        weight: of the past in the smoothed curves, from 0 for none to below 1.
    """

    def __init__(self, weight: float = 0.0) -> None:
        self._weight = weight
        self._sides = {side: _Rows(weight) for side in Side}

    def add(self, points: Iterable[CurvePoint]) -> None:
        """Take *points*, which follow those that are here."""
        train, validation = [], []
        for p in points:
            head = (p.step, p.epoch, p.seconds)
            train.append((*head, p.loss, p.accuracy * 100, p.learning_rate))
            if p.validation_loss is not None and p.validation_accuracy is not None:
                measured = (p.validation_loss, p.validation_accuracy * 100)
                validation.append((*head, *measured, p.learning_rate))
        self._sides[Side.TRAIN].extend(train)
        self._sides[Side.VALIDATION].extend(validation)

    def clear(self) -> None:
        """Forget all points."""
        self._sides = {side: _Rows(self._weight) for side in Side}

    def smooth(self, weight: float) -> None:
        """Smooth everything with another *weight*."""
        self._weight = weight
        for rows in self._sides.values():
            rows.smooth(weight)

    def count(self, side: Side) -> int:
        """How many points there are."""
        return self._sides[side].size

    def table(self, side: Side) -> Values:
        """Everything of one side, (n, 8), a column for each of `STEP` … `SMOOTH_ACCURACY`."""
        return self._sides[side].table

    def trace(self, quantity: Quantity, side: Side, *, by_time: bool) -> Trace:
        """One curve over batches, or over seconds; views, so draw them before adding more."""
        table = self.table(side)
        x = table[:, SECONDS if by_time else STEP]
        return Trace(x, table[:, _RAW[quantity]], table[:, _SMOOTH[quantity]])


class _Rows:
    """A table that grows at the end in amortised constant time, smoothing as it goes."""

    def __init__(self, weight: float) -> None:
        self.size = 0
        self._data = np.empty((256, _WIDTH))
        self._averages = _averages(weight)

    @property
    def table(self) -> Values:
        return self._data[: self.size]

    def extend(self, rows: Sequence[tuple[float, ...]]) -> None:
        if not rows:
            return
        start, self.size = self.size, self.size + len(rows)
        while self.size > len(self._data):
            self._data = np.concatenate([self._data, np.empty_like(self._data)])
        self._data[start : self.size, : RATE + 1] = rows
        self._smooth_from(start)

    def smooth(self, weight: float) -> None:
        self._averages = _averages(weight)
        self._smooth_from(0)

    def _smooth_from(self, start: int) -> None:
        new = self.table[start:]
        for column, average in self._averages.items():
            new[:, _SMOOTHED[column]] = average.feed(new[:, column])


_SMOOTHED = {LOSS: SMOOTH_LOSS, ACCURACY: SMOOTH_ACCURACY}


def _averages(weight: float) -> dict[int, _Average]:
    return {column: _Average(weight) for column in _SMOOTHED}


class _Average:
    """The exponential moving average without its bias to zero, as TensorBoard smooths scalars.

    A running mean that starts at zero, divided by the share of it that is not that zero (Kingma
    and Ba, ICLR 2015, section 3).
    """

    def __init__(self, weight: float) -> None:
        self._weight = weight
        self._mean, self._zero = 0.0, 1.0

    def feed(self, values: Values) -> list[float]:
        weight, mean, zero, found = self._weight, self._mean, self._zero, []
        for value in values.tolist():
            mean = weight * mean + (1 - weight) * value
            zero *= weight
            found.append(mean / (1 - zero))
        self._mean, self._zero = mean, zero
        return found


def visible(x: Values, low: float, high: float) -> slice:
    """What of the ascending *x* is from *low* to *high*, and one beyond at either end."""
    first = int(np.searchsorted(x, low, "left"))
    last = int(np.searchsorted(x, high, "right"))
    return slice(max(0, first - 1), last + 1)


def envelope(x: Values, y: Values, low: float, high: float, columns: int) -> tuple[Values, Values]:
    """A curve from *low* to *high*, thinned: of each of *columns* its lowest and its highest point.

    A curve with no more than two points for each column stays as it is.
    """
    inside = visible(x, low, high)
    x, y = x[inside], y[inside]
    if len(x) <= 2 * columns:
        return x, y
    starts = _starts(x, low, high, columns)
    heights = np.stack([np.minimum.reduceat(y, starts), np.maximum.reduceat(y, starts)], axis=1)
    return np.repeat(x[starts], 2), heights.ravel()


def sampled(x: Values, y: Values, low: float, high: float, columns: int) -> tuple[Values, Values]:
    """A smooth curve from *low* to *high*, thinned: the first point of each of *columns*."""
    inside = visible(x, low, high)
    x, y = x[inside], y[inside]
    if len(x) <= columns:
        return x, y
    kept = np.append(_starts(x, low, high, columns), len(x) - 1)  # it ends where the curve ends
    return x[kept], y[kept]


def _starts(x: Values, low: float, high: float, columns: int) -> NDArray[np.intp]:
    """Where in *x* each column that is not empty begins."""
    starts = np.searchsorted(x, np.linspace(low, high, columns, endpoint=False))
    starts[0] = 0
    return np.unique(starts[starts < len(x)])
