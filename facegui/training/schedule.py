"""The learning rate of each step. Plain arithmetic; needs no TensorFlow."""

from __future__ import annotations

import math

from facegui.domain.training import Schedule, TrainConfig

COSINE_EPOCHS = 100
"""Length of a cosine, and so of its run, when nothing but patience bounds it: it needs an end."""


def step_limit(config: TrainConfig, epoch_steps: int) -> int | None:
    """The last step allowed, or None when time or patience end the run."""
    by_epochs = None if config.max_epochs is None else config.max_epochs * epoch_steps
    limits = [limit for limit in (by_epochs, config.max_steps) if limit is not None]
    if not limits and config.schedule is Schedule.COSINE and config.max_seconds is None:
        return COSINE_EPOCHS * epoch_steps
    return min(limits, default=None)


class LearningRate:
    """Warm-up, then the config's schedule.

    Attributes:
        scale: what plateaus have multiplied the rate with so far.
        lowered_at: the epoch in which one last did; 0 for never.
    """

    def __init__(self, config: TrainConfig, epoch_steps: int) -> None:
        self.scale = 1.0
        self.lowered_at = 0
        self._config = config
        self._warmup = config.warmup_epochs * epoch_steps
        self._limit = step_limit(config, epoch_steps)

    def at(self, step: int, seconds: float) -> float:
        """The rate of *step*, from 1, which begins *seconds* after the first one did."""
        rate = self._config.learning_rate * self.scale
        if step <= self._warmup:
            return rate * step / self._warmup
        if self._config.schedule is Schedule.COSINE:
            rate *= (1 + math.cos(math.pi * self._passed(step, seconds))) / 2
        return rate

    def heed(self, epoch: int, best_epoch: int) -> None:
        """At the end of *epoch*: lower the rate when *best_epoch* is a plateau's patience ago."""
        waited = epoch - max(best_epoch, self.lowered_at)
        if self._config.schedule is Schedule.PLATEAU and waited >= self._config.schedule_patience:
            self.scale *= self._config.schedule_factor
            self.lowered_at = epoch

    def _passed(self, step: int, seconds: float) -> float:
        """The part of the run after warm-up that is over, 0 to 1, by whichever bound is nearer."""
        by_steps = by_time = 0.0
        if self._limit is not None:
            by_steps = (step - 1 - self._warmup) / max(1, self._limit - self._warmup)
        if self._config.max_seconds is not None:
            by_time = seconds / self._config.max_seconds
        return min(1.0, max(by_steps, by_time))
