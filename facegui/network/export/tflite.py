"""A model as one TFLite (LiteRT) file, for phones and small machines: one face at a time."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from facegui.network.export.compare import Answered, Faces
from facegui.network.export.graph import FACES, PERSON, SCORES, Answers, Graph
from facegui.network.runtime import tensorflow

FILE = "model.tflite"


def write(graph: Graph, folder: Path) -> None:
    """Write the file into *folder*."""
    tf = tensorflow()
    signature = tf.TensorSpec((1, graph.side_px, graph.side_px, 3), tf.uint8, name=FACES)
    frozen = _without_variables(graph, signature)
    traced = tf.function(frozen, autograph=False).get_concrete_function(signature)
    converter = tf.lite.TFLiteConverter.from_concrete_functions([traced], tf.Module())
    (folder / FILE).write_bytes(converter.convert())


def _without_variables(graph: Graph, signature: Any) -> Callable[[Any], Answers]:
    """The answers of *graph* with its weights as constants.

    The converter leaves Keras' variables as they are, and nothing fills them on a phone.
    """
    tf = tensorflow()
    from tensorflow.python.framework.convert_to_constants import convert_variables_to_constants_v2

    traced = tf.function(graph.answer, autograph=False).get_concrete_function(signature)
    frozen = convert_variables_to_constants_v2(traced)

    def answer(crops: Any) -> Answers:
        packed: Answers = tf.nest.pack_sequence_as(traced.structured_outputs, frozen(crops))
        return packed

    return answer


def opened(folder: Path) -> Callable[[Faces], Answered]:
    """Load what `write` has written, to be asked about faces."""
    tf = tensorflow()
    run = tf.lite.Interpreter(str(folder / FILE)).get_signature_runner()

    def ask(faces: Faces) -> Answered:
        found = [run(**{FACES: crop[None]}) for crop in faces.crops]
        person, scores = (np.concatenate([each[key] for each in found]) for key in (PERSON, SCORES))
        return Answered(person, scores)

    return ask
