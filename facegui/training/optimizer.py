"""The optimiser that a config asks for. Engine process only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from facegui.domain.training import Optimizer, TrainConfig

if TYPE_CHECKING:
    import keras


def make_optimizer(config: TrainConfig, model: keras.Model, parts: int = 1) -> keras.Optimizer:
    """Adam (Kingma and Ba, ICLR 2015), SGD with momentum, or RMSprop (Tieleman and Hinton, 2012).

    Built for what *model* can learn. Weight decay is decoupled, times the learning rate, and
    spares biases and normalisation. It learns from the mean of *parts* gradients at a time.
    """
    import keras

    rate, decay = config.learning_rate, config.weight_decay or None
    several = {"gradient_accumulation_steps": parts} if parts > 1 else {}
    match config.optimizer:
        case Optimizer.ADAM:
            made = keras.optimizers.Adam(rate, weight_decay=decay, **several)
        case Optimizer.SGD:
            made = keras.optimizers.SGD(
                rate, momentum=config.momentum, weight_decay=decay, **several
            )
        case Optimizer.RMSPROP:
            made = keras.optimizers.RMSprop(rate, weight_decay=decay, **several)
    variables = model.trainable_variables
    if decay:
        made.exclude_from_weight_decay(
            [variable for variable in variables if not variable.name.endswith("kernel")]
        )
    made.build(variables)
    return made
