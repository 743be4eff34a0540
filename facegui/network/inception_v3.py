"""Inception V3 (Szegedy et al., CVPR 2016) up to ``mixed7`` as a feature extractor, with a head.

What follows ``mixed7`` is nearer to ImageNet's classes than to anything seen in a face.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from facegui.domain.text import tr
from facegui.domain.training import TrainConfig
from facegui.network import pretrained
from facegui.network.pretrained import Block, Convolution
from facegui.network.spec import Backbone, NetworkSpec, TensorShapes

if TYPE_CHECKING:
    import keras

NAME = "inception-v3"
CUT = "mixed7"
PLACES = 3
"""Each map of the cut is averaged over 3 x 3 overlapping places: where an eye is tells people apart
as well, and all 49 places would make a head of 150 MB."""
BOTTLENECK = 768 * PLACES**2

# A branch of a block is a chain of convolutions: filters, height and width of each.
_Chain = tuple[tuple[int, int, int], ...]


def spec() -> NetworkSpec:
    """The registry entry."""
    return NetworkSpec(
        name=NAME,
        title=tr("Inception V3"),
        when=tr(
            "To compare with MobileNetV2: twice the work for each crop, and 96 MB to fetch once."
        ),
        preprocessing=pretrained.PREPROCESSING,
        presets={"default": pretrained.defaults(NAME)},
        frozen_features=False,
        feature_size=pretrained.HIDDEN,
        stranger_similarity=0.0,
        build=build,
        tensor_shapes=tensor_shapes,
        backbone=Backbone(weights=NAME, fill=fill),
        at_once=32,
    )


def blocks() -> tuple[Block, ...]:
    """Its convolutions up to the cut, block by block, numbered as Keras does while it builds."""
    numbers = count()
    found: list[Block] = []
    channels = 3
    for chains, pooled in _tables():
        found.append(tuple(_numbered(numbers, chains, channels)))
        channels = sum(chain[-1][0] for chain in chains) + pooled * channels
    return tuple(found)


def _tables() -> Iterator[tuple[tuple[_Chain, ...], bool]]:
    """Each block's branches, and whether its input, pooled, is one more."""
    yield (((32, 3, 3), (32, 3, 3), (64, 3, 3), (80, 1, 1), (192, 3, 3)),), False
    for projected in (32, 64, 64):
        yield (
            (
                ((64, 1, 1),),
                ((48, 1, 1), (64, 5, 5)),
                ((64, 1, 1), (96, 3, 3), (96, 3, 3)),
                ((projected, 1, 1),),
            ),
            False,
        )
    yield (((384, 3, 3),), ((64, 1, 1), (96, 3, 3), (96, 3, 3))), True
    for narrow in (128, 160, 160, 192):
        yield (
            (
                ((192, 1, 1),),
                ((narrow, 1, 1), (narrow, 1, 7), (192, 7, 1)),
                ((narrow, 1, 1), (narrow, 7, 1), (narrow, 1, 7), (narrow, 7, 1), (192, 1, 7)),
                ((192, 1, 1),),
            ),
            False,
        )


def _numbered(
    numbers: Iterator[int], chains: tuple[_Chain, ...], channels: int
) -> Iterator[Convolution]:
    for chain in chains:
        inputs = channels
        for filters, height, width in chain:
            ending = f"_{number}" if (number := next(numbers)) else ""
            kernel = (height, width, inputs, filters)
            yield Convolution(
                f"conv2d{ending}", f"batch_normalization{ending}", kernel, scaled=False
            )
            inputs = filters


def build(config: TrainConfig, classes: int) -> keras.Model:
    """The graph, its backbone with random weights. Names have to start anew, as they do."""
    import keras
    from keras import layers

    side = pretrained.PREPROCESSING.size_px
    whole = keras.applications.InceptionV3(
        include_top=False, weights=None, input_shape=(side, side, 3)
    )
    maps = whole.get_layer(CUT).output
    places = layers.AveragePooling2D(3, strides=2, name="places")(maps)
    body = keras.Model(whole.input, layers.Flatten(name="flatten")(places), name="inception_v3")
    return pretrained.with_head(body, blocks(), config, classes)


def fill(model: keras.Model, path: Path) -> None:
    """Give the backbone of *model* the pretrained weights of the Keras file *path*.

    The file tells layers by their order in the whole graph, so Keras reads it into one.
    """
    import keras

    body = pretrained.body_of(model)
    side = pretrained.PREPROCESSING.size_px
    whole = keras.applications.InceptionV3(weights=None, input_shape=(side, side, 3))
    whole.load_weights(str(path))
    for kind in (keras.layers.Conv2D, keras.layers.BatchNormalization):
        pairs = zip(_as_built(body, kind), _as_built(whole, kind), strict=False)
        for ours, theirs in pairs:
            ours.set_weights(theirs.get_weights())


def _as_built(model: keras.Model, kind: type[keras.Layer]) -> list[keras.Layer]:
    """The layers of that *kind* in the order in which they were made, by the number in the name."""

    def number(layer: keras.Layer) -> int:
        ending = layer.name.rpartition("_")[2]
        return int(ending) if ending.isdigit() else 0

    return sorted((layer for layer in model.layers if isinstance(layer, kind)), key=number)


def tensor_shapes(config: TrainConfig, classes: int) -> TensorShapes:  # noqa: ARG001 - the protocol
    """Names and shapes of the weights of `build`."""
    return pretrained.tensor_shapes(blocks(), BOTTLENECK, classes)
