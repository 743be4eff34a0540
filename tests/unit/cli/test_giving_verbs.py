"""export-model and serve: what they ask for, and what they tell."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from facegui.cli import export_model, main, serve
from facegui.domain.control import Control
from facegui.domain.model_export import Agreement, ModelFormat
from facegui.domain.training import Preprocessing
from facegui.services.exporting.model_export import ModelExported, ModelExportRequest
from facegui.services.libraries import Library, create_library
from facegui.services.serving.serve import Served, ServeRequest
from tests.fakes.faces import fake_tools

CROP = Preprocessing(kind="aligned", size_px=112, margin=0.0)


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FACEGUI_LANGUAGE", "en")


def run(*arguments: object) -> int:
    return main.run(
        [str(argument) for argument in arguments],
        fake_tools,
        lambda library, *, sample: pytest.fail("opened the window"),
        lambda: None,
    )


@pytest.fixture
def exported(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Path, ModelExportRequest]]:
    """What was asked for: the library's folder, and the rest."""
    asked: list[tuple[Path, ModelExportRequest]] = []

    def export(
        library: Library, _tools: object, request: ModelExportRequest, _control: Control
    ) -> ModelExported:
        asked.append((library.path, request))
        return ModelExported(request.out, request.kind, CROP, Agreement(48, 48, 2.4e-7), 12_340_000)

    monkeypatch.setattr(export_model, "export_for_programs", export)
    return asked


@pytest.fixture
def library(tmp_path: Path) -> Path:
    path = tmp_path / "L.facegui"
    create_library(path).close()
    return path


def test_a_bundle_in_a_library_is_checked_on_its_faces(
    exported: list[tuple[Path, ModelExportRequest]],
    library: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    bundle = library / "models" / "1.facebundle"
    assert run("export-model", bundle, library.parent / "out", "--json") == 0
    request = ModelExportRequest(bundle, ModelFormat.SAVED_MODEL, library.parent / "out")
    assert exported == [(library, request)]
    assert json.loads(capsys.readouterr().out) == {
        "out": str(library.parent / "out"),
        "format": "saved-model",
        "crop": {"kind": "aligned", "side_px": 112, "margin": 0.0},
        "agreement": {"faces": 48, "same_name": 48, "most_off": 2.4e-7},
        "size_bytes": 12_340_000,
    }


def test_another_bundle_needs_a_library(
    exported: list[tuple[Path, ModelExportRequest]],
    library: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run("export-model", tmp_path / "b.facebundle", tmp_path / "out") == 2
    assert "--library" in capsys.readouterr().err
    assert not exported
    more = ("--format", "onnx", "--library", library)
    assert run("export-model", tmp_path / "b.facebundle", tmp_path / "out", *more) == 0
    assert exported[0][1].kind is ModelFormat.ONNX
    assert "48 of 48" in capsys.readouterr().out


def test_serve_says_where_it_answers(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked: list[ServeRequest] = []

    def serve_model(
        _tools: object, request: ServeRequest, told: Callable[[Served], None], _control: Control
    ) -> int:
        asked.append(request)
        told(Served("http://127.0.0.1:1/v1/models/b:predict", "http://127.0.0.1:1/#t", "t"))
        return 1

    monkeypatch.setattr(serve, "serve_model", serve_model)
    assert run("serve", "b", "--port", "0", "--token", "t") == 0
    assert asked == [ServeRequest(Path("b"), "127.0.0.1", 0, "t")]
    told = capsys.readouterr()
    assert "http://127.0.0.1:1/#t" in told.err
    assert "Bearer t" in told.err
    assert told.out == "1 request was answered.\n"


def test_serve_is_for_this_machine_only(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("serve", "b", "--host", "0.0.0.0") == 1
    assert "0.0.0.0" in capsys.readouterr().err
