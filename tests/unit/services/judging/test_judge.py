"""What a run got right and wrong, against sums done by hand."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from facegui.domain.dataset import Subset
from facegui.domain.errors import DatasetError, StorageFault
from facegui.services.judging.judge import (
    OUT_OF_FOLD_NAME,
    RunResults,
    Side,
    export_probabilities,
    judge,
    read_manifest,
    read_results,
)
from facegui.services.learning.dataset import DatasetRequest, build_dataset
from tests.fakes.finished_run import finished_run
from tests.fakes.training_library import FakeLibrary


@pytest.fixture
def library(tmp_path: Path) -> FakeLibrary:
    library = FakeLibrary(tmp_path / "library")
    for name in ("Zoë", "=Ada", "Tom"):
        library.add(name, 10, folder=tmp_path / "photos", alike=0.8)
    return library


@pytest.fixture
def results(library: FakeLibrary) -> RunResults:
    return read_results(library, finished_run(library))


TRUTH = [0, 0, 0, 0, 1, 1, 1, 2]
SAID = [  # the second and the sixth are wrong
    (0.95, 0.03, 0.02),
    (0.08, 0.90, 0.02),
    (0.85, 0.10, 0.05),
    (0.55, 0.30, 0.15),
    (0.20, 0.60, 0.20),
    (0.97, 0.02, 0.01),
    (0.10, 0.85, 0.05),
    (0.10, 0.10, 0.80),
]


@pytest.fixture
def small(results: RunResults) -> RunResults:
    """Eight faces, all to validate with, and probabilities told by hand."""
    items = tuple(
        replace(results.items[n], label=label, subset=Subset.VALIDATION)
        for n, label in enumerate(TRUTH)
    )
    return RunResults(results.record, items, np.array(TRUTH), np.array(SAID, np.float32), None)


def test_a_manifest_comes_back_as_it_was(library: FakeLibrary, results: RunResults) -> None:
    manifest, _ = build_dataset(library, DatasetRequest())
    assert read_manifest(library, results.record.id) == manifest
    assert results.items == manifest.items


def test_a_run_is_judged_by_its_test_faces_first(results: RunResults) -> None:
    assert results.sides == (Side.TEST, Side.VALIDATION, Side.TRAIN)
    found = judge(results, Side.TEST)
    assert found.score.count == results.record.metrics.test_count
    assert found.score.accuracy == results.record.accuracy
    assert judge(results, Side.TRAIN).score.count == results.record.metrics.train_count


def test_the_confusion_and_everybodys_figures(small: RunResults) -> None:
    found = judge(small, Side.VALIDATION)
    assert found.confusion.tolist() == [[3, 1, 0], [1, 2, 0], [0, 0, 1]]
    assert (found.score.right, found.score.count) == (6, 8)
    ada, tom, zoe = found.people
    assert (ada.name, ada.count, ada.named) == ("=Ada", 4, 4)
    assert (ada.precision, ada.recall, ada.f1) == (0.75, 0.75, 0.75)
    assert (tom.precision, tom.recall, tom.f1) == pytest.approx((2 / 3, 2 / 3, 2 / 3))
    assert (zoe.precision, zoe.recall, zoe.f1) == (1.0, 1.0, 1.0)


def test_nobody_called_somebody_and_nobody_there(small: RunResults) -> None:
    never = np.array([(0.9, 0.1, 0.0)] * 8, np.float32)
    found = judge(replace(small, probabilities=never), Side.VALIDATION)
    assert found.people[2].precision is None
    assert (found.people[2].recall, found.people[2].f1) == (0.0, 0.0)
    gone = judge(replace(small, truth=np.zeros(8, np.intp), probabilities=never), Side.VALIDATION)
    assert (gone.people[2].recall, gone.people[2].f1) == (None, None)


def test_a_cell_and_the_mistakes_begin_with_the_surest(small: RunResults) -> None:
    found = judge(small, Side.VALIDATION)
    assert found.rows[found.mistakes].tolist() == [5, 1]
    assert found.rows[found.cell(0, 0)].tolist() == [0, 2, 3]
    assert found.rows[found.cell(1, 0)].tolist() == [5]
    assert not len(found.cell(2, 0))


def test_the_calibration_adds_up(small: RunResults) -> None:
    found = judge(small, Side.VALIDATION)
    assert sum(bar.count for bar in found.bars) == 8
    assert [bar.low for bar in found.bars] == [0.5, 0.6, 0.8, 0.9]
    top = found.bars[-1]
    assert (top.count, top.accuracy) == (3, pytest.approx(1 / 3))
    assert top.confidence == pytest.approx((0.95 + 0.90 + 0.97) / 3)
    by_hand = (0.45 + 0.40 + 3 * (1 - 2.5 / 3) + 3 * (2.82 / 3 - 1 / 3)) / 8
    assert found.calibration_error == pytest.approx(by_hand, abs=1e-6)


def test_out_of_fold_are_the_faces_that_were_asked(
    library: FakeLibrary, results: RunResults
) -> None:
    assert Side.OUT_OF_FOLD not in results.sides
    out = np.full_like(results.probabilities, np.nan)
    out[:7] = (0.0, 0.0, 1.0)
    np.save(library.runs_dir / results.record.id / OUT_OF_FOLD_NAME, out)
    again = read_results(library, results.record)
    assert again.rows(Side.OUT_OF_FOLD).tolist() == list(range(7))
    assert judge(again, Side.OUT_OF_FOLD).said.tolist() == [2] * 7
    assert again.sides[:2] == (Side.TEST, Side.OUT_OF_FOLD)


def test_an_out_of_fold_of_another_shape_is_passed_over(
    library: FakeLibrary, results: RunResults
) -> None:
    np.save(library.runs_dir / results.record.id / OUT_OF_FOLD_NAME, np.zeros((2, 3)))
    assert read_results(library, results.record).out_of_fold is None


@pytest.mark.parametrize("name", ["manifest.json", "probabilities.npy"])
@pytest.mark.parametrize("content", [None, b"", b"{}", b'{"labels":3,"items":[]}'])
def test_files_that_have_gone_or_broken_are_named(
    library: FakeLibrary, results: RunResults, name: str, content: bytes | None
) -> None:
    path = library.runs_dir / results.record.id / name
    if content is None:
        path.unlink()
    else:
        path.write_bytes(content)
    with pytest.raises(DatasetError, match=name):
        read_results(library, results.record)


def test_the_table_for_other_programs(small: RunResults, tmp_path: Path) -> None:
    out = tmp_path / "faces.csv"
    export_probabilities(small, judge(small, Side.VALIDATION), out)
    with out.open(newline="", encoding="utf-8") as file:
        head, *rows = csv.reader(file)
    assert head == ["Photo", "Person", "Called", "Confidence", "'=Ada", "Tom", "Zoë"]
    assert rows[1] == [small.items[1].path, "'=Ada", "Tom", "0.9000", "0.0800", "0.9000", "0.0200"]
    assert len(rows) == 8
    with pytest.raises(StorageFault):
        export_probabilities(small, judge(small, Side.VALIDATION), tmp_path / "no" / "x.csv")
