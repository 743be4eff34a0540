"""The command line's grammar; light, because the window's start parses it too."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from facegui import __version__
from facegui.cli.grammar.giving import add_giving_verbs
from facegui.cli.grammar.learning import add_learning_verbs
from facegui.cli.grammar.library import add_library_verbs
from facegui.cli.grammar.using import add_using_verbs
from facegui.domain.text import tr

VERBS = (
    *("sample", "import", "download", "scan", "duplicates", "export"),
    *("train", "run", "evaluate", "recognize", "models", "model"),
    *("export-model", "serve"),
)

_NOT_THE_WINDOW = frozenset({"-h", "--help", "--version", "--self-test", *VERBS})


@dataclass(frozen=True, slots=True)
class WindowRequest:
    """What ``facegui [LIBRARY] [--sample]`` asks for."""

    library: Path | None
    sample: bool


def build_parser() -> argparse.ArgumentParser:
    """The parser of everything but the window; ``verb`` names the use case, or is None."""
    parser = argparse.ArgumentParser(
        prog="facegui",
        usage="facegui [LIBRARY] [--sample]\n       facegui VERB ...",
        description=tr(
            "Turn a messy folder of photos into a face recogniser. Without a verb the window opens."
        ),
        epilog=tr(
            "Exit status: 0 done, 1 some inputs failed, 2 wrong usage, 130 stopped with Ctrl+C. "
            "FACEGUI_MODELS names another folder for the pretrained models, FACEGUI_LANGUAGE "
            "another language."
        ),
        allow_abbrev=False,
    )
    parser.add_argument("--sample", action="store_true", help=tr("open the sample in the window"))
    parser.add_argument("--version", action="version", version=f"FaceGUI {__version__}")
    parser.add_argument(
        "--self-test",
        action="store_true",
        help=tr("detect, train, save, load, recognise and show a window; then say so"),
    )
    verbs = parser.add_subparsers(dest="verb", metavar="VERB", title=tr("verbs"), prog="facegui")
    for add in (add_library_verbs, add_learning_verbs, add_using_verbs, add_giving_verbs):
        add(verbs)
    return parser


def wants_window(argv: Sequence[str]) -> bool:
    """Whether the arguments ask for the window: no verb, help, version or self-test."""
    return not argv or argv[0] not in _NOT_THE_WINDOW


def window_request(argv: Sequence[str]) -> WindowRequest:
    """What the window is to open.

    Raises:
        SystemExit: with status 2, after a message, on wrong usage.
    """
    parser = argparse.ArgumentParser(
        prog="facegui", usage="facegui [LIBRARY] [--sample]", add_help=False, allow_abbrev=False
    )
    parser.add_argument("library", nargs="?", type=Path)
    parser.add_argument("--sample", action="store_true")
    found = parser.parse_args(argv)
    if found.sample and found.library:
        parser.error(tr("--sample opens a library of its own; leave LIBRARY out"))
    if found.library and not found.library.exists() and found.library.stem == argv[-1]:
        # A bare word that is not there is a misspelt verb; a path that is not there is for the
        # window to tell of.
        verbs = ", ".join(VERBS)
        parser.error(
            tr("{word} is neither a library nor one of: {verbs}", word=argv[-1], verbs=verbs)
        )
    return WindowRequest(found.library, found.sample)
