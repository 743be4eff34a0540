"""What a network costs on this machine: a job that times it for a few seconds. Engine only."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from facegui.domain.control import Control, Progress
from facegui.domain.errors import Cancelled
from facegui.domain.text import tr
from facegui.domain.training import NetworkCost, TrainConfig
from facegui.network.model import Inference, build_model
from facegui.network.registry import network
from facegui.training.bottlenecks import HeadOnly
from facegui.training.step import TrainStep

COST_JOB = "facegui.training.cost:measure"
PEOPLE = 10
ROUNDS = 5
ENOUGH_S = 2.0


def measure(request: TrainConfig, control: Control) -> NetworkCost:
    """Time a training step and an answer of the network in *request*, with random weights.

    Raises:
        Cancelled: stopped.
    """
    spec = network(request.network)
    control.report(Progress(0, 0, tr("Measuring {network}", network=spec.title)))
    model = build_model(request, PEOPLE)
    random = np.random.default_rng(0)
    rows = min(request.batch_size, spec.at_once or request.batch_size)
    labels = np.arange(rows, dtype=np.int32) % PEOPLE
    seed = np.array([0, 1], np.int32)
    inputs: NDArray[np.generic] = random.random((rows, *spec.input_shape)).astype(np.float32)
    if spec.preprocessing.size_px > 0:
        inputs = (255 * inputs).astype(np.uint8)
    infer = Inference(model, request)
    answer_ms = _median_ms(lambda: list(infer.batches(inputs[:1], np.arange(1))), control)
    frozen = spec.backbone is not None and request.fine_tune_blocks == 0
    learner = HeadOnly(model, 1) if frozen else model
    step = TrainStep(learner, request)
    shown = random.random((rows, *learner.input_shape[1:])).astype(np.float32) if frozen else inputs
    step_ms = _median_ms(lambda: step(shown, labels, seed, request.learning_rate), control)
    return NetworkCost(step_ms=step_ms, answer_ms=answer_ms)


def _median_ms(work: Callable[[], object], control: Control) -> float:
    """Of a few rounds after a first that does not count; of fewer when they take long."""
    found: list[float] = []
    for _ in range(ROUNDS + 1):
        if control.cancelled():
            raise Cancelled
        begun = time.perf_counter()
        work()
        found.append(1000 * (time.perf_counter() - begun))
        if len(found) > 1 and sum(found) > 1000 * ENOUGH_S:
            break
    return statistics.median(found[1:])
