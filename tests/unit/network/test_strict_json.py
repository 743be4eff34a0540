"""The strict codec: dataclasses survive it, and nothing else is let in."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

import pytest

from facegui.domain.training import TrainConfig
from facegui.network.strict_json import StrictJsonError, decode, encode, parse


class Colour(Enum):
    RED = "red"


@dataclass(frozen=True)
class Inner:
    pair: tuple[float, float]


@dataclass(frozen=True)
class Outer:
    name: str
    count: int
    ratio: float
    flag: bool
    maybe: int | None
    colour: Colour
    many: tuple[str, ...]
    scores: Mapping[str, float]
    inner: Inner


WHOLE = Outer("Zoë", 3, 0.5, True, None, Colour.RED, ("a", "b"), {"x": 1.0}, Inner((1.0, 2.0)))


def test_round_trip() -> None:
    assert decode(Outer, encode(WHOLE)) == WHOLE
    config = TrainConfig("classic", max_steps=10)
    assert decode(TrainConfig, encode(config)) == config


def test_encoding_is_canonical() -> None:
    text = encode(WHOLE)
    assert text == json.dumps(json.loads(text), sort_keys=True, ensure_ascii=False).replace(
        ", ", ","
    ).replace(": ", ":")
    assert "Zoë" in text


def test_whole_numbers_are_numbers() -> None:
    changed = json.loads(encode(WHOLE)) | {"ratio": 2}
    assert decode(Outer, json.dumps(changed)).ratio == 2.0


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("name", 5),
        ("name", None),
        ("count", 1.0),
        ("count", True),
        ("count", "3"),
        ("ratio", "0.5"),
        ("ratio", True),
        ("flag", 1),
        ("maybe", "x"),
        ("colour", "blue"),
        ("colour", ["red"]),
        ("many", "ab"),
        ("many", ["a", 1]),
        ("scores", [1.0]),
        ("scores", {"x": "1"}),
        ("inner", []),
        ("inner", {"pair": [1.0]}),
        ("inner", {"pair": [1.0, 2.0, 3.0]}),
        ("inner", {"pair": [1.0, 2.0], "more": 1}),
        ("inner", {}),
    ],
)
def test_wrong_types_are_named(key: str, value: object) -> None:
    changed = json.loads(encode(WHOLE)) | {key: value}
    with pytest.raises(StrictJsonError, match=f"Outer.{key}"):
        decode(Outer, json.dumps(changed))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "null",
        '{"a": 1, "a": 2}',
        '{"a": NaN}',
        '{"a": -Infinity}',
        "[" * 100_000,
        "1" * 10_000,
    ],
)
def test_not_a_document(text: str) -> None:
    with pytest.raises(StrictJsonError):
        decode(Inner, text)


def test_numbers_too_large_are_not_finite() -> None:
    with pytest.raises(StrictJsonError, match="finite"):
        decode(Inner, '{"pair": [1.0, 1e999]}')


def test_nan_is_not_written() -> None:
    with pytest.raises(ValueError, match="JSON compliant"):
        encode(Inner((float("nan"), 0.0)))


def test_parse_gives_plain_values() -> None:
    assert parse(b'{"a": [1, 2.5, null]}') == {"a": [1, 2.5, None]}
