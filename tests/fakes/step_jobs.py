"""Jobs that take single training steps in the engine, and look at what they did."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from facegui.domain.control import Control
from facegui.domain.training import TrainConfig
from facegui.network.model import Inference, build_model, tensors_of
from facegui.training.step import TrainStep

MODULE = __name__
CLASSES = 3


@dataclass(frozen=True)
class StepsRequest:
    """Batches to take steps on, one rate for each; labels go round the classes."""

    config: TrainConfig
    inputs: NDArray[np.generic]
    rates: tuple[float, ...]
    class_weights: tuple[float, ...] | None = None


@dataclass(frozen=True)
class StepsSeen:
    """*weights*: before the first step and after each. *losses*: of each step."""

    weights: list[dict[str, NDArray[np.float32]]]
    losses: list[float]


def steps(request: StepsRequest, control: Control) -> StepsSeen:
    """The same batch again and again, at each of the rates in turn."""
    model = build_model(request.config, CLASSES)
    step = TrainStep(model, request.config)
    if request.class_weights is not None:
        step.weigh(np.array(request.class_weights, np.float32))
    labels = np.arange(len(request.inputs), dtype=np.int32) % CLASSES
    seen, losses = [tensors_of(model)], []
    for number, rate in enumerate(request.rates, start=1):
        loss, _ = step(request.inputs, labels, np.array([0, number], np.int32), rate)
        losses.append(loss)
        seen.append(tensors_of(model))
    return StepsSeen(seen, losses)


@dataclass(frozen=True)
class PrecisionSeen:
    """What a model computes in, holds and answers, and what the next model would compute in."""

    computes: set[str]
    holds: set[str]
    answers: set[str]
    next_model: str


def precision(request: TrainConfig, control: Control) -> PrecisionSeen:
    import keras  # noqa: TID251 - a job of the engine

    model = build_model(request, CLASSES)
    crops = np.zeros((2, *model.input_shape[1:]), np.uint8)
    ((_, answers),) = Inference(model, request).batches(crops, np.arange(2))
    return PrecisionSeen(
        computes={layer.compute_dtype for layer in model.layers if layer.weights},
        holds={str(np.asarray(weight).dtype) for weight in model.weights},
        answers={str(answer.dtype) for answer in answers},
        next_model=keras.config.dtype_policy().name,
    )
