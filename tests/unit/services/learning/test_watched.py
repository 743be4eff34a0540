"""The crops by which a run is watched: out of its array, or thumbnails of the faces."""

from __future__ import annotations

from pathlib import Path
from typing import cast

import numpy as np
import pytest

from facegui.domain.dataset import DatasetItem, Subset
from facegui.domain.training import TrainConfig
from facegui.services.judging.judge import RunResults
from facegui.services.learning.watched import WatchedRun, finished_run, last_guesses, watched_crops
from facegui.services.libraries import Library
from tests.fakes.finished import RECORD
from tests.fakes.training_library import FakeLibrary

Setting = tuple[FakeLibrary, tuple[DatasetItem, ...]]


@pytest.fixture
def setting(tmp_path: Path) -> Setting:
    library = FakeLibrary(tmp_path)
    ids = library.add("Anna", 3, folder=tmp_path / "photos")
    ids += library.add("Ben", 1, folder=tmp_path / "photos")
    library.write_photos()
    items = tuple(
        DatasetItem(
            face_id=face.id,
            photo_id=face.photo_id,
            path=str(tmp_path / "photos" / f"{face.photo_id}.png"),
            sha256="",
            box=face.box,
            landmarks=face.landmarks,
            label=label,
            group=face.id,
            subset=Subset.VALIDATION,
        )
        for face, label in zip(library.faces(ids), (0, 0, 0, 1), strict=True)
    )
    return library, items


def run_of(items: tuple[DatasetItem, ...], inputs: Path | None) -> WatchedRun:
    return WatchedRun(TrainConfig("classic"), ("Anna", "Ben"), items, Path("/r"), inputs, None)


def test_crops_are_what_the_network_sees(setting: Setting, tmp_path: Path) -> None:
    library, items = setting
    inputs = np.random.default_rng(1).integers(0, 256, (4, 96, 96, 3), np.uint8)
    np.save(tmp_path / "inputs.npy", inputs)
    found = watched_crops(cast("Library", library), run_of(items, tmp_path / "inputs.npy"), (3, 1))
    assert [(crop.row, crop.name, crop.label) for crop in found] == [(3, "Ben", 1), (1, "Anna", 0)]
    for crop in found:
        assert crop.image is not None
        np.testing.assert_array_equal(crop.image, inputs[crop.row])


@pytest.mark.parametrize("inputs", [None, Path("/gone/inputs.npy")])
def test_faces_of_the_photos_stand_in(setting: Setting, inputs: Path | None) -> None:
    library, items = setting
    (crop,) = watched_crops(cast("Library", library), run_of(items, inputs), (2,))
    assert crop.image is not None
    assert crop.image.shape[0] == crop.image.shape[1] <= 96


def test_a_photo_that_has_gone_leaves_a_gap(setting: Setting) -> None:
    library, items = setting
    Path(items[0].path).unlink()
    first, second = watched_crops(cast("Library", library), run_of(items, None), (0, 1))
    assert first.image is None
    assert first.name == "Anna"
    assert second.image is not None


def results(items: tuple[DatasetItem, ...]) -> RunResults:
    truth = np.array([item.label for item in items], np.intp)
    said = np.linspace(0, 1, 8, dtype=np.float32).reshape(4, 2)
    return RunResults(RECORD, items, truth, said, None)


def test_a_finished_run_is_its_model(setting: Setting, tmp_path: Path) -> None:
    library, items = setting
    run = finished_run(cast("Library", library), results(items))
    assert (run.people, run.items) == (RECORD.people, items)
    assert run.inputs is None
    assert run.bundle == Path(RECORD.bundle)
    assert run.folder == tmp_path / "runs" / RECORD.id


def test_last_guesses_are_of_everybody(setting: Setting) -> None:
    found = last_guesses(results(setting[1]), 2)
    assert found.rows == (0, 3), "one of each before a second of anybody"
    np.testing.assert_array_equal(found.probabilities, results(setting[1]).probabilities[[0, 3]])
    assert (found.step, found.epoch) == (RECORD.metrics.best_step, RECORD.metrics.epochs)
    assert last_guesses(results(setting[1]), 48).rows == (0, 1, 2, 3)
