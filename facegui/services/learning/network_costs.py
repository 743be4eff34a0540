"""How large each network is, and how long it takes on this machine once that was measured."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import cast

import platformdirs

from facegui.domain.control import Control
from facegui.domain.training import NetworkCost, TrainConfig
from facegui.files import file_faults, write_atomic
from facegui.network.registry import network, network_names
from facegui.services.tools import Tools
from facegui.training.cost import COST_JOB
from facegui.training.pace import pace
from facegui.training.schedule import step_limit

_PEOPLE = 10
_USUAL_EPOCHS = 60
"""Passes that a training takes which only patience ends."""
_FILE_NAME = "network-costs.json"


def costs_file() -> Path:
    """Where the figures of this machine are kept."""
    return Path(platformdirs.user_data_path("facegui", appauthor=False)) / _FILE_NAME


def measured_costs() -> dict[str, NetworkCost]:
    """By network, those measured so far; a damaged file counts as none."""
    try:
        found = json.loads(costs_file().read_text("utf-8"))
        return {name: NetworkCost(**found[name]) for name in found if name in network_names()}
    except (OSError, ValueError, TypeError, AttributeError):
        return {}


def measure_costs(tools: Tools, control: Control) -> dict[str, NetworkCost]:
    """Time every network in the engine, the quick ones first, and keep what was found.

    Raises:
        Cancelled: stopped; what was measured before is kept.
        EngineError: a network is too large for this machine.
        StorageFault: the disk is full.
    """
    found = measured_costs()
    for name in sorted(network_names(), key=parameters):
        config = network(name).defaults
        found[name] = cast("NetworkCost", tools.trainer.run(COST_JOB, config, control))
        _keep(found)
    return found


def parameters(name: str) -> int:
    """How many numbers the network called *name* consists of, for ten people."""
    spec = network(name)
    return sum(math.prod(shape) for shape in spec.tensor_shapes(spec.defaults, _PEOPLE).values())


def expected_seconds(config: TrainConfig, faces: int, cost: NetworkCost) -> float:
    """How long a training that learns from that many *faces* will take about."""
    spec = network(config.network)
    epoch_steps = pace(config, faces).epoch_steps
    steps = step_limit(config, epoch_steps) or _USUAL_EPOCHS * epoch_steps
    once = 0.0  # each crop, as it is and mirrored, through a backbone that stays as it is
    if spec.backbone is not None and config.fine_tune_blocks == 0:
        once = faces * cost.answer_ms
    most = math.inf if config.max_seconds is None else config.max_seconds
    return min((once + steps * cost.step_ms) / 1000, most)


def _keep(costs: Mapping[str, NetworkCost]) -> None:
    path = costs_file()
    with file_faults(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        text = json.dumps({name: asdict(cost) for name, cost in costs.items()}, indent=1)
        write_atomic(path, text.encode())
