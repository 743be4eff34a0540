"""Verbs that give models to other programs."""

from __future__ import annotations

from pathlib import Path

from facegui.cli.grammar.parts import Verbs, bundle_argument, name, verb, whole
from facegui.domain.model_export import ModelFormat
from facegui.domain.text import tr

MODEL_FORMATS = tuple(kind.value for kind in ModelFormat)


def add_giving_verbs(verbs: Verbs) -> None:
    """``export-model`` and ``serve``."""
    export = verb(verbs, "export-model", tr("write a bundle so that other programs can use it"))
    bundle_argument(export)
    export.add_argument(
        "out", metavar="OUT", type=Path, help=tr("a new or empty folder, or an earlier export")
    )
    export.add_argument(
        "--format",
        choices=MODEL_FORMATS,
        default=MODEL_FORMATS[0],
        help=tr(
            "saved-model: for TensorFlow Serving and clouds, takes JPEG bytes (default); tflite: "
            "for phones; onnx: for ONNX Runtime and others"
        ),
    )
    export.add_argument(
        "--library",
        metavar="LIBRARY",
        type=Path,
        help=tr(
            "whose faces to check it on; needed for a bundle that lies in no library (default: "
            "the library that it lies in)"
        ),
    )

    serve = verb(verbs, "serve", tr("name the faces of photos over HTTP, for this machine only"))
    bundle_argument(serve)
    serve.add_argument(
        "--host", default="127.0.0.1", help=tr("a loopback address, default: 127.0.0.1")
    )
    serve.add_argument(
        "--port",
        metavar="N",
        type=whole(0, 65535),
        default=8501,
        help=tr("default: 8501; 0 for any that is free"),
    )
    serve.add_argument(
        "--token", type=name, help=tr("what clients have to send (default: a new one, printed)")
    )
