"""Verbs that use models."""

from __future__ import annotations

from pathlib import Path

from facegui.cli.grammar.parts import Verbs, bundle_argument, library_argument, verb
from facegui.domain.text import tr


def add_using_verbs(verbs: Verbs) -> None:
    """``model``, ``recognize`` and ``models``."""
    _model_verb(verbs)
    recognize = verb(verbs, "recognize", tr("say who is on photos and in videos"))
    bundle_argument(recognize)
    recognize.add_argument(
        "paths", metavar="PATH", nargs="+", type=Path, help=tr("files or folders")
    )
    recognize.add_argument(
        "--csv", metavar="FILE", type=Path, help=tr("write a table too, a line for each face")
    )

    models = verb(verbs, "models", tr("list the pretrained models, or fetch what is missing"))
    models.add_argument("action", nargs="?", choices=("list", "fetch"), default="list")
    models.add_argument(
        "names",
        metavar="NAME",
        nargs="*",
        help=tr("what to fetch; without a name, all but what only seldom chosen networks need"),
    )


def _model_verb(verbs: Verbs) -> None:
    """``facegui model ACTION``: each action has arguments of its own."""
    text = tr("trained models: read the card, list, import, export, use, compare")
    every = tr("Every action takes --json, and --help.")
    parser = verbs.add_parser(
        "model", help=text, description=text, epilog=every, allow_abbrev=False
    )
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    bundle_argument(verb(actions, "card", tr("what a person should know of a model")))
    library_argument(verb(actions, "list", tr("all models of a library")))

    take = verb(actions, "import", tr("check a model and take it into a library"))
    library_argument(take)
    bundle_argument(take)

    give = verb(actions, "export", tr("write a library's model into one file"))
    library_argument(give)
    give.add_argument("out", metavar="OUT", type=Path, help=tr("the file, which is replaced"))
    give.add_argument(
        "--model", metavar="NAME", help=tr("as in the list (default: the one in use)")
    )

    use = verb(actions, "use", tr("recognise with another model of a library"))
    library_argument(use)
    use.add_argument("name", metavar="NAME", help=tr("as in the list, or its title"))

    compare = verb(actions, "compare", tr("ask two models about the same faces"))
    for which in ("one", "other"):
        compare.add_argument(which, metavar="BUNDLE", type=Path, help=tr("a model"))
    compare.add_argument("paths", metavar="PATH", nargs="*", type=Path, help=tr("files or folders"))
    compare.add_argument(
        "--library",
        metavar="LIBRARY",
        type=Path,
        help=tr("says who is on the photos; without PATH, its faces that neither learned from"),
    )
