"""Jobs that make files like those of `keras.applications`, and look at what became of them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load_file

from facegui.domain.control import Control
from facegui.network.model import Inference, build_model, restore
from facegui.network.pretrained import body_of
from facegui.network.registry import network
from facegui.network.runtime import tensorflow
from facegui.training.checkpoint import load_best

MODULE = __name__
SHAPE = (150, 150, 3)


@dataclass(frozen=True)
class Lookup:
    """The network called *name*, filled from *path*, and crops to show it."""

    name: str
    path: str
    crops: NDArray[np.uint8]


def write_random_weights(request: tuple[str, str], control: Control) -> None:
    """A Keras file of the application called like the network, with random weights."""
    name, path = request
    tensorflow()
    import keras  # noqa: TID251 - a job of the engine

    keras.utils.set_random_seed(11)
    if name == "mobilenet-v2":
        model = keras.applications.MobileNetV2(SHAPE, include_top=False, weights=None)
    else:
        model = keras.applications.InceptionV3(weights=None, input_shape=SHAPE)
    for layer in model.layers:  # statistics as they come would hide that they are not read
        if isinstance(layer, keras.layers.BatchNormalization):
            random = np.random.default_rng(layer.variables[0].shape[0])
            layer.set_weights(
                [random.uniform(0.5, 1.5, weight.shape) for weight in layer.get_weights()]
            )
    model.save(path)


def maps_by_us_and_by_keras(
    request: Lookup, control: Control
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """What the filled backbone's body says of the crops, and what Keras' own model does."""
    tensorflow()
    import keras  # noqa: TID251 - a job of the engine

    spec = network(request.name)
    model = build_model(spec.defaults, 3)
    assert spec.backbone is not None
    spec.backbone.fill(model, Path(request.path))
    scaled = request.crops.astype(np.float32) / 127.5 - 1
    if request.name == "mobilenet-v2":
        theirs = keras.applications.MobileNetV2(
            SHAPE, include_top=False, weights=None, pooling="avg"
        )
        tensors = load_file(request.path)
        for weight in theirs.weights:
            weight.assign(tensors[weight.path])
    else:
        whole = keras.applications.InceptionV3(weights=None, input_shape=SHAPE)
        whole.load_weights(request.path)
        theirs = keras.Model(whole.input, whole.get_layer("mixed7").output)
    return np.asarray(body_of(model)(scaled)), np.asarray(theirs(scaled))


@dataclass(frozen=True)
class Asked:
    """The best weights in *run_dir*, as a network of *name* for *classes* people."""

    name: str
    classes: int
    run_dir: str
    crops: NDArray[np.uint8]


def answers_of_the_whole(
    request: Asked, control: Control
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Features and probabilities of the crops, through all of the network."""
    config = network(request.name).defaults
    model = build_model(config, request.classes)
    tensors, _ = load_best(Path(request.run_dir))
    restore(model, tensors)
    answers = Inference(model, config).batches(request.crops, np.arange(len(request.crops)))
    features, probabilities = zip(*(answer for _, answer in answers), strict=True)
    return np.concatenate(features), np.concatenate(probabilities)


def trainable(request: tuple[str, int], control: Control) -> set[str]:
    """Names of the weights that learn when so many blocks are tuned."""
    name, blocks = request
    config = replace(network(name).defaults, fine_tune_blocks=blocks)
    return {weight.path for weight in build_model(config, 3).trainable_variables}
