"""A model leaves for other programs: SavedModel, TFLite or ONNX, checked before it counts."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, cast

from facegui.domain.control import Control, Progress, Relay, all_or_nothing
from facegui.domain.model_export import Agreement, ModelFormat
from facegui.domain.text import tr
from facegui.domain.training import Preprocessing
from facegui.network.export.job import JOB, ExportJob
from facegui.recognition.recogniser import Recogniser
from facegui.services.engine import Engine
from facegui.services.exporting.model_faces import crop_of, faces_to_compare
from facegui.services.exporting.model_papers import PAPERS, write_papers
from facegui.services.libraries import Library
from facegui.services.new_folder import new_folder
from facegui.services.tools import Tools


class ClosingRunner(Protocol):
    """An engine, as far as an export needs one."""

    def run(self, job: str, request: object, control: Control) -> object:
        """Call *job* with *request* in the engine's process."""

    def close(self) -> None:
        """End the process."""


@dataclass(frozen=True, slots=True)
class ModelExportRequest:
    """What to write, and where to: a folder that is new, empty, or an earlier export."""

    bundle: Path
    kind: ModelFormat
    out: Path


@dataclass(frozen=True, slots=True)
class ModelExported:
    """What was written.

    Attributes:
        crop: how a face has to be cut out for it.
        size_bytes: of all files together.
    """

    out: Path
    kind: ModelFormat
    crop: Preprocessing
    agreement: Agreement
    size_bytes: int


def export_for_programs(
    library: Library,
    tools: Tools,
    request: ModelExportRequest,
    control: Control,
    make_engine: Callable[[], ClosingRunner] = lambda: Engine("export"),
) -> ModelExported:
    """Write a model so that other programs can use it; the folder appears when it is checked.

    It is loaded again and must give faces of *library* the names that the bundle gives them. An
    engine of its own does it, so that neither recognition nor a training waits.

    Raises:
        OwnerError: the folder holds something else.
        BundleError: the model cannot be used, or what was written does not agree with it.
        DatasetError: the library has no face to compare on.
        ModelUnavailable: the embedding's file is not on this machine and cannot be fetched.
        EngineError: the engine died.
        StorageFault: the disk refuses.
        Cancelled: stopped; nothing was written.
    """
    out = request.out.resolve()
    abandoned = Relay(control, stop=all_or_nothing)
    with new_folder(out, is_ours=_is_export) as unfinished, closing(make_engine()) as engine:
        recogniser = Recogniser.load(request.bundle, lambda: engine)
        embeds = recogniser.preprocessing.kind == "embedding"
        sface = str(tools.models.path("sface", control)) if embeds else None
        control.report(Progress(0, 0, tr("Choosing faces")))
        faces = faces_to_compare(library, tools, recogniser, abandoned)
        sha256 = recogniser.bundle.sha256
        job = ExportJob(str(request.bundle), sha256, sface, request.kind, str(unfinished), faces)
        agreement = cast("Agreement", engine.run(JOB, job, abandoned))
        write_papers(unfinished, request.kind, recogniser.bundle, request.bundle, agreement)
        size = sum(file.stat().st_size for file in unfinished.rglob("*") if file.is_file())
    crop = crop_of(recogniser.preprocessing)
    return ModelExported(out, request.kind, crop, agreement, size)


def _is_export(out: Path) -> bool:
    """Whether *out* holds an earlier export: its papers, and a model beside them."""
    names = {entry.name for entry in out.iterdir()}
    models = {"1", "model.tflite", "model.onnx"}
    return set(PAPERS) <= names and len(names - set(PAPERS)) == 1 and names - set(PAPERS) <= models
