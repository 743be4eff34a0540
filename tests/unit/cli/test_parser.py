"""The grammar of the command line."""

from __future__ import annotations

import argparse
from pathlib import Path

import pytest

from facegui.cli.grammar.library import EXPORT_FORMATS
from facegui.cli.parser import (
    VERBS,
    WindowRequest,
    build_parser,
    wants_window,
    window_request,
)
from facegui.services.exporting.formats import ExportFormat
from facegui.services.learning.networks import network_choices


def parse(line: str) -> argparse.Namespace:
    return build_parser().parse_args(line.split())


def verbs_of(parser: argparse.ArgumentParser) -> dict[str, argparse.ArgumentParser]:
    (action,) = (a for a in parser._actions if isinstance(a, argparse._SubParsersAction))
    return dict(action.choices)


def test_every_verb_is_known_and_takes_json() -> None:
    verbs = verbs_of(build_parser())
    assert sorted(verbs) == sorted(VERBS)
    for name, parser in verbs.items():
        assert "--json" in parser.format_help(), name


def test_every_format_can_be_exported() -> None:
    assert [known.value for known in ExportFormat] == list(EXPORT_FORMATS)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("sample L", {"library": Path("L"), "json": False}),
        ("sample L --json", {"json": True}),
        ("import L a b --person Tom", {"paths": [Path("a"), Path("b")], "person": "Tom"}),
        ("import L a", {"person": None}),
        (
            "download L a.txt b.csv --person Tom --person Ann --cap 3",
            {
                "lists": [Path("a.txt"), Path("b.csv")],
                "person": ["Tom", "Ann"],
                "cap": 3,
                "again": False,
            },
        ),
        ("download L a --again", {"person": None, "cap": None, "again": True}),
        ("export L out", {"out": Path("out"), "format": "crops"}),
        ("export L f.json --format coco", {"out": Path("f.json"), "format": "coco"}),
        ("scan L", {"rescan": False}),
        ("scan L --rescan", {"rescan": True}),
        ("duplicates L", {"distance": None}),
        ("duplicates L --distance 0", {"distance": 0}),
        (
            "train L",
            {
                "network": "face-transfer",
                "epochs": None,
                "seed": 0,
                "validation": 0.2,
                "test": 0.2,
                "cap": None,
                "target": None,
                "out": None,
            },
        ),
        (
            "train L --network classic --epochs 3 --seed 7 --validation 0.2 --target 0.9 --out B",
            {
                "network": "classic",
                "epochs": 3,
                "seed": 7,
                "validation": 0.2,
                "target": 0.9,
                "out": Path("B"),
            },
        ),
        ("run L", {"publish_above": None}),
        ("run L --publish-above 0.95", {"publish_above": 0.95}),
        ("recognize B a b", {"bundle": Path("B"), "paths": [Path("a"), Path("b")]}),
        ("evaluate L B", {"library": Path("L"), "bundle": Path("B"), "strangers": []}),
        ("evaluate L B --strangers S", {"strangers": [Path("S")]}),
        ("export L OUT", {"out": Path("OUT")}),
        ("models", {"action": "list"}),
        ("models fetch", {"action": "fetch"}),
        ("models list --json", {"action": "list", "json": True}),
    ],
)
def test_what_is_understood(line: str, expected: dict[str, object]) -> None:
    found = vars(parse(line))
    assert found["verb"] == line.split(maxsplit=1)[0]
    assert {name: found[name] for name in expected} == expected


@pytest.mark.parametrize(
    "line",
    [
        "sample",
        "import L",
        "import L a --person=",
        "scan",
        "scan L M",
        "scan L --resc",
        "duplicates L --distance -1",
        "duplicates L --distance 65",
        "duplicates L --distance near",
        "train L --epochs 0",
        "train L --seed -1",
        "train L --validation 0",
        "train L --validation 1",
        "train L --validation nan",
        "train L --target 0",
        "train L --target 1.01",
        "run L --publish-above 90",
        "recognize B",
        "evaluate L",
        "export L",
        "models delete",
    ],
)
def test_wrong_usage_is_refused_with_status_2(
    line: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        parse(line)
    assert ended.value.code == 2
    told = capsys.readouterr()
    assert told.err.startswith("usage: facegui ")
    assert not told.out


def test_the_help_names_every_network() -> None:
    text = verbs_of(build_parser())["train"].format_help()
    for choice in network_choices():
        assert choice.config.network in text


@pytest.mark.parametrize("line", ["", "My.facegui", "--sample", "./scan", "--sampel"])
def test_no_verb_means_the_window(line: str) -> None:
    assert wants_window(line.split())


@pytest.mark.parametrize(
    "line", ["scan", "models fetch", "-h", "--help", "--version", "--self-test"]
)
def test_verbs_and_questions_are_not_for_the_window(line: str) -> None:
    assert not wants_window(line.split())


def test_what_the_window_opens() -> None:
    assert window_request([]) == WindowRequest(None, sample=False)
    assert window_request(["--sample"]) == WindowRequest(None, sample=True)
    assert window_request(["My.facegui"]) == WindowRequest(Path("My.facegui"), sample=False)


@pytest.mark.parametrize("line", ["frobnicate", "scn L", "L --sample", "--sampel", "L --json"])
def test_wrong_usage_of_the_window(line: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        window_request(line.split())
    assert ended.value.code == 2
    assert capsys.readouterr().err.startswith("usage: facegui [LIBRARY]")
