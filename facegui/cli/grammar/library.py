"""Verbs that fill a library, look through it, and write its faces out."""

from __future__ import annotations

from pathlib import Path

from facegui.cli.grammar.parts import Verbs, library_argument, name, verb, whole
from facegui.domain.text import tr

EXPORT_FORMATS = ("crops", "folders", "csv", "coco", "labelme")

_HASH_BITS = 64


def add_library_verbs(verbs: Verbs) -> None:
    """``sample``, ``import``, ``download``, ``scan``, ``duplicates`` and ``export``."""
    sample = verb(verbs, "sample", tr("make a library of the ORL sample faces"))
    library_argument(sample)

    add = verb(verbs, "import", tr("add photos; a photo's person is the name of its folder"))
    library_argument(add)
    add.add_argument(
        "paths",
        metavar="PATH",
        nargs="+",
        type=Path,
        help=tr("files, folders, or lists: CSV of path,name,label, COCO, labelme"),
    )
    add.add_argument("--person", metavar="NAME", type=name, help=tr("who all of them show"))

    _download_verb(verbs)

    scan = verb(verbs, "scan", tr("find, measure and judge the faces"))
    library_argument(scan)
    scan.add_argument("--rescan", action="store_true", help=tr("all photos, not only new ones"))

    duplicates = verb(verbs, "duplicates", tr("group the copies of one picture"))
    library_argument(duplicates)
    duplicates.add_argument(
        "--distance",
        metavar="N",
        type=whole(0, _HASH_BITS),
        help=tr("bits of perceptual hash within which photos are copies (default: the library's)"),
    )

    export = verb(verbs, "export", tr("write the kept faces for other programs"))
    library_argument(export)
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


def _download_verb(verbs: Verbs) -> None:
    download = verb(verbs, "download", tr("fetch the photos of lists on the web, and add them"))
    library_argument(download)
    download.add_argument(
        "lists",
        metavar="LIST",
        nargs="+",
        type=Path,
        help=tr("PubFig's format, or CSV of name,url"),
    )
    download.add_argument(
        "--person", metavar="NAME", type=name, action="append", help=tr("only this one's photos")
    )
    download.add_argument(
        "--cap", metavar="N", type=whole(1), help=tr("at most so many photos of each person")
    )
    download.add_argument(
        "--again", action="store_true", help=tr("try also what failed for good before")
    )
