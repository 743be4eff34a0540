"""How much copies flatter a network that is tested on photos of the kind it has learned from.

All faces of a run are checked twice in as many folds with the same seed: once dealt out picture by
picture, copies and faces of one photo together, and once face by face as if there were no copies.
The same faces are judged both times, so that the two accuracies differ by the split alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import comb

import numpy as np
from numpy.typing import NDArray

from facegui.domain.control import Control
from facegui.domain.dataset import DatasetManifest, Subset
from facegui.domain.text import tr, trn
from facegui.files import write_atomic
from facegui.network.strict_json import decode, encode
from facegui.services.judging.judge import read_manifest
from facegui.services.judging.score import Score
from facegui.services.learning.refits import Refits, learnable, refits
from facegui.services.learning.split import folds
from facegui.services.libraries import Library
from facegui.services.runs.records import RunRecord
from facegui.services.tools import Tools

FOLDS = 5
_CHANCE = 0.05
_NAME = "leak.json"


@dataclass(frozen=True, slots=True)
class LeakReport:
    """The accuracy of one network, split in two ways.

    Attributes:
        by_picture: copies on one side; the honest figure.
        by_face: copies on both.
        flattered: faces that were right only with a copy to learn from.
        spoilt: faces that were right only without.
        copies: faces that share their group with another face.
    """

    by_picture: Score
    by_face: Score
    flattered: int
    spoilt: int
    copies: int

    @property
    def meaning(self) -> str:
        """What the difference says, in a sentence or two."""
        if not self.copies:
            return tr("No face has a copy here, so there is nothing that could leak.")
        shared = trn(
            "{n} face has a copy, or another face in its photo.",
            "{n} faces have a copy, or another face in their photo.",
            self.copies,
        )
        more = self.flattered - self.spoilt
        if more <= 0 or not self._telling:
            return shared + " " + tr("They make no difference that these faces could show.")
        points = f"{100 * more / self.by_face.count:.1f}"
        return (
            shared
            + " "
            + tr(
                "Split at random, the network would seem {points} points better than it is: it "
                "knows copies by heart. FaceGUI splits by picture, so its figures are honest.",
                points=points,
            )
        )

    @property
    def _telling(self) -> bool:
        """Whether the exact test of McNemar (Psychometrika, 1947) finds a difference at 5 %."""
        changed = self.flattered + self.spoilt
        fewer = min(self.flattered, self.spoilt)
        tail = sum(comb(changed, n) for n in range(fewer + 1))
        return bool(2 * tail <= _CHANCE * 2**changed)


def check_leak(library: Library, tools: Tools, record: RunRecord, control: Control) -> LeakReport:
    """Judge the network of a run with and without copies on both sides, and note the result.

    Raises:
        DatasetError: the run's files have gone.
        LibraryError: its faces have.
        ImageError: one of its photos cannot be read any more.
        EngineError: the engine died.
        Cancelled: stopped; half a comparison is none.
    """
    manifest = read_manifest(library, record.id)
    groups = [item.group for item in manifest.items]
    alone = list(range(len(groups)))
    ways = (groups, alone)
    with refits(library, tools, record.config, manifest, len(ways) * FOLDS, control) as fits:
        picture, face = (
            _right(fits, record, manifest, way, n * FOLDS, control) for n, way in enumerate(ways)
        )
    judged = (picture >= 0) & (face >= 0)
    counts = np.bincount(np.unique(groups, return_inverse=True)[1])
    report = LeakReport(
        by_picture=Score(int((picture[judged] == 1).sum()), int(judged.sum())),
        by_face=Score(int((face[judged] == 1).sum()), int(judged.sum())),
        flattered=int((judged & (face > picture)).sum()),
        spoilt=int((judged & (face < picture)).sum()),
        copies=int(counts[counts > 1].sum()),
    )
    write_atomic(library.runs_dir / record.id / _NAME, encode(report).encode())
    return report


def read_leak(library: Library, record: RunRecord) -> LeakReport | None:
    """What was found for a run; None before it was looked for."""
    try:
        return decode(LeakReport, (library.runs_dir / record.id / _NAME).read_text("utf-8"))
    except (OSError, ValueError):
        return None


def _right(
    fits: Refits,
    record: RunRecord,
    manifest: DatasetManifest,
    groups: list[int],
    first: int,
    control: Control,
) -> NDArray[np.int8]:
    """For each face 1 where it was named right, 0 where not, -1 where it was not tested with."""
    labels = np.array([item.label for item in manifest.items], np.intp)
    found = np.full(len(labels), -1, np.int8)
    splits = folds(labels.tolist(), groups, FOLDS, record.split.validation, record.config.seed)
    for number, split in enumerate(splits):
        sides = learnable(labels.tolist(), groups, split)
        said = fits.fit(first + number, sides, control).argmax(axis=1)
        tested = np.array([side is Subset.TEST for side in sides])
        found[tested] = said[tested] == labels[tested]
    return found
