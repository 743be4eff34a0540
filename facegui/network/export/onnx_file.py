"""A model as one ONNX file, for ONNX Runtime and many others; any number of faces."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from facegui.network.export.compare import Answered, Faces
from facegui.network.export.graph import FACES, PERSON, SCORES, UNKNOWN, Graph
from facegui.network.runtime import tensorflow

FILE = "model.onnx"
OPSET = 17


def write(graph: Graph, folder: Path) -> None:
    """Write the file into *folder*; the names are in its metadata as well."""
    import onnx
    import tf2onnx

    tf = tensorflow()
    signature = [tf.TensorSpec((None, graph.side_px, graph.side_px, 3), tf.uint8, name=FACES)]
    traced = tf.function(graph.answer, autograph=False, input_signature=signature)
    model, _ = tf2onnx.convert.from_function(traced, input_signature=signature, opset=OPSET)
    _keep_constants(model, traced.get_concrete_function())
    onnx.helper.set_model_props(model, {"labels": json.dumps([*graph.labels, UNKNOWN])})
    onnx.checker.check_model(model, full_check=True)
    onnx.save(model, str(folder / FILE))


def _keep_constants(model: Any, traced: Any) -> None:
    """Give *model* the tensors that *traced* holds beside its variables.

    Keras keeps an array that a graph is built with as a tensor outside of it, and the converter
    makes an input of each. Here they become initialisers, as the weights are.
    """
    import onnx

    tf = tensorflow()
    held = {
        inside.name: outside.numpy()
        for outside, inside in traced.graph.captures
        if outside.dtype != tf.resource
    }
    for given in [each for each in model.graph.input if each.name in held]:
        model.graph.input.remove(given)
        model.graph.initializer.append(onnx.numpy_helper.from_array(held[given.name], given.name))


def opened(folder: Path) -> Callable[[Faces], Answered]:
    """Load what `write` has written, to be asked about faces."""
    import onnxruntime

    session = onnxruntime.InferenceSession(str(folder / FILE), providers=["CPUExecutionProvider"])

    def ask(faces: Faces) -> Answered:
        person, scores = session.run([PERSON, SCORES], {FACES: faces.crops})
        return Answered(np.asarray(person), np.asarray(scores))

    return ask
