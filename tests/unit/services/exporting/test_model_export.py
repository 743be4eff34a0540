"""A model leaves with its papers, or leaves nothing behind; the engine is made up here."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest

from facegui.domain.control import Control, NullControl
from facegui.domain.errors import BundleError, Cancelled, DatasetError, OwnerError
from facegui.domain.model_export import Agreement, ModelFormat
from facegui.network.bundle import load_bundle
from facegui.network.export.job import JOB, LABELS, ExportJob
from facegui.services.exporting.model_export import (
    ModelExportRequest,
    export_for_programs,
)
from facegui.services.exporting.model_papers import PAPERS, write_papers
from facegui.services.libraries import Library, create_library
from facegui.services.tools import Tools
from tests.fakes.bundles import write_colour_bundle
from tests.fakes.faces import fake_tools
from tests.fakes.square_library import square_library

RED, GREEN = (220, 30, 30), (30, 220, 30)


@dataclass
class MadeUpEngine:
    """Writes a file in place of a model."""

    error: Exception | None = None
    jobs: list[ExportJob] = field(default_factory=list)
    closed: bool = False

    def run(self, job: str, request: object, control: Control) -> object:
        assert job == JOB
        assert isinstance(request, ExportJob)
        self.jobs.append(request)
        folder = Path(request.folder)
        (folder / "model.onnx").write_bytes(b"model")
        (folder / LABELS).write_text("Ann\nunknown\n")
        if self.error is not None:
            raise self.error
        return Agreement(len(request.faces.jpegs), len(request.faces.jpegs), 1e-6)

    def close(self) -> None:
        self.closed = True


@pytest.fixture
def tools() -> Iterator[Tools]:
    made = fake_tools()
    yield made
    made.close()


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    made = square_library(tmp_path)
    yield made
    made.close()


@pytest.fixture
def request_(tmp_path: Path) -> ModelExportRequest:
    bundle = write_colour_bundle(tmp_path / "b.facebundle", {"Ann": RED, "Bob": GREEN})
    return ModelExportRequest(bundle, ModelFormat.ONNX, tmp_path / "out")


def test_the_model_leaves_with_its_papers(
    library: Library, tools: Tools, request_: ModelExportRequest
) -> None:
    engine = MadeUpEngine()
    report = export_for_programs(library, tools, request_, NullControl(), lambda: engine)
    assert {path.name for path in request_.out.iterdir()} == {"model.onnx", *PAPERS}
    assert report.agreement.same_name == report.agreement.faces > 0
    assert report.size_bytes > 5
    assert engine.closed
    readme = (request_.out / "README.txt").read_text("utf-8")
    assert "112 × 112" in readme
    assert "SFace" in readme
    assert "https://github.com/opencv/opencv_zoo" in readme
    assert "File: b.facebundle\n" in readme
    contract = json.loads((request_.out / "model.json").read_text("utf-8"))
    assert contract["labels"] == ["Ann", "Bob", "unknown"]
    assert contract["crop"]["side_px"] == 112
    assert contract["bundle_sha256"] == load_bundle(request_.bundle).sha256


def test_the_engine_gets_real_faces_and_the_bundles_own_answers(
    library: Library, tools: Tools, request_: ModelExportRequest
) -> None:
    engine = MadeUpEngine()
    export_for_programs(library, tools, request_, NullControl(), lambda: engine)
    (job,) = engine.jobs
    faces = job.faces
    assert faces.crops.shape == (len(faces.jpegs), 112, 112, 3)
    assert faces.truth.scores.shape == (len(faces.jpegs), 2)
    np.testing.assert_allclose(faces.truth.scores.sum(axis=1), 1, atol=1e-6)
    assert set(faces.truth.person) <= {0, 1, 2}
    assert job.sface is not None


@pytest.mark.parametrize("error", [BundleError("does not agree"), Cancelled()])
def test_one_that_does_not_end_well_leaves_nothing(
    library: Library, tools: Tools, request_: ModelExportRequest, error: Exception
) -> None:
    engine = MadeUpEngine(error)
    with pytest.raises(type(error)):
        export_for_programs(library, tools, request_, NullControl(), lambda: engine)
    assert not request_.out.exists()
    assert not list(request_.out.parent.glob(".*.part"))
    assert engine.closed


def test_an_earlier_export_is_replaced_and_nothing_else(
    library: Library, tools: Tools, request_: ModelExportRequest
) -> None:
    for _ in range(2):
        export_for_programs(library, tools, request_, NullControl(), MadeUpEngine)
    (request_.out / "notes.txt").write_text("mine")
    with pytest.raises(OwnerError, match="not empty"):
        export_for_programs(library, tools, request_, NullControl(), MadeUpEngine)
    assert (request_.out / "notes.txt").read_text() == "mine"


def test_without_faces_there_is_nothing_to_compare_on(
    tools: Tools, tmp_path: Path, request_: ModelExportRequest
) -> None:
    with (
        create_library(tmp_path / "empty.facegui") as empty,
        pytest.raises(DatasetError, match="compare"),
    ):
        export_for_programs(empty, tools, request_, NullControl(), MadeUpEngine)
    assert not request_.out.exists()


@pytest.mark.parametrize(
    ("kind", "arguments", "told"),
    [
        *((kind, (), "Usage: python example.py PHOTO") for kind in ModelFormat),
        (ModelFormat.ONNX, ("labels.txt",), "github.com/opencv/opencv_zoo"),
        (ModelFormat.ONNX, ("gone.jpg", "gone.onnx"), "gone.jpg is not there."),
        (ModelFormat.ONNX, ("README.txt", "gone.onnx"), "gone.onnx is not there. "),
        (ModelFormat.ONNX, ("README.txt", "README.txt"), "not a picture"),
    ],
)
def test_the_example_says_what_it_wants(
    request_: ModelExportRequest, kind: ModelFormat, arguments: tuple[str, ...], told: str
) -> None:
    folder = request_.out
    folder.mkdir()
    write_papers(folder, kind, load_bundle(request_.bundle), request_.bundle, Agreement(1, 1, 0.0))
    for module in ("onnxruntime", "ai_edge_litert/interpreter"):  # are asked nothing by then
        (folder / f"{module}.py").parent.mkdir(exist_ok=True)
        (folder / f"{module}.py").write_text("Interpreter = None")
    command = [sys.executable, "example.py", *arguments]
    ended = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert ended.returncode == 1
    assert told in ended.stderr
    assert "Traceback" not in ended.stderr
