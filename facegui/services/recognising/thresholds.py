"""The owner's own thresholds, written into a model; those that were calibrated stay beside them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from facegui.domain.errors import BundleError
from facegui.domain.text import tr
from facegui.domain.training import Thresholds
from facegui.network.bundle import Bundle, load_bundle, save_bundle


def set_thresholds(path: Path, sha256: str, thresholds: Thresholds) -> None:
    """Let the model at *path* name faces by *thresholds* from now on.

    Args:
        path: the model.
        sha256: of the content that the owner looked at.
        thresholds: those of its people, of the same scoring.

    Raises:
        BundleError: it cannot be used, or has changed since.
        StorageFault: the disk refuses; the model stays as it was.
    """
    bundle = load_bundle(path)
    if bundle.sha256 != sha256:
        raise BundleError(
            tr("{path} has changed meanwhile.", path=path), tr("Look at it again first.")
        )
    info = replace(bundle.info, thresholds=thresholds)
    save_bundle(path, Bundle(info, bundle.weights, bundle.prototypes))
