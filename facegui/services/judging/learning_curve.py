"""The learning curve of a run: networks that learned from a quarter, a half, … of its faces.

All of them are asked about the same test faces; what it means is told by
`facegui.services.judging.learning_gain`.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from facegui.domain.control import Control
from facegui.domain.dataset import DatasetItem, Split, Subset
from facegui.domain.training import TrainConfig
from facegui.files import write_atomic
from facegui.network.strict_json import decode, encode
from facegui.services.judging.judge import read_manifest
from facegui.services.judging.learning_gain import LearningCurve
from facegui.services.learning.refits import Refits, refits
from facegui.services.learning.split import split_groups
from facegui.services.libraries import Library
from facegui.services.runs.records import RECORD_NAME, RunRecord
from facegui.services.tools import Tools

FRACTIONS = (0.25, 0.5, 0.75, 1.0)
SEEDS = 3
_VALIDATION = 0.2
_NAME = "learning_curve.json"


@dataclass(frozen=True, slots=True)
class LearningCurveRequest:
    """Learn from parts of a run's faces.

    Attributes:
        config: of the network to learn with; the run's own, or a fast one's.
    """

    record: RunRecord
    config: TrainConfig


def learn_from_parts(
    library: Library, tools: Tools, request: LearningCurveRequest, control: Control
) -> LearningCurve:
    """Learn from each fraction with each seed, and note the result in the run's folder.

    Those tested with are the run's test faces, or its validation faces where it has none of those.

    Raises:
        DatasetError: the run's files have gone.
        LibraryError: its faces have.
        ImageError: one of its photos cannot be read any more.
        EngineError: the engine died.
        Cancelled: stopped; a part of a curve is none.
    """
    record = request.record
    manifest = read_manifest(library, record.id)
    items = manifest.items
    side = Subset.TEST if any(i.subset is Subset.TEST for i in items) else Subset.VALIDATION
    tested = np.flatnonzero([item.subset is side for item in items])
    total = SEEDS * len(FRACTIONS)
    with refits(library, tools, request.config, manifest, total, control) as fits:
        outcomes = [
            [
                _outcome(fits, items, tested, (seed, place), control)
                for place in range(len(FRACTIONS))
            ]
            for seed in range(SEEDS)
        ]
    labels = [item.label for item in items]
    kept = Counter(labels)
    curve = LearningCurve(
        network=request.config.network,
        people=record.people,
        kept=tuple(kept[label] for label in range(len(record.people))),
        learned=tuple(
            _learned(_sides(items, tested, 0, fraction), labels, len(record.people))
            for fraction in FRACTIONS
        ),
        truth=tuple(labels[row] for row in tested),
        right=tuple(tuple(outcome) for outcome in outcomes),
    )
    write_atomic(library.runs_dir / record.id / _NAME, encode(curve).encode())
    return curve


def read_learning_curve(library: Library, run_id: str) -> LearningCurve | None:
    """The curve of a run; None before there is one."""
    try:
        text = (library.runs_dir / run_id / _NAME).read_text("utf-8")
        return decode(LearningCurve, text)
    except (OSError, ValueError):
        return None


def latest_learning_curve(library: Library) -> LearningCurve | None:
    """That of the newest run that has one; None where none has."""
    runs = sorted((p.parent.name for p in library.runs_dir.glob(f"*/{RECORD_NAME}")), reverse=True)
    curves = (read_learning_curve(library, run_id) for run_id in runs)
    return next((curve for curve in curves if curve is not None), None)


def _outcome(
    fits: Refits,
    items: Sequence[DatasetItem],
    tested: NDArray[np.intp],
    at: tuple[int, int],
    control: Control,
) -> tuple[int, ...]:
    """1 for each test face that a network of this seed and fraction names right."""
    seed, place = at
    sides = _sides(items, tested, seed, FRACTIONS[place])
    number = seed * len(FRACTIONS) + place
    said = fits.fit(number, sides, control, seed=seed)[tested].argmax(axis=1)
    truth = np.array([items[row].label for row in tested], np.intp)
    return tuple((said == truth).astype(int).tolist())


def _sides(
    items: Sequence[DatasetItem], tested: NDArray[np.intp], seed: int, fraction: float
) -> list[Subset]:
    """Who is learned from; larger fractions hold the smaller ones, and leave nobody out."""
    sides = [item.subset for item in items]
    rest = sorted(set(range(len(items))) - set(tested.tolist()))
    if Subset.TEST not in sides:  # what the run validated with is tested with here
        labels = [items[row].label for row in rest]
        groups = [items[row].group for row in rest]
        for row, side in zip(
            rest, split_groups(labels, groups, Split(_VALIDATION, 0.0), 0), strict=True
        ):
            sides[row] = side or Subset.TRAIN
        for row in tested:
            sides[row] = Subset.TEST
    draw = random.Random(seed)  # noqa: S311 - a reproducible choice, not a secret
    pools: dict[int, list[int]] = {}
    for row in rest:
        if sides[row] is Subset.TRAIN:
            pools.setdefault(items[row].label, []).append(row)
    for pool in pools.values():
        draw.shuffle(pool)
        for row in pool[max(1, round(fraction * len(pool))) :]:
            sides[row] = Subset.TEST  # which is not looked at
    return sides


def _learned(sides: Sequence[Subset], labels: Sequence[int], people: int) -> tuple[int, ...]:
    counts = Counter(
        label for label, side in zip(labels, sides, strict=True) if side is Subset.TRAIN
    )
    return tuple(counts[label] for label in range(people))
