"""Networks that others trained on ImageNet, as feature extractors with a dense head of our own.

A *backbone* of `keras.applications` looks at the crop, and averages of its last maps are all that
it passes on (the *bottleneck*); the *head* is a dense layer of 1,024 with ReLU, dropout and a
softmax over the people. The head's dense activations are the network's features. The backbone
stays as it came, or its last blocks learn too; their batch normalisation keeps ImageNet's
statistics either way, since those of a few hundred crops are worse.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING

from facegui.domain.training import Augmentation, Optimizer, Preprocessing, TrainConfig
from facegui.network.shapes import dense
from facegui.network.spec import TensorShapes

if TYPE_CHECKING:
    import keras

HIDDEN = 1024
BACKBONE, HEAD = "backbone", "head"

PREPROCESSING = Preprocessing(kind="aligned", size_px=150, margin=0.0)


@dataclass(frozen=True, slots=True)
class Convolution:
    """A convolution without bias and the batch normalisation after it.

    Attributes:
        kernel: shape of its weights.
        scaled: whether the normalisation has a gamma.
    """

    name: str
    norm: str
    kernel: tuple[int, ...]
    scaled: bool

    @property
    def shapes(self) -> TensorShapes:
        """Names and shapes of the weights of both."""
        depthwise = self.kernel[-1] == 1
        channels = self.kernel[-2] if depthwise else self.kernel[-1]
        parts = ("gamma", "beta", "moving_mean", "moving_variance")[not self.scaled :]
        norm = {f"{self.norm}/{part}": (channels,) for part in parts}
        return {f"{self.name}/kernel": self.kernel, **norm}


Block = Sequence[Convolution]


def defaults(name: str) -> TrainConfig:
    """The settings to start from, which let every crop go through the backbone just once."""
    return TrainConfig(
        network=name,
        batch_size=32,
        optimizer=Optimizer.RMSPROP,
        learning_rate=1e-4,
        dropout=0.2,
        max_epochs=200,
        patience=12,
        augmentation=Augmentation(flip=True),
    )


def with_head(
    body: keras.Model, blocks: Sequence[Block], config: TrainConfig, classes: int
) -> keras.Model:
    """The whole network: scaled to -1 … 1, through *body*, and through a new head.

    Args:
        body: from images to the bottleneck.
        blocks: its convolutions, from first to last.
        config: says how many of the last blocks learn.
        classes: number of people.
    """
    import keras
    from keras import layers

    crops = keras.Input(body.input_shape[1:], name="crops")
    said = body(layers.Rescaling(2.0, offset=-1.0, name="scale")(crops))
    backbone = keras.Model(crops, said, name=BACKBONE)
    learning = len(blocks) - config.fine_tune_blocks
    _let_learn(body, {layer.name for block in blocks[max(learning, 0) :] for layer in block})
    head = _head(said.shape[-1], config, classes)
    return keras.Model(crops, head(backbone(crops)), name=body.name)


def _let_learn(body: keras.Model, names: set[str]) -> None:
    for layer in body.layers:
        layer.trainable = layer.trainable and layer.name in names


def _head(size: int, config: TrainConfig, classes: int) -> keras.Model:
    import keras
    from keras import layers

    bottleneck = keras.Input((size,), name="bottleneck")
    features = layers.Dense(HIDDEN, activation="relu", name="dense1")(bottleneck)
    dropped = layers.Dropout(config.dropout, name="drop")(features)
    logits = layers.Dense(classes, name="people")(dropped)
    return keras.Model(bottleneck, [features, logits], name=HEAD)


def tensor_shapes(blocks: Iterable[Block], size: int, classes: int) -> TensorShapes:
    """Names and shapes of the weights of `with_head`, for a bottleneck of *size* numbers."""
    shapes: dict[str, tuple[int, ...]] = {}
    for layer in chain.from_iterable(blocks):
        shapes.update(layer.shapes)
    shapes.update(dense("dense1", size, HIDDEN))
    shapes.update(dense("people", HIDDEN, classes))
    return shapes


def body_of(model: keras.Model) -> keras.Model:
    """The part of a network made by `with_head` that comes from Keras."""
    import keras

    layers = model.get_layer(BACKBONE).layers
    return next(layer for layer in layers if isinstance(layer, keras.Model))
