"""How long a training will go on: by its limits, and by its patience."""

from __future__ import annotations

import pytest

from facegui.domain.training import CurvePoint, TrainConfig
from facegui.gui.train.left import Forecast, Left


def points(*losses: float | None) -> list[CurvePoint]:
    """Batches of half a second; every fourth ends an epoch, with its validation loss."""
    return [
        CurvePoint(
            step, 1 + (step - 1) // 4, 1.0, 0.5, loss, None if loss is None else 0.5,
            step / 2, 0.01,
        )
        for step, loss in enumerate(losses, start=1)
    ]  # fmt: skip


def left(config: TrainConfig, *losses: float | None) -> Left:
    forecast = Forecast(config)
    for point in points(*losses):
        forecast.add([point])
    return forecast.left()


EPOCH = (None, None, None)


def test_nothing_is_known_before_there_is_a_pace() -> None:
    assert left(TrainConfig("classic", max_steps=10)) == Left(None, None)
    assert left(TrainConfig("classic", max_steps=10), None) == Left(None, None)


def test_a_limit_of_batches() -> None:
    found = left(TrainConfig("classic", max_steps=10, patience=None), None, None)
    assert found == Left(pytest.approx(4.0), None)


def test_a_limit_of_epochs_once_one_has_ended() -> None:
    config = TrainConfig("classic", max_epochs=3, patience=None)
    assert left(config, *EPOCH) == Left(None, None)
    assert left(config, *EPOCH, 1.0) == Left(pytest.approx(4.0), None)


def test_a_limit_of_time() -> None:
    config = TrainConfig("classic", max_seconds=30, patience=None)
    assert left(config, None, None) == Left(pytest.approx(29.0), None)


def test_the_nearest_limit_counts() -> None:
    config = TrainConfig("classic", max_steps=1000, max_seconds=3, patience=None)
    assert left(config, None, None).most == pytest.approx(2.0)


def test_patience_counts_from_the_best_epoch() -> None:
    config = TrainConfig("classic", patience=2)
    worse = (*EPOCH, 1.0, *EPOCH, 2.0)
    assert left(config, *worse) == Left(None, pytest.approx(2.0))
    assert left(config, *worse, *EPOCH, 0.5) == Left(None, pytest.approx(4.0))


def test_patience_that_a_limit_forestalls_is_not_told() -> None:
    config = TrainConfig("classic", patience=50, max_steps=10)
    assert left(config, *EPOCH, 1.0) == Left(pytest.approx(3.0), None)


def test_what_is_past_is_not_negative() -> None:
    config = TrainConfig("classic", max_steps=2, max_seconds=0.5, patience=1)
    found = left(config, *EPOCH, 1.0, *EPOCH, 2.0)
    assert found.most == 0
