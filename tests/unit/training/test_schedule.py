"""Learning rates: warm-up, plateaus and cosines, and where a run without limits ends."""

from __future__ import annotations

from dataclasses import replace

import pytest

from facegui.domain.training import Schedule, TrainConfig
from facegui.training.schedule import COSINE_EPOCHS, LearningRate, step_limit

PLAIN = TrainConfig("classic", learning_rate=0.5)
EPOCH = 10


def rates(config: TrainConfig, steps: int, seconds_a_step: float = 0.0) -> list[float]:
    rate = LearningRate(config, EPOCH)
    return [rate.at(step, (step - 1) * seconds_a_step) for step in range(1, steps + 1)]


def test_level() -> None:
    assert rates(PLAIN, 50) == [0.5] * 50


@pytest.mark.parametrize("schedule", list(Schedule))
def test_warm_up_climbs_evenly_from_zero(schedule: Schedule) -> None:
    config = replace(PLAIN, schedule=schedule, warmup_epochs=2, max_epochs=20)
    climb = rates(config, 20)
    assert climb == pytest.approx([0.5 * step / 20 for step in range(1, 21)])
    assert rates(config, 21)[-1] == pytest.approx(0.5)


def test_a_cosine_falls_from_the_whole_rate_to_nothing() -> None:
    config = replace(PLAIN, schedule=Schedule.COSINE, max_epochs=10)
    curve = rates(config, 100)
    assert curve[0] == 0.5
    assert curve[50] == pytest.approx(0.25)
    assert 0 < curve[-1] < 0.001
    assert curve == sorted(curve, reverse=True)


def test_a_cosine_begins_after_warm_up() -> None:
    config = replace(PLAIN, schedule=Schedule.COSINE, max_steps=120, warmup_epochs=2)
    assert max(rates(config, 120)) == rates(config, 21)[-1] == 0.5
    assert rates(config, 71)[-1] == pytest.approx(0.25)


def test_a_cosine_ends_with_the_bound_that_is_nearer() -> None:
    config = replace(PLAIN, schedule=Schedule.COSINE, max_steps=100, max_seconds=10.0)
    assert rates(config, 26, seconds_a_step=0.2)[-1] == pytest.approx(0.25)  # 5 s are over
    assert rates(config, 100, seconds_a_step=0.2)[-1] == 0.0
    assert rates(config, 51, seconds_a_step=0.01)[-1] == pytest.approx(0.25)


def test_a_plateau_lowers_the_rate_and_waits_again() -> None:
    config = replace(PLAIN, schedule=Schedule.PLATEAU, schedule_patience=3, schedule_factor=0.1)
    rate = LearningRate(config, EPOCH)
    seen = []
    for epoch in range(1, 13):
        rate.heed(epoch, best_epoch=min(epoch, 2))  # better once more, in the second epoch
        seen.append(rate.at(epoch * EPOCH + 1, 0.0))
    expected = [0.5] * 4 + [0.05] * 3 + [0.005] * 3 + [0.0005] * 2
    assert seen == pytest.approx(expected)


@pytest.mark.parametrize("schedule", [Schedule.CONSTANT, Schedule.COSINE])
def test_only_a_plateau_heeds_validation(schedule: Schedule) -> None:
    rate = LearningRate(replace(PLAIN, schedule=schedule, schedule_patience=1), EPOCH)
    rate.heed(9, best_epoch=1)
    assert rate.at(1, 0.0) == 0.5


def test_limits() -> None:
    assert step_limit(PLAIN, EPOCH) is None
    assert step_limit(replace(PLAIN, max_epochs=3), EPOCH) == 30
    assert step_limit(replace(PLAIN, max_epochs=3, max_steps=25), EPOCH) == 25


def test_a_cosine_that_nothing_bounds_has_an_end() -> None:
    config = replace(PLAIN, schedule=Schedule.COSINE)
    assert step_limit(config, EPOCH) == COSINE_EPOCHS * EPOCH
    assert step_limit(replace(config, max_seconds=60.0), EPOCH) is None
    assert rates(config, COSINE_EPOCHS * EPOCH)[-1] < 1e-4
