"""Learning from parts of a run's faces, always judged by the same ones."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from facegui.domain.control import NullControl, Stop
from facegui.domain.dataset import Split, Subset
from facegui.domain.errors import Cancelled
from facegui.services.judging.judge import Side, read_results
from facegui.services.judging.learning_curve import (
    FRACTIONS,
    SEEDS,
    LearningCurveRequest,
    latest_learning_curve,
    learn_from_parts,
    read_learning_curve,
)
from facegui.services.judging.learning_gain import LearningCurve
from facegui.services.learning.networks import default_config
from facegui.services.runs.records import RunRecord
from tests.fakes.control import RecordingControl
from tests.fakes.finished_run import finished_run
from tests.fakes.trainer import FakeTrainer
from tests.fakes.training_library import FakeLibrary

CONFIG = default_config("face-transfer")


@pytest.fixture
def library(tmp_path: Path) -> FakeLibrary:
    library = FakeLibrary(tmp_path / "library")
    for name in ("Zoë", "Ada", "Tom"):
        library.add(name, 20, folder=tmp_path / "photos", alike=0.8)
    return library


def learn(
    library: FakeLibrary, record: RunRecord, trainer: FakeTrainer, control: object = None
) -> LearningCurve:
    tools = SimpleNamespace(trainer=trainer)
    request = LearningCurveRequest(record, CONFIG)
    return learn_from_parts(library, tools, request, control or NullControl())


@pytest.mark.parametrize("test", [0.2, 0.0])
def test_parts_grow_and_the_test_stays(library: FakeLibrary, test: float) -> None:
    record = finished_run(library, split=Split(0.2, test))
    results = read_results(library, record)
    trainer = FakeTrainer()
    curve = learn(library, record, trainer)
    assert len(trainer.requests) == SEEDS * len(FRACTIONS)
    tested = results.rows(Side.TEST if test else Side.VALIDATION)
    assert curve.truth == tuple(results.truth[tested].tolist())
    for seed in range(SEEDS):
        asked = trainer.requests[seed * len(FRACTIONS) : (seed + 1) * len(FRACTIONS)]
        assert {request.config.seed for request in asked} == {seed}
        rows = [np.flatnonzero([s is Subset.TRAIN for s in one.subsets]) for one in asked]
        for smaller, larger in pairwise(rows):
            assert set(smaller) < set(larger)
        assert all(not set(part) & set(tested) for part in rows)
        assert all(asked[0].subsets[row] is Subset.TEST for row in tested)
        assert all(Subset.VALIDATION in one.subsets for one in asked)
        counts = tuple(
            tuple(np.bincount(results.truth[part], minlength=3).tolist()) for part in rows
        )
        assert counts == curve.learned
    assert all(min(faces) >= 1 for faces in curve.learned)
    assert curve.kept == (20, 20, 20)
    assert curve.scores[-1].accuracy == 1.0


def test_groups_that_are_learned_from_are_not_tested_with(library: FakeLibrary) -> None:
    library.group(1, 2, 3, 4)
    record = finished_run(library)
    trainer = FakeTrainer()
    learn(library, record, trainer)
    items = read_results(library, record).items
    tested = {item.group for item in items if item.subset is Subset.TEST}
    for request in trainer.requests:
        learned = {
            item.group
            for item, side in zip(items, request.subsets, strict=True)
            if side is Subset.TRAIN
        }
        assert not learned & tested


def test_the_result_is_noted_and_the_newest_found(library: FakeLibrary) -> None:
    first, second, third = (finished_run(library) for _ in range(3))
    assert latest_learning_curve(library) is None
    learn(library, first, FakeTrainer())
    curve = learn(library, second, FakeTrainer())
    assert read_learning_curve(library, second.id) == curve
    assert read_learning_curve(library, third.id) is None
    assert latest_learning_curve(library) == curve
    (library.runs_dir / second.id / "learning_curve.json").write_text("{}")
    assert latest_learning_curve(library) == read_learning_curve(library, first.id)


@pytest.mark.parametrize("how", [Stop.KEEP, Stop.DISCARD])
def test_a_part_of_a_curve_is_none(library: FakeLibrary, how: Stop) -> None:
    record = finished_run(library)
    trainer = FakeTrainer()
    control = RecordingControl(lambda _: how if len(trainer.requests) == 5 else Stop.NO)
    with pytest.raises(Cancelled):
        learn(library, record, trainer, control)
    assert read_learning_curve(library, record.id) is None
    assert control.progress[-1].total == SEEDS * len(FRACTIONS)
