"""Looking for better hyper-parameters: what may change, and what came of each trial."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from facegui.domain.training import Augmentation, FitRequest, TrainConfig


class Tunable(Enum):
    """A hyper-parameter, or several that belong together, that a search may change."""

    LEARNING_RATE = "learning_rate"
    OPTIMIZER = "optimizer"
    BATCH_SIZE = "batch_size"
    DROPOUT = "dropout"
    WEIGHT_DECAY = "weight_decay"
    LABEL_SMOOTHING = "label_smoothing"
    AUGMENTATION = "augmentation"


@dataclass(frozen=True, slots=True)
class SearchJob:
    """What the engine needs to search.

    Attributes:
        fit: the training to start from; its run folder holds a folder for each trial.
        tunables: what may change; the rest stays as in the training's config.
        augmentations: to choose from, by name.
        seconds: the search begins no trial after so long, and ends the one that goes on.
        trials: at most so many; None for as many as the time allows.
    """

    fit: FitRequest
    tunables: tuple[Tunable, ...]
    augmentations: Mapping[str, Augmentation]
    seconds: float
    trials: int | None = None


@dataclass(frozen=True, slots=True)
class Trial:
    """One training of a search, judged by the validation set.

    Attributes:
        number: from 1.
        loss: the best validation loss, in nats; None for one that went astray.
        accuracy: validation accuracy of the same weights, 0 to 1.
        seconds: that it took.
    """

    number: int
    config: TrainConfig
    loss: float | None
    accuracy: float
    seconds: float


@dataclass(frozen=True, slots=True)
class SearchResult:
    """All trials of a search in order; the first is that of the settings it began with."""

    trials: tuple[Trial, ...]

    @property
    def best(self) -> Trial:
        """The one with the lowest validation loss."""
        return min(
            self.trials, key=lambda trial: float("inf") if trial.loss is None else trial.loss
        )
