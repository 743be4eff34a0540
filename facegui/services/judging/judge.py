"""How good a run is, face by face, read from its folder.

``manifest.json`` says who is who and on which side of the split, ``probabilities.npy`` what the
network said of each, in the same order, and ``out_of_fold.npy``, once every face was checked, what
networks said that had not learned from that face or a copy of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from facegui.domain.dataset import DatasetItem, DatasetManifest, Split, Subset
from facegui.domain.errors import DatasetError
from facegui.domain.geometry import Box, Landmarks, Point
from facegui.domain.text import tr
from facegui.files import write_atomic
from facegui.network.strict_json import parse
from facegui.services.csv_text import csv_text
from facegui.services.judging.score import Score
from facegui.services.libraries import Library
from facegui.services.runs.records import MANIFEST_NAME, RunRecord
from facegui.training.fit import PROBABILITIES_NAME

OUT_OF_FOLD_NAME = "out_of_fold.npy"
BINS = 10
"""Bars of a reliability diagram."""

Probabilities = NDArray[np.float32]
Rows = NDArray[np.intp]


class Side(Enum):
    """Which faces a run is judged by, the most honest first."""

    TEST = "test"
    OUT_OF_FOLD = "out-of-fold"
    VALIDATION = "validation"
    TRAIN = "train"


@dataclass(frozen=True, slots=True, eq=False)
class RunResults:
    """What one run said of all its faces.

    Attributes:
        truth: intp (n,), the label of each item.
        probabilities: (n, classes), of the run's own network.
        out_of_fold: the same of networks that had not seen the face; NaN where none has been
            asked yet; None before any was.
    """

    record: RunRecord
    items: tuple[DatasetItem, ...]
    truth: Rows
    probabilities: Probabilities
    out_of_fold: Probabilities | None

    @property
    def labels(self) -> tuple[str, ...]:
        """People's names in label order."""
        return self.record.people

    @property
    def sides(self) -> tuple[Side, ...]:
        """Those that have faces, the most honest first."""
        return tuple(side for side in Side if len(self.rows(side)))

    def rows(self, side: Side) -> Rows:
        """The items that are on *side*, ascending."""
        if side is Side.OUT_OF_FOLD:
            if self.out_of_fold is None:
                return np.zeros(0, np.intp)
            return np.flatnonzero(np.isfinite(self.out_of_fold).all(axis=1))
        return np.flatnonzero([item.subset is Subset(side.value) for item in self.items])

    def said(self, side: Side) -> Probabilities:
        """The probabilities that count on *side*, (n, classes) of all items."""
        if side is Side.OUT_OF_FOLD and self.out_of_fold is not None:
            return self.out_of_fold
        return self.probabilities


@dataclass(frozen=True, slots=True)
class PersonScore:
    """One person's figures, 0 to 1; None where there is nothing to take a share of.

    Attributes:
        count: faces of the person.
        named: faces that the network gave this name.
    """

    name: str
    count: int
    named: int
    precision: float | None
    recall: float | None
    f1: float | None


@dataclass(frozen=True, slots=True)
class Bar:
    """Faces whose confidence is alike: how sure the network was, and how often right.

    Attributes:
        low, high: the range of confidence.
        confidence: its mean, 0 to 1.
        accuracy: the share that was right, 0 to 1.
    """

    low: float
    high: float
    confidence: float
    accuracy: float
    count: int


@dataclass(frozen=True, slots=True, eq=False)
class Judgement:
    """A run judged by the faces of one side.

    Attributes:
        rows: which items these are; the arrays below go with it.
        said: the label that the network finds likeliest.
        confidence: its probability.
        confusion: faces of the row's person that got the column's name, int (classes, classes).
        bars: of the reliability diagram, those with faces.
        calibration_error: expected calibration error (Guo et al., ICML 2017), 0 to 1.
    """

    side: Side
    rows: Rows
    said: Rows
    confidence: Probabilities
    confusion: NDArray[np.int64]
    score: Score
    people: tuple[PersonScore, ...]
    bars: tuple[Bar, ...]
    calibration_error: float
    truth: Rows

    @property
    def mistakes(self) -> Rows:
        """Places in *rows* of the faces that got a wrong name, the surest first."""
        wrong = np.flatnonzero(self.said != self.truth)
        return wrong[np.argsort(-self.confidence[wrong], kind="stable")]

    def cell(self, row: int, column: int) -> Rows:
        """Places in *rows* of the faces of person *row* called *column*, the surest first."""
        found = np.flatnonzero((self.truth == row) & (self.said == column))
        return found[np.argsort(-self.confidence[found], kind="stable")]


