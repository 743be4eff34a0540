"""What a frozen backbone says of every crop: asked once, kept beside the crops, learned from.

A pretrained backbone that does not learn says the same of a crop in every epoch. So it looks at
each crop, and at its mirror image where those are learned from too, a single time, and the loop
trains the head alone: a step then takes a millisecond. Engine process only.
"""

from __future__ import annotations

import dataclasses
import hashlib
import io
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from facegui.domain.control import Control, Progress
from facegui.domain.errors import Cancelled
from facegui.domain.text import tr
from facegui.domain.training import Augmentation, FitRequest, TrainConfig
from facegui.files import write_atomic
from facegui.network.model import as_input, build_model, tensors_of
from facegui.network.pretrained import BACKBONE, HEAD
from facegui.network.registry import network
from facegui.network.runtime import tensorflow
from facegui.training.checkpoint import save_frozen
from facegui.training.data import TrainingData

if TYPE_CHECKING:
    import keras

_BATCH = 8  # half a second or less, so that a stop is heard
_LEAST_SHARE = 1e-30


def whole_model(request: FitRequest) -> keras.Model:
    """The network of *request*, new but for what is pretrained in it.

    Raises:
        ValueError: the network needs pretrained weights and the request has none; a bug of the
            caller.
    """
    model = build_model(request.config, len(request.class_names))
    backbone = network(request.config.network).backbone
    if backbone is not None:
        if request.pretrained_path is None:
            raise ValueError(f"{request.config.network} without its pretrained weights")
        backbone.fill(model, Path(request.pretrained_path))
    return model


def learning_part(model: keras.Model, config: TrainConfig) -> keras.Model | HeadOnly:
    """What of *model* the training loop needs: its head where the backbone stays as it is."""
    return HeadOnly(model, _views(config)) if _stays_frozen(config) else model


def as_seen(
    model: keras.Model, request: FitRequest, data: TrainingData, control: Control
) -> TrainingData:
    """*data* with the inputs of the `learning_part` of *model*.

    The weights of the rest of *model* are put into the run's folder.

    Raises:
        Cancelled: stopped while the backbone looked at the crops.
        StorageFault: the disk is full.
    """
    if not _stays_frozen(request.config):
        return data
    path = _cache_path(request)
    if path.exists():
        path.touch()
    else:
        rows = list(_bottlenecks(model, request.config, data, control))
        buffer = io.BytesIO()
        np.save(buffer, np.concatenate(rows), allow_pickle=False)
        write_atomic(path, buffer.getvalue(), durable=False)
    learned = {weight.path for weight in model.get_layer(HEAD).weights}
    frozen = {name: tensor for name, tensor in tensors_of(model).items() if name not in learned}
    save_frozen(Path(request.run_dir), frozen)
    return dataclasses.replace(data, inputs=np.load(path, mmap_mode="r", allow_pickle=False))


def _stays_frozen(config: TrainConfig) -> bool:
    """Whether the backbone will be shown nothing but each crop as it is or mirrored."""
    frozen = network(config.network).backbone is not None and config.fine_tune_blocks == 0
    return frozen and config.augmentation == Augmentation(flip=config.augmentation.flip)


def _views(config: TrainConfig) -> int:
    return 2 if config.augmentation.flip else 1


def _cache_path(request: FitRequest) -> Path:
    """Named after all that decides what is in it: crops, weights, and how they are computed."""
    config = request.config
    words = f"{config.network} {config.precision.value} {_views(config)}"
    content = hashlib.sha256(words.encode())
    for path in (request.inputs_path, str(request.pretrained_path)):
        with Path(path).open("rb") as file:
            content.update(hashlib.file_digest(file, "sha256").digest())
    name = f"bottlenecks-{content.hexdigest()[:32]}.npy"
    return Path(request.inputs_path).with_name(name)


def _bottlenecks(
    model: keras.Model, config: TrainConfig, data: TrainingData, control: Control
) -> Iterator[NDArray[np.float32]]:
    """What the backbone says of each crop: (b, views * size), batch by batch."""
    tf = tensorflow()
    backbone = model.get_layer(BACKBONE)

    def look(batch: Any) -> Any:
        crops = as_input(batch)
        seen = [crops, crops[:, :, ::-1]][: _views(config)]
        return tf.concat([tf.cast(backbone(one, training=False), tf.float32) for one in seen], 1)

    signature = tf.TensorSpec(model.input_shape, tf.uint8)
    looked = tf.function(look, autograph=False).get_concrete_function(signature)
    total = len(data.inputs)
    for start in range(0, total, _BATCH):
        if control.cancelled():
            raise Cancelled
        control.report(Progress(start, total, tr("Looking at every crop once")))
        yield looked(tf.constant(data.inputs[start : start + _BATCH], tf.uint8)).numpy()


class HeadOnly:
    """The head of a network as a model by itself, fed what the backbone said of each crop.

    What one crop gave as it is and mirrored lies in one row, one after the other. In training one
    of the two is picked at random, as a random flip would; asked, the answer is the mean of both,
    as `Inference` has it for crops. Training works on it as on any `keras.Model`.

    Attributes:
        input_shape: (None, views · size of the bottleneck).
    """

    def __init__(self, model: keras.Model, views: int) -> None:
        import keras

        self._head = model.get_layer(HEAD)
        self._picks = keras.random.SeedGenerator()
        self._views = views
        self._size = self._head.input_shape[-1]
        self.input_shape = (None, views * self._size)

    @property
    def weights(self) -> list[Any]:
        """Those of the head."""
        return list(self._head.weights)

    @property
    def variables(self) -> list[Any]:
        """Those, and what dropout and the picks draw from next."""
        return [*self._head.variables, self._picks.state]

    @property
    def trainable_variables(self) -> list[Any]:
        """Likewise."""
        return list(self._head.trainable_variables)

    @property
    def losses(self) -> list[Any]:
        """Penalties on weights."""
        return list(self._head.losses)

    def __call__(self, rows: Any, *, training: bool) -> tuple[Any, Any]:
        """Features (n, 1024) and logits (n, classes)."""
        import keras

        tf = tensorflow()
        views = tf.reshape(rows, (-1, self._views, self._size))
        if training:
            count = tf.shape(views)[0]
            picked = keras.random.randint((count,), 0, self._views, seed=self._picks)
            features, logits = self._head(tf.gather(views, picked, batch_dims=1), training=True)
            return features, logits
        answers = [self._head(views[:, view], training=False) for view in range(self._views)]
        features = tf.add_n([tf.cast(features, tf.float32) for features, _ in answers])
        shares = tf.add_n([tf.nn.softmax(tf.cast(logits, tf.float32)) for _, logits in answers])
        return features / self._views, tf.math.log(tf.maximum(shares / self._views, _LEAST_SHARE))
