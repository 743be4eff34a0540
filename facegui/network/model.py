"""A Keras model of a registered network: made, filled, emptied and asked. Engine process only."""

from __future__ import annotations

import contextlib
import math
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from facegui.domain.errors import BundleError
from facegui.domain.text import tr
from facegui.domain.training import Precision, TrainConfig
from facegui.network.registry import network
from facegui.network.runtime import tensorflow
from facegui.network.views import views

if TYPE_CHECKING:
    import keras

Tensors = Mapping[str, NDArray[np.float32]]
Outputs = tuple[NDArray[np.float32], NDArray[np.float32]]

BATCH = 64


def build_model(config: TrainConfig, classes: int) -> keras.Model:
    """A new model with random weights; the same ones for the same seed."""
    tensorflow()
    import keras

    keras.backend.clear_session(
        free_memory=False
    )  # names start anew; a full collection takes 0.3 s
    keras.utils.set_random_seed(config.seed)
    with _computing_in(config.precision):
        return network(config.network).build(config, classes)


@contextlib.contextmanager
def _computing_in(precision: Precision) -> Iterator[None]:
    """Layers made in the block compute in *precision*; their weights are float32 either way."""
    import keras

    before = keras.config.dtype_policy()
    if precision is Precision.BFLOAT16:
        keras.config.set_dtype_policy("mixed_bfloat16")
    try:
        yield
    finally:
        keras.config.set_dtype_policy(before)


def tensors_of(model: keras.Model) -> dict[str, NDArray[np.float32]]:
    """A copy of every weight by name, such as ``conv1/kernel``."""
    return {weight.path: np.array(weight, np.float32) for weight in model.weights}


def restore(model: keras.Model, tensors: Tensors) -> None:
    """Fill *model* with *tensors*.

    Raises:
        BundleError: a name or shape does not fit.
    """
    wanted = {weight.path: tuple(weight.shape) for weight in model.weights}
    given = {name: tensor.shape for name, tensor in tensors.items()}
    if wanted != given:
        raise BundleError(tr("These weights do not belong to this network."))
    for weight in model.weights:
        weight.assign(tensors[weight.path])


class Inference:
    """A model that is asked in batches of any length, traced once.

    Traced at once, so that no answer keeps a *stop* waiting; what it answers says `outputs_of`.
    """

    def __init__(self, model: keras.Model, config: TrainConfig) -> None:
        tf = tensorflow()
        spec = network(config.network)
        images = len(model.input_shape) > 2  # noqa: PLR2004 - (n, d) are embeddings
        dtype = tf.uint8 if images else tf.float32

        def forward(batch: Any) -> Any:
            return outputs_of(model, config, batch)

        shape = (None, *spec.input_shape) if images else model.input_shape
        signature = tf.TensorSpec(shape, dtype)
        self._forward = tf.function(forward, autograph=False).get_concrete_function(signature)
        self._dtype = dtype
        self._batch = spec.at_once or BATCH
        self._model = model  # the traced function does not keep the weights alive

    def batches(
        self, inputs: NDArray[np.generic], rows: NDArray[np.intp]
    ) -> Iterator[tuple[NDArray[np.intp], Outputs]]:
        """For up to 64 *rows* of *inputs* at a time: those rows, and their outputs.

        The outputs are unit features (b, d) and softmax probabilities (b, classes).
        """
        tf = tensorflow()
        for start in range(0, len(rows), self._batch):
            at = rows[start : start + self._batch]
            features, probabilities = self._forward(tf.constant(inputs[at], self._dtype))
            yield at, (np.asarray(features), np.asarray(probabilities))


def outputs_of(model: keras.Model, config: TrainConfig, batch: Any) -> tuple[Any, Any]:
    """Unit features (n, d) and softmax probabilities (n, classes), as tensors.

    Crops are asked about in as many `views` as their network wants; the answer is the mean.
    """
    tf = tensorflow()
    inputs = as_input(batch)
    images = len(inputs.shape) > 2  # noqa: PLR2004 - (n, d) are embeddings
    shown = views(inputs, network(config.network), config) if images else [inputs]
    features = probabilities = 0
    for view in shown:
        more, logits = model(view, training=False)
        features += tf.cast(more, tf.float32)
        probabilities += tf.exp(log_probabilities(logits)[1]) / len(shown)
    return tf.math.l2_normalize(features, axis=1), probabilities


def log_probabilities(logits: Any) -> tuple[Any, Any]:
    """Of each member (n, members, classes), and of all together (n, classes); see `NetworkSpec`."""
    tf = tensorflow()
    logits = tf.cast(logits, tf.float32)
    if len(logits.shape) == 2:  # noqa: PLR2004 - (n, classes): one network alone
        alone = tf.nn.log_softmax(logits)
        return alone[:, None], alone
    each = tf.nn.log_softmax(logits)
    return each, tf.reduce_logsumexp(each, axis=1) - math.log(logits.shape[1])


def as_input(batch: Any) -> Any:
    """What models are fed: images as float32 from 0 to 1, embeddings as they are."""
    tf = tensorflow()
    return tf.image.convert_image_dtype(batch, tf.float32)
