"""One step of a training, compiled. Engine process only."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from facegui.domain.errors import DatasetError
from facegui.domain.text import tr
from facegui.domain.training import Balance, TrainConfig
from facegui.network.model import as_input, log_probabilities
from facegui.network.registry import network
from facegui.network.runtime import tensorflow
from facegui.network.views import random_windows
from facegui.training.augment import augmented
from facegui.training.optimizer import make_optimizer

if TYPE_CHECKING:
    import keras


class TrainStep:
    """Change a batch at random, and take one step of the config's optimiser down its loss.

    Traced at once, so that the first batch is not slower to hear a *stop* than the others.

    Args:
        parts: steps after which the weights change, by the mean of what these found.

    Attributes:
        compiled: the step as a graph.
        shown: the crops that the network was shown last, uint8; None for embeddings.
    """

    def __init__(self, model: keras.Model, config: TrainConfig, parts: int = 1) -> None:
        tf = tensorflow()
        self._model = model
        self._augmentation = config.augmentation
        self._images = len(model.input_shape) > 2  # noqa: PLR2004 - (n, d) are embeddings
        self._optimizer = make_optimizer(config, model, parts)
        self._window_px = network(config.network).window_px
        self._smoothing = config.label_smoothing
        self._class_weights: Any = None
        if config.balance is Balance.WEIGHTS:
            self._class_weights = tf.Variable([1.0], shape=(None,), trainable=False)
        self._rate = config.learning_rate
        self._inputs_type = tf.uint8 if self._images else tf.float32
        self._momentum = config.weight_average
        averaged = model.trainable_variables if self._momentum else []
        self._averages = [(tf.Variable(weight, trainable=False), weight) for weight in averaged]
        self.shown: NDArray[np.generic] | None = None
        self.compiled = tf.function(self._step, autograph=False).get_concrete_function(
            tf.TensorSpec(model.input_shape, self._inputs_type),
            tf.TensorSpec((None,), tf.int32),
            tf.TensorSpec((2,), tf.int32),
        )

    def weigh(self, class_weights: NDArray[np.float32]) -> None:
        """Count each person's faces as *class_weights* (classes,) say; the config asks for it."""
        self._class_weights.assign(class_weights)

    def __call__(
        self,
        inputs: NDArray[np.generic],
        labels: NDArray[np.int32],
        seed: NDArray[np.int32],
        rate: float,
    ) -> tuple[float, float]:
        """Take it at the learning *rate*; *seed* is the run's and the number of the step, from 1.

        Returns:
            The batch's cross-entropy in nats, whatever is smoothed or weighted in what the step
            goes down, so that curves compare; and its accuracy. Both before the step.
        """
        tf = tensorflow()
        if rate != self._rate:
            self._optimizer.learning_rate.assign(rate)
            self._rate = rate
        if self._images:
            crops = augmented(np.asarray(inputs, np.uint8), self._augmentation, seed)
            inputs = random_windows(crops, self._window_px, seed) if self._window_px else crops
            self.shown = inputs
        loss, accuracy = self.compiled(
            tf.constant(inputs, self._inputs_type), tf.constant(labels), tf.constant(seed)
        )
        return float(loss), float(accuracy)

    def variables(self) -> dict[str, NDArray[np.generic]]:
        """A copy of everything that a step changes, also what dropout draws from next."""
        return {name: np.array(variable) for name, variable in self._changing()}

    def restore(self, variables: Mapping[str, NDArray[np.generic]]) -> None:
        """Go on from the `variables` of another step of the same config.

        Raises:
            DatasetError: they are those of another.
        """
        own = dict(self._changing())
        if {name: tuple(variable.shape) for name, variable in own.items()} != {
            name: array.shape for name, array in variables.items()
        }:
            raise DatasetError(
                tr("Where this training stood does not fit what it should go on with."),
                tr("Keep what it had learned, or train again."),
            )
        for name, variable in own.items():
            variable.assign(variables[name])
        self._rate = float(self._optimizer.learning_rate)

    def _changing(self) -> Iterator[tuple[str, Any]]:
        kinds = {
            "model": self._model.variables,
            "optimizer": self._optimizer.variables,
            "average": [average for average, _ in self._averages],
        }
        for kind, found in kinds.items():
            for number, variable in enumerate(found):
                yield f"{kind}/{number}", variable

    @contextlib.contextmanager
    def averaged(self) -> Iterator[None]:
        """Inside the block the model has the running mean of its weights (Polyak averaging)."""
        self._swap()
        try:
            yield
        finally:
            self._swap()

    def _swap(self) -> None:
        for average, weight in self._averages:
            last = weight.numpy()
            weight.assign(average)
            average.assign(last)

    def _update_averages(self, step: Any) -> None:
        """Move the means towards the weights; faster at first, to forget the random start."""
        tf = tensorflow()
        gain = 1 - tf.minimum(self._momentum, (1 + step) / (10 + step))
        for average, weight in self._averages:
            average.assign_add(gain * (weight - average))

    def _step(self, inputs: Any, labels: Any, seed: Any) -> tuple[Any, Any]:
        tf = tensorflow()
        batch = as_input(inputs)
        with tf.GradientTape() as tape:
            each, together = log_probabilities(self._model(batch, training=True)[1])
            objective = tf.add_n([self._objective(each, labels), *self._model.losses])
        gradients = tape.gradient(objective, self._model.trainable_variables)
        self._optimizer.apply(gradients, self._model.trainable_variables)
        self._update_averages(tf.cast(seed[1], tf.float32))
        right = tf.argmax(together, axis=1, output_type=tf.int32) == labels
        loss = -tf.reduce_mean(tf.gather(together, labels, batch_dims=1))
        return loss, tf.reduce_mean(tf.cast(right, tf.float32))

    def _objective(self, each: Any, labels: Any) -> Any:
        """The mean loss of the members, smoothed and weighted as asked.

        Args:
            each: their log-probabilities (n, members, classes).
            labels: (n,).
        """
        tf = tensorflow()
        losses = -tf.reduce_mean(tf.gather(each, labels, axis=2, batch_dims=1), axis=1)
        if self._smoothing:  # cross-entropy to a truth that is in part spread over all people
            spread = -tf.reduce_mean(each, axis=(1, 2))
            losses = (1 - self._smoothing) * losses + self._smoothing * spread
        if self._class_weights is not None:
            losses *= tf.gather(self._class_weights, labels)
        return tf.reduce_mean(losses)
