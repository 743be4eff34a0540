"""Face transfer: a trained softmax head on frozen SFace embeddings.

SFace (Zhong et al., IEEE TIP 30, 2021) has learned faces from millions of photos, so its unit
vectors need only a linear layer per library. Small enough for recognition to compute in numpy.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from facegui.domain.text import tr
from facegui.domain.training import Augmentation, Preprocessing, TrainConfig
from facegui.network.spec import NetworkSpec, TensorShapes

if TYPE_CHECKING:
    import keras

NAME = "face-transfer"
EMBEDDING_SIZE = 128
HEAD_KERNEL = "head/kernel"
HEAD_BIAS = "head/bias"
# OpenCV's limit for two photos of one person, set on LFW by the authors of the model.
STRANGER_SIMILARITY = 0.363
# Enough to keep the head from growing for ever on people whom the embedding tells apart easily.
WEIGHT_DECAY = 1e-4


def spec() -> NetworkSpec:
    """The registry entry."""
    return NetworkSpec(
        name=NAME,
        title=tr("Face transfer"),
        when=tr("Almost always: it is right with ten photos of each person, or fewer."),
        preprocessing=Preprocessing(kind="embedding", size_px=0, margin=0.0),
        presets={"default": _DEFAULT},
        frozen_features=True,
        feature_size=EMBEDDING_SIZE,
        stranger_similarity=STRANGER_SIMILARITY,
        build=build,
        tensor_shapes=tensor_shapes,
    )


_DEFAULT = TrainConfig(
    network=NAME,
    batch_size=64,
    learning_rate=0.1,
    dropout=0.0,
    max_epochs=60,
    patience=12,
    augmentation=Augmentation(flip=False),
)


def build(config: TrainConfig, classes: int) -> keras.Model:
    """The graph; its features are the embeddings themselves."""
    import keras
    from keras import layers

    inputs = keras.Input((EMBEDDING_SIZE,), name="embeddings")
    head = layers.Dense(
        classes,
        kernel_initializer="zeros",
        kernel_regularizer=keras.regularizers.L2(WEIGHT_DECAY),
        name="head",
    )
    logits = head(layers.Dropout(config.dropout, name="drop")(inputs))
    return keras.Model(inputs, [inputs, logits], name="face_transfer")


def tensor_shapes(config: TrainConfig, classes: int) -> TensorShapes:  # noqa: ARG001 - the protocol
    """Names and shapes of the weights of `build`."""
    return {HEAD_KERNEL: (EMBEDDING_SIZE, classes), HEAD_BIAS: (classes,)}
