"""Pieces of the grammar that several verbs share."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

from facegui.domain.text import tr

Verbs: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"  # noqa: SLF001
"""What verbs are added to; argparse gives it no public name."""


def verb(verbs: Verbs, name: str, text: str) -> argparse.ArgumentParser:
    """A verb with its ``--json``."""
    parser = verbs.add_parser(name, help=text, description=text, allow_abbrev=False)
    parser.add_argument(
        "--json", action="store_true", help=tr("one JSON document on standard output")
    )
    return parser


def library_argument(parser: argparse.ArgumentParser) -> None:
    """LIBRARY, a place for its folder."""
    parser.add_argument("library", metavar="LIBRARY", type=Path, help=tr("a library's folder"))


def bundle_argument(parser: argparse.ArgumentParser) -> None:
    """BUNDLE, the file of a model."""
    parser.add_argument(
        "bundle", metavar="BUNDLE", type=Path, help=tr("a model that train made, *.facebundle")
    )


def whole(lowest: int, highest: int | None = None) -> Callable[[str], int]:
    """A whole number within limits, both included."""

    def number(text: str) -> int:
        value = int(text)
        if value < lowest or (highest is not None and value > highest):
            limits = f"≥ {lowest}" if highest is None else f"{lowest} – {highest}"
            raise argparse.ArgumentTypeError(
                tr("{value} is out of range ({limits})", value=value, limits=limits)
            )
        return value

    number.__name__ = "int"  # argparse names the type in its messages
    return number


def share(text: str) -> float:
    """More than 0 and less than 1."""
    value = float(text)
    if not 0 < value < 1:
        raise argparse.ArgumentTypeError(tr("{value} is not between 0 and 1", value=text))
    return value


def share_or_none(text: str) -> float:
    """0, or a share."""
    return 0.0 if float(text) == 0 else share(text)


def accuracy(text: str) -> float:
    """More than 0, at most 1."""
    value = float(text)
    if not 0 < value <= 1:
        raise argparse.ArgumentTypeError(tr("{value} is not above 0 and at most 1", value=text))
    return value


def name(text: str) -> str:
    """Any text with a letter in it."""
    if not text.strip():
        raise argparse.ArgumentTypeError(tr("a name cannot be empty"))
    return text
