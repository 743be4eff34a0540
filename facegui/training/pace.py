"""How a batch is taken in parts, and how many steps are an epoch. Plain arithmetic."""

from __future__ import annotations

import math
from dataclasses import dataclass

from facegui.domain.training import TrainConfig
from facegui.network.registry import network

MIN_STEPS_AN_EPOCH = 8
"""So that patience, counted in epochs, is more than a handful of batches on a small library."""


@dataclass(frozen=True, slots=True)
class Pace:
    """What a training does at a time.

    Attributes:
        rows: crops of each step.
        parts: steps after which the weights change, by the mean of what these found.
        epoch_steps: steps of an epoch.
    """

    rows: int
    parts: int
    epoch_steps: int


def pace(config: TrainConfig, faces: int) -> Pace:
    """That of a training which learns from so many *faces*."""
    batch = min(config.batch_size, faces)
    rows = min(batch, network(config.network).at_once or batch)
    return Pace(rows, batch // rows, max(MIN_STEPS_AN_EPOCH, math.ceil(faces / rows)))
