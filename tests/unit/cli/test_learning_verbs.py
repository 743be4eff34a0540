"""train, run and evaluate: what they ask the services for, and what they tell."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from facegui.cli import learning, main
from facegui.domain.dataset import Split
from facegui.domain.errors import DatasetError, ImageError
from facegui.services.collecting.photos import ImportReport
from facegui.services.judging.evaluate import EvaluateRequest, Evaluation, PersonResult
from facegui.services.learning.begun import RunBegun
from facegui.services.learning.interrupted import InterruptedRun
from facegui.services.learning.networks import default_config, network_choices
from facegui.services.learning.train import TrainRequest
from facegui.services.libraries import create_library
from facegui.services.pipeline import PipelineReport, PipelineRequest
from facegui.services.runs.models import Choice
from facegui.services.scanning.scan import ScanReport
from tests.fakes.faces import fake_tools
from tests.fakes.finished import RECORD, TRAINED

EVALUATION = Evaluation(
    bundle="/out/a.facebundle",
    faces=4,
    left_out=9,
    strangers=2,
    strangers_left_out=2,
    strangers_named=1,
    rejected=2,
    misnamed=0,
    accuracy=0.75,
    accuracy_with_unknown=0.5,
    people=(PersonResult("Anna", 1.0, 0.5, 4), PersonResult("Ben", None, None, 0)),
    rows=("Anna", "Ben", "unknown"),
    columns=("Anna", "Ben", "unknown"),
    confusion=((2, 0, 2), (0, 0, 0), (1, 0, 1)),
    skipped=(),
)
SCANNED = ScanReport(scanned=3, faces=2, unreadable=0, missing=0, seconds=1.0, stopped=False)


class Service:
    """Stands for a service's job; keeps the request and answers with what it was given."""

    def __init__(self, answer: object) -> None:
        self.answer = answer
        self.requests: list[object] = []

    def __call__(self, library: object, tools: object, request: object, control: object) -> object:
        self.requests.append(request)
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


Put = Callable[[str, object], Service]


@pytest.fixture
def put(monkeypatch: pytest.MonkeyPatch) -> Put:
    """Puts a `Service` in the place of one that the verbs call."""
    monkeypatch.setenv("FACEGUI_LANGUAGE", "en")

    def placed(name: str, answer: object) -> Service:
        service = Service(answer)
        monkeypatch.setattr(learning, name, service)
        return service

    return placed


@pytest.fixture
def library(tmp_path: Path) -> Path:
    create_library(tmp_path / "L").close()
    return tmp_path / "L"


def run(*arguments: object) -> int:
    return main.run(
        [str(argument) for argument in arguments],
        fake_tools,
        lambda library, *, sample: pytest.fail("opened the window"),
        lambda: None,
    )


def test_train_takes_the_networks_own_settings(put: Put, library: Path) -> None:
    service = put("train_network", TRAINED)
    assert run("train", library) == 0
    recommended = network_choices()[0].config
    assert service.requests == [TrainRequest(recommended, split=Split(), out=None)]


@pytest.mark.parametrize("network", ["face-transfer", "classic"])
def test_train_changes_what_it_is_told_to(put: Put, library: Path, network: str) -> None:
    service = put("train_network", TRAINED)
    split = ["--validation", "0.3", "--test", "0", "--cap", "40"]
    options = f"--network {network} --epochs 3 --seed 7 --target 0.9".split()
    assert run("train", library, *options, *split) == 0
    expected = replace(default_config(network), seed=7, max_epochs=3, target_accuracy=0.9)
    assert service.requests == [TrainRequest(expected, split=Split(0.3, 0.0, 40), out=None)]


