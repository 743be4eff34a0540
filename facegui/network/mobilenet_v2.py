"""MobileNetV2 (Sandler et al., CVPR 2018) at width 1 as a feature extractor, with a dense head."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from facegui.domain.text import tr
from facegui.domain.training import TrainConfig
from facegui.network import pretrained
from facegui.network.pretrained import Block, Convolution
from facegui.network.spec import Backbone, NetworkSpec, TensorShapes

if TYPE_CHECKING:
    import keras

NAME = "mobilenet-v2"
BOTTLENECK = 1280
STEM = 32
# Channels after each block of the second table of the paper; the first one does not widen.
CHANNELS = (16, *[24] * 2, *[32] * 3, *[64] * 4, *[96] * 3, *[160] * 3, 320)
WIDENED = 6


def spec() -> NetworkSpec:
    """The registry entry."""
    return NetworkSpec(
        name=NAME,
        title=tr("MobileNetV2"),
        when=tr(
            "To see how far a small network gets that has learned things in general and no faces; "
            "Face transfer knows people better."
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
    """Its convolutions, block by block, named as Keras names them."""
    stem = Convolution("Conv1", "bn_Conv1", (3, 3, 3, STEM), scaled=True)
    last = Convolution("Conv_1", "Conv_1_bn", (1, 1, CHANNELS[-1], BOTTLENECK), scaled=True)
    middle = [
        tuple(_residual(number, channels, wanted))
        for number, (channels, wanted) in enumerate(zip((STEM, *CHANNELS), CHANNELS, strict=False))
    ]
    return ((stem,), *middle, (last,))


def _residual(number: int, channels: int, wanted: int) -> Iterator[Convolution]:
    """An inverted residual: widened, filtered channel by channel, and narrowed to *wanted*."""
    prefix = f"block_{number}" if number else "expanded_conv"

    def layer(part: str, kernel: tuple[int, ...]) -> Convolution:
        name = f"{prefix}_{part}"
        return Convolution(name, f"{name}_BN", kernel, scaled=True)

    wide = channels * WIDENED if number else channels
    if number:
        yield layer("expand", (1, 1, channels, wide))
    yield layer("depthwise", (3, 3, wide, 1))
    yield layer("project", (1, 1, wide, wanted))


def build(config: TrainConfig, classes: int) -> keras.Model:
    """The graph, its backbone with random weights."""
    import keras

    side = pretrained.PREPROCESSING.size_px
    body = keras.applications.MobileNetV2(
        (side, side, 3), include_top=False, weights=None, pooling="avg"
    )
    return pretrained.with_head(body, blocks(), config, classes)


def fill(model: keras.Model, path: Path) -> None:
    """Give the backbone of *model* the pretrained weights of the safetensors file *path*."""
    from safetensors.numpy import load_file

    tensors = load_file(path)
    for weight in pretrained.body_of(model).weights:
        weight.assign(tensors[weight.path])


def tensor_shapes(config: TrainConfig, classes: int) -> TensorShapes:  # noqa: ARG001 - the protocol
    """Names and shapes of the weights of `build`."""
    return pretrained.tensor_shapes(blocks(), BOTTLENECK, classes)
