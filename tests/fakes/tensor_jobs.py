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
from facegui.network.model import build_model, restore, tensors_of
from facegui.network.registry import network, network_names
from facegui.training.step import TrainStep

MODULE = __name__


def told_and_built_shapes(request: int, control: Control) -> dict[str, object]:
    """For every network and preset: the shapes that the registry tells, and the model's."""
    found: dict[str, object] = {}
    for name in network_names():
        for preset, config in network(name).presets.items():
            told = dict(network(name).tensor_shapes(config, request))
            built = {
                key: tensor.shape
                for key, tensor in tensors_of(build_model(config, request)).items()
            }
            found[f"{name}/{preset}"] = (told, built)
    return found


def feature_sizes(request: int, control: Control) -> dict[str, tuple[tuple[int | None, ...], ...]]:
    """Input, feature and logit shapes of every network's default model."""
    found = {}
    for name in network_names():
        model = build_model(network(name).defaults, request)
        found[name] = (tuple(model.input_shape), *(tuple(o.shape) for o in model.outputs))
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


def loaded_modules(request: object, control: Control) -> set[str]:
    return set(sys.modules)
