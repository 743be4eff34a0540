"""The same faces judged with copies on both sides and on one."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from facegui.domain.control import NullControl, Stop
from facegui.domain.dataset import Subset
from facegui.domain.errors import Cancelled
from facegui.domain.training import FitRequest, FitResult
from facegui.services.judging.leak import FOLDS, LeakReport, check_leak, read_leak
from facegui.services.judging.score import Score
from tests.fakes.control import RecordingControl
from tests.fakes.finished_run import finished_run
from tests.fakes.trainer import FakeTrainer
from tests.fakes.training_library import FakeLibrary


class ByHeart(FakeTrainer):
    """Knows a face only by a copy of it among those it learned from; else it says the first."""

    def run(self, job: str, request: object, control: object) -> object:
        result = super().run(job, request, control)
        assert isinstance(request, FitRequest)
        assert isinstance(result, FitResult)
        faces = np.load(request.inputs_path).astype(np.float64)
        learned = np.array([side is Subset.TRAIN for side in request.subsets])
        alike = (faces @ faces.T)[:, learned]
        known = alike.max(axis=1) > 0.99
        labels = np.array(request.labels)
        said = np.where(known, labels[learned][alike.argmax(axis=1)], 0)
        np.save(result.probabilities_path, np.eye(len(request.class_names))[said])
        return result


@pytest.fixture
def library(tmp_path: Path) -> FakeLibrary:
    """Twenty faces of Tom, of which each two are copies; ten of Ada, who has none."""
    library = FakeLibrary(tmp_path / "library")
    library.add("Ada", 10, alike=0.8)
    tom = library.add("Tom", 20, alike=0.8)
    for one, copy in zip(tom[::2], tom[1::2], strict=True):
        library.set_embedding(copy, library.embeddings([one])[0])
        library.group(one, copy)
    return library


def test_copies_on_both_sides_flatter(library: FakeLibrary) -> None:
    record = finished_run(library)
    assert read_leak(library, record) is None
    trainer, control = ByHeart(), RecordingControl()
    report = check_leak(library, SimpleNamespace(trainer=trainer), record, control)
    assert report.by_picture == Score(10, 30)  # Ada's, who is the first
    assert report.by_face.right > 20
    assert report.by_face.count == 30
    assert report.flattered == report.by_face.right - 10
    assert (report.spoilt, report.copies) == (0, 20)
    assert "20 faces have a copy" in report.meaning
    points = 100 * report.flattered / 30
    assert f"{points:.1f} points better than it is" in report.meaning
    assert read_leak(library, record) == report
    assert len(trainer.requests) == 2 * FOLDS
    assert {progress.total for progress in control.progress} == {2 * FOLDS}
    assert {request.config for request in trainer.requests} == {record.config}


def test_without_copies_nothing_can_leak(tmp_path: Path) -> None:
    library = FakeLibrary(tmp_path / "library")
    for name in ("Ada", "Tom"):
        library.add(name, 10, alike=0.8)
    tools = SimpleNamespace(trainer=FakeTrainer())
    report = check_leak(library, tools, finished_run(library), NullControl())
    assert report == LeakReport(Score(20, 20), Score(20, 20), 0, 0, 0)
    assert "nothing that could leak" in report.meaning


@pytest.mark.parametrize(
    ("flattered", "spoilt", "telling"),
    [(6, 0, True), (5, 0, False), (0, 6, False), (8, 1, True), (8, 2, False), (0, 0, False)],
)
def test_a_difference_that_chance_could_make_is_none(
    flattered: int, spoilt: int, telling: bool
) -> None:
    report = LeakReport(Score(80, 100), Score(80, 100), flattered, spoilt, 12)
    assert ("points better" in report.meaning) is telling
    assert ("no difference" in report.meaning) is not telling


@pytest.mark.parametrize("how", [Stop.KEEP, Stop.DISCARD])
def test_half_a_comparison_is_none(library: FakeLibrary, how: Stop) -> None:
    record = finished_run(library)
    trainer = FakeTrainer()
    control = RecordingControl(lambda _: how if len(trainer.requests) == 3 else Stop.NO)
    with pytest.raises(Cancelled):
        check_leak(library, SimpleNamespace(trainer=trainer), record, control)
    assert read_leak(library, record) is None
