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
    info = _info(NAME, labels, threshold)
    head = {
        HEAD_KERNEL: np.ascontiguousarray(SHARPNESS * prototypes.T),
        HEAD_BIAS: np.zeros(len(labels), np.float32),
    }
    save_bundle(path, Bundle(info, head, prototypes))
    return path


def write_random_cnn(path: Path, labels: tuple[str, ...]) -> Path:
    """A bundle of the classic network with random weights; it runs, and knows nobody."""
    info = _info("classic", labels, 0.5)
    spec, random = network("classic"), np.random.default_rng(0)
    weights = {
        name: random.uniform(0.0, 0.05, shape).astype(np.float32)
        for name, shape in spec.tensor_shapes(info.config, len(labels)).items()
    }
    prototypes = random.normal(size=(len(labels), spec.feature_size)).astype(np.float32)
    prototypes /= np.linalg.norm(prototypes, axis=1, keepdims=True)
    save_bundle(path, Bundle(info, weights, prototypes))
    return path


def _info(name: str, labels: tuple[str, ...], threshold: float) -> BundleInfo:
    spec = network(name)
    return BundleInfo(
        format=FORMAT,
        config=spec.defaults,
        labels=labels,
        preprocessing=spec.preprocessing,
        thresholds=Thresholds(threshold),
        metrics=RunMetrics(0.975, 0.1, 10, 20, 2, 1.5, 70, 30, None, 0, StopReason.CONVERGED),
        manifest_hash="0" * 64,
        photo_sha256s=(),
        photo_phashes=(),
        created="2026-11-22T12:30:00+00:00",
        versions={"facegui": "0.1.0"},
    )
