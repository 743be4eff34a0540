"""recognize and models, the demo and the self-test: what they tell."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from facegui.cli import main, proof, using
from facegui.domain.control import Control
from facegui.domain.errors import BundleError, EnvironmentFault, ModelUnavailable
from facegui.domain.geometry import Box
from facegui.domain.recognition import Identity, RecognisedFace, RecognisedPhoto
from facegui.services.demo import DemoReport, Named
from facegui.services.recognising.recognise import RecogniseReport, RecogniseRequest
from facegui.services.scanning.scan import ScanReport
from tests.fakes.faces import fake_tools, square
from tests.fakes.finished import TRAINED


def face(name: str | None, probability: float = 0.75) -> RecognisedFace:
    identity = Identity(
        name=name,
        candidate="Anna",
        probability=probability,
        scores={"Anna": probability, "Ben": 1 - probability},
        similarity=0.5,
        threshold=0.4,
    )
    found = square(0, 0)
    return RecognisedFace(Box(1.239, 2, 30.5, 40), found.landmarks, found.score, identity)


PARTY = RecognisedPhoto("/p/party.jpg", 640, 480, None, (face("Anna"), face(None, 0.5)))
NOBODY = RecognisedPhoto("/p/wall.jpg", 10, 20, None, ())
BROKEN = RecognisedPhoto("/p/broken.jpg", 0, 0, "half a photo", ())


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FACEGUI_LANGUAGE", "en")


def run(*arguments: object, **tools: object) -> int:
    return main.run(
        [str(argument) for argument in arguments],
        lambda: fake_tools(**tools),
        lambda library, *, sample: pytest.fail("opened the window"),
        lambda: None,
    )


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[RecogniseRequest]:
    """What recognition was asked for; it answers with two sound photos and a broken one."""
    requests: list[RecogniseRequest] = []

    def recognise(tools: object, request: RecogniseRequest, control: Control) -> RecogniseReport:
        requests.append(request)
        photos = (PARTY, NOBODY, BROKEN) if len(request.paths) > 1 else (PARTY, NOBODY)
        return RecogniseReport(photos, stopped=False)

    monkeypatch.setattr(using, "recognise_photos", recognise)
    return requests


def test_recognize_json(asked: list[RecogniseRequest], capsys: pytest.CaptureFixture[str]) -> None:
    assert run("recognize", "b", "/p", "/p/broken.jpg", "--json") == 1
    assert asked == [RecogniseRequest(Path("b"), (Path("/p"), Path("/p/broken.jpg")))]
    party, nobody, broken = json.loads(capsys.readouterr().out)
    assert party == {
        "path": "/p/party.jpg",
        "width": 640,
        "height": 480,
        "error": None,
        "seconds": None,
        "faces": [
            {
                "box": [1.24, 2.0, 30.5, 40.0],
                "name": "Anna",
                "answer": "Anna",
                "said": None,
                "probability": 0.75,
                "scores": {"Anna": 0.75, "Ben": 0.25},
                "similarity": 0.5,
                "threshold": 0.4,
                "seen": None,
            },
            {
                "box": [1.24, 2.0, 30.5, 40.0],
                "name": None,
                "answer": None,
                "said": None,
                "probability": 0.5,
                "scores": {"Anna": 0.5, "Ben": 0.5},
                "similarity": 0.5,
                "threshold": 0.4,
                "seen": None,
            },
        ],
    }
    assert nobody == {
        "path": "/p/wall.jpg",
        "width": 10,
        "height": 20,
        "error": None,
        "seconds": None,
        "faces": [],
    }
    assert broken == {
        "path": "/p/broken.jpg",
        "width": 0,
        "height": 0,
        "error": "half a photo",
        "seconds": None,
        "faces": [],
    }


@pytest.mark.usefixtures("asked")
def test_recognize_writes_a_table(tmp_path: Path) -> None:
    assert run("recognize", "b", "/p", "--csv", str(tmp_path / "who.csv")) == 0
    lines = (tmp_path / "who.csv").read_text("utf-8").splitlines()
    assert lines[0].startswith("file,width,height,error,face,name,nearest,")
    assert lines[1].startswith("/p/party.jpg,640,480,,1,Anna,Anna,0.7500,")
    assert len(lines) == 4  # two faces and a wall


@pytest.mark.usefixtures("asked")
def test_recognize_text(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("recognize", "b", "/p") == 0
    assert capsys.readouterr().out.splitlines() == [
        "/p/party.jpg: Anna (75%), unknown (nearest: Anna, similarity 0.50 where 0.40 is needed)",
        "/p/wall.jpg: no face",
    ]


def test_recognize_with_a_bad_bundle(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(*_: object) -> RecogniseReport:
        raise BundleError("b is no model.", "Choose a .facebundle file.")

    monkeypatch.setattr(using, "recognise_photos", refuse)
    assert run("recognize", "b", "/p") == 1
    assert capsys.readouterr().err == "facegui: b is no model.\nChoose a .facebundle file.\n"


@dataclass
class File:
    """A pretrained file as the store tells of it."""

    name: str
    path: Path | None
    title: str = "Finds faces"
    file_name: str = "f.onnx"
    size_bytes: int = 2_500_000
    sha256: str = "ab"
    licence: str = "MIT"
    credit: str = "Somebody"
    by_name: bool = False


class Store:
    """Has one file, can fetch a second, and cannot fetch a third."""

    def __init__(self) -> None:
        self.files = [File("here", Path("/m/here")), File("there", None), File("lost", None)]

    def list(self) -> Sequence[File]:
        return self.files

    def path(self, name: str, control: Control | None = None) -> Path:
        if name == "lost":
            raise ModelUnavailable("lost cannot be had.", "Put it there.")
        for index, file in enumerate(self.files):
            if file.name == name:
                self.files[index] = replace(file, path=Path("/m") / name)
        return Path("/m") / name


def test_models_list_fetches_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("models", "--json", models=Store()) == 0
    found = json.loads(capsys.readouterr().out)["models"]
    assert found[0] == {
        "name": "here",
        "title": "Finds faces",
        "file": "f.onnx",
        "size_bytes": 2_500_000,
        "sha256": "ab",
        "licence": "MIT",
        "credit": "Somebody",
        "path": "/m/here",
        "error": None,
    }
    assert [model["path"] for model in found] == ["/m/here", None, None]


def test_models_fetch_goes_on_past_one_that_cannot_be_had(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run("models", "fetch", "--json", models=Store()) == 1
    found = json.loads(capsys.readouterr().out)["models"]
    assert [model["path"] for model in found] == ["/m/here", "/m/there", None]
    assert [model["error"] for model in found] == [None, None, "lost cannot be had. Put it there."]


@pytest.mark.parametrize(
    ("names", "paths"),
    [
        ((), ["/m/here", "/m/there", None]),
        (("seldom",), ["/m/here", None, "/m/seldom"]),
        (("there", "seldom"), ["/m/here", "/m/there", "/m/seldom"]),
    ],
)
def test_models_fetch_by_name(
    capsys: pytest.CaptureFixture[str], names: tuple[str, ...], paths: list[str | None]
) -> None:
    store = Store()
    store.files[2] = File("seldom", None, by_name=True)
    assert run("models", "fetch", *names, "--json", models=store) == 0
    assert [m["path"] for m in json.loads(capsys.readouterr().out)["models"]] == paths


def test_models_fetch_of_what_there_is_not(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("models", "fetch", "nonsense", models=Store()) == 2
    assert "nonsense; choose among: here, there, lost" in capsys.readouterr().err


def test_models_text(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("models", "list", models=Store()) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "here: Finds faces, 2.5 MB, MIT, Somebody: /m/here"
    assert lines[2].endswith("not on this machine")


def test_the_demo_ends_with_a_name_and_its_probability(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    report = DemoReport(
        ScanReport(36, 36, 0, 0, 1.0, stopped=False),
        TRAINED,
        (
            Named(RecognisedPhoto("/s/s1/9.png", 9, 9, None, (face("s1", 0.987),)), "s1"),
            Named(RecognisedPhoto("/s/s2/9.png", 9, 9, None, (face(None),)), "s2"),
        ),
    )
    monkeypatch.setattr(proof, "run_demo", lambda tools, control: report)
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(main, "can_show_window", lambda environ: False)
    assert run() == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "36 photos scanned, 36 faces found."
    assert "/s/s1/9.png: s1 (99%)" in lines
    assert "1 of 2 photos that were held out got the right name." in lines


def test_the_self_test_tells_each_step(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def tried(tools: object, control: Control, try_window: object) -> int:
        control.partial("Detect: 54 faces found")
        return 4

    monkeypatch.setattr(proof, "run_self_test", tried)
    assert run("--self-test") == 0
    told = capsys.readouterr()
    assert told.err == "Detect: 54 faces found\n"
    assert told.out == "Self-test passed: 4 steps.\n"


def test_a_self_test_that_fails_is_status_1(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def tried(*_: object) -> int:
        raise EnvironmentFault("The self-test failed at detect.", "Install again.")

    monkeypatch.setattr(proof, "run_self_test", tried)
    assert run("--self-test") == 1
    assert "failed at detect" in capsys.readouterr().err
