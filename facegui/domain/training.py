"""What a training is asked to do, what it reports while it runs, and what it ends with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum


@dataclass(frozen=True, slots=True)
class Augmentation:
    """Random changes to training crops; each range is drawn from anew for every crop and step.

    Attributes:
        flip: mirror half of the crops.
        shift: moved by up to ± this fraction of the side, both ways.
        zoom: larger or smaller by up to ± this fraction.
        brightness: added, ± this fraction of full scale.
        contrast: factor, from and to.
        hue: turned by ± this fraction of the colour circle.
        saturation: factor, from and to.
    """

    flip: bool = True
    shift: float = 0.0
    zoom: float = 0.0
    brightness: float = 0.0
    contrast: tuple[float, float] = (1.0, 1.0)
    hue: float = 0.0
    saturation: tuple[float, float] = (1.0, 1.0)


@dataclass(frozen=True, slots=True)
class TrainConfig:
    """Hyper-parameters of one run. `facegui.network.registry` has each network's defaults.

    Attributes:
        network: registry name: ``classic``, ``face-transfer``, …
        normalise: batch normalisation after each convolution.
        dropout: fraction dropped before the softmax, 0 to 1 (0.3 is the tutorial's keep 0.7).
        weight_average: momentum, 0 to 1, of the running mean of the weights that is validated and
            kept in place of the last ones; 0 for none.
        max_epochs: passes over the training crops; None leaves it to the other stopping rules.
        max_steps: batches; None likewise.
        patience: epochs without a better validation loss before stopping; None never stops so.
        target_accuracy: stop as soon as validation accuracy reaches it, 0 to 1; None never.
    """

    network: str
    seed: int = 0
    batch_size: int = 32
    learning_rate: float = 1e-3
    normalise: bool = True
    dropout: float = 0.3
    weight_average: float = 0.0
    max_epochs: int | None = None
    max_steps: int | None = None
    patience: int | None = 12
    target_accuracy: float | None = None
    augmentation: Augmentation = field(default_factory=Augmentation)


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """One batch on the live chart; the validation values are there once an epoch ends.

    Attributes:
        step: batches done so far, from 1.
        epoch: passes begun so far, from 1.
        loss: cross-entropy in nats of this batch.
        accuracy: fraction right of this batch, 0 to 1.
        validation_loss: over the whole unaugmented validation set, or None.
        validation_accuracy: likewise.
        seconds: since the first step.
    """

    step: int
    epoch: int
    loss: float
    accuracy: float
    validation_loss: float | None
    validation_accuracy: float | None
    seconds: float


class StopReason(Enum):
    """Why a training ended."""

    CONVERGED = "converged"
    TARGET = "target"
    LIMIT = "limit"
    OWNER = "owner"


@dataclass(frozen=True, slots=True)
class RunMetrics:
    """What the best weights of a run reached, on the unaugmented validation set."""

    validation_accuracy: float
    validation_loss: float
    best_step: int
    steps: int
    epochs: int
    seconds: float
    train_count: int
    validation_count: int
    stopped_by: StopReason


@dataclass(frozen=True, slots=True)
class FitRequest:
    """What the engine needs to train: arrays on disk (memory-mapped), labels, where to write.

    Attributes:
        inputs_path: ``.npy`` of all items: uint8 (n, size, size, 3) RGB crops for a CNN, or
            float32 (n, 128) embeddings for Face transfer.
        labels: integer label of each item.
        validation: for each item, whether it is held out.
        class_names: in label order.
        run_dir: existing folder; receives ``weights.safetensors``, ``features.npy`` and
            ``tensorboard/``.
    """

    config: TrainConfig
    inputs_path: str
    labels: tuple[int, ...]
    validation: tuple[bool, ...]
    class_names: tuple[str, ...]
    run_dir: str


@dataclass(frozen=True, slots=True)
class FitResult:
    """What a fit leaves in its run folder, and how good it is.

    Attributes:
        weights_path: safetensors with the best weights.
        features_path: ``.npy`` float32 (n, d): the unit-length penultimate features of every item.
        probabilities_path: ``.npy`` float32 (n, classes): softmax output of every item.
    """

    metrics: RunMetrics
    curve: tuple[CurvePoint, ...]
    weights_path: str
    features_path: str
    probabilities_path: str


@dataclass(frozen=True, slots=True)
class Preprocessing:
    """How a photo becomes this network's input; travels inside the bundle.

    Attributes:
        kind: ``"embedding"`` (SFace vector) or ``"aligned"`` (landmark-aligned RGB crop) or
            ``"box"`` (padded square box crop).
        size_px: side of the crop; 0 for embeddings.
        margin: extra room around the box as a fraction of its longer side; for ``"aligned"``,
            around the ArcFace template.
    """

    kind: str
    size_px: int
    margin: float


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Below these cosine similarities to a person's prototype a face is *unknown*.

    Attributes:
        overall: for people without one of their own.
        per_person: by name.
    """

    overall: float
    per_person: Mapping[str, float] = field(default_factory=dict)
