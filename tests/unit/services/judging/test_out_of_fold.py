"""Every face checked by a network that has not learned from it, fold by fold."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from facegui.domain.control import NullControl, Stop
from facegui.domain.dataset import Subset
from facegui.domain.errors import Cancelled, DatasetError, EngineError, ImageError
from facegui.domain.training import FitRequest
from facegui.network.registry import network
from facegui.services.judging.judge import Side, judge, read_results
from facegui.services.judging.out_of_fold import (
    OutOfFoldReport,
    OutOfFoldRequest,
    check_every_face,
    folds_done,
)
from facegui.services.learning.networks import default_config
from facegui.services.learning.refits import learnable
from facegui.services.runs.records import RunRecord
from tests.fakes.control import RecordingControl
from tests.fakes.finished_run import finished_run
from tests.fakes.trainer import FakeTrainer, killed
from tests.fakes.training_library import FakeLibrary

TRAIN, TEST, VALIDATION = Subset.TRAIN, Subset.TEST, Subset.VALIDATION


@pytest.fixture
def library(tmp_path: Path) -> FakeLibrary:
    library = FakeLibrary(tmp_path / "library")
    for name in ("Zoë", "Ada", "Tom"):
        library.add(name, 10, folder=tmp_path / "photos", alike=0.8)
    return library


@pytest.fixture
def record(library: FakeLibrary) -> RunRecord:
    return finished_run(library)


def check(
    library: FakeLibrary,
    record: RunRecord,
    folds: int = 5,
    *,
    trainer: FakeTrainer | None = None,
    control: object = None,
) -> OutOfFoldReport:
    tools = SimpleNamespace(trainer=trainer or FakeTrainer())
    return check_every_face(
        library, tools, OutOfFoldRequest(record, folds), control or NullControl()
    )


def leftovers(library: FakeLibrary) -> list[Path]:
    return list((library.cache_dir / "refits").iterdir())


def test_every_face_gets_a_probability(library: FakeLibrary, record: RunRecord) -> None:
    assert folds_done(library, record) == (0, 0)
    control = RecordingControl()
    assert check(library, record, control=control) == OutOfFoldReport(5, 5, 30, 30)
    assert folds_done(library, record) == (5, 5)
    results = read_results(library, record)
    assert len(results.rows(Side.OUT_OF_FOLD)) == 30
    assert judge(results, Side.OUT_OF_FOLD).score.accuracy == 1.0
    assert {(p.total, p.label) for p in control.progress} == {
        (5, f"Training {n} of 5") for n in range(1, 6)
    }
    assert not control.partials
    assert not leftovers(library)


def test_each_answer_is_of_the_fold_that_left_the_face_out(
    library: FakeLibrary, record: RunRecord
) -> None:
    trainer = FakeTrainer()
    check(library, record, 3, trainer=trainer)
    asked = trainer.requests
    assert all(one.config == record.config for one in asked)
    tested = np.array([[side is TEST for side in one.subsets] for one in asked])
    assert tested.sum(axis=0).tolist() == [1] * 30
    assert all(VALIDATION in one.subsets for one in asked)


class Numbered(FakeTrainer):
    """Says in its first column which training it was."""

    def run(self, job: str, request: object, control: object) -> object:
        result = super().run(job, request, control)
        said = np.load(result.probabilities_path)
        said[:, 0] = len(self.requests)
        np.save(result.probabilities_path, said)
        return result


def test_stopping_keeps_the_folds_that_are_done(library: FakeLibrary, record: RunRecord) -> None:
    trainer = Numbered()
    stop = RecordingControl(lambda _: Stop.KEEP if len(trainer.requests) == 3 else Stop.NO)
    report = check(library, record, trainer=trainer, control=stop)
    assert (report.done, report.folds, report.checked) == (2, 5, 12)
    assert folds_done(library, record) == (2, 5)
    assert len(read_results(library, record).rows(Side.OUT_OF_FOLD)) == 12
    again = Numbered()
    assert check(library, record, trainer=again).checked == 30
    assert len(again.requests) == 3
    out = read_results(library, record).out_of_fold
    assert out is not None
    assert sorted(out[:, 0].tolist()) == sorted([1.0] * 12 + [2.0] * 12 + [3.0] * 6)


def test_another_number_of_folds_begins_anew(library: FakeLibrary, record: RunRecord) -> None:
    check(library, record, 2)
    trainer = FakeTrainer()
    assert check(library, record, 4, trainer=trainer).checked == 30
    assert len(trainer.requests) == 4
    assert folds_done(library, record) == (4, 4)


@pytest.mark.parametrize("how", [Stop.KEEP, Stop.DISCARD])
def test_nothing_to_keep_before_the_first_fold(
    library: FakeLibrary, record: RunRecord, how: Stop
) -> None:
    with pytest.raises(Cancelled):
        check(library, record, control=RecordingControl(lambda _: how))
    assert folds_done(library, record) == (0, 0)
    assert read_results(library, record).out_of_fold is None
    assert not leftovers(library)


def test_what_a_crash_left_behind_is_removed(library: FakeLibrary, record: RunRecord) -> None:
    left = library.cache_dir / "refits" / "old" / "0"
    left.mkdir(parents=True)
    (left / "inputs.npy").write_bytes(b"x")
    check(library, record, 2)
    assert not leftovers(library)


def test_an_engine_that_dies(library: FakeLibrary, record: RunRecord) -> None:
    with pytest.raises(EngineError):
        check(library, record, trainer=FakeTrainer(before_end=killed))
    assert not leftovers(library)


def test_a_network_that_looks_at_pictures(library: FakeLibrary, record: RunRecord) -> None:
    library.write_photos()
    run = finished_run(library)
    classic = replace(run, config=default_config("classic"))
    trainer = FakeTrainer()
    check(library, classic, 2, trainer=trainer)
    (first, _) = trainer.requests
    assert isinstance(first, FitRequest)
    assert network("classic").input_shape == np.load(first.inputs_path, mmap_mode="r").shape[1:]
    Path(library.photos([1])[0].path).unlink()
    for cached in (library.cache_dir / "training").glob("*.npy"):
        cached.unlink()
    with pytest.raises(ImageError):
        check(library, classic, 2)


def test_a_run_whose_files_have_gone(library: FakeLibrary, record: RunRecord) -> None:
    (library.runs_dir / record.id / "manifest.json").unlink()
    with pytest.raises(DatasetError, match=r"manifest\.json"):
        check(library, record)


def test_a_damaged_note_of_what_is_done_means_nothing_is(
    library: FakeLibrary, record: RunRecord
) -> None:
    check(library, record)
    (library.runs_dir / record.id / "out_of_fold.json").write_text("[3]")
    assert folds_done(library, record) == (0, 0)


def test_nobody_is_without_faces_to_learn_from() -> None:
    labels, groups = (0, 0, 1, 1, 1), (7, 7, 7, 8, 9)
    sides = (TEST, TEST, TEST, TRAIN, VALIDATION)
    assert learnable(labels, groups, sides) == [TRAIN, TRAIN, TRAIN, TRAIN, VALIDATION]
    fine = (TRAIN, TEST, TEST, TRAIN, VALIDATION)
    assert learnable(labels, groups, fine) == list(fine)


def test_who_is_in_one_fold_only_stays_unchecked(library: FakeLibrary) -> None:
    one, two = library.add("Uma", 2, alike=0.8)
    record = finished_run(library)
    path = library.runs_dir / record.id / "manifest.json"
    text = path.read_text()
    groups = {item.group for item in read_results(library, record).items if item.label == 2}
    for group in groups:  # as if both were copies of one picture
        text = text.replace(f'"group": {group},', f'"group": {min(groups)},')
    path.write_text(text)
    report = check(library, record)
    assert (report.checked, report.faces) == (30, 32)
    assert {one, two}.isdisjoint(
        read_results(library, record).items[row].face_id
        for row in read_results(library, record).rows(Side.OUT_OF_FOLD)
    )
