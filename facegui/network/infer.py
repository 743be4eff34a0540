"""Asking a trained network in the engine; the model stays loaded between calls."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from facegui.domain.control import Control
from facegui.domain.errors import BundleError, Cancelled
from facegui.domain.text import tr
from facegui.network.bundle import load_bundle
from facegui.network.model import Inference, Outputs, build_model, restore

JOB = "facegui.network.infer:probabilities"


@dataclass(frozen=True, slots=True)
class InferRequest:
    """Ask the bundle at *path*, whose content must have the hash *sha256*, about *inputs*.

    Attributes:
        inputs: as the bundle's preprocessing says, one row a face.
    """

    path: str
    sha256: str
    inputs: NDArray[np.generic]


def probabilities(request: InferRequest, control: Control) -> Outputs:
    """Unit features (n, d) and softmax probabilities (n, people), float32.

    Raises:
        BundleError: the file is no longer the bundle that was opened.
        Cancelled: told to stop.
    """
    infer = _loaded(request.path, request.sha256)
    found = []
    for _, outputs in infer.batches(request.inputs, np.arange(len(request.inputs))):
        if control.cancelled():
            raise Cancelled
        found.append(outputs)
    features, scores = zip(*found, strict=True)
    return np.concatenate(features), np.concatenate(scores)


@functools.lru_cache(maxsize=2)
def _loaded(path: str, sha256: str) -> Inference:
    bundle = load_bundle(Path(path))
    if bundle.sha256 != sha256:
        raise BundleError(tr("{path} has changed meanwhile.", path=path), tr("Open it again."))
    model = build_model(bundle.info.config, len(bundle.info.labels))
    restore(model, bundle.weights)
    return Inference(model, bundle.info.config)
