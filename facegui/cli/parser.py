"""The command line's grammar, in one place; light, because the window's start parses it too."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from facegui import __version__
from facegui.domain.model_export import ModelFormat
from facegui.domain.text import tr

VERBS = (
    *("sample", "import", "download", "scan", "duplicates", "export"),
    *("train", "run", "evaluate", "recognize", "models", "model"),
    *("export-model", "serve"),
)

MODEL_FORMATS = tuple(kind.value for kind in ModelFormat)
EXPORT_FORMATS = ("crops", "folders", "csv", "coco", "labelme")

_HASH_BITS = 64
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
    for add in (_library_verbs, _learning_verbs, _using_verbs, _giving_verbs):
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


_Verbs = argparse._SubParsersAction  # noqa: SLF001 - argparse gives this type no public name


def _verb(verbs: _Verbs[argparse.ArgumentParser], name: str, text: str) -> argparse.ArgumentParser:
    parser = verbs.add_parser(name, help=text, description=text, allow_abbrev=False)
    parser.add_argument(
        "--json", action="store_true", help=tr("one JSON document on standard output")
    )
    return parser


def _library(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("library", metavar="LIBRARY", type=Path, help=tr("a library's folder"))


def _library_verbs(verbs: _Verbs[argparse.ArgumentParser]) -> None:
    sample = _verb(verbs, "sample", tr("make a library of the ORL sample faces"))
    _library(sample)

    add = _verb(verbs, "import", tr("add photos; a photo's person is the name of its folder"))
    _library(add)
    add.add_argument(
        "paths",
        metavar="PATH",
        nargs="+",
        type=Path,
        help=tr("files, folders, or lists: CSV of path,name,label, COCO, labelme"),
    )
    add.add_argument("--person", metavar="NAME", type=_name, help=tr("who all of them show"))

    _download_verb(verbs)

    scan = _verb(verbs, "scan", tr("find, measure and judge the faces"))
    _library(scan)
    scan.add_argument("--rescan", action="store_true", help=tr("all photos, not only new ones"))

    duplicates = _verb(verbs, "duplicates", tr("group the copies of one picture"))
    _library(duplicates)
    duplicates.add_argument(
        "--distance",
        metavar="N",
        type=_whole(0, _HASH_BITS),
        help=tr("bits of perceptual hash within which photos are copies (default: the library's)"),
    )

    export = _verb(verbs, "export", tr("write the kept faces for other programs"))
    _library(export)
    export.add_argument(
        "out",
        metavar="OUT",
        type=Path,
        help=tr("a new or empty folder; for csv and coco a file, which is replaced"),
    )
    export.add_argument(
        "--format",
        choices=EXPORT_FORMATS,
        default=EXPORT_FORMATS[0],
        help=tr(
            "crops: for training, with their lists (default); folders: photos by person; csv: "
            "path,name,label; coco: boxes and names; labelme: one file for each photo"
        ),
    )


def _download_verb(verbs: _Verbs[argparse.ArgumentParser]) -> None:
    download = _verb(verbs, "download", tr("fetch the photos of lists on the web, and add them"))
    _library(download)
    download.add_argument(
        "lists",
        metavar="LIST",
        nargs="+",
        type=Path,
        help=tr("PubFig's format, or CSV of name,url"),
    )
    download.add_argument(
        "--person", metavar="NAME", type=_name, action="append", help=tr("only this one's photos")
    )
    download.add_argument(
        "--cap", metavar="N", type=_whole(1), help=tr("at most so many photos of each person")
    )
    download.add_argument(
        "--again", action="store_true", help=tr("try also what failed for good before")
    )


def _learning_verbs(verbs: _Verbs[argparse.ArgumentParser]) -> None:
    train = _verb(verbs, "train", tr("train a network on the kept faces"))
    _library(train)
    train.add_argument(
        "--network",
        metavar="NAME",
        default="face-transfer",
        help=tr(
            "face-transfer (default), modern, classic, mobilenet-v2, inception-v3, alexnet or "
            "two-layer"
        ),
    )
    train.add_argument(
        "--epochs", metavar="N", type=_whole(1), help=tr("at most so many passes over the crops")
    )
    train.add_argument(
        "--seed", metavar="N", type=_whole(0, 2**31 - 1), default=0, help=tr("default: 0")
    )
    train.add_argument(
        "--validation",
        metavar="SHARE",
        type=_share,
        default=0.2,
        help=tr("share of the crops to choose the best weights with, default: 0.2"),
    )
    train.add_argument(
        "--test",
        metavar="SHARE",
        type=_share_or_none,
        default=0.2,
        help=tr("share of the crops to judge them with, default: 0.2"),
    )
    train.add_argument(
        "--cap",
        metavar="N",
        type=_whole(2, 1_000_000),
        help=tr("at most N crops of a person to learn from and choose with"),
    )
    train.add_argument(
        "--target", metavar="ACC", type=_accuracy, help=tr("stop at this validation accuracy")
    )
    train.add_argument(
        "--resume",
        metavar="RUN",
        nargs="?",
        const="",
        help=tr(
            "go on with a training that was interrupted, as it was set: the run of that name, or "
            "the last one"
        ),
    )
    train.add_argument(
        "--out", metavar="BUNDLE", type=Path, help=tr("also write the bundle here, replacing it")
    )

    run = _verb(verbs, "run", tr("import, scan, train, evaluate, publish unless worse: for cron"))
    _library(run)
    run.add_argument(
        "--publish-above",
        metavar="ACC",
        type=_accuracy,
        help=tr("publish only above this accuracy"),
    )

    evaluate = _verb(verbs, "evaluate", tr("measure a bundle on faces it was not trained on"))
    _library(evaluate)
    _bundle(evaluate)
    evaluate.add_argument(
        "--strangers",
        metavar="FOLDER",
        type=Path,
        action="append",
        default=[],
        help=tr("a folder of photos of people that the model does not know; may be repeated"),
    )


def _using_verbs(verbs: _Verbs[argparse.ArgumentParser]) -> None:
    _model_verb(verbs)
    recognize = _verb(verbs, "recognize", tr("say who is on photos and in videos"))
    _bundle(recognize)
    recognize.add_argument(
        "paths", metavar="PATH", nargs="+", type=Path, help=tr("files or folders")
    )
    recognize.add_argument(
        "--csv", metavar="FILE", type=Path, help=tr("write a table too, a line for each face")
    )

    models = _verb(verbs, "models", tr("list the pretrained models, or fetch what is missing"))
    models.add_argument("action", nargs="?", choices=("list", "fetch"), default="list")
    models.add_argument(
        "names",
        metavar="NAME",
        nargs="*",
        help=tr("what to fetch; without a name, all but what only seldom chosen networks need"),
    )


def _model_verb(verbs: _Verbs[argparse.ArgumentParser]) -> None:
    """``facegui model ACTION``: each action has arguments of its own."""
    text = tr("trained models: read the card, list, import, export, use, compare")
    every = tr("Every action takes --json, and --help.")
    parser = verbs.add_parser(
        "model", help=text, description=text, epilog=every, allow_abbrev=False
    )
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    _bundle(_verb(actions, "card", tr("what a person should know of a model")))
    _library(_verb(actions, "list", tr("all models of a library")))

    take = _verb(actions, "import", tr("check a model and take it into a library"))
    _library(take)
    _bundle(take)

    give = _verb(actions, "export", tr("write a library's model into one file"))
    _library(give)
    give.add_argument("out", metavar="OUT", type=Path, help=tr("the file, which is replaced"))
    give.add_argument(
        "--model", metavar="NAME", help=tr("as in the list (default: the one in use)")
    )

    use = _verb(actions, "use", tr("recognise with another model of a library"))
    _library(use)
    use.add_argument("name", metavar="NAME", help=tr("as in the list, or its title"))

    compare = _verb(actions, "compare", tr("ask two models about the same faces"))
    for name in ("one", "other"):
        compare.add_argument(name, metavar="BUNDLE", type=Path, help=tr("a model"))
    compare.add_argument("paths", metavar="PATH", nargs="*", type=Path, help=tr("files or folders"))
    compare.add_argument(
        "--library",
        metavar="LIBRARY",
        type=Path,
        help=tr("says who is on the photos; without PATH, its faces that neither learned from"),
    )


def _giving_verbs(verbs: _Verbs[argparse.ArgumentParser]) -> None:
    export = _verb(verbs, "export-model", tr("write a bundle so that other programs can use it"))
    _bundle(export)
    export.add_argument(
        "out", metavar="OUT", type=Path, help=tr("a new or empty folder, or an earlier export")
    )
    export.add_argument(
        "--format",
        choices=MODEL_FORMATS,
        default=MODEL_FORMATS[0],
        help=tr(
            "saved-model: for TensorFlow Serving and clouds, takes JPEG bytes (default); tflite: "
            "for phones; onnx: for ONNX Runtime and others"
        ),
    )
    export.add_argument(
        "--library",
        metavar="LIBRARY",
        type=Path,
        help=tr("whose faces to check it on (default: the library that the bundle lies in)"),
    )

    serve = _verb(verbs, "serve", tr("name the faces of photos over HTTP, for this machine only"))
    _bundle(serve)
    serve.add_argument(
        "--host", default="127.0.0.1", help=tr("a loopback address, default: 127.0.0.1")
    )
    serve.add_argument(
        "--port",
        metavar="N",
        type=_whole(0, 65535),
        default=8501,
        help=tr("default: 8501; 0 for any that is free"),
    )
    serve.add_argument(
        "--token", type=_name, help=tr("what clients have to send (default: a new one, printed)")
    )


def _bundle(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "bundle", metavar="BUNDLE", type=Path, help=tr("a model that train made, *.facebundle")
    )


def _whole(lowest: int, highest: int | None = None) -> Callable[[str], int]:
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


def _share(text: str) -> float:
    value = float(text)
    if not 0 < value < 1:
        raise argparse.ArgumentTypeError(tr("{value} is not between 0 and 1", value=text))
    return value


def _share_or_none(text: str) -> float:
    return 0.0 if float(text) == 0 else _share(text)


def _accuracy(text: str) -> float:
    value = float(text)
    if not 0 < value <= 1:
        raise argparse.ArgumentTypeError(tr("{value} is not above 0 and at most 1", value=text))
    return value


def _name(text: str) -> str:
    if not text.strip():
        raise argparse.ArgumentTypeError(tr("a name cannot be empty"))
    return text
