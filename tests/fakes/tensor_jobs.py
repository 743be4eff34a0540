"""Jobs that look inside the engine's TensorFlow; functions of other rooms, as jobs."""

from __future__ import annotations

import contextlib
import sys

import numpy as np
from numpy.typing import NDArray

from facegui.domain.control import Control
from facegui.domain.errors import BundleError
from facegui.domain.training import TrainConfig
from facegui.network.face_transfer import HEAD_KERNEL
from facegui.network.model import build_model, log_probabilities, restore, tensors_of
from facegui.network.registry import network, network_names
from facegui.training.step import TrainStep

MODULE = __name__


Shapes = tuple[tuple[int | None, ...], ...]


def built(request: int, control: Control) -> dict[str, tuple[dict[str, tuple[int, ...]], Shapes]]:
    """Of every network and preset: its weights' shapes, and those of input, features and logits."""
    found = {}
    for name in network_names():
        for preset, config in network(name).presets.items():
            model = build_model(config, request)
            weights = {weight.path: tuple(weight.shape) for weight in model.weights}
            ends = (tuple(model.input_shape), *(tuple(end.shape) for end in model.outputs))
            found[f"{name}/{preset}"] = (weights, ends)
    return found


def same_seed_same_weights(request: TrainConfig, control: Control) -> bool:
    first, second = (tensors_of(build_model(request, 4)) for _ in range(2))
    return all(np.array_equal(first[name], second[name]) for name in first)


def restores_only_what_fits(request: TrainConfig, control: Control) -> tuple[bool, bool]:
    """Whether weights survive a round trip, and whether those of other people are refused."""
    model = build_model(request, 4)
    doubled = {name: 2 * tensor for name, tensor in tensors_of(model).items()}
    restore(model, doubled)
    kept = all(np.array_equal(tensors_of(model)[name], doubled[name]) for name in doubled)
    with contextlib.suppress(BundleError):
        restore(build_model(request, 5), doubled)
        return kept, False
    return kept, True


def averaging(request: TrainConfig, control: Control) -> list[tuple[NDArray[np.float32], ...]]:
    """The head's kernel after each of four steps: as it is, averaged, and as it is again."""
    model = build_model(request, 3)
    step = TrainStep(model, request)
    random = np.random.default_rng(0)
    found = []
    for number in range(1, 5):
        vectors = random.normal(size=(6, 128)).astype(np.float32)
        labels, seed = np.arange(6, dtype=np.int32) % 3, np.array([0, number], np.int32)
        step(vectors, labels, seed, request.learning_rate)
        last = tensors_of(model)[HEAD_KERNEL]
        with step.averaged():
            mean = tensors_of(model)[HEAD_KERNEL]
        found.append((last, mean, tensors_of(model)[HEAD_KERNEL]))
    return found


def in_parts(request: TrainConfig, control: Control) -> list[NDArray[np.float32]]:
    """The head's kernel at first, after half a batch, after the other half, and after all at once.

    The first three are of a step in two parts, the last is of one.
    """
    random = np.random.default_rng(0)
    vectors = random.normal(size=(8, 128)).astype(np.float32)
    labels, seed = np.arange(8, dtype=np.int32) % 3, np.array([0, 1], np.int32)
    model = build_model(request, 3)
    step = TrainStep(model, request, parts=2)
    found = [tensors_of(model)[HEAD_KERNEL]]
    for half in (slice(0, 4), slice(4, 8)):
        step(vectors[half], labels[half], seed, request.learning_rate)
        found.append(tensors_of(model)[HEAD_KERNEL])
    model = build_model(request, 3)
    TrainStep(model, request)(vectors, labels, seed, request.learning_rate)
    return [*found, tensors_of(model)[HEAD_KERNEL]]


def probabilities_of(
    request: NDArray[np.float32], control: Control
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Of each member and of all together, out of logits."""
    each, together = log_probabilities(request)
    return np.exp(each), np.exp(together)


def loaded_modules(request: object, control: Control) -> set[str]:
    return set(sys.modules)
