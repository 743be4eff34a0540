"""facegui model: cards, libraries' models, and comparing two of them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from facegui.cli import main
from facegui.services.libraries import create_library
from tests.fakes.bundles import write_colour_bundle
from tests.fakes.faces import fake_tools, picture
from tests.fakes.videos import BLUE, GREEN, RED


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FACEGUI_LANGUAGE", "en")


@pytest.fixture
def library(tmp_path: Path) -> Path:
    path = tmp_path / "Friends.facegui"
    create_library(path).close()
    return path


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    return write_colour_bundle(tmp_path / "a.facebundle", {"Ruth": RED, "Gretel": GREEN})


def run(*arguments: object) -> int:
    return main.run(
        ["model", *(str(argument) for argument in arguments)],
        fake_tools,
        lambda library, *, sample: pytest.fail("opened the window"),
        lambda: None,
    )


def told(capsys: pytest.CaptureFixture[str], *arguments: object) -> Any:
    assert run(*arguments, "--json") == 0
    return json.loads(capsys.readouterr().out)


def test_card(capsys: pytest.CaptureFixture[str], bundle: Path) -> None:
    document = told(capsys, "card", bundle)
    assert document["people"] == ["Gretel", "Ruth"]
    assert document["accuracy"]["count"] == 30
    assert document["card"][0]["heading"] == "What it is"
    assert run("card", bundle) == 0
    assert "Recognises: 2 people: Gretel, Ruth" in capsys.readouterr().out


def test_a_damaged_bundle_is_refused(capsys: pytest.CaptureFixture[str], bundle: Path) -> None:
    bundle.write_bytes(b"PK\x03\x04")
    assert run("card", bundle, "--json") == 1
    assert "zip" in json.loads(capsys.readouterr().out)["error"]


def test_in_and_out_of_a_library(
    capsys: pytest.CaptureFixture[str], library: Path, bundle: Path, tmp_path: Path
) -> None:
    assert told(capsys, "list", library) == {"models": []}
    first = told(capsys, "import", library, bundle)
    assert first["title"] == "a"
    other = write_colour_bundle(tmp_path / "b.facebundle", {"Ruth": RED, "Bluebeard": BLUE})
    second = told(capsys, "import", library, other)
    assert told(capsys, "use", library, "a")["in_use"]
    by_name = {row["name"]: row["in_use"] for row in told(capsys, "list", library)["models"]}
    assert by_name == {first["name"]: True, second["name"]: False}
    out = tmp_path / "out.facebundle"
    assert run("export", library, out, "--model", second["name"]) == 0
    capsys.readouterr()
    assert told(capsys, "card", out)["sha256"] == second["sha256"]
    assert run("list", library) == 0
    assert "in use" in capsys.readouterr().out


def test_a_name_that_is_none(
    capsys: pytest.CaptureFixture[str], library: Path, bundle: Path, tmp_path: Path
) -> None:
    assert run("export", library, tmp_path / "out") == 2
    run("import", library, bundle)
    assert run("use", library, "nobody") == 2
    assert "nobody is not one model" in capsys.readouterr().err


def test_comparing(
    capsys: pytest.CaptureFixture[str], library: Path, bundle: Path, tmp_path: Path
) -> None:
    other = write_colour_bundle(tmp_path / "b.facebundle", {"Ruth": GREEN, "Gretel": RED})
    (tmp_path / "Ruth").mkdir()
    photo = tmp_path / "Ruth" / "1.png"
    Image.fromarray(picture((10, 40, RED))).save(photo)
    document = told(capsys, "compare", bundle, other, photo)
    assert (document["only_a_right"], document["only_b_right"]) == (1, 0)
    (face,) = document["faces"]
    assert (face["truth"], face["a"]["name"], face["b"]["name"]) == ("Ruth", "Ruth", "Gretel")
    assert run("compare", bundle, other, photo) == 0
    assert "A Ruth, B Gretel" in capsys.readouterr().out
    assert told(capsys, "compare", bundle, other, "--library", library)["faces"] == []
    assert run("compare", bundle, other) == 2
