"""The two-layer network: two convolutions on 28 × 28 grey crops, known from MNIST.

Convolutions of 32 and 64 filters of 5 × 5, each with ReLU and 2 × 2 max-pooling, a dense layer of
1,024 with ReLU, dropout and a softmax over the people. Greys are the luma of ITU-R BT.601, made
inside the graph.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from facegui.domain.text import tr
from facegui.domain.training import Augmentation, Preprocessing, TrainConfig
from facegui.network.shapes import convolution, dense, normalisation
from facegui.network.spec import NetworkSpec, TensorShapes

if TYPE_CHECKING:
    import keras

NAME = "two-layer"
SIZE_PX = 28
FILTERS = (32, 64)
KERNEL = 5
DENSE = 1024
LUMA = (0.299, 0.587, 0.114)


def spec() -> NetworkSpec:
    """The registry entry."""
    return NetworkSpec(
        name=NAME,
        title=tr("Two-layer CNN"),
        when=tr("To watch something small learn within seconds; it sees little of a face."),
        preprocessing=Preprocessing(kind="aligned", size_px=SIZE_PX, margin=0.0),
        presets={"default": _DEFAULT},
        frozen_features=False,
        feature_size=DENSE,
        stranger_similarity=0.0,
        build=build,
        tensor_shapes=tensor_shapes,
    )


_DEFAULT = TrainConfig(
    network=NAME,
    batch_size=50,
    learning_rate=1e-4,
    normalise=False,
    dropout=0.5,
    patience=60,
    augmentation=Augmentation(brightness=0.2, contrast=(0.6, 1.6)),
)


def build(config: TrainConfig, classes: int) -> keras.Model:
    """The graph; its features are the activations of the dense layer before dropout."""
    import keras
    from keras import layers

    inputs = keras.Input((SIZE_PX, SIZE_PX, 3), name="crops")
    x = keras.ops.sum(inputs * keras.ops.array(LUMA, inputs.dtype), axis=-1, keepdims=True)
    for index, filters in enumerate(FILTERS, start=1):
        x = layers.Conv2D(filters, KERNEL, padding="same", name=f"conv{index}")(x)
        x = layers.MaxPooling2D(2, name=f"pool{index}")(x)
        if config.normalise:
            x = layers.BatchNormalization(momentum=0.9, name=f"norm{index}")(x)
        x = layers.ReLU(name=f"relu{index}")(x)
    x = layers.Flatten(name="flatten")(x)
    x = layers.Dense(DENSE, activation="relu", name="dense1")(x)
    logits = layers.Dense(classes, name="people")(layers.Dropout(config.dropout, name="drop")(x))
    return keras.Model(inputs, [x, logits], name="two_layer")


def tensor_shapes(config: TrainConfig, classes: int) -> TensorShapes:
    """Names and shapes of the weights of `build`."""
    shapes: dict[str, tuple[int, ...]] = {}
    channels = 1
    for index, filters in enumerate(FILTERS, start=1):
        shapes |= convolution(f"conv{index}", KERNEL, channels, filters)
        if config.normalise:
            shapes |= normalisation(f"norm{index}", filters)
        channels = filters
    units = channels * (SIZE_PX >> len(FILTERS)) ** 2
    return {**shapes, **dense("dense1", units, DENSE), **dense("people", DENSE, classes)}
