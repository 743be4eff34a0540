"""The engine's job: write a bundle in another format, load that again, and compare."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

from facegui.domain.control import Control, Progress
from facegui.domain.errors import BundleError, Cancelled
from facegui.domain.model_export import Agreement, ModelFormat
from facegui.domain.text import tr
from facegui.domain.training import Precision
from facegui.network.bundle import load_bundle
from facegui.network.export import onnx_file, saved_model, tflite
from facegui.network.export.compare import MOST_OFF, MOST_OFF_ROUNDED, Faces, compare
from facegui.network.export.graph import UNKNOWN, graph_of

JOB = "facegui.network.export.job:export"
LABELS = "labels.txt"

FORMATS: dict[ModelFormat, ModuleType] = {
    ModelFormat.SAVED_MODEL: saved_model,
    ModelFormat.TFLITE: tflite,
    ModelFormat.ONNX: onnx_file,
}
"""Each has ``write(graph, folder)`` and ``opened(folder)``, which answers about faces."""


@dataclass(frozen=True, eq=False, slots=True)
class ExportJob:
    """What to write.

    Attributes:
        bundle: a path; its content must have the hash *sha256*.
        sface: path of the embedding's ONNX file, for a bundle that is asked about embeddings.
        kind: the format.
        folder: an existing one, which gets the files.
        faces: to compare with.
    """

    bundle: str
    sha256: str
    sface: str | None
    kind: ModelFormat
    folder: str
    faces: Faces


def export(job: ExportJob, control: Control) -> Agreement:
    """Write the model and the list of its people, and compare it with the bundle.

    Raises:
        BundleError: the bundle has changed, or the export does not agree with it.
        ModelUnavailable: the embedding's file is not what is expected.
        Cancelled: told to stop.
    """
    _say(control, 0, tr("Building the network"))
    bundle = load_bundle(Path(job.bundle))
    if bundle.sha256 != job.sha256:
        raise BundleError(tr("{path} has changed meanwhile.", path=job.bundle), tr("Try again."))
    graph = graph_of(bundle, None if job.sface is None else Path(job.sface))
    made, folder = FORMATS[job.kind], Path(job.folder)
    _say(control, 1, tr("Writing the model"))
    made.write(graph, folder)
    names = [*bundle.info.labels, UNKNOWN]
    (folder / LABELS).write_text("\n".join(names) + "\n", "utf-8")
    _say(control, 2, tr("Loading it again and comparing"))
    rounded = bundle.info.config.precision is Precision.BFLOAT16
    found = made.opened(folder)(job.faces)
    return compare(job.faces.truth, found, most_off=MOST_OFF_ROUNDED if rounded else MOST_OFF)


def _say(control: Control, done: int, what: str) -> None:
    if control.cancelled():
        raise Cancelled
    control.report(Progress(done, 3, what))
