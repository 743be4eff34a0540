"""A model as TensorFlow SavedModel that takes JPEG bytes: for TensorFlow Serving and clouds.

The folder is laid out as TensorFlow Serving wants it, with a version below the model's folder.
Its REST interface then takes ``{"instances": [{"b64": "…"}]}`` and answers with an object a face.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from facegui.network.export.compare import Answered, Faces
from facegui.network.export.graph import (
    PERSON,
    SCORES,
    SIMILARITY,
    THRESHOLD,
    UNKNOWN,
    Graph,
)
from facegui.network.runtime import tensorflow

VERSION = "1"
SIGNATURE = "serving_default"
IMAGE_BYTES, NAME, NAMES = "image_bytes", "name", "names"


def write(graph: Graph, folder: Path) -> None:
    """Write the SavedModel into *folder*."""
    tf = tensorflow()

    def serve(image_bytes: Any) -> dict[str, Any]:
        pixels = tf.TensorSpec((graph.side_px, graph.side_px, 3), tf.uint8)
        crops = tf.map_fn(_decoder(graph.side_px), image_bytes, fn_output_signature=pixels)
        found = graph.answer(crops)
        shape = tf.shape(found[SCORES])
        return {
            NAME: tf.gather(tf.constant([*graph.labels, UNKNOWN]), found[PERSON]),
            PERSON: found[PERSON],
            NAMES: tf.broadcast_to(tf.constant(graph.labels), shape),
            SCORES: found[SCORES],
            SIMILARITY: found[SIMILARITY],
            THRESHOLD: found[THRESHOLD],
        }

    signature = tf.TensorSpec((None,), tf.string, name=IMAGE_BYTES)
    traced = tf.function(serve, autograph=False, input_signature=[signature])
    tf.saved_model.save(graph.variables, str(folder / VERSION), signatures={SIGNATURE: traced})


def _decoder(side_px: int) -> Any:
    """From the bytes of one JPEG or PNG to uint8 (side, side, 3), as the program itself decodes."""
    tf = tensorflow()

    def decode(data: Any) -> Any:
        image = tf.io.decode_jpeg(data, channels=3, dct_method="INTEGER_ACCURATE")
        image = tf.image.resize(image, (side_px, side_px), antialias=True)
        image = tf.cast(tf.round(tf.clip_by_value(image, 0.0, 255.0)), tf.uint8)
        return tf.ensure_shape(image, (side_px, side_px, 3))

    return decode


def opened(folder: Path) -> Callable[[Faces], Answered]:
    """Load what `write` has written, to be asked about faces."""
    tf = tensorflow()
    loaded = tf.saved_model.load(str(folder / VERSION))

    def ask(faces: Faces) -> Answered:
        found = loaded.signatures[SIGNATURE](tf.constant(faces.jpegs))
        return Answered(np.asarray(found[PERSON]), np.asarray(found[SCORES]))

    return ask
