"""Sizes of networks, and what is known of their speed on this machine."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from facegui.domain.control import Control
from facegui.domain.errors import Cancelled
from facegui.domain.training import NetworkCost, Schedule, TrainConfig
from facegui.network.registry import network_names
from facegui.services.learning import network_costs
from facegui.services.learning.network_costs import (
    expected_seconds,
    measure_costs,
    measured_costs,
    parameters,
)
from facegui.services.learning.networks import default_config
from facegui.training.cost import COST_JOB
from tests.fakes.control import RecordingControl
from tests.fakes.faces import fake_tools

COST = NetworkCost(step_ms=100.0, answer_ms=5.0)


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "data" / "costs.json"
    monkeypatch.setattr(network_costs, "costs_file", lambda: path)
    return path


class Engine:
    """Answers with as many milliseconds as it was asked times; stops when told to."""

    def __init__(self, most: int = 99) -> None:
        self.asked: list[str] = []
        self._most = most

    def run(self, job: str, request: object, _control: Control) -> object:
        assert job == COST_JOB
        assert isinstance(request, TrainConfig)
        if len(self.asked) == self._most:
            raise Cancelled
        self.asked.append(request.network)
        return NetworkCost(float(len(self.asked)), 1.0)

    def close(self) -> None:
        pass


def test_sizes() -> None:
    assert parameters("face-transfer") == 128 * 10 + 10
    assert parameters("two-layer") == pytest.approx(3.27e6, rel=0.01)
    assert 4 * parameters("alexnet") == pytest.approx(234e6, rel=0.01)


def test_all_are_measured_once_and_remembered() -> None:
    engine = Engine()
    assert measured_costs() == {}
    found = measure_costs(fake_tools(trainer=engine), RecordingControl())
    assert set(found) == set(engine.asked) == set(network_names())
    assert engine.asked[0] == "face-transfer"
    assert engine.asked[-1] == "alexnet"
    assert measured_costs() == found


def test_what_was_measured_before_a_stop_is_kept() -> None:
    with pytest.raises(Cancelled):
        measure_costs(fake_tools(trainer=Engine(2)), RecordingControl())
    assert len(measured_costs()) == 2


@pytest.mark.parametrize("text", ["", "[1]", '{"classic": {"step_ms": 1}}', '{"classic": 3}'])
def test_a_damaged_file_counts_as_none(place: Path, text: str) -> None:
    place.parent.mkdir()
    place.write_text(text)
    assert measured_costs() == {}


def test_a_network_of_another_version_is_left_out(place: Path) -> None:
    place.parent.mkdir()
    place.write_text('{"gone": {"step_ms": 1, "answer_ms": 1}}')
    assert measured_costs() == {}


def test_time_follows_faces_epochs_and_limits() -> None:
    config = replace(default_config("modern"), max_epochs=10, max_steps=None, batch_size=32)
    assert expected_seconds(config, 320, COST) == pytest.approx(10.0)
    assert expected_seconds(config, 640, COST) == pytest.approx(20.0)
    assert expected_seconds(config, 3, COST) == pytest.approx(8.0)  # short epochs have 8 steps
    assert expected_seconds(replace(config, max_steps=50), 640, COST) == pytest.approx(5.0)
    assert expected_seconds(replace(config, max_seconds=3.0), 640, COST) == 3.0
    patient = replace(config, max_epochs=None, schedule=Schedule.CONSTANT)
    assert expected_seconds(patient, 320, COST) > 20


def test_large_networks_take_their_batches_in_parts() -> None:
    config = replace(default_config("alexnet"), max_epochs=1)
    assert expected_seconds(config, 400, COST) == pytest.approx(10.0)


def test_a_frozen_backbone_looks_at_every_crop_once() -> None:
    config = replace(default_config("mobilenet-v2"), max_epochs=1, batch_size=20)
    assert expected_seconds(config, 1000, COST) == pytest.approx(5.0 + 1000 * 0.005)
    tuned = replace(config, fine_tune_blocks=2)
    assert expected_seconds(tuned, 1000, COST) == pytest.approx(5.0)
