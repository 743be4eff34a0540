"""From a finished fit to a model bundle. Numpy only; runs wherever it is called."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import numpy as np

from facegui import __version__
from facegui.domain.dataset import Subset
from facegui.domain.training import FitRequest, FitResult, Preprocessing
from facegui.network.bundle import FORMAT, Bundle, BundleInfo
from facegui.network.registry import network
from facegui.training.calibrate import Learned, Outputs, calibrate, crowds, prototypes
from facegui.training.checkpoint import load_best
from facegui.training.fit import FEATURES_NAME, PROBABILITIES_NAME

_LIBRARIES = ("tensorflow", "keras", "numpy")


def assemble(
    request: FitRequest,
    result: FitResult,
    *,
    preprocessing: Preprocessing,
    manifest_hash: str,
    photo_sha256s: Sequence[str],
    photo_phashes: Sequence[int],
) -> Bundle:
    """The bundle of the best weights of a run, with prototypes and thresholds calibrated.

    Without strangers; see `calibrated`.

    Args:
        request: what `fit` was given.
        result: what it gave.
        preprocessing: how the inputs were made.
        manifest_hash: content hash of the dataset.
        photo_sha256s: of every photo in it.
        photo_phashes: of the same photos.
    """
    spec = network(request.config.network)
    tensors, _ = load_best(Path(result.weights_path).parent)
    learned = learned_in(Path(result.features_path).parent, request.labels, request.subsets)
    taught = learned.on(Subset.TRAIN)
    features, labels = learned.outputs.features[taught], learned.labels[taught]
    centres = prototypes(features, labels, len(request.class_names))
    calibration = calibrate(crowds(learned, centres, None, spec), request.class_names, spec)
    info = BundleInfo(
        format=FORMAT,
        config=request.config,
        labels=request.class_names,
        preprocessing=preprocessing,
        thresholds=calibration.thresholds,
        metrics=result.metrics,
        manifest_hash=manifest_hash,
        photo_sha256s=tuple(sorted(set(photo_sha256s))),
        photo_phashes=tuple(sorted({f"{phash:016x}" for phash in photo_phashes})),
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        versions=_versions(),
        calibration=calibration,
    )
    return Bundle(info, tensors, centres)


def calibrated(bundle: Bundle, learned: Learned, strangers: Outputs) -> Bundle:
    """*bundle*, its thresholds found anew with what its network says of *strangers*."""
    spec = network(bundle.info.config.network)
    found = crowds(learned, bundle.prototypes, strangers, spec)
    calibration = calibrate(found, bundle.info.labels, spec)
    info = replace(bundle.info, thresholds=calibration.thresholds, calibration=calibration)
    return Bundle(info, bundle.weights, bundle.prototypes)


def learned_in(folder: Path, labels: Sequence[int], sides: Sequence[Subset]) -> Learned:
    """What a fit left in *folder*, of items with these *labels* on these *sides*.

    Raises:
        OSError, ValueError: the files have gone, or are damaged.
    """
    outputs = Outputs(
        np.load(folder / FEATURES_NAME, allow_pickle=False),
        np.load(folder / PROBABILITIES_NAME, allow_pickle=False),
    )
    return Learned(outputs, np.asarray(labels, np.int32), tuple(sides))


def _versions() -> dict[str, str]:
    """What made the bundle; a frozen app may not know each library's version."""
    found = {"facegui": __version__}
    for name in _LIBRARIES:
        with contextlib.suppress(PackageNotFoundError):
            found[name] = version(name)
    return found
