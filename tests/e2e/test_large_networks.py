"""Batches in parts, as large networks need them, and what a network costs."""

from __future__ import annotations

from dataclasses import replace
from typing import cast

import numpy as np
import pytest
from numpy.typing import NDArray

from facegui.domain.control import NullControl
from facegui.domain.training import NetworkCost, Optimizer
from facegui.network.registry import network
from facegui.services.engine import Engine
from facegui.training.cost import COST_JOB
from tests.fakes import tensor_jobs

pytestmark = pytest.mark.engine

SGD = replace(
    network("face-transfer").defaults, optimizer=Optimizer.SGD, momentum=0.0, weight_average=0.0
)


def test_parts_of_a_batch_teach_what_all_of_it_does(engine: Engine) -> None:
    job = f"{tensor_jobs.MODULE}:in_parts"
    found = cast("list[NDArray[np.float32]]", engine.run(job, SGD, NullControl()))
    before, half, whole, at_once = found
    np.testing.assert_array_equal(half, before)
    assert (whole != before).any()
    np.testing.assert_allclose(whole, at_once, atol=1e-6)


@pytest.mark.parametrize("name", ["face-transfer", "two-layer"])
def test_costs_are_measured(engine: Engine, name: str) -> None:
    cost = engine.run(COST_JOB, network(name).defaults, NullControl())
    assert isinstance(cost, NetworkCost)
    assert cost.step_ms > 0
    assert cost.answer_ms > 0
