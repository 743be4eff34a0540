"""Training as a use case: from faces to a bundle and a record, or to nothing at all."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from facegui.domain.control import NullControl, Stop
from facegui.domain.errors import (
    Cancelled,
    DatasetError,
    EngineError,
    OutOfMemory,
    OwnerError,
    StorageFault,
)
from facegui.domain.training import CropKind, CurvePoint, StopReason
from facegui.network.bundle import load_bundle
from facegui.services.learning import train as train_module
from facegui.services.learning.dataset import DatasetRequest, build_dataset
from facegui.services.learning.interrupted import interrupted_runs
from facegui.services.learning.networks import default_config
from facegui.services.learning.train import TrainReport, TrainRequest, train
from facegui.services.runs.models import active_model, list_models
from facegui.services.runs.records import list_runs, read_curve
from facegui.training.fit import FINISH_JOB, FIT_JOB
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
    return FakeTrainer()


def run(
    library: FakeLibrary,
    trainer: FakeTrainer,
    request: TrainRequest = REQUEST,
    control: object = None,
) -> TrainReport:
    return train(library, SimpleNamespace(trainer=trainer), request, control or NullControl())


def test_bundle_record_and_curve(library: FakeLibrary, trainer: FakeTrainer) -> None:
    control = RecordingControl()
    report = run(library, trainer, control=control)
    bundle = load_bundle(report.bundle)
    manifest, _ = build_dataset(library, DatasetRequest())
    assert bundle.info.labels == report.record.people == ("Ada", "Tom", "Zoë")
    assert bundle.info.manifest_hash == report.record.manifest_hash == manifest.content_hash
    assert set(bundle.info.photo_sha256s) == {item.sha256 for item in manifest.items}
    assert len(bundle.info.photo_phashes) == 30
    assert report.record.accuracy == report.record.metrics.validation_accuracy == 1.0
    assert list_runs(library) == [report.record]
    assert read_curve(library, report.record.id) == report.curve
    points = [part for part in control.partials if isinstance(part, tuple)]
    assert tuple(point for part in points for point in part) == report.curve
    assert active_model(library) == report.bundle == library.models_dir / report.bundle.name


def test_the_engine_gets_embeddings_in_item_order(
    library: FakeLibrary, trainer: FakeTrainer
) -> None:
    seen = []
    trainer.before_end = lambda folder: seen.append(np.load(folder / "inputs.npy"))
    run(library, trainer)
    (asked,) = trainer.requests
    manifest, _ = build_dataset(library, DatasetRequest())
    assert asked.labels == tuple(item.label for item in manifest.items)
    assert asked.subsets == tuple(item.subset for item in manifest.items)
    np.testing.assert_array_equal(
        seen[0], library.embeddings([item.face_id for item in manifest.items])
    )


def test_the_run_keeps_what_counts_and_no_more(library: FakeLibrary, trainer: FakeTrainer) -> None:
    report = run(library, trainer)
    assert {path.name for path in (library.runs_dir / report.record.id).iterdir()} == {
        "run.json",
        "manifest.json",
        "curve.csv",
        "features.npy",
        "probabilities.npy",
    }


def test_the_seed_is_that_of_the_split_too(library: FakeLibrary, trainer: FakeTrainer) -> None:
    seeds = [
        run(library, trainer, replace(REQUEST, config=replace(REQUEST.config, seed=seed)))
        for seed in (1, 1, 2)
    ]
    hashes = [report.record.manifest_hash for report in seeds]
    assert hashes[0] == hashes[1] != hashes[2]


def test_faces_below_their_threshold_count_as_wrong_beside(
    library: FakeLibrary, trainer: FakeTrainer, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = train_module.assemble

    def strict(*args: object, **kwargs: object) -> object:
        bundle = real(*args, **kwargs)
        thresholds = replace(bundle.info.thresholds, per_person={"Ada": 1.0})
        return replace(bundle, info=replace(bundle.info, thresholds=thresholds))

    monkeypatch.setattr(train_module, "assemble", strict)
    record = run(library, trainer).record
    assert record.accuracy == 1.0
    assert record.accuracy_with_unknown == pytest.approx(6 / 9)


# Where the model goes


def test_a_copy_where_the_owner_wants_it(
    library: FakeLibrary, trainer: FakeTrainer, tmp_path: Path
) -> None:
    out = tmp_path / "any name at all"
    out.write_text("replaced")
    report = run(library, trainer, replace(REQUEST, out=out))
    assert report.bundle == out
    assert load_bundle(out).sha256 == load_bundle(Path(report.record.bundle)).sha256


@pytest.mark.parametrize("place", ["", "missing/model"])
def test_a_bad_place_is_refused_before_training(
    library: FakeLibrary, trainer: FakeTrainer, tmp_path: Path, place: str
) -> None:
    with pytest.raises(OwnerError):
        run(library, trainer, replace(REQUEST, out=tmp_path / place))
    assert trainer.jobs == []


def test_unpublished_models_stay_in_their_run(library: FakeLibrary, trainer: FakeTrainer) -> None:
    report = run(library, trainer, replace(REQUEST, publish=False))
    assert report.bundle.parent == library.runs_dir / report.record.id
    assert list_models(library) == []
    assert active_model(library) is None


# Stopping and failing


def after_points(count: int, how: Stop) -> RecordingControl:
    """Stop after so many batches; what is told before the first is the run itself."""
    return RecordingControl(lambda seen: how if len(seen.partials) > count else Stop.NO)


def test_stop_and_keep(library: FakeLibrary, trainer: FakeTrainer) -> None:
    report = run(library, trainer, control=after_points(4, Stop.KEEP))
    assert report.record.metrics.stopped_by is StopReason.OWNER
    assert len(report.curve) == 4
    assert load_bundle(report.bundle).info.metrics.steps == 4


def nothing_is_left(library: FakeLibrary) -> bool:
    runs = list(library.runs_dir.iterdir()) if library.runs_dir.exists() else []
    return not runs and not list_models(library) and active_model(library) is None


@pytest.mark.parametrize(("count", "how"), [(4, Stop.DISCARD), (0, Stop.KEEP), (10, Stop.DISCARD)])
def test_discarding_leaves_nothing(
    library: FakeLibrary, trainer: FakeTrainer, count: int, how: Stop
) -> None:
    with pytest.raises(Cancelled):
        run(library, trainer, control=after_points(count, how))
    assert nothing_is_left(library)


def test_an_engine_killed_while_keeping_is_finished_from_disk(
    library: FakeLibrary, trainer: FakeTrainer
) -> None:
    trainer.before_end = killed
    report = run(library, trainer, control=after_points(6, Stop.KEEP))
    assert trainer.jobs == [FIT_JOB, FINISH_JOB]
    assert all(isinstance(point, CurvePoint) for point in report.curve)
    assert len(report.curve) == 6
    assert load_bundle(report.bundle)


def test_an_engine_that_dies_unasked_is_an_error(
    library: FakeLibrary, trainer: FakeTrainer
) -> None:
    trainer.before_end = killed
    with pytest.raises(EngineError):
        run(library, trainer)
    assert list_models(library) == list_runs(library) == []
    (left,) = interrupted_runs(library)
    assert left.begun.why == "killed"


def test_an_engine_that_dies_at_once_leaves_nothing(
    library: FakeLibrary, trainer: FakeTrainer
) -> None:
    trainer.steps, trainer.before_end = 0, killed
    with pytest.raises(EngineError):
        run(library, trainer)
    assert nothing_is_left(library)


def test_without_memory_a_smaller_batch_is_named(
    library: FakeLibrary, trainer: FakeTrainer
) -> None:
    def full(_: Path) -> None:
        raise OutOfMemory("no memory", "a smaller batch")

    trainer.before_end = full
    config = replace(REQUEST.config, batch_size=48)
    with pytest.raises(OutOfMemory) as caught:
        run(library, trainer, replace(REQUEST, config=config))
    assert "batches of 24 instead of 48" in caught.value.remedy


def test_a_full_disk_leaves_no_model_without_its_record(
    library: FakeLibrary, trainer: FakeTrainer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise StorageFault("disk full")

    monkeypatch.setattr(train_module, "write_run", full)
    with pytest.raises(StorageFault):
        run(library, trainer)
    assert list_models(library) == list_runs(library) == []
    assert len(interrupted_runs(library)) == 1  # to be kept when there is room again


def test_no_such_network(library: FakeLibrary, trainer: FakeTrainer) -> None:
    config = replace(REQUEST.config, network="alexnet-9000")
    with pytest.raises(DatasetError, match="alexnet-9000"):
        run(library, trainer, replace(REQUEST, config=config))


def test_too_few_people(trainer: FakeTrainer, tmp_path: Path) -> None:
    library = FakeLibrary(tmp_path)
    library.add("Ada", 5)
    with pytest.raises(DatasetError):
        run(library, trainer)
    assert nothing_is_left(library)


# Networks that look at crops (the fake engine learns them as it does embeddings; only what it is
# given is of interest, and the bundle is not made)


class Given(Exception):
    """Ends a run when the engine has been asked."""


@pytest.mark.parametrize("gone", [0, 3])
def test_crops_and_photos_that_are_gone(
    library: FakeLibrary,
    trainer: FakeTrainer,
    tmp_path: Path,
    gone: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    library.write_photos()
    for number in range(1, gone + 1):
        (tmp_path / "photos" / f"{number}.png").unlink()
    seen = []

    def stop_here(*args: object) -> None:
        seen.append(args)
        raise Given

    monkeypatch.setattr(train_module, "_assemble", stop_here)
    with pytest.raises(Given):
        run(library, trainer, TrainRequest(default_config("classic")))
    (asked,) = trainer.requests
    assert np.load(asked.inputs_path, mmap_mode="r").shape == (30 - gone, 96, 96, 3)
    assert len(asked.labels) == 30 - gone
    _, _, _, data = seen[0]
    assert {1, 2, 3}.isdisjoint(item.face_id for item in data.manifest.items) is bool(gone)
    left_out = [warning for warning in data.warnings if "cannot be read" in warning]
    assert len(left_out) == (1 if gone else 0)
    assert all("3 faces were left out" in warning for warning in left_out)


def test_crops_are_cut_as_the_owner_wants_them(
    library: FakeLibrary, trainer: FakeTrainer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop_here(*_: object) -> None:
        raise Given

    library.write_photos()
    monkeypatch.setattr(train_module, "_assemble", stop_here)
    crops = []
    for kind in (None, CropKind.ALIGNED, CropKind.BOX):
        with pytest.raises(Given):
            run(library, trainer, TrainRequest(replace(default_config("classic"), crop=kind)))
        crops.append(np.load(trainer.requests[-1].inputs_path))
    own, aligned, box = crops
    assert np.array_equal(own, aligned)
    assert own.shape == box.shape
    assert not np.array_equal(own, box)
