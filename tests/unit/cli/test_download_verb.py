"""The download verb, against a server on this machine."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from facegui.cli import main
from facegui.services.collecting.web_list import ALLOWED_KEY
from facegui.services.libraries import create_library, open_library
from tests.fakes.faces import fake_tools
from tests.fakes.photo_server import OWN_ADDRESS, PhotoServer, photo_server


@pytest.fixture
def server() -> Iterator[PhotoServer]:
    with photo_server() as running:
        yield running


@pytest.fixture
def library(tmp_path: Path) -> Path:
    with create_library(tmp_path / "L.facegui") as made:
        made.set_setting(ALLOWED_KEY, [OWN_ADDRESS])
        return made.path


@pytest.fixture
def listing(tmp_path: Path, server: PhotoServer) -> Path:
    rows = [("Ann", "photo/1"), ("Ann", "photo/2"), ("Ben", "photo/3"), ("Ben", "404")]
    file = tmp_path / "list.csv"
    file.write_text("\n".join(f"{name},{server.url}{path}" for name, path in rows))
    return file


def run(*arguments: object) -> int:
    return main.run(
        [str(argument) for argument in ("download", *arguments)],
        fake_tools,
        lambda library, *, sample: pytest.fail("opened the window"),
        lambda: None,
    )


def test_what_failed_is_in_the_document_and_in_the_status(
    library: Path, listing: Path, server: PhotoServer, capsys: pytest.CaptureFixture[str]
) -> None:
    listing.write_text(listing.read_text() + "\nmalformed\n")
    assert run(library, listing, "--json") == 1
    found = json.loads(capsys.readouterr().out)
    (failed,) = found.pop("failed")
    assert found == {
        "library": str(library),
        "downloaded": 3,
        "known": 0,
        "malformed": [
            {"list": "list.csv", "line": 5, "reason": found["malformed"][0]["reason"]},
        ],
        "malformed_count": 1,
    }
    url = server.url + "404"
    assert (failed["person"], failed["url"], failed["result"]) == ("Ben", url, "gone")
    assert failed["reason"]
    assert failed["file"] is None


def test_people_cap_and_again(
    library: Path, listing: Path, server: PhotoServer, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(library, listing, "--person", "Ann", "--cap", "1") == 0
    assert capsys.readouterr().out == "1 photo, 0 known already, 0 addresses failed.\n"
    assert run(library, listing, "--person", "Ann", "--person", "Ben") == 1
    assert "404" in capsys.readouterr().out
    assert run(library, listing) == 0  # gone for good is not tried again
    assert capsys.readouterr().out == "0 photos, 3 known already, 0 addresses failed.\n"
    assert run(library, listing, "--again") == 1
    assert server.asked == {"/photo/1": 1, "/photo/2": 1, "/photo/3": 1, "/404": 2}
    with open_library(library) as opened:
        assert opened.counts().photos == 3


def test_a_list_that_is_not_there_leaves_no_library_behind(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(tmp_path / "new", tmp_path / "none.txt") == 1
    assert "none.txt" in capsys.readouterr().err
    assert not (tmp_path / "new").exists()


def test_a_person_who_is_in_no_list_is_told(
    library: Path, listing: Path, server: PhotoServer, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(library, listing, "--person", "Nobody") == 1
    assert "nothing to download in list.csv" in capsys.readouterr().err
    assert not server.asked
