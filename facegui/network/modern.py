"""The modern network: the best that learns from a few dozen photos of each person and no others.

Its first layer is fixed: how strong the edges are in eight directions, summed over cells of 8 × 8
pixels and normalised among neighbours, as in the histograms of Dalal and Triggs (CVPR 2005). Those
see little of the light, and need not be learned; with few photos such a start beats learned filters
(Oyallon, Belilovsky and Zagoruyko, ICCV 2017). Beside them lie the crop's colours, small and
standardised. Three convolutions with batch normalisation follow. What they find stays where it is:
in aligned crops a place means something, which pooling over all places would lose.

Three such trunks, each from a start of its own, learn side by side on what the first layer says,
and the mean of their probabilities counts (Hansen and Salamon, PAMI 1990): where photos are few,
each errs in its own way.

The graph looks at the middle of the crop, three quarters of it, so that crops that are shifted or
turned in training show what is really there at their edges, and no background to learn by heart.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from facegui.domain.text import tr
from facegui.domain.training import Augmentation, Preprocessing, Schedule, TrainConfig
from facegui.network.shapes import convolution, dense, normalisation
from facegui.network.spec import NetworkSpec, TensorShapes

if TYPE_CHECKING:
    import keras

NAME = "modern"
SIZE_PX = 128
SEEN_PX = 96
DIRECTIONS = 8
CELL_PX = 4
"""Cells are twice as large as the distance from one to the next."""
FILTERS = (48, 96, 128)
TRUNKS = "abc"
MAP_PX = SEEN_PX // CELL_PX // 4
LUMA = (0.299, 0.587, 0.114)
NORM_MOMENTUM = 0.9
# Of an edge, how far its direction may be off to count: cos 45°.
_TURNED = 0.7
_FAINT = 1e-2


def spec() -> NetworkSpec:
    """The registry entry."""
    return NetworkSpec(
        name=NAME,
        title=tr("Modern CNN"),
        when=tr(
            "When a network shall learn from your photos alone, twenty or more of each person."
        ),
        preprocessing=Preprocessing(kind="aligned", size_px=SIZE_PX, margin=0.1),
        presets={"default": _DEFAULT},
        frozen_features=False,
        feature_size=len(TRUNKS) * FILTERS[-1] * MAP_PX**2,
        stranger_similarity=0.0,
        build=build,
        tensor_shapes=tensor_shapes,
    )


_DEFAULT = TrainConfig(
    network=NAME,
    batch_size=32,
    learning_rate=2e-3,
    schedule=Schedule.COSINE,
    warmup_epochs=3,
    weight_decay=0.05,
    label_smoothing=0.1,
    dropout=0.5,
    weight_average=0.98,
    max_epochs=60,
    max_steps=3000,
    patience=None,
    augmentation=Augmentation(
        shift=0.08,
        zoom=0.15,
        rotation=15.0,
        shear=8.0,
        brightness=0.2,
        contrast=(0.5, 1.8),
        hue=0.03,
        saturation=(0.0, 1.8),
        blur=1.0,
        cutout=0.5,
    ),
)


def build(config: TrainConfig, classes: int) -> keras.Model:
    """The graph; its features are what the last convolutions find at each place."""
    import keras
    from keras import layers

    inputs = keras.Input((SIZE_PX, SIZE_PX, 3), name="crops")
    seen = layers.Cropping2D((SIZE_PX - SEEN_PX) // 2, name="middle")(inputs)
    edges = layers.BatchNormalization(momentum=NORM_MOMENTUM, name="norm0")(_edges(seen))
    colours = layers.AveragePooling2D(CELL_PX, name="colours")(seen)
    colours = layers.LayerNormalization((1, 2, 3), center=False, scale=False, name="even")(colours)
    joined = layers.Concatenate(name="joined")([edges, colours])
    features = [_trunk(joined, config, trunk) for trunk in TRUNKS]
    logits = [
        layers.Dense(classes, name=f"people_{trunk}")(
            layers.Dropout(config.dropout, name=f"drop_{trunk}")(found)
        )
        for trunk, found in zip(TRUNKS, features, strict=True)
    ]
    together = layers.Concatenate(name="features")(features)
    return keras.Model(inputs, [together, keras.ops.stack(logits, axis=1)], name=NAME)


def _trunk(joined: Any, config: TrainConfig, trunk: str) -> Any:
    """What one trunk finds in edges and colours, (n, d)."""
    from keras import layers

    x = joined
    for index, filters in enumerate(FILTERS, start=1):
        x = layers.Conv2D(
            filters,
            3,
            padding="same",
            use_bias=False,
            kernel_initializer="he_normal",
            name=f"conv{index}_{trunk}",
        )(x)
        if index < len(FILTERS):
            x = layers.MaxPooling2D(2, name=f"pool{index}_{trunk}")(x)
        if config.normalise:
            norm = layers.BatchNormalization(momentum=NORM_MOMENTUM, name=f"norm{index}_{trunk}")
            x = norm(x)
        x = layers.ReLU(name=f"relu{index}_{trunk}")(x)
    return layers.Flatten(name=f"flatten_{trunk}")(x)


def _edges(crops: Any) -> Any:
    """How strong the edges of *crops* (n, side, side, 3) are in each cell and direction, 0 to 1."""
    from keras import ops

    luma = ops.sum(crops * ops.array(LUMA, crops.dtype), axis=-1, keepdims=True)
    across = np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]]) / 8  # Sobel's
    sobel = np.stack([across, across.T], axis=-1)[:, :, None]
    slopes = ops.conv(
        ops.pad(luma, ((0, 0), (1, 1), (1, 1), (0, 0)), "symmetric"),
        ops.array(sobel, crops.dtype),
        padding="valid",
    )
    angles = np.arange(DIRECTIONS) * 2 * math.pi / DIRECTIONS
    directions = ops.array(np.stack([np.cos(angles), np.sin(angles)]), crops.dtype)
    strength = ops.sqrt(ops.sum(slopes * slopes, axis=-1, keepdims=True) + 1e-8)
    along = ops.relu(ops.matmul(slopes, directions) - _TURNED * strength)
    cells = ops.average_pool(along, 2 * CELL_PX, CELL_PX, padding="same")
    around = ops.average_pool(ops.sum(cells, axis=-1, keepdims=True), 3, 1, padding="same")
    return ops.sqrt(cells / (around + _FAINT) + 1e-4)


def tensor_shapes(config: TrainConfig, classes: int) -> TensorShapes:
    """Names and shapes of the weights of `build`."""
    shapes: dict[str, tuple[int, ...]] = {**normalisation("norm0", DIRECTIONS)}
    for trunk in TRUNKS:
        channels = DIRECTIONS + 3
        for index, filters in enumerate(FILTERS, start=1):
            name = f"{index}_{trunk}"
            shapes |= convolution(f"conv{name}", 3, channels, filters, bias=False)
            if config.normalise:
                shapes |= normalisation(f"norm{name}", filters)
            channels = filters
        shapes |= dense(f"people_{trunk}", channels * MAP_PX**2, classes)
    return shapes
