"""What the filters of a network make of a crop, while it trains or afterwards; an engine job.

Each filter of a convolution answers every place of its input with a number; those numbers, as a
grey picture, show what the filter sees (Zeiler and Fergus, ECCV 2014, show the same as feature
maps).
"""

from __future__ import annotations

import functools
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from facegui.domain.control import Control
from facegui.domain.feature_maps import FeatureMaps
from facegui.domain.training import TrainConfig
from facegui.network.bundle import load_bundle
from facegui.network.model import as_input, build_model, restore
from facegui.network.registry import network
from facegui.network.runtime import tensorflow
from facegui.training.checkpoint import load_best

if TYPE_CHECKING:
    import keras

LOOK_JOB = "facegui.training.look:look"
LAYERS_MOST = 12
"""Of a deep network only the first convolutions are offered: later ones show nothing to people."""

_COLOURS = 3


@dataclass(frozen=True, slots=True, eq=False)
class LookRequest:
    """Show *crop* to a network.

    Attributes:
        classes: how many people it tells apart.
        weights: the folder of a run that has a checkpoint, or a model bundle.
        crop: uint8 (side, side, 3), as the network takes it.
        layer: name of a convolution; None for the first.
    """

    config: TrainConfig
    classes: int
    weights: str
    crop: NDArray[np.uint8]
    layer: str | None


def look(request: LookRequest, control: Control) -> FeatureMaps:  # noqa: ARG001 - a job's shape
    """The feature maps of one layer.

    Raises:
        DatasetError: the run has no checkpoint yet, or no longer.
        BundleError: the bundle cannot be used.
    """
    path = Path(request.weights)
    if path.is_dir():
        tensors, best = load_best(path)
        step: int | None = best.step
    else:
        tensors, step = load_bundle(path).weights, None
    model = _built(request.config, request.classes)
    restore(model, tensors)
    layers = convolutions(model)
    if not layers:
        nothing = np.zeros((0, 1, 1), np.uint8)
        return FeatureMaps((), "", nothing, np.zeros(0, np.float32), None, step)
    chosen = next((layer for layer in layers if layer.name == request.layer), layers[0])
    crop = _middle(request.crop, network(request.config.network).window_px)
    answers = _answers(model, chosen, crop)
    return FeatureMaps(
        layers=tuple(layer.name for layer in layers),
        layer=chosen.name,
        maps=_grey(answers),
        highest=answers.max(axis=(1, 2)),
        kernels=_kernels(chosen) if chosen is layers[0] else None,
        step=step,
    )


def convolutions(model: keras.Model) -> list[Any]:
    """The first convolutions of *model*, those of models inside it too."""
    import keras

    kinds = (keras.layers.Conv2D, keras.layers.DepthwiseConv2D, keras.layers.SeparableConv2D)
    return [layer for layer in _inside(model) if isinstance(layer, kinds)][:LAYERS_MOST]


def _inside(model: keras.Model) -> Iterator[Any]:
    """The layers of *model* in their order, those of a model inside it in its place."""
    import keras

    for layer in model.layers:
        if isinstance(layer, keras.Model):
            yield from _inside(layer)
        else:
            yield layer


@functools.lru_cache(maxsize=1)
def _built(config: TrainConfig, classes: int) -> keras.Model:
    """Built once, since while a network trains it is looked at after every epoch."""
    return build_model(config, classes)


def _middle(crop: NDArray[np.uint8], side: int) -> NDArray[np.uint8]:
    """The part of *crop* that a network of windows of *side* sees in the middle; 0 for all."""
    size = side or len(crop)
    first = (len(crop) - size) // 2
    return crop[first : first + size, first : first + size]


def _answers(model: keras.Model, layer: Any, crop: NDArray[np.uint8]) -> NDArray[np.float32]:
    """What *layer* answers while *model* looks at *crop*, (filters, height, width).

    Taken as it passes by, which works for a layer of a model inside the model as well.
    """
    tf = tensorflow()
    seen: list[Any] = []
    call = layer.call

    def listening(*inputs: Any, **options: Any) -> Any:
        seen.append(call(*inputs, **options))
        return seen[-1]

    layer.call = listening
    try:
        model(as_input(tf.constant(crop[None])), training=False)
    finally:
        layer.call = call
    return np.moveaxis(np.asarray(tf.cast(seen[0][0], tf.float32)), -1, 0)


def _kernels(layer: Any) -> NDArray[np.uint8] | None:
    """The kernels of *layer* as small colour pictures, if it mixes the three colours."""
    import keras

    if not isinstance(layer, keras.layers.Conv2D) or layer.kernel.shape[2] != _COLOURS:
        return None
    kernel = np.asarray(layer.kernel, np.float32)
    pictures = np.moveaxis(kernel, -1, 0)
    low = pictures.min(axis=(1, 2, 3), keepdims=True)
    high = pictures.max(axis=(1, 2, 3), keepdims=True)
    return _spread(pictures, low, high)


def _grey(answers: NDArray[np.float32]) -> NDArray[np.uint8]:
    low = answers.min(axis=(1, 2), keepdims=True)
    return _spread(answers, low, answers.max(axis=(1, 2), keepdims=True))


def _spread(
    values: NDArray[np.float32], low: NDArray[np.float32], high: NDArray[np.float32]
) -> NDArray[np.uint8]:
    """*values* from 0 at *low* to 255 at *high*; black where the two are the same."""
    size = np.maximum(high - low, np.finfo(np.float32).tiny)
    spread: NDArray[np.uint8] = np.round((values - low) / size * 255).astype(np.uint8)
    return spread
