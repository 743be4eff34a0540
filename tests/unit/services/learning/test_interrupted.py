"""Trainings that were interrupted: found, gone on with, kept, discarded."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from facegui.domain.control import Control, NullControl, Stop
from facegui.domain.errors import Cancelled, DatasetError, Diverged, EngineError
from facegui.domain.training import StopReason
from facegui.network.bundle import load_bundle
from facegui.services.learning.interrupted import (
    InterruptedRun,
    discard_interrupted,
    interrupted_runs,
    keep_interrupted,
    newest_interrupted,
    resume,
)
from facegui.services.learning.networks import default_config
from facegui.services.learning.train import TrainReport, TrainRequest, train
from facegui.services.runs.models import active_model
from facegui.services.runs.records import list_runs, read_curve
from facegui.training.fit import FINISH_JOB, FIT_JOB, RESUME_JOB
from facegui.training.snapshot import FILE_NAME as SNAPSHOT_NAME
from tests.fakes.control import RecordingControl
from tests.fakes.trainer import FakeTrainer, killed
from tests.fakes.training_library import FakeLibrary

REQUEST = TrainRequest(default_config("face-transfer"))


@pytest.fixture
def library(tmp_path: Path) -> FakeLibrary:
    library = FakeLibrary(tmp_path / "library")
    for name in ("Zoë", "Ada", "Tom"):
        library.add(name, 10, folder=tmp_path / "photos", alike=0.8)
    return library


@pytest.fixture
def trainer() -> FakeTrainer:
    return FakeTrainer(steps=12)


@pytest.fixture
def tools(trainer: FakeTrainer) -> SimpleNamespace:
    return SimpleNamespace(trainer=trainer)


class PowerCut(BaseException):
    """Nothing catches it, as nothing catches a kill."""


def interrupt(
    library: FakeLibrary,
    trainer: FakeTrainer,
    after: int,
    request: TrainRequest = REQUEST,
    error: BaseException | None = None,
) -> InterruptedRun:
    """A run that ended *after* batches of its twelve."""
    whole, trainer.steps = trainer.steps, after

    def cut(_: Path) -> None:
        raise error or PowerCut

    trainer.before_end = cut
    with pytest.raises((PowerCut, EngineError)):
        train(library, SimpleNamespace(trainer=trainer), request, NullControl())
    trainer.steps, trainer.before_end = whole, None
    trainer.jobs.clear()
    trainer.requests.clear()
    return interrupted_runs(library)[0]


def test_how_far_it_was(library: FakeLibrary, trainer: FakeTrainer) -> None:
    run = interrupt(library, trainer, 7)
    assert (run.step, run.epoch, run.seconds, run.keepable) == (5, 1, 0.5, True)
    assert run.accuracy == pytest.approx(5 / 7)
    assert run.begun.config == REQUEST.config
    assert (run.begun.why, run.begun.diverged) == ("", False)
    assert list_runs(library) == []


def test_newest_first_and_none_that_ended(library: FakeLibrary, trainer: FakeTrainer) -> None:
    runs = [interrupt(library, trainer, 7) for _ in range(2)]
    train(library, SimpleNamespace(trainer=trainer), REQUEST, NullControl())
    assert interrupted_runs(library) == runs[::-1]
    assert newest_interrupted(library) == runs[1]


def test_there_may_be_none(library: FakeLibrary) -> None:
    with pytest.raises(DatasetError, match="No training"):
        newest_interrupted(library)


def test_what_is_at_work_is_not_interrupted(library: FakeLibrary, trainer: FakeTrainer) -> None:
    seen = []
    trainer.before_end = lambda _: seen.extend(interrupted_runs(library))
    train(library, SimpleNamespace(trainer=trainer), REQUEST, NullControl())
    assert seen == interrupted_runs(library) == []


def test_it_goes_on(
    library: FakeLibrary, trainer: FakeTrainer, tools: SimpleNamespace, tmp_path: Path
) -> None:
    out = tmp_path / "copy.facebundle"
    run = interrupt(library, trainer, 7, replace(REQUEST, out=out))
    before = (library.runs_dir / run.id / "manifest.json").read_bytes()
    control = RecordingControl()
    report = resume(library, tools, run.id, control)
    assert trainer.jobs == [RESUME_JOB]
    assert [point.step for point in report.curve] == list(range(1, 13))
    assert report.record.id == run.id
    assert report.record.created == run.begun.created
    assert (library.runs_dir / run.id / "manifest.json").read_bytes() == before
    assert list_runs(library) == [report.record]
    assert read_curve(library, run.id) == report.curve
    assert interrupted_runs(library) == []
    assert load_bundle(out).sha256 == load_bundle(active_model(library)).sha256


def same_question(trainer: FakeTrainer, library: FakeLibrary, run: InterruptedRun) -> None:
    (asked,) = trainer.requests
    assert asked.config == run.begun.config
    assert Path(asked.run_dir) == library.runs_dir / run.id


def test_the_engine_is_asked_the_same_though_faces_have_changed(
    library: FakeLibrary, trainer: FakeTrainer, tools: SimpleNamespace
) -> None:
    run = interrupt(library, trainer, 7)
    library.add("Eva", 10)
    report = resume(library, tools, run.id, NullControl())
    same_question(trainer, library, run)
    assert report.record.people == ("Ada", "Tom", "Zoë")


def test_killed_in_its_first_epoch_it_begins_anew(
    library: FakeLibrary, trainer: FakeTrainer, tools: SimpleNamespace
) -> None:
    run = interrupt(library, trainer, 3)
    assert (run.step, run.accuracy) == (0, None)
    report = resume(library, tools, run.id, NullControl())
    assert trainer.jobs == [FIT_JOB]
    assert len(report.curve) == 12


def test_interrupted_again_it_can_go_on_again(
    library: FakeLibrary, trainer: FakeTrainer, tools: SimpleNamespace
) -> None:
    run = interrupt(library, trainer, 7)
    trainer.before_end = killed
    with pytest.raises(EngineError):
        resume(library, tools, run.id, NullControl())
    (again,) = interrupted_runs(library)
    assert (again.id, again.step, again.begun.why) == (run.id, 10, "killed")
    trainer.before_end = None
    assert len(resume(library, tools, run.id, NullControl()).curve) == 12


def test_gone_astray_it_goes_on_at_a_tenth_of_the_rate(
    library: FakeLibrary, trainer: FakeTrainer, tools: SimpleNamespace
) -> None:
    run = interrupt(library, trainer, 7, error=Diverged("no number any more", "a lower rate"))
    assert run.begun.diverged
    assert run.begun.why == "no number any more"
    report = resume(library, tools, run.id, NullControl())
    (asked,) = trainer.requests
    assert asked.config.learning_rate == pytest.approx(REQUEST.config.learning_rate / 10)
    assert report.record.config == asked.config


def test_what_it_had_learned_is_kept(
    library: FakeLibrary, trainer: FakeTrainer, tools: SimpleNamespace
) -> None:
    run = interrupt(library, trainer, 7)
    report = keep_interrupted(library, tools, run.id, NullControl())
    assert trainer.jobs == [FINISH_JOB]
    assert len(report.curve) == 5
    assert report.record.metrics.stopped_by is StopReason.OWNER
    assert active_model(library) == report.bundle
    assert interrupted_runs(library) == []


def test_discarded(library: FakeLibrary, trainer: FakeTrainer) -> None:
    run = interrupt(library, trainer, 7)
    discard_interrupted(library, run.id)
    assert interrupted_runs(library) == []
    assert list(library.runs_dir.iterdir()) == []


def test_discarded_while_it_goes_on(
    library: FakeLibrary, trainer: FakeTrainer, tools: SimpleNamespace
) -> None:
    run = interrupt(library, trainer, 7)
    control = RecordingControl(lambda seen: Stop.DISCARD if len(seen.partials) > 3 else Stop.NO)
    with pytest.raises(Cancelled):
        resume(library, tools, run.id, control)
    assert list(library.runs_dir.iterdir()) == []


@pytest.mark.parametrize(("after", "left"), [(0, 0), (8, 1)])
def test_left_when_the_app_is_closed(
    library: FakeLibrary, tools: SimpleNamespace, after: int, left: int
) -> None:
    """With something on disk it can go on; else nothing is left."""
    control = RecordingControl(lambda seen: Stop.LEAVE if len(seen.partials) > after else Stop.NO)
    with pytest.raises(Cancelled):
        train(library, tools, REQUEST, control)
    assert len(interrupted_runs(library)) == len(list(library.runs_dir.iterdir())) == left


Act = "resume", "keep", "discard"


@pytest.mark.parametrize("act", Act)
@pytest.mark.parametrize("run_id", ["nonsense", "finished"])
def test_nothing_to_go_on_with(
    library: FakeLibrary, trainer: FakeTrainer, tools: SimpleNamespace, act: str, run_id: str
) -> None:
    finished: TrainReport = train(library, tools, REQUEST, NullControl())
    name = finished.record.id if run_id == "finished" else run_id

    def do(control: Control) -> None:
        if act == "resume":
            resume(library, tools, name, control)
        elif act == "keep":
            keep_interrupted(library, tools, name, control)
        else:
            discard_interrupted(library, name)

    with pytest.raises(DatasetError, match="no interrupted training"):
        do(NullControl())
    assert list_runs(library) == [finished.record]


def test_what_cannot_be_understood_is_passed_over(
    library: FakeLibrary, trainer: FakeTrainer
) -> None:
    run = interrupt(library, trainer, 7)
    other = library.runs_dir / "29990101-000000-classic"
    other.mkdir()
    (other / "request.json").write_text('{"format": 7}')
    (library.runs_dir / run.id / SNAPSHOT_NAME).write_bytes(b"damaged")
    (found,) = interrupted_runs(library)
    assert (found.id, found.step, found.keepable) == (run.id, 0, True)
