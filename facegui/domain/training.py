"""What a training is asked to do, what it reports while it runs, and what it ends with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

import numpy as np
from numpy.typing import NDArray

from facegui.domain.dataset import Subset


@dataclass(frozen=True, slots=True)
class Augmentation:
    """Random changes to training crops; each range is drawn from anew for every crop and step.

    Attributes:
        flip: mirror half of the crops.
        shift: moved by up to ± this fraction of the side, both ways.
        zoom: larger or smaller by up to ± this fraction.
        rotation: turned about the middle by up to ± this many degrees.
        shear: uprights leaned by up to ± this many degrees.
        brightness: added, ± this fraction of full scale.
        contrast: factor, from and to.
        hue: turned by ± this fraction of the colour circle.
        saturation: factor, from and to.
        blur: Gaussian, with a standard deviation of up to this many pixels of the crop.
        cutout: one square, its side up to this fraction of the crop's, loses what it shows.
    """

    flip: bool = True
    shift: float = 0.0
    zoom: float = 0.0
    rotation: float = 0.0
    shear: float = 0.0
    brightness: float = 0.0
    contrast: tuple[float, float] = (1.0, 1.0)
    hue: float = 0.0
    saturation: tuple[float, float] = (1.0, 1.0)
    blur: float = 0.0
    cutout: float = 0.0


class Optimizer(Enum):
    """How a step follows from its gradient."""

    ADAM = "adam"
    SGD = "sgd"
    RMSPROP = "rmsprop"


class Schedule(Enum):
    """How the learning rate goes on: level, lower whenever validation stalls, or along a cosine.

    The cosine (Loshchilov and Hutter, ICLR 2017) ends at zero with the last allowed step or second;
    where neither is bounded, the run ends with it after 100 epochs.
    """

    CONSTANT = "constant"
    PLATEAU = "plateau"
    COSINE = "cosine"


class Precision(Enum):
    """What convolutions and products are computed in; weights are float32 either way."""

    FLOAT32 = "float32"
    BFLOAT16 = "bfloat16"


class Balance(Enum):
    """What is done for people with few faces.

    TURNS: everybody comes equally often, faces of people with few are repeated more.
    WEIGHTS: faces come as often as they are, those of people with few count for more.
    NONE: nothing.
    """

    TURNS = "turns"
    WEIGHTS = "weights"
    NONE = "none"


class CropKind(Enum):
    """How a face is cut out: turned and scaled by its landmarks, or a padded square of its box."""

    ALIGNED = "aligned"
    BOX = "box"


@dataclass(frozen=True, slots=True)
class TrainConfig:
    """Hyper-parameters of one run. `facegui.network.registry` has each network's defaults.

    Attributes:
        network: registry name: ``classic``, ``face-transfer``, …
        crop: how faces are cut out; None for the network's own way, and for embeddings.
        balance: what is done for people with few faces.
        optimizer: Adam, SGD with *momentum*, or RMSprop.
        momentum: of SGD, 0 to 1.
        learning_rate: to start from.
        schedule: how it goes on from there.
        schedule_patience: epochs without a better validation loss before a plateau lowers it.
        schedule_factor: what a plateau multiplies it with, 0 to 1.
        warmup_epochs: epochs in which it climbs from zero first.
        weight_decay: decoupled from the gradient (Loshchilov and Hutter, ICLR 2019), on kernels
            only, as a fraction of the learning rate.
        label_smoothing: share of the truth spread over all people, 0 to 1.
        precision: what the network computes in.
        fine_tune_blocks: last blocks of a pretrained backbone that learn too; 0 keeps it frozen.
        normalise: batch normalisation after each convolution.
        dropout: fraction dropped before the softmax, 0 to 1 (0.3 is the tutorial's keep 0.7).
        weight_average: momentum, 0 to 1, of the running mean of the weights that is validated and
            kept in place of the last ones; 0 for none.
        max_epochs: passes over the training crops; None leaves it to the other stopping rules.
        max_steps: batches; None likewise.
        patience: epochs without a better validation loss before stopping; None never stops so.
        target_accuracy: stop as soon as validation accuracy reaches it, 0 to 1; None never.
        max_seconds: stop after so long, pauses left out, and keep the best; None never.
    """

    network: str
    seed: int = 0
    crop: CropKind | None = None
    balance: Balance = Balance.TURNS
    batch_size: int = 32
    optimizer: Optimizer = Optimizer.ADAM
    momentum: float = 0.9
    learning_rate: float = 1e-3
    schedule: Schedule = Schedule.CONSTANT
    schedule_patience: int = 5
    schedule_factor: float = 0.1
    warmup_epochs: int = 0
    weight_decay: float = 0.0
    label_smoothing: float = 0.0
    precision: Precision = Precision.FLOAT32
    fine_tune_blocks: int = 0
    normalise: bool = True
    dropout: float = 0.3
    weight_average: float = 0.0
    max_epochs: int | None = None
    max_steps: int | None = None
    patience: int | None = 12
    target_accuracy: float | None = None
    max_seconds: float | None = None
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
        seconds: since the first step, pauses left out.
        learning_rate: of this step.
    """

    step: int
    epoch: int
    loss: float
    accuracy: float
    validation_loss: float | None
    validation_accuracy: float | None
    seconds: float
    learning_rate: float


@dataclass(frozen=True, slots=True, eq=False)
class Guesses:
    """What the network says of some validation crops at the end of an epoch.

    Attributes:
        rows: of the training's inputs, up to 48, the same ones all through a run.
        probabilities: softmax (len(rows), classes).
    """

    step: int
    epoch: int
    rows: tuple[int, ...]
    probabilities: NDArray[np.float32]


class StopReason(Enum):
    """Why a training ended."""

    CONVERGED = "converged"
    TARGET = "target"
    LIMIT = "limit"
    TIME = "time"
    OWNER = "owner"


@dataclass(frozen=True, slots=True)
class RunMetrics:
    """What the best weights of a run reached, on crops as they are.

    The validation set chose the best weights, so it flatters them; the test set did not.

    Attributes:
        test_accuracy: on the test set; None without one.
    """

    validation_accuracy: float
    validation_loss: float
    best_step: int
    steps: int
    epochs: int
    seconds: float
    train_count: int
    validation_count: int
    test_accuracy: float | None
    test_count: int
    stopped_by: StopReason

    @property
    def accuracy(self) -> float:
        """On the test set; without one, on the validation set."""
        return self.validation_accuracy if self.test_accuracy is None else self.test_accuracy

    @property
    def judged_count(self) -> int:
        """How many crops `accuracy` is about."""
        return self.test_count or self.validation_count


@dataclass(frozen=True, slots=True)
class NetworkCost:
    """What a network with its own settings costs on this machine.

    Attributes:
        step_ms: one step of a training: a batch, or the part that goes through it at once.
        answer_ms: one crop asked about, in all its views.
    """

    step_ms: float
    answer_ms: float


@dataclass(frozen=True, slots=True)
class FitRequest:
    """What the engine needs to train: arrays on disk (memory-mapped), labels, where to write.

    Attributes:
        inputs_path: ``.npy`` of all items: uint8 (n, size, size, 3) RGB crops for a CNN, or
            float32 (n, 128) embeddings for Face transfer.
        labels: integer label of each item.
        subsets: for each item, the side of the split it is on. Those to test with are not looked
            at before the best weights are chosen.
        class_names: in label order.
        run_dir: existing folder; receives ``weights.safetensors``, ``features.npy`` and
            ``tensorboard/``.
        pretrained_path: the file of the network's pretrained part; None where it has none.
    """

    config: TrainConfig
    inputs_path: str
    labels: tuple[int, ...]
    subsets: tuple[Subset, ...]
    class_names: tuple[str, ...]
    run_dir: str
    pretrained_path: str | None = None


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


class Scoring(Enum):
    """What a face's score for a person is; see `facegui.network.scoring`."""

    COSINE = "cosine"
    PRODUCT = "cosine-times-probability"


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Below these scores for its likeliest person a face is *unknown*.

    Attributes:
        overall: for people without one of their own.
        per_person: by name.
        scoring: which score is meant.
    """

    overall: float
    per_person: Mapping[str, float] = field(default_factory=dict)
    scoring: Scoring = Scoring.COSINE

    def of(self, name: str) -> float:
        """What *name* needs."""
        return self.per_person.get(name, self.overall)


@dataclass(frozen=True, slots=True)
class Calibration:
    """The thresholds that were found, and how they did on the faces that they were found from.

    Attributes:
        known: faces of the people it knows, from which it did not learn what they look like.
        known_lost: those of them that would not be given their own name.
        impostors: those whose own person is the likeliest, held against everybody else.
        impostors_named: those of them that are above a threshold.
        strangers: faces of people it does not know.
        strangers_named: likewise.
    """

    thresholds: Thresholds
    known: int
    known_lost: int
    impostors: int
    impostors_named: int
    strangers: int
    strangers_named: int
