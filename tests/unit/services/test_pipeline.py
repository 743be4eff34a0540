"""The unattended loop: what it does in which order, and when it publishes."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from facegui.domain.control import NullControl, Stop
from facegui.domain.errors import Cancelled
from facegui.services import pipeline
from facegui.services.collecting.photos import ImportRequest, import_photos, watched
from facegui.services.learning.networks import default_config
from facegui.services.libraries import create_library
from facegui.services.pipeline import PipelineReport, PipelineRequest, run_pipeline
from facegui.services.runs.models import active_model
from facegui.services.runs.records import list_runs
from tests.fakes.control import RecordingControl
from tests.fakes.trainer import FakeTrainer
from tests.fakes.training_library import FakeLibrary

REQUEST = PipelineRequest(default_config("face-transfer"))


@pytest.fixture
def done(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Imports and scans are noted instead of done; they have tests of their own."""
    done: list[str] = []
    monkeypatch.setattr(pipeline, "scan", lambda *_: done.append("scan"))
    monkeypatch.setattr(
        pipeline, "import_photos", lambda _, request, __: done.append(str(request.paths[0]))
    )
    return done


@pytest.fixture
def library(tmp_path: Path) -> FakeLibrary:
    library = FakeLibrary(tmp_path / "library")
    for name in ("Zoë", "Ada"):
        library.add(name, 10, alike=0.85)
    library.settings["watched_folders"] = [
        {"path": "/photos/a", "person": None},
        {"path": "/photos/b", "person": "Ada"},
    ]
    return library


def run(
    library: FakeLibrary, request: PipelineRequest = REQUEST, control: object = None
) -> PipelineReport:
    tools = SimpleNamespace(trainer=FakeTrainer())
    return run_pipeline(library, tools, request, control or NullControl())


def test_imports_scans_and_publishes_the_first(library: FakeLibrary, done: list[str]) -> None:
    report = run(library)
    assert done == ["/photos/a", "/photos/b", "scan"]
    assert report.trained.choice.used
    assert report.active == active_model(library)
    assert report.active is not None
    assert report.active.stem == report.trained.record.id


def test_a_worse_one_is_not_published(library: FakeLibrary, done: list[str]) -> None:
    first = run(library)
    for face_id in (1, 2):
        library.change_face(face_id, person_id=None)  # fewer to learn from
    second = run(library)
    assert not second.trained.choice.used
    assert "stays" in second.trained.choice.reason
    assert second.active == first.active
    assert len(list_runs(library)) == 2


def test_one_that_knows_more_people(library: FakeLibrary, done: list[str]) -> None:
    run(library)
    library.add("Tom", 10, alike=0.85)
    report = run(library)
    assert report.trained.choice.used
    assert report.active is not None
    assert report.active.stem == report.trained.record.id


@pytest.mark.parametrize(("above", "published"), [(0.5, True), (1.0, False)])
def test_a_bar_to_clear(
    library: FakeLibrary, done: list[str], above: float, published: bool
) -> None:
    report = run(library, replace(REQUEST, publish_above=above))
    assert report.trained.choice.used is published
    assert (active_model(library) is not None) is published


def test_a_model_in_use_that_is_damaged_is_replaced(library: FakeLibrary, done: list[str]) -> None:
    first = run(library)
    assert first.active is not None
    first.active.write_bytes(b"damaged")
    assert run(library).trained.choice.used


def test_stopping_between_stages(library: FakeLibrary, done: list[str]) -> None:
    with pytest.raises(Cancelled):
        run(library, control=RecordingControl(lambda _: Stop.KEEP))
    assert done == ["/photos/a"]


def test_folders_imported_before_are_watched(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
    (tmp_path / "lone.jpg").write_bytes(b"x")
    with create_library(tmp_path / "library") as library:
        for paths, person in (
            ((tmp_path / "a", tmp_path / "lone.jpg"), None),
            ((tmp_path / "b",), "Ada"),
            ((tmp_path / "a",), None),
            ((tmp_path / "a",), "Zoë"),
        ):
            import_photos(library, ImportRequest(paths, person), NullControl())
        assert watched(library) == [
            ImportRequest((tmp_path / "b",), "Ada"),
            ImportRequest((tmp_path / "a",), "Zoë"),
        ]
