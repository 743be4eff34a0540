"""Real model bundles made by hand: each person is a colour, for `tests.fakes.faces`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from facegui.domain.training import RunMetrics, StopReason, Thresholds
from facegui.network.bundle import FORMAT, Bundle, BundleInfo, save_bundle
from facegui.network.face_transfer import HEAD_BIAS, HEAD_KERNEL, NAME
from facegui.network.registry import network
from tests.fakes.faces import Colour, colour_embedding

SHARPNESS = 10.0
"""How sure the head is; softmax of ten times the cosine."""


def write_colour_bundle(
    path: Path, people: Mapping[str, Colour], *, threshold: float = 0.95
) -> Path:
    """A Face-transfer bundle that knows *people* by their colours and nobody else."""
    labels = tuple(sorted(people))
    prototypes = np.stack([colour_embedding(people[name]) for name in labels])
    spec = network(NAME)
    info = BundleInfo(
        format=FORMAT,
        config=spec.defaults,
        labels=labels,
        preprocessing=spec.preprocessing,
        thresholds=Thresholds(threshold),
        metrics=RunMetrics(0.975, 0.1, 10, 20, 2, 1.5, 70, 30, StopReason.CONVERGED),
        manifest_hash="0" * 64,
        photo_sha256s=(),
        photo_phashes=(),
        created="2026-11-22T12:30:00+00:00",
        versions={"facegui": "0.1.0"},
    )
    head = {
        HEAD_KERNEL: np.ascontiguousarray(SHARPNESS * prototypes.T),
        HEAD_BIAS: np.zeros(len(labels), np.float32),
    }
    save_bundle(path, Bundle(info, head, prototypes))
    return path
