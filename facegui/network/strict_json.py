"""Dataclasses to JSON and back, refusing anything that is not exactly what was written.

For files that come from outside: unknown, missing or repeated keys, wrong types and numbers that
are not finite are errors, and nothing but the listed types is ever made.
"""

from __future__ import annotations

import json
import math
import types
import typing
from collections.abc import Mapping
from dataclasses import asdict, fields, is_dataclass
from enum import Enum
from typing import Any, TypeVar

T = TypeVar("T")


class StrictJsonError(ValueError):
    """What is wrong, and where in the document."""


def encode(thing: Any) -> str:
    """The canonical JSON of the dataclass *thing*: sorted keys, no spaces, finite numbers."""
    return json.dumps(
        asdict(thing),
        sort_keys=True,
        ensure_ascii=False,
        allow_nan=False,
        separators=(",", ":"),
        default=_plain,
    )


def decode(kind: type[T], text: str) -> T:
    """The dataclass *kind* that *text* describes.

    Raises:
        StrictJsonError: *text* is not JSON, or not exactly that dataclass.
    """
    return _build(kind, parse(text), kind.__name__)  # type: ignore[no-any-return]


def parse(text: str | bytes) -> Any:
    """Plain JSON values, without repeated keys or ``NaN``.

    Raises:
        StrictJsonError: *text* is not such JSON.
    """
    try:
        return json.loads(text, object_pairs_hook=_unique, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise StrictJsonError(str(error)) from error


def _plain(value: object) -> object:
    if isinstance(value, Enum):
        return value.value
    raise TypeError(f"cannot be written: {value!r}")


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise StrictJsonError("a key is repeated")
    return found


def _refuse_constant(name: str) -> None:
    raise StrictJsonError(f"{name} is not a number")


def _build(kind: Any, value: Any, where: str) -> Any:
    """*value* as *kind*: a dataclass, enum, tuple, mapping, optional or plain type."""
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if origin is types.UnionType:
        return None if value is None else _build(arguments[0], value, where)
    if origin is tuple:
        return _build_tuple(arguments, value, where)
    if origin is Mapping:
        _expect(value, dict, where)
        return {key: _build(arguments[1], item, f"{where}.{key}") for key, item in value.items()}
    if is_dataclass(kind):
        return _build_dataclass(kind, value, where)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return _build_enum(kind, value, where)
    if kind is float and type(value) is int:
        value = _as_float(value, where)
    _expect(value, kind, where)
    if kind is float and not math.isfinite(value):
        raise StrictJsonError(f"{where} is not finite")
    return value


def _as_float(value: int, where: str) -> float:
    try:
        return float(value)
    except OverflowError as error:
        raise StrictJsonError(f"{where} is too large") from error


def _build_dataclass(kind: Any, value: Any, where: str) -> Any:
    _expect(value, dict, where)
    hints = typing.get_type_hints(kind)
    wanted = {field.name for field in fields(kind)}
    if odd := wanted.symmetric_difference(value):
        raise StrictJsonError(f"{where}: {', '.join(sorted(odd))} unknown or missing")
    return kind(**{name: _build(hints[name], value[name], f"{where}.{name}") for name in wanted})


def _build_tuple(arguments: tuple[Any, ...], value: Any, where: str) -> tuple[Any, ...]:
    _expect(value, list, where)
    kinds = [arguments[0]] * len(value) if arguments[-1] is Ellipsis else list(arguments)
    if len(kinds) != len(value):
        raise StrictJsonError(f"{where} has {len(value)} values instead of {len(kinds)}")
    pairs = enumerate(zip(kinds, value, strict=True))
    return tuple(_build(kind, item, f"{where}[{index}]") for index, (kind, item) in pairs)


def _build_enum(kind: type[Enum], value: Any, where: str) -> Enum:
    try:
        return kind(value)
    except ValueError as error:
        raise StrictJsonError(f"{where}: {error}") from error


def _expect(value: Any, kind: type, where: str) -> None:
    if type(value) is not kind:  # not isinstance: true is no number here
        raise StrictJsonError(f"{where} is no {kind.__name__}")
