"""A finished fit becomes a bundle that loads."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np

from facegui.domain.dataset import Subset
from facegui.domain.training import FitRequest, FitResult
from facegui.network.bundle import Bundle, load_bundle, save_bundle
from facegui.network.registry import network
from facegui.network.scoring import scores
from facegui.training.assemble import assemble, calibrated, learned_in
from facegui.training.calibrate import Outputs, prototypes
from facegui.training.checkpoint import FILE_NAME, Best, save_best
from tests.fakes.random_bundles import METRICS

NAMES = ("Ana", "Bo")


def finished_fit(folder: Path) -> tuple[FitRequest, FitResult]:
    random = np.random.default_rng(0)
    spec = network("face-transfer")
    labels = np.arange(20) % 2
    centres = np.eye(2, spec.feature_size)
    features = centres[labels] + random.normal(scale=0.02, size=(20, spec.feature_size))
    features = (features / np.linalg.norm(features, axis=1, keepdims=True)).astype(np.float32)
    np.save(folder / "features.npy", features)
    np.save(folder / "probabilities.npy", np.eye(2, dtype=np.float32)[labels])
    shapes = spec.tensor_shapes(spec.defaults, 2)
    weights = {name: np.ones(shape, np.float32) for name, shape in shapes.items()}
    save_best(folder, weights, Best(40, 5, 0.05, 0.9875, 0.4))
    request = FitRequest(
        config=dataclasses.replace(spec.defaults, seed=7),
        inputs_path=str(folder / "features.npy"),
        labels=tuple(labels.tolist()),
        subsets=tuple(Subset.VALIDATION if row > 13 else Subset.TRAIN for row in range(20)),
        class_names=NAMES,
        run_dir=str(folder),
    )
    paths = [str(folder / name) for name in (FILE_NAME, "features.npy", "probabilities.npy")]
    return request, FitResult(METRICS, (), *paths)


def assembled(request: FitRequest, result: FitResult) -> Bundle:
    return assemble(
        request,
        result,
        preprocessing=network("face-transfer").preprocessing,
        manifest_hash="cd" * 32,
        photo_sha256s=["f" * 64, "0" * 64, "f" * 64],
        photo_phashes=[0xFF, 0xFFFFFFFFFFFFFFFF, 0xFF],
    )


def test_bundle_of_a_run(tmp_path: Path) -> None:
    request, result = finished_fit(tmp_path)
    bundle = assembled(request, result)
    info = bundle.info
    assert info.labels == NAMES
    assert info.config.seed == 7
    assert info.metrics == METRICS
    assert info.photo_sha256s == ("0" * 64, "f" * 64)
    assert info.photo_phashes == ("00000000000000ff", "ffffffffffffffff")
    assert 0.363 <= info.thresholds.overall < 0.9
    assert info.versions["numpy"] == np.__version__
    assert info.created.endswith("+00:00")
    features = np.load(result.features_path)
    expected = prototypes(features[:14], np.asarray(request.labels[:14], np.int32), 2)
    np.testing.assert_array_equal(bundle.prototypes, expected)
    save_bundle(tmp_path / "m", bundle)
    assert load_bundle(tmp_path / "m").sha256 == bundle.sha256


def test_strangers_move_the_threshold(tmp_path: Path) -> None:
    request, result = finished_fit(tmp_path)
    bundle = assembled(request, result)
    near = 0.7 * bundle.prototypes + 0.3 * bundle.prototypes[::-1]
    features = np.repeat(near / np.linalg.norm(near, axis=1, keepdims=True), 5, axis=0)
    outputs = Outputs(features, np.repeat(np.eye(2, dtype=np.float32), 5, axis=0))
    learned = learned_in(tmp_path, request.labels, request.subsets)
    moved = calibrated(bundle, learned, outputs)
    scoring = bundle.info.thresholds.scoring
    likest = scores(scoring, *(outputs.features, outputs.probabilities), bundle.prototypes).max()
    assert bundle.info.thresholds.overall < likest < moved.info.thresholds.overall
    assert moved.info.calibration is not None
    assert moved.info.calibration.thresholds == moved.info.thresholds
    assert (moved.info.calibration.strangers, moved.info.calibration.strangers_named) == (10, 0)
