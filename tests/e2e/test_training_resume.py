"""Trainings that wait, are killed, or go astray, in the real engine: what they had is not lost."""

from __future__ import annotations

import dataclasses
import itertools
import os
import signal
import threading
import time
from pathlib import Path

import numpy as np
import pytest
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

from facegui.domain.control import NullControl, Stop
from facegui.domain.errors import DatasetError, Diverged, OutOfMemory
from facegui.domain.training import (
    Balance,
    CurvePoint,
    FitRequest,
    FitResult,
    Optimizer,
    Schedule,
    TrainConfig,
)
from facegui.network.registry import network
from facegui.services.engine import Engine
from facegui.training.fit import FINISH_JOB, FIT_JOB, RESUME_JOB
from facegui.training.snapshot import FILE_NAME, read_standing
from tests.fakes.control import RecordingControl
from tests.fakes.shapes import embeddings, fit_request, shape_crops

pytestmark = pytest.mark.engine

SMALL = dataclasses.replace(
    network("two-layer").defaults,
    batch_size=12,
    schedule=Schedule.COSINE,
    weight_average=0.98,
    normalise=True,
    max_epochs=3,
    patience=None,
)
HEAD = dataclasses.replace(
    network("face-transfer").defaults,
    optimizer=Optimizer.SGD,
    schedule=Schedule.PLATEAU,
    schedule_patience=1,
    balance=Balance.WEIGHTS,
    weight_average=0.9,
    dropout=0.2,
    learning_rate=3.0,
    max_epochs=10,
    patience=None,
)
PEOPLE = tuple("abcdef")


def request_for(folder: Path, config: TrainConfig) -> FitRequest:
    if config.network == "two-layer":
        return fit_request(folder, config, *shape_crops(12, size=28))
    return fit_request(folder, config, *embeddings(12, len(PEOPLE)), PEOPLE)


def run(
    engine: Engine, request: FitRequest, control: object = None, job: str = FIT_JOB
) -> FitResult:
    result = engine.run(job, request, control or NullControl())
    assert isinstance(result, FitResult)
    return result


def told(control: RecordingControl) -> list[CurvePoint]:
    parts = [partial for partial in control.partials if isinstance(partial, tuple)]
    return list(itertools.chain.from_iterable(parts))


def until(condition: object) -> None:
    deadline = time.monotonic() + 120
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


class Held(RecordingControl):
    """Has a *wish* once the training has told of *step*: that it pauses, at first."""

    def __init__(self, step: int) -> None:
        super().__init__(self._answer)
        self.step = step
        self.wish = Stop.PAUSE

    @property
    def waits(self) -> bool:
        return any(progress.label == "Paused" for progress in self.progress)

    def _answer(self, _: RecordingControl) -> Stop:
        points = told(self)
        return self.wish if points and points[-1].step >= self.step else Stop.NO


def in_background(
    engine: Engine, request: FitRequest, control: Held
) -> tuple[threading.Thread, list]:
    found: list[object] = []

    def work() -> None:
        try:
            found.append(run(engine, request, control))
        except Exception as error:
            found.append(error)

    thread = threading.Thread(target=work)
    thread.start()
    until(lambda: control.waits)
    return thread, found


def kill(engine: Engine) -> None:
    assert engine._child is not None
    os.kill(engine._child.process.pid or 0, signal.SIGKILL)


def logged_steps(run_dir: Path) -> list[int]:
    """The batches of which TensorBoard knows a loss, in its order."""
    log = EventAccumulator(str(run_dir / "tensorboard" / "train"), {"tensors": 0})
    log.Reload()
    return [event.step for event in log.Tensors("loss")]


def same_but_for_time(one: tuple[CurvePoint, ...], other: tuple[CurvePoint, ...]) -> None:
    assert [point.step for point in one] == [point.step for point in other]
    for name in ("loss", "accuracy", "validation_loss", "validation_accuracy", "learning_rate"):
        columns = [
            [np.nan if value is None else value for value in (getattr(p, name) for p in curve)]
            for curve in (one, other)
        ]
        np.testing.assert_allclose(columns[0], columns[1], rtol=1e-3, atol=1e-4, err_msg=name)


