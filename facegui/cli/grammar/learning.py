"""Verbs that train networks and measure them."""

from __future__ import annotations

import argparse
from pathlib import Path

from facegui.cli.grammar.parts import (
    Verbs,
    accuracy,
    bundle_argument,
    library_argument,
    share,
    share_or_none,
    verb,
    whole,
)
from facegui.domain.text import tr


def add_learning_verbs(verbs: Verbs) -> None:
    """``train``, ``run`` and ``evaluate``."""
    _train_verb(verbs)
    run = verb(verbs, "run", tr("import, scan, train, evaluate, publish unless worse: for cron"))
    library_argument(run)
    run.add_argument(
        "--publish-above",
        metavar="ACC",
        type=accuracy,
        help=tr("publish only above this accuracy"),
    )

    evaluate = verb(verbs, "evaluate", tr("measure a bundle on faces it was not trained on"))
    library_argument(evaluate)
    bundle_argument(evaluate)
    evaluate.add_argument(
        "--strangers",
        metavar="FOLDER",
        type=Path,
        action="append",
        default=[],
        help=tr(
            "a folder of photos of people that the model does not know; may be repeated; folders "
            "in it named after people it knows, and photos that LIBRARY has, are left out"
        ),
    )


def _train_verb(verbs: Verbs) -> None:
    train = verb(verbs, "train", tr("train a network on the kept faces"))
    library_argument(train)
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
        "--epochs", metavar="N", type=whole(1), help=tr("at most so many passes over the crops")
    )
    train.add_argument(
        "--seed", metavar="N", type=whole(0, 2**31 - 1), default=0, help=tr("default: 0")
    )
    _split_arguments(train)
    train.add_argument(
        "--target", metavar="ACC", type=accuracy, help=tr("stop at this validation accuracy")
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


def _split_arguments(train: argparse.ArgumentParser) -> None:
    train.add_argument(
        "--validation",
        metavar="SHARE",
        type=share,
        default=0.2,
        help=tr("share of the crops to choose the best weights with, default: 0.2"),
    )
    train.add_argument(
        "--test",
        metavar="SHARE",
        type=share_or_none,
        default=0.2,
        help=tr("share of the crops to judge them with, default: 0.2"),
    )
    train.add_argument(
        "--cap",
        metavar="N",
        type=whole(2, 1_000_000),
        help=tr("at most N crops of a person to learn from and choose with"),
    )
