"""Each hyper-parameter does what it says, in the real engine."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest

from facegui.domain.control import NullControl
from facegui.domain.training import (
    Balance,
    FitResult,
    Optimizer,
    Precision,
    Schedule,
    StopReason,
    TrainConfig,
)
from facegui.network.face_transfer import HEAD_BIAS, HEAD_KERNEL
from facegui.network.registry import network
from facegui.services.engine import Engine
from facegui.training.fit import FIT_JOB
from tests.fakes import step_jobs
from tests.fakes.shapes import embeddings, fit_request, shape_crops
from tests.fakes.step_jobs import PrecisionSeen, StepsRequest, StepsSeen

pytestmark = pytest.mark.engine

# The head starts from zero, so that each step of plain SGD is told by its gradient alone.
HEAD = dataclasses.replace(
    network("face-transfer").defaults, optimizer=Optimizer.SGD, momentum=0.0, learning_rate=0.5
)
WEIGHTED = dataclasses.replace(HEAD, balance=Balance.WEIGHTS)
SMALL = dataclasses.replace(
    network("two-layer").defaults,
    batch_size=12,
    max_epochs=2,
    patience=None,
    dropout=0.0,
    normalise=True,
)
VECTORS = np.random.default_rng(0).normal(scale=0.1, size=(6, 128)).astype(np.float32)
CROPS = shape_crops(2, size=28)[0]
PEOPLE = tuple("abcdef")


def steps(
    engine: Engine,
    config: TrainConfig,
    *rates: float,
    class_weights: tuple[float, ...] | None = None,
) -> StepsSeen:
    inputs = VECTORS if config.network == "face-transfer" else CROPS
    request = StepsRequest(config, inputs, rates, class_weights)
    found = engine.run(f"{step_jobs.MODULE}:steps", request, NullControl())
    assert isinstance(found, StepsSeen)
    return found


def kernels(seen: StepsSeen) -> list[np.ndarray]:
    return [weights[HEAD_KERNEL] for weights in seen.weights]


def test_the_rate_is_that_of_each_step(engine: Engine) -> None:
    start, first, second, third = kernels(steps(engine, HEAD, 0.5, 0.0, 1.0))
    assert np.abs(first - start).max() > 0.01
    np.testing.assert_array_equal(second, first)
    assert np.abs(third - second).max() > 0.01
    doubled = kernels(steps(engine, HEAD, 1.0))[1]
    np.testing.assert_allclose(doubled, 2 * first, rtol=1e-5)


def test_momentum_goes_on_in_the_last_direction(engine: Engine) -> None:
    heavy = dataclasses.replace(HEAD, momentum=0.75)
    _, first, plain = kernels(steps(engine, HEAD, 0.5, 0.5))
    _, same, carried = kernels(steps(engine, heavy, 0.5, 0.5))
    np.testing.assert_allclose(same, first, rtol=1e-5)
    np.testing.assert_allclose(carried - plain, 0.75 * first, atol=1e-5)


@pytest.mark.parametrize(
    # The first step divides the gradient by its own size, or by a mean in which it is a tenth.
    ("optimizer", "size"),
    [(Optimizer.ADAM, 0.01), (Optimizer.RMSPROP, 0.01 / 0.1**0.5)],
)
def test_optimisers_that_scale_each_weight(
    engine: Engine, optimizer: Optimizer, size: float
) -> None:
    _, first = kernels(steps(engine, dataclasses.replace(HEAD, optimizer=optimizer), 0.01))
    assert np.median(np.abs(first)) == pytest.approx(size, rel=0.01)


@pytest.mark.parametrize("optimizer", list(Optimizer))
def test_weight_decay_shrinks_kernels_and_nothing_else(
    engine: Engine, optimizer: Optimizer
) -> None:
    plain = dataclasses.replace(SMALL, optimizer=optimizer, weight_decay=0.0)
    seen = steps(engine, plain, 0.01)
    decayed = steps(engine, dataclasses.replace(plain, weight_decay=0.5), 0.01)
    for name, start in seen.weights[0].items():
        difference = seen.weights[1][name] - decayed.weights[1][name]
        share = 0.01 * 0.5 if name.endswith("kernel") else 0.0
        np.testing.assert_allclose(difference, share * start, atol=1e-6, err_msg=name)


def test_a_truth_spread_over_everybody_teaches_nothing(engine: Engine) -> None:
    start, first = kernels(steps(engine, dataclasses.replace(HEAD, label_smoothing=1.0), 0.5))
    np.testing.assert_allclose(first, start, atol=1e-7)


def test_smoothing_and_weights_leave_the_loss_that_is_told_alone(engine: Engine) -> None:
    """Also once the network has learned something; all three then differ in what they go down."""
    plain = steps(engine, HEAD, 0.5, 0.0, 0.0)
    told = plain.losses[1]
    assert told < plain.losses[0] == pytest.approx(np.log(3))
    half = dataclasses.replace(HEAD, label_smoothing=0.5)
    smoothed = steps(engine, half, 1.0)  # half the truth: the same first step at twice the rate
    np.testing.assert_allclose(kernels(smoothed)[1], kernels(plain)[1], atol=1e-5)
    assert steps(engine, half, 1.0, 0.0).losses[1] == pytest.approx(told, rel=1e-4)
    weighted = steps(engine, WEIGHTED, 0.25, 0.0, class_weights=(2.0, 2.0, 2.0))
    assert weighted.losses[1] == pytest.approx(told, rel=1e-4)


def test_a_person_without_weight_is_not_learned(engine: Engine) -> None:
    seen = steps(engine, WEIGHTED, 0.5, class_weights=(0.0, 0.0, 3.0))
    bias = seen.weights[1][HEAD_BIAS]
    np.testing.assert_allclose(bias, [-1 / 6, -1 / 6, 1 / 3], atol=1e-6)


@pytest.mark.parametrize(
    ("precision", "computes"),
    [(Precision.FLOAT32, {"float32"}), (Precision.BFLOAT16, {"bfloat16"})],
)
def test_precision_is_that_of_this_model_alone(
    engine: Engine, precision: Precision, computes: set[str]
) -> None:
    config = dataclasses.replace(SMALL, precision=precision)
    seen = engine.run(f"{step_jobs.MODULE}:precision", config, NullControl())
    assert seen == PrecisionSeen(computes, {"float32"}, {"float32"}, "float32")


# Whole runs


def fit(engine: Engine, folder: Path, config: TrainConfig) -> FitResult:
    request = fit_request(folder, config, *embeddings(12, len(PEOPLE)), PEOPLE)
    result = engine.run(FIT_JOB, request, NullControl())
    assert isinstance(result, FitResult)
    return result


@pytest.mark.parametrize("balance", [Balance.WEIGHTS, Balance.NONE])
@pytest.mark.parametrize("precision", list(Precision))
def test_a_run_with_everything(
    engine: Engine, tmp_path: Path, balance: Balance, precision: Precision
) -> None:
    config = dataclasses.replace(
        network("face-transfer").defaults,
        balance=balance,
        precision=precision,
        schedule=Schedule.COSINE,
        warmup_epochs=1,
        weight_decay=0.01,
        label_smoothing=0.1,
        max_epochs=6,
    )
    result = fit(engine, tmp_path, config)
    assert result.metrics.validation_accuracy == 1.0
    rates = [point.learning_rate for point in result.curve]
    assert rates[:8] == pytest.approx([0.1 * step / 8 for step in range(1, 9)])
    assert rates[8] == pytest.approx(0.1)
    assert rates[8:] == sorted(rates[8:], reverse=True)
    assert 0 < rates[-1] < 0.001


def test_a_plateau_lowers_the_rate(engine: Engine, tmp_path: Path) -> None:
    config = dataclasses.replace(
        HEAD,
        learning_rate=500.0,
        schedule=Schedule.PLATEAU,
        schedule_patience=1,
        schedule_factor=0.5,
        max_epochs=12,
    )
    result = fit(engine, tmp_path, config)
    rates = [point.learning_rate for point in result.curve]
    assert rates[0] == 500.0
    assert rates[-1] < 500.0
    assert {np.log2(500.0 / rate) % 1 for rate in rates} == {0.0}


def test_the_time_is_up(engine: Engine, tmp_path: Path) -> None:
    config = dataclasses.replace(HEAD, max_epochs=None, max_seconds=0.0)
    result = fit(engine, tmp_path, config)
    assert result.metrics.stopped_by is StopReason.TIME
    assert result.metrics.steps == 1
    assert result.curve[-1].validation_loss is not None
