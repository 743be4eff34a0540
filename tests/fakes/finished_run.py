"""A finished run on a library in memory, trained in numpy."""

from __future__ import annotations

from types import SimpleNamespace

from facegui.domain.control import NullControl
from facegui.domain.dataset import Split
from facegui.services.learning.networks import default_config
from facegui.services.learning.train import TrainRequest, train
from facegui.services.runs.records import RunRecord
from tests.fakes.trainer import FakeTrainer
from tests.fakes.training_library import FakeLibrary


def finished_run(library: FakeLibrary, split: Split | None = None) -> RunRecord:
    """Train a head on what *library* has now."""
    tools = SimpleNamespace(trainer=FakeTrainer())
    request = TrainRequest(default_config("face-transfer"), split or Split())
    return train(library, tools, request, NullControl()).record
