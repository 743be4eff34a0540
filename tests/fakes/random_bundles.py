"""Small, valid bundles of either network, made of random numbers without training."""

from __future__ import annotations

import dataclasses
import json
import struct
from typing import Any

import numpy as np
import safetensors.numpy
from numpy.typing import NDArray

from facegui.domain.training import Preprocessing, RunMetrics, StopReason, Thresholds
from facegui.network.bundle import FORMAT, Bundle, BundleInfo, _content_hash
from facegui.network.registry import network

Tensors = dict[str, NDArray[Any]]

BOX_CROPS = Preprocessing(kind="box", size_px=96, margin=0.2)
METRICS = RunMetrics(
    validation_accuracy=0.9875,
    validation_loss=0.05,
    best_step=40,
    steps=90,
    epochs=9,
    seconds=0.5,
    train_count=156,
    validation_count=80,
    test_accuracy=None,
    test_count=0,
    stopped_by=StopReason.CONVERGED,
)


def make_bundle(
    name: str = "face-transfer",
    labels: tuple[str, ...] = ("Ana", "Bo", "Çelik"),
    threshold: float = 0.4,
    seed: int = 0,
) -> Bundle:
    """A bundle of the network *name*; the first person has a threshold of their own."""
    random = np.random.default_rng(seed)
    spec = network(name)
    prototypes = random.normal(size=(len(labels), spec.feature_size)).astype(np.float32)
    prototypes /= np.linalg.norm(prototypes, axis=1, keepdims=True)
    info = BundleInfo(
        format=FORMAT,
        config=spec.defaults,
        labels=labels,
        preprocessing=spec.preprocessing,
        thresholds=Thresholds(threshold, {labels[0]: threshold + 0.1}),
        metrics=METRICS,
        manifest_hash="ab" * 32,
        photo_sha256s=("0" * 64, "f" * 64),
        photo_phashes=("00ff00ff00ff00ff",),
        created="2026-11-22T12:00:00+00:00",
        versions={"facegui": "0.1.0"},
    )
    weights = {
        path: random.normal(scale=0.1, size=shape).astype(np.float32)
        for path, shape in spec.tensor_shapes(spec.defaults, len(labels)).items()
    }
    return Bundle(info, weights, prototypes)


def with_info(bundle: Bundle, **changes: object) -> Bundle:
    """*bundle* with other words in it."""
    info = dataclasses.replace(bundle.info, **changes)  # type: ignore[arg-type]
    return Bundle(info, bundle.weights, bundle.prototypes)


def resealed(info: dict[str, Any], tensors: Tensors) -> bytes:
    """A file with a right checksum over whatever it holds: what a forger would write."""
    text = json.dumps(info, ensure_ascii=False)
    digest = _content_hash(text, tensors)
    return safetensors.numpy.save(tensors, metadata={"facegui": text, "sha256": digest})


def parts(bundle: Bundle) -> tuple[dict[str, Any], Tensors]:
    """The description of *bundle* and all its tensors, to be forged."""
    data = bundle.to_bytes()
    (length,) = struct.unpack_from("<Q", data)
    metadata = json.loads(data[8 : 8 + length])["__metadata__"]
    return json.loads(metadata["facegui"]), safetensors.numpy.load(data)
