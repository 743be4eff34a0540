"""From a finished fit to a model bundle. Numpy only; runs wherever it is called."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import numpy as np

from facegui import __version__
from facegui.domain.dataset import Subset
from facegui.domain.training import FitRequest, FitResult, Preprocessing
from facegui.network.bundle import FORMAT, Bundle, BundleInfo
from facegui.network.registry import network
from facegui.training.calibrate import calibrate
from facegui.training.checkpoint import load_best

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
    seen = np.array([side is not Subset.TEST for side in request.subsets])
    held_out = np.array([side is Subset.VALIDATION for side in request.subsets])
    prototypes, thresholds = calibrate(
        np.load(result.features_path, allow_pickle=False)[seen],
        np.asarray(request.labels, np.int32)[seen],
        held_out[seen],
        len(request.class_names),
        frozen=spec.frozen_features,
        floor=spec.stranger_similarity,
    )
    info = BundleInfo(
        format=FORMAT,
        config=request.config,
        labels=request.class_names,
        preprocessing=preprocessing,
        thresholds=thresholds,
        metrics=result.metrics,
        manifest_hash=manifest_hash,
        photo_sha256s=tuple(sorted(set(photo_sha256s))),
        photo_phashes=tuple(sorted({f"{phash:016x}" for phash in photo_phashes})),
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        versions=_versions(),
    )
    return Bundle(info, tensors, prototypes)


def _versions() -> dict[str, str]:
    """What made the bundle; a frozen app may not know each library's version."""
    found = {"facegui": __version__}
    for name in _LIBRARIES:
        with contextlib.suppress(PackageNotFoundError):
            found[name] = version(name)
    return found
