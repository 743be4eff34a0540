"""A model as one ONNX file, for ONNX Runtime, OpenCV and many others; any number of faces."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

from facegui.network.export.compare import Answered, Faces
from facegui.network.export.graph import FACES, OUTPUTS, PERSON, SCORES, UNKNOWN, Graph
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
    onnx.helper.set_model_props(model, {"labels": json.dumps([*graph.labels, UNKNOWN])})
    onnx.checker.check_model(model, full_check=True)
    onnx.save(model, str(folder / FILE))


def ask(folder: Path, faces: Faces) -> Answered:
    """Load what `write` has written into OpenCV, and ask it about *faces*."""
    from facegui.imaging.cv import cv2

    net = cv2.dnn.readNetFromONNX(str(folder / FILE))
    net.setInput(faces.crops, FACES)
    found = dict(zip(OUTPUTS, net.forward(OUTPUTS), strict=True))  # OpenCV wants all of them
    return Answered(np.asarray(found[PERSON]), np.asarray(found[SCORES]))