def read_results(library: Library, record: RunRecord) -> RunResults:
    """What a run left in its folder.

    Raises:
        DatasetError: its files have gone, or do not belong together.
    """
    folder = library.runs_dir / record.id
    manifest = read_manifest(library, record.id)
    count, classes = len(manifest.items), len(record.people)
    probabilities = _read_array(folder / PROBABILITIES_NAME)
    if probabilities is None or probabilities.shape != (count, classes):
        raise _damaged(folder / PROBABILITIES_NAME)
    out_of_fold = _read_array(folder / OUT_OF_FOLD_NAME)
    if out_of_fold is not None and out_of_fold.shape != (count, classes):
        out_of_fold = None
    truth = np.array([item.label for item in manifest.items], np.intp)
    return RunResults(record, manifest.items, truth, probabilities, out_of_fold)


def read_manifest(library: Library, run_id: str) -> DatasetManifest:
    """What a run learned from.

    Raises:
        DatasetError: it has gone, or is damaged.
    """
    path = library.runs_dir / run_id / MANIFEST_NAME
    try:
        told = parse(path.read_bytes())
        return DatasetManifest(
            labels=tuple(told.pop("labels")),
            items=tuple(_item(**item) for item in told.pop("items")),
            split=Split(**told.pop("split")),
            **told,
        )
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise _damaged(path) from error


def judge(results: RunResults, side: Side) -> Judgement:
    """Count what the run got right and wrong on *side*."""
    rows = results.rows(side)
    probabilities, truth = results.said(side)[rows], results.truth[rows]
    said, confidence = probabilities.argmax(axis=1), probabilities.max(axis=1, initial=0.0)
    classes = len(results.labels)
    confusion = np.zeros((classes, classes), np.int64)
    np.add.at(confusion, (truth, said), 1)
    bars = _bars(confidence, said == truth)
    return Judgement(
        side=side,
        rows=rows,
        said=said,
        confidence=confidence,
        confusion=confusion,
        score=Score(int(np.trace(confusion)), len(rows)),
        people=tuple(_person(name, n, confusion) for n, name in enumerate(results.labels)),
        bars=bars,
        calibration_error=sum(abs(b.confidence - b.accuracy) * b.count for b in bars)
        / max(len(rows), 1),
        truth=truth,
    )


def export_probabilities(results: RunResults, judgement: Judgement, path: Path) -> None:
    """Write a CSV of every face of *judgement*: where, who, who it was taken for, how sure.

    Raises:
        StorageFault: the disk refuses.
    """
    head = (tr("Photo"), tr("Person"), tr("Called"), tr("Confidence"), *results.labels)
    probabilities = results.said(judgement.side)
    table: list[tuple[str, ...]] = [head]
    for place, row in enumerate(judgement.rows):
        item, said = results.items[row], int(judgement.said[place])
        names = (item.path, results.labels[item.label], results.labels[said])
        sure = f"{judgement.confidence[place]:.4f}"
        table.append((*names, sure, *(f"{value:.4f}" for value in probabilities[row])))
    write_atomic(path, csv_text(table).encode("utf-8", "surrogateescape"))


def _item(
    *, box: dict[str, float], landmarks: list[list[float]], subset: str, **rest: Any
) -> DatasetItem:
    points = Landmarks(*(Point(*point) for point in landmarks))
    return DatasetItem(box=Box(**box), landmarks=points, subset=Subset(subset), **rest)


def _person(name: str, label: int, confusion: NDArray[np.int64]) -> PersonScore:
    right = int(confusion[label, label])
    count, named = int(confusion[label].sum()), int(confusion[:, label].sum())
    return PersonScore(
        name=name,
        count=count,
        named=named,
        precision=right / named if named else None,
        recall=right / count if count else None,
        f1=2 * right / (count + named) if count + named else None,
    )


def _bars(confidence: Probabilities, right: NDArray[np.bool_]) -> tuple[Bar, ...]:
    """Ten equal ranges of confidence; those without a face are left out."""
    places = np.minimum((confidence * BINS).astype(np.intp), BINS - 1)
    return tuple(
        Bar(
            low=n / BINS,
            high=(n + 1) / BINS,
            confidence=float(confidence[places == n].mean()),
            accuracy=float(right[places == n].mean()),
            count=int((places == n).sum()),
        )
        for n in np.unique(places).tolist()
    )


def _read_array(path: Path) -> Probabilities | None:
    try:
        return np.asarray(np.load(path, allow_pickle=False), np.float32)
    except (OSError, ValueError, EOFError):
        return None


def _damaged(path: Path) -> DatasetError:
    return DatasetError(
        tr("The results of this run cannot be read: {path} has gone or is damaged.", path=path),
        tr("Train again."),
    )
