"""What a model does, from the pixels of a face to a name, as one TensorFlow function.

The decision is that of `facegui.recognition.recogniser.identities` with the scores of
`facegui.network.scoring`: the most probable person, if the face's score for them is high enough.
It is written a second time because a graph cannot call numpy; `job` compares the two on real faces.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from facegui.domain.training import Precision, Scoring
from facegui.network.bundle import Bundle
from facegui.network.export.sface import SIDE_PX, sface
from facegui.network.model import build_model, outputs_of, restore
from facegui.network.runtime import tensorflow

UNKNOWN = "unknown"
FACES, PERSON, SCORES, SIMILARITY, THRESHOLD = (
    "faces",
    "person",
    "scores",
    "similarity",
    "threshold",
)

Answers = dict[str, Any]


@dataclass(frozen=True, eq=False, slots=True)
class Graph:
    """A model to be written.

    Attributes:
        side_px: of the crops it takes.
        labels: people's names in the order of its scores.
        answer: from uint8 (n, side, side, 3) RGB to ``person`` int32 (n,), an index into *labels*
            or their number for *unknown*; ``scores`` float32 (n, people), which sum to 1; and
            ``similarity`` and ``threshold`` float32 (n,), of the most probable person.
        variables: what it holds on to; a `tensorflow.Module`, so that they are written too.
    """

    side_px: int
    labels: tuple[str, ...]
    answer: Callable[[Any], Answers]
    variables: Any


def graph_of(bundle: Bundle, sface_path: Path | None) -> Graph:
    """The graph of *bundle*; *sface_path* is needed for one that is asked about embeddings.

    It computes in float32 whatever the training did, since phones know no bfloat16.
    """
    tf = tensorflow()
    info = bundle.info
    config = replace(info.config, precision=Precision.FLOAT32)
    model = build_model(config, len(info.labels))
    restore(model, bundle.weights)
    held = tf.Module()
    held.model = model
    prototypes, thresholds = bundle.prototypes, _thresholds(bundle)
    side_px = info.preprocessing.size_px
    embed = None
    if sface_path is not None:
        side_px = SIDE_PX
        embed = held.sface = sface(sface_path)

    people = len(info.labels)

    def answer(crops: Any) -> Answers:
        """The arrays become constants of the graph: converters lose tensors from outside it."""
        inputs = crops
        if embed is not None:
            inputs = tf.math.l2_normalize(embed(tf.cast(crops, tf.float32)), axis=1)
        features, scores = outputs_of(model, config, inputs)
        best = tf.argmax(scores, axis=1, output_type=tf.int32)
        similarity = tf.reduce_sum(features * tf.gather(prototypes, best), axis=1)
        if info.thresholds.scoring is Scoring.PRODUCT:  # as `facegui.network.scoring` has it
            similarity = tf.maximum(similarity, 0.0) * tf.reduce_max(scores, axis=1)
        threshold = tf.gather(thresholds, best)
        return {
            PERSON: tf.where(similarity >= threshold, best, people),
            SCORES: scores,
            SIMILARITY: similarity,
            THRESHOLD: threshold,
        }

    return Graph(side_px, info.labels, answer, held)


def _thresholds(bundle: Bundle) -> Any:
    """Each person's, float32 (people,)."""
    return np.array([bundle.info.thresholds.of(name) for name in bundle.info.labels], np.float32)
