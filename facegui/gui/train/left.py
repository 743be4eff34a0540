"""How long a training will go on, as far as its stopping rules and its pace tell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from facegui.domain.training import CurvePoint, TrainConfig

_PACE_FROM = 50
"""Batches over which the pace is taken."""


@dataclass(frozen=True, slots=True)
class Left:
    """Seconds left.

    Attributes:
        most: it ends by then at the latest; None while no rule says so.
        unless_better: it ends then if validation gets no better meanwhile; None likewise.
    """

    most: float | None
    unless_better: float | None


class Forecast:
    """Follows the points of one run of *config*."""

    def __init__(self, config: TrainConfig) -> None:
        self._config = config
        self._last: list[CurvePoint] = []
        self._epoch_steps: float | None = None
        self._best_loss: float | None = None
        self._best_epoch = 0

    def add(self, points: Sequence[CurvePoint]) -> None:
        """The run has come as far as *points*."""
        self._last = [*self._last, *points][-_PACE_FROM:]
        for point in points:
            if point.validation_loss is None:
                continue
            self._epoch_steps = point.step / point.epoch
            if self._best_loss is None or point.validation_loss < self._best_loss:
                self._best_loss, self._best_epoch = point.validation_loss, point.epoch

    def left(self) -> Left:
        """What is to be expected now."""
        pace = self._pace()
        if pace is None:
            return Left(None, None)
        config, now, steps = self._config, self._last[-1], []
        if config.max_steps is not None:
            steps.append(config.max_steps - now.step)
        unless_better = None
        if self._epoch_steps is not None:
            if config.max_epochs is not None:
                steps.append(round(config.max_epochs * self._epoch_steps) - now.step)
            if config.patience is not None:
                end = (self._best_epoch + config.patience) * self._epoch_steps
                unless_better = max(0.0, end - now.step) * pace
        seconds = [max(0, left) * pace for left in steps]
        if config.max_seconds is not None:
            seconds.append(max(0.0, config.max_seconds - now.seconds))
        most = min(seconds, default=None)
        if most is not None and unless_better is not None and unless_better >= most:
            unless_better = None
        return Left(most, unless_better)

    def _pace(self) -> float | None:
        """Seconds a batch, lately."""
        if len(self._last) < 2:  # noqa: PLR2004 - a pace takes two points
            return None
        first, last = self._last[0], self._last[-1]
        return (last.seconds - first.seconds) / (last.step - first.step)