@pytest.mark.parametrize("config", [SMALL, HEAD], ids=["two-layer", "face-transfer"])
def test_a_killed_training_goes_on_as_if_nothing_had_been(
    engine: Engine, tmp_path: Path, config: TrainConfig
) -> None:
    """Killed in the middle of an epoch, where a pause left its snapshot."""
    whole = run(engine, request_for(tmp_path / "whole", config))
    request = request_for(tmp_path / "killed", config)
    control = Held(11)
    thread, found = in_background(engine, request, control)
    standing = read_standing(tmp_path / "killed")
    assert standing is not None
    assert standing.step >= 11
    kill(engine)
    thread.join(60)
    assert isinstance(found[0], OutOfMemory)
    again = RecordingControl()
    resumed = run(engine, request, again, RESUME_JOB)
    same_but_for_time(resumed.curve, whole.curve)
    assert tuple(told(again)) == resumed.curve
    assert resumed.metrics.best_step == whole.metrics.best_step
    np.testing.assert_allclose(
        np.load(resumed.probabilities_path), np.load(whole.probabilities_path), atol=1e-3
    )
    assert [point.seconds for point in resumed.curve] == sorted(p.seconds for p in resumed.curve)
    assert logged_steps(tmp_path / "killed") == [point.step for point in resumed.curve]


def test_begun_anew_in_its_folder_it_is_logged_once(engine: Engine, tmp_path: Path) -> None:
    """As one that was killed before its first snapshot."""
    short = dataclasses.replace(HEAD, max_steps=3)
    for _ in range(2):
        run(engine, request_for(tmp_path, short))
    assert logged_steps(tmp_path) == [1, 2, 3]


def test_a_pause_waits_and_does_not_count(engine: Engine, tmp_path: Path) -> None:
    config = dataclasses.replace(HEAD, max_seconds=3600.0)
    whole = run(engine, request_for(tmp_path / "whole", config))
    control = Held(11)
    thread, found = in_background(engine, request_for(tmp_path / "paused", config), control)
    step, begun = told(control)[-1].step, time.monotonic()
    until(lambda: time.monotonic() - begun > 1.5)
    assert told(control)[-1].step == step
    waited = time.monotonic() - begun
    control.wish = Stop.NO
    thread.join(60)
    (paused,) = found
    assert isinstance(paused, FitResult)
    same_but_for_time(paused.curve, whole.curve)
    gaps = np.diff([point.seconds for point in paused.curve])
    assert gaps[step - 1] < waited


@pytest.mark.parametrize("how", [Stop.KEEP, Stop.DISCARD])
def test_a_paused_training_still_hears_a_stop(engine: Engine, tmp_path: Path, how: Stop) -> None:
    control = Held(9)
    thread, found = in_background(engine, request_for(tmp_path, HEAD), control)
    control.wish = how
    thread.join(60)
    if how is Stop.KEEP:
        assert isinstance(found[0], FitResult)
        assert found[0].metrics.steps == len(found[0].curve) < 80
    else:
        assert type(found[0]).__name__ == "Cancelled"


def test_the_first_epoch_leaves_a_snapshot_to_finish_from(engine: Engine, tmp_path: Path) -> None:
    request = request_for(tmp_path, HEAD)
    run(engine, request)
    standing = read_standing(tmp_path)
    assert standing is not None
    assert standing.best is not None
    finished = run(engine, request, job=FINISH_JOB)
    assert len(finished.curve) == standing.step == 8
    assert finished.metrics.validation_accuracy > 0.5


def test_a_loss_that_is_no_number_leaves_the_last_good_state(
    engine: Engine, tmp_path: Path
) -> None:
    """The rate is raised beyond all bounds after a first epoch that went well."""
    calm = dataclasses.replace(
        SMALL, max_epochs=1, normalise=False, schedule=Schedule.CONSTANT, warmup_epochs=0
    )
    run(engine, request_for(tmp_path, calm))
    assert read_standing(tmp_path) is None  # it ended with its first epoch
    control = Held(8)
    longer = dataclasses.replace(calm, max_epochs=3)
    thread, _ = in_background(engine, request_for(tmp_path, longer), control)
    kill(engine)
    thread.join(60)
    wild = dataclasses.replace(longer, optimizer=Optimizer.ADAM, learning_rate=3e38)
    with pytest.raises(Diverged, match="no number") as caught:
        run(engine, request_for(tmp_path, wild), job=RESUME_JOB)
    assert "3e+38" in caught.value.message
    assert "learning rate" in caught.value.remedy
    resumed = run(engine, request_for(tmp_path, longer), job=RESUME_JOB)
    assert len(resumed.curve) == 24
    assert all(np.isfinite(point.loss) for point in resumed.curve)


def test_a_snapshot_of_another_training_is_refused(engine: Engine, tmp_path: Path) -> None:
    thread, _ = in_background(engine, request_for(tmp_path, HEAD), control := Held(9))
    control.wish = Stop.KEEP
    thread.join(60)
    assert (tmp_path / FILE_NAME).is_file()
    other = dataclasses.replace(HEAD, optimizer=Optimizer.ADAM)
    with pytest.raises(DatasetError, match="does not fit"):
        run(engine, request_for(tmp_path, other), job=RESUME_JOB)
