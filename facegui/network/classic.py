"""The classic network: four convolutions learned from scratch on 96 × 96 RGB crops.

Four 3 × 3 convolutions of 16, 32, 64 and 128 filters, each with ReLU and 2 × 2 max-pooling, then
dense layers of 512 and 1024 with ReLU, dropout and a softmax over the people. *normalise* puts
batch normalisation (Ioffe and Szegedy, ICML 2015) between each convolution and its ReLU.

The graph pools before the ReLU: the two commute, and a quarter of the values is left to normalise,
which otherwise takes 40 % of a training step.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from facegui.domain.text import tr
from facegui.domain.training import Augmentation, Preprocessing, Schedule, TrainConfig
from facegui.network.shapes import convolution, dense, normalisation
from facegui.network.spec import NetworkSpec, TensorShapes

if TYPE_CHECKING:
    import keras

NAME = "classic"
SIZE_PX = 96
FILTERS = (16, 32, 64, 128)
DENSE = (512, 1024)
# Keras' 0.99 takes a thousand steps to forget the first ones; a run here has a few hundred.
NORM_MOMENTUM = 0.9


def spec() -> NetworkSpec:
    """The registry entry."""
    return NetworkSpec(
        name=NAME,
        title=tr("Classic CNN"),
        when=tr("To see a network learn from nothing; it wants many photos of each person."),
        preprocessing=Preprocessing(kind="aligned", size_px=SIZE_PX, margin=0.0),
        presets={"default": _DEFAULT, "faithful": _FAITHFUL},
        frozen_features=False,
        feature_size=DENSE[-1],
        stranger_similarity=0.0,
        build=build,
        tensor_shapes=tensor_shapes,
    )


_DEFAULT = TrainConfig(
    network=NAME,
    batch_size=32,
    learning_rate=1e-3,
    schedule=Schedule.COSINE,
    warmup_epochs=2,
    weight_decay=0.02,
    label_smoothing=0.1,
    dropout=0.5,
    weight_average=0.98,
    max_epochs=50,
    max_steps=3000,
    patience=None,
    augmentation=Augmentation(
        shift=0.06,
        zoom=0.12,
        rotation=12.0,
        shear=5.0,
        brightness=0.2,
        contrast=(0.6, 1.6),
        hue=0.04,
        saturation=(0.0, 1.6),
        cutout=0.4,
    ),
)

# The tutorial's own settings, for comparison.
_FAITHFUL = TrainConfig(
    network=NAME,
    batch_size=100,
    learning_rate=1e-4,
    normalise=False,
    dropout=0.3,
    max_steps=10_000,
    patience=None,
    augmentation=Augmentation(brightness=0.5, contrast=(0.2, 2.0), hue=0.08, saturation=(0.2, 2.0)),
)


def build(config: TrainConfig, classes: int) -> keras.Model:
    """The graph; its features are the activations of the last dense layer before dropout."""
    import keras
    from keras import layers

    inputs = keras.Input((SIZE_PX, SIZE_PX, 3), name="crops")
    x = inputs
    for index, filters in enumerate(FILTERS, start=1):
        x = layers.Conv2D(filters, 3, padding="same", name=f"conv{index}")(x)
        x = layers.MaxPooling2D(2, name=f"pool{index}")(x)
        if config.normalise:
            x = layers.BatchNormalization(momentum=NORM_MOMENTUM, name=f"norm{index}")(x)
        x = layers.ReLU(name=f"relu{index}")(x)
    x = layers.Flatten(name="flatten")(x)
    for index, units in enumerate(DENSE, start=1):
        x = layers.Dense(units, activation="relu", name=f"dense{index}")(x)
    logits = layers.Dense(classes, name="people")(layers.Dropout(config.dropout, name="drop")(x))
    return keras.Model(inputs, [x, logits], name=NAME)


def tensor_shapes(config: TrainConfig, classes: int) -> TensorShapes:
    """Names and shapes of the weights of `build`."""
    shapes: dict[str, tuple[int, ...]] = {}
    channels = 3
    for index, filters in enumerate(FILTERS, start=1):
        shapes |= convolution(f"conv{index}", 3, channels, filters)
        if config.normalise:
            shapes |= normalisation(f"norm{index}", filters)
        channels = filters
    units = channels * (SIZE_PX >> len(FILTERS)) ** 2
    for name, wanted in (("dense1", DENSE[0]), ("dense2", DENSE[1]), ("people", classes)):
        shapes |= dense(name, units, wanted)
        units = wanted
    return shapes