def test_train_out_is_absolute(
    put: Put, library: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    service = put("train_network", TRAINED)
    assert run("train", library, "--out", "b") == 0
    (request,) = service.requests
    assert isinstance(request, TrainRequest)
    assert request.out == tmp_path / "b"


def test_train_json(put: Put, library: Path, capsys: pytest.CaptureFixture[str]) -> None:
    put("train_network", TRAINED)
    assert run("train", library, "--json") == 0
    assert json.loads(capsys.readouterr().out) == {
        "run": RECORD.id,
        "bundle": "/out/a.facebundle",
        "network": "face-transfer",
        "seed": 4,
        "people": ["Anna", "Ben"],
        "metrics": {
            "accuracy": 0.75,
            "accuracy_with_unknown": 0.625,
            "loss": 0.5,
            "training_faces": 20,
            "validation_faces": 8,
            "test_faces": 0,
            "best_step": 24,
            "steps": 120,
            "stopped_by": "converged",
        },
        "epochs": 15,
        "seconds": 3.142,
        "warnings": ["Zoe is left out."],
        "in_use": True,
    }


def test_train_text(put: Put, library: Path, capsys: pytest.CaptureFixture[str]) -> None:
    put("train_network", TRAINED)
    run("train", library)
    assert capsys.readouterr().out.splitlines() == [
        "Zoe is left out.",
        "face-transfer: 75.0% of 8 faces held out are right, after 3.1 s.",
        "/out/a.facebundle",
        "In use. It is the first model.",
    ]


def test_a_network_that_is_not_there_is_wrong_usage(
    put: Put, library: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    service = put("train_network", TRAINED)
    assert run("train", library, "--network", "alexnet-9") == 2
    told = capsys.readouterr().err
    assert "face-transfer, modern" in told
    assert service.requests == []


def test_too_few_people_is_status_1(
    put: Put, library: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    put("train_network", DatasetError("Too few.", "Import more."))
    assert run("train", library) == 1
    assert "Too few." in capsys.readouterr().err


def test_evaluate_json(
    put: Put, library: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    service = put("evaluate_bundle", EVALUATION)
    assert run("evaluate", library, tmp_path / "b", "--json") == 0
    assert service.requests == [EvaluateRequest(tmp_path / "b")]
    assert json.loads(capsys.readouterr().out) == {
        "bundle": "/out/a.facebundle",
        "accuracy": 0.75,
        "accuracy_with_unknown": 0.5,
        "faces": 4,
        "left_out": 9,
        "strangers": 2,
        "strangers_left_out": 2,
        "strangers_named": 1,
        "rejected": 2,
        "misnamed": 0,
        "people": [
            {"name": "Anna", "precision": 1.0, "recall": 0.5, "support": 4},
            {"name": "Ben", "precision": None, "recall": None, "support": 0},
        ],
        "confusion": {
            "rows": ["Anna", "Ben", "unknown"],
            "columns": ["Anna", "Ben", "unknown"],
            "counts": [[2, 0, 2], [0, 0, 0], [1, 0, 1]],
        },
        "skipped": [],
    }


def test_evaluate_text_tells_what_could_not_be_measured(
    put: Put, library: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    skipped = (ImageError("/p/gone.jpg", "the file is gone"),)
    put("evaluate_bundle", replace(EVALUATION, skipped=skipped))
    assert run("evaluate", library, "b") == 1
    assert capsys.readouterr().out.splitlines() == [
        "/p/gone.jpg: the file is gone",
        "Anna: precision 100.0%, recall 50.0%, 4 faces",
        "Ben: precision –, recall –, 0 faces",
        (
            "accuracy 75.0% on 4 faces, 50.0% with unknown counted as wrong; "
            "9 faces left out because the model has seen them or copies."
        ),
        (
            "2 photos of the folders of strangers left out: the model knows who is on them, or "
            "the library has them."
        ),
        (
            "false accepts 1 of 2 strangers' faces (9–91 %), false rejects 2 of 4 known faces "
            "(15–85 %), given another's name 0"
        ),
    ]


def test_folders_of_strangers_are_asked_for_by_their_whole_path(
    put: Put, library: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    service = put("evaluate_bundle", EVALUATION)
    monkeypatch.chdir(tmp_path)
    assert run("evaluate", library, "b", "--strangers", "x", "--strangers", tmp_path / "y") == 0
    folders = (tmp_path / "x", tmp_path / "y")
    assert service.requests == [EvaluateRequest(tmp_path / "b", folders)]


def piped(**changes: object) -> PipelineReport:
    report = PipelineReport(
        imported=(ImportReport((1, 2), 5, (), stopped=False),),
        scanned=SCANNED,
        trained=TRAINED,
        active=Path("/lib/models/run.facebundle"),
    )
    return replace(report, **changes)  # type: ignore[arg-type]


def test_run_json(put: Put, library: Path, capsys: pytest.CaptureFixture[str]) -> None:
    service = put("run_pipeline", piped())
    assert run("run", library, "--publish-above", 0.9, "--json") == 0
    assert service.requests == [PipelineRequest(network_choices()[0].config, publish_above=0.9)]
    document = json.loads(capsys.readouterr().out)
    training = document.pop("training")
    assert training["run"] == RECORD.id
    assert document == {
        "added": 2,
        "skipped": [],
        "scanned": 3,
        "faces": 2,
        "unreadable": 0,
        "missing": 0,
        "published": True,
        "reason": "It is the first model.",
        "active": "/lib/models/run.facebundle",
    }


def test_run_text(put: Put, library: Path, capsys: pytest.CaptureFixture[str]) -> None:
    trained = replace(TRAINED, choice=Choice(used=False, reason="It is worse."))
    put("run_pipeline", piped(trained=trained, active=None))
    assert run("run", library) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "2 photos added, 3 photos scanned."
    assert lines[-1] == "Not in use. It is worse."


@pytest.mark.parametrize("failure", ["unreadable", "missing"])
def test_run_with_files_that_failed_is_status_1(put: Put, library: Path, failure: str) -> None:
    put("run_pipeline", piped(scanned=replace(SCANNED, **{failure: 1})))
    assert run("run", library) == 1


BEGUN = RunBegun(
    "2026-11-22T14:22:33+00:00", default_config("classic"), Split(), None, publish=True, warnings=()
)
INTERRUPTED = InterruptedRun("20261122-142233-classic", BEGUN, 40, 5, 1.5, 0.75, keepable=True)


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["--resume"], INTERRUPTED.id),
        (["--resume", "2026-modern"], "2026-modern"),
    ],
)
def test_train_resume(
    put: Put,
    library: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    expected: str,
) -> None:
    monkeypatch.setattr(learning, "newest_interrupted", lambda _: INTERRUPTED)
    anew, service = put("train_network", TRAINED), put("resume", TRAINED)
    assert run("train", library, *arguments, "--json") == 0
    assert service.requests == [expected]
    assert anew.requests == []
    assert json.loads(capsys.readouterr().out)["run"] == RECORD.id


def test_nothing_to_resume_is_status_1(
    put: Put, library: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    service = put("resume", TRAINED)
    assert run("train", library, "--resume") == 1
    assert "interrupted" in capsys.readouterr().err
    assert service.requests == []
