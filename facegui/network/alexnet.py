"""AlexNet (Krizhevsky, Sutskever and Hinton, NIPS 2012), the network of the 2012 turn.

Convolutions of 96, 256, 384, 384 and 256 filters on 227 × 227 RGB, overlapping max-pooling after
the first, second and fifth, two dense layers of 4,096 with dropout and a softmax over the people.
It sees a random part of a larger crop in training, and is asked about ten parts; the mean of the
training crops is taken off each. Unlike in the paper no layer is split over two graphics cards and
responses are not normalised among neighbours; and weights start as He et al. (ICCV 2015) have it,
since a few hundred crops never lead away from the paper's start.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from facegui.domain.text import tr
from facegui.domain.training import (
    Augmentation,
    Optimizer,
    Preprocessing,
    Schedule,
    TrainConfig,
)
from facegui.network.shapes import convolution, dense, normalisation
from facegui.network.spec import NetworkSpec, TensorShapes

if TYPE_CHECKING:
    import keras

NAME = "alexnet"
CROP_PX = 256
WINDOW_PX = 227
DENSE = 4096
MEAN = "mean"
# Filters, kernel, stride and padding of each convolution; those with a number pool after it.
CONVOLUTIONS = (
    (96, 11, 4, "valid"),
    (256, 5, 1, "same"),
    (384, 3, 1, "same"),
    (384, 3, 1, "same"),
    (256, 3, 1, "same"),
)
POOLED = (1, 2, 5)
LAST_MAP_PX = 6


def spec() -> NetworkSpec:
    """The registry entry."""
    return NetworkSpec(
        name=NAME,
        title=tr("AlexNet"),
        when=tr("For its history: it wants thousands of photos and hours; its model takes 230 MB."),
        preprocessing=Preprocessing(kind="aligned", size_px=CROP_PX, margin=0.1),
        presets={"default": _DEFAULT},
        frozen_features=False,
        feature_size=DENSE,
        stranger_similarity=0.0,
        build=build,
        tensor_shapes=tensor_shapes,
        window_px=WINDOW_PX,
        at_once=4,
        prepare=subtract_mean,
    )


_DEFAULT = TrainConfig(
    network=NAME,
    batch_size=256,
    optimizer=Optimizer.SGD,
    momentum=0.9,
    learning_rate=0.01,
    schedule=Schedule.PLATEAU,
    schedule_patience=30,
    schedule_factor=0.1,
    weight_decay=5e-4,
    normalise=False,
    dropout=0.5,
    patience=75,
    augmentation=Augmentation(flip=True),
)


def build(config: TrainConfig, classes: int) -> keras.Model:
    """The graph; its features are the activations of the last dense layer before dropout."""
    import keras
    from keras import layers

    inputs = keras.Input((WINDOW_PX, WINDOW_PX, 3), name="crops")
    x = _mean_layer()(inputs)
    for index, (filters, kernel, stride, padding) in enumerate(CONVOLUTIONS, start=1):
        x = layers.Conv2D(
            filters,
            kernel,
            strides=stride,
            padding=padding,
            kernel_initializer="he_normal",
            name=f"conv{index}",
        )(x)
        if config.normalise:
            x = layers.BatchNormalization(momentum=0.9, name=f"norm{index}")(x)
        x = layers.ReLU(name=f"relu{index}")(x)
        if index in POOLED:
            x = layers.MaxPooling2D(3, 2, name=f"pool{index}")(x)
    x = layers.Flatten(name="flatten")(x)
    for index in (1, 2):
        if index > 1:
            x = layers.Dropout(config.dropout, name="drop1")(x)
        x = layers.Dense(
            DENSE, activation="relu", kernel_initializer="he_normal", name=f"dense{index}"
        )(x)
    logits = layers.Dense(classes, name="people")(layers.Dropout(config.dropout, name="drop2")(x))
    return keras.Model(inputs, [x, logits], name=NAME)


def _mean_layer() -> keras.Layer:
    """Takes the mean crop off, a weight that `subtract_mean` fills and training leaves alone."""
    import keras

    class Mean(keras.Layer):  # type: ignore[misc]
        def build(self, shape: tuple[int | None, ...]) -> None:
            self.crop = self.add_weight(
                shape=shape[1:], initializer="zeros", trainable=False, name="crop"
            )

        def call(self, crops: Any) -> Any:
            return crops - keras.ops.cast(self.crop, crops.dtype)

    return Mean(name=MEAN)


def subtract_mean(model: keras.Model, crops: NDArray[np.generic], rows: NDArray[np.intp]) -> None:
    """Let *model* take the mean of those *rows* of *crops*, bytes, off all that it is shown."""
    edge = (CROP_PX - WINDOW_PX) // 2
    middle = slice(edge, edge + WINDOW_PX)
    total = np.zeros((WINDOW_PX, WINDOW_PX, 3))
    for row in rows:  # one at a time: thousands would not fit into memory
        total += np.asarray(crops[row, middle, middle], np.uint8)
    model.get_layer(MEAN).crop.assign(total / (255 * len(rows)))


def tensor_shapes(config: TrainConfig, classes: int) -> TensorShapes:
    """Names and shapes of the weights of `build`."""
    shapes: dict[str, tuple[int, ...]] = {f"{MEAN}/crop": (WINDOW_PX, WINDOW_PX, 3)}
    channels = 3
    for index, (filters, kernel, _, _) in enumerate(CONVOLUTIONS, start=1):
        shapes |= convolution(f"conv{index}", kernel, channels, filters)
        if config.normalise:
            shapes |= normalisation(f"norm{index}", filters)
        channels = filters
    units = channels * LAST_MAP_PX**2
    for name, wanted in (("dense1", DENSE), ("dense2", DENSE), ("people", classes)):
        shapes |= dense(name, units, wanted)
        units = wanted
    return shapes
