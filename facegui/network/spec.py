"""What a network is to the rest of the program."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from facegui.domain.training import CropKind, Preprocessing, Scoring, TrainConfig

if TYPE_CHECKING:
    import keras

TensorShapes = Mapping[str, tuple[int, ...]]

MARGINS = {CropKind.ALIGNED: 0.0, CropKind.BOX: 0.2}
"""Room around a face for a network that was made for the other way of cutting it out."""


@dataclass(frozen=True, slots=True)
class Backbone:
    """What of a network others have trained.

    Attributes:
        weights: what the model store calls the file.
        fill: gives a model of that network the weights in that file.
    """

    weights: str
    fill: Callable[[keras.Model, Path], None]


@dataclass(frozen=True, slots=True)
class NetworkSpec:
    """One entry of the registry.

    Attributes:
        title: for menus, in the owner's language.
        when: one sentence on when to choose it.
        preprocessing: how a photo becomes its input.
        presets: named hyper-parameters; ``"default"`` is always there.
        frozen_features: whether training leaves the features as they are, so that training
            items tell as much about them as validation items do.
        stranger_similarity: score for somebody that strangers are known to reach, as far as that
            can be known before training.
        build: a Keras model for a config and a number of classes, run in the engine. Input:
            float32, images or windows of them scaled to 0 … 1. Outputs: features (n, d) and
            logits (n, classes), or (n, members, classes) of networks that learn side by side and
            whose probabilities are averaged.
        tensor_shapes: names and shapes of that model's weights, told without Keras, so that a
            bundle can be refused before anything is built from it.
        feature_size: d.
        backbone: the pretrained part; None for a network that learns from nothing, and for one
            whose inputs another model makes.
        window_px: side of the part that it sees of a crop at a time; 0 for all of it.
        at_once: the most crops that go through it together, for a network so large that a whole
            batch would keep a *stop* waiting: the gradients of the parts are added up; 0 for any
            number.
        prepare: gives a new model what it takes from all training crops before it learns: the
            rows of an array of crops.
    """

    name: str
    title: str
    when: str
    preprocessing: Preprocessing
    presets: Mapping[str, TrainConfig]
    frozen_features: bool
    feature_size: int
    stranger_similarity: float
    build: Callable[[TrainConfig, int], keras.Model]
    tensor_shapes: Callable[[TrainConfig, int], TensorShapes]
    backbone: Backbone | None = None
    window_px: int = 0
    at_once: int = 0
    prepare: Callable[[keras.Model, NDArray[np.generic], NDArray[np.intp]], None] | None = None

    @property
    def scoring(self) -> Scoring:
        """The score that tells strangers best; see `facegui.network.scoring`."""
        return Scoring.COSINE if self.frozen_features else Scoring.PRODUCT

    @property
    def defaults(self) -> TrainConfig:
        """The hyper-parameters to start from."""
        return self.presets["default"]

    def preprocessing_for(self, config: TrainConfig) -> Preprocessing:
        """How a photo becomes its input when *config* may ask for another way of cutting out."""
        own = self.preprocessing
        if config.crop is None or own.kind in ("embedding", config.crop.value):
            return own
        return replace(own, kind=config.crop.value, margin=MARGINS[config.crop])

    @property
    def input_shape(self) -> tuple[int, ...]:
        """Shape of one input: (side, side, 3), or (feature_size,) for embeddings."""
        side = self.preprocessing.size_px
        return (self.feature_size,) if self.preprocessing.kind == "embedding" else (side, side, 3)
