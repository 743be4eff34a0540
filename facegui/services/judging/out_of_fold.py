"""An honest probability for every face: asked of networks that have not learned from it.

The faces of a run are dealt into folds, copies and faces of one photo together; for each fold a
network with the run's settings learns from the others and is asked about this one.
"""

from __future__ import annotations

import io
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from facegui.domain.control import Control, Stop
from facegui.domain.dataset import Subset
from facegui.domain.errors import Cancelled
from facegui.files import write_atomic
from facegui.services.judging.judge import OUT_OF_FOLD_NAME, Probabilities, read_manifest
from facegui.services.learning.refits import Refits, learnable, refits
from facegui.services.learning.split import folds
from facegui.services.libraries import Library
from facegui.services.runs.records import RunRecord
from facegui.services.tools import Tools

FOLDS = 5
MOST_FOLDS = 20
_RECORD_NAME = "out_of_fold.json"


@dataclass(frozen=True, slots=True)
class OutOfFoldRequest:
    """Check the faces of a run, in so many folds."""

    record: RunRecord
    folds: int = FOLDS


@dataclass(frozen=True, slots=True)
class OutOfFoldReport:
    """What was checked.

    Attributes:
        done: folds that are finished, of *folds*.
        checked: faces that have an honest probability now, of *faces*. Somebody whose pictures are
            all in one fold cannot be learned without them, and stays unchecked.
    """

    folds: int
    done: int
    checked: int
    faces: int


def check_every_face(
    library: Library, tools: Tools, request: OutOfFoldRequest, control: Control
) -> OutOfFoldReport:
    """Fill the run's ``out_of_fold.npy``, fold by fold; finished folds are kept.

    Begun again with as many folds, it goes on where it was stopped.

    Raises:
        DatasetError: the run's files have gone.
        LibraryError: its faces have.
        ImageError: one of its photos cannot be read any more.
        EngineError: the engine died.
        Cancelled: discarded, or stopped before the first fold was done.
    """
    record, folder = request.record, library.runs_dir / request.record.id
    manifest = read_manifest(library, record.id)
    labels = tuple(item.label for item in manifest.items)
    groups = tuple(item.group for item in manifest.items)
    share = record.split.validation
    splits = folds(labels, groups, request.folds, share, record.config.seed)
    found, done = _begin(folder, len(labels), len(record.people), request.folds)
    total = request.folds
    with refits(library, tools, record.config, manifest, total, control) as fits:
        for number in range(done, total):
            sides = learnable(labels, groups, splits[number])
            said = _fit(fits, number, sides, control, keep=number > 0)
            if said is None:
                break
            tested = np.flatnonzero([side is Subset.TEST for side in sides])
            found[tested] = said[tested]
            done = number + 1
            _write(folder, found, total, done)
    checked = int(np.isfinite(found).all(axis=1).sum())
    return OutOfFoldReport(total, done, checked, len(labels))


def folds_done(library: Library, record: RunRecord) -> tuple[int, int]:
    """How many folds of a run are finished, and of how many; none of none before any was."""
    return _read(library.runs_dir / record.id)


def _fit(
    fits: Refits, number: int, sides: list[Subset], control: Control, *, keep: bool
) -> Probabilities | None:
    """What the fold's network says; None to end with the folds that are done."""
    try:
        return fits.fit(number, sides, control)
    except Cancelled:
        if keep and control.cancelled() is Stop.KEEP:
            return None
        raise


def _begin(folder: Path, count: int, classes: int, folds: int) -> tuple[Probabilities, int]:
    """What is known already of *folds* folds, and how many of them are done."""
    done, of = _read(folder)
    if of == folds and done < folds:
        try:
            known = np.load(folder / OUT_OF_FOLD_NAME, allow_pickle=False)
        except (OSError, ValueError, EOFError):
            known = None
        if known is not None and known.shape == (count, classes):
            return known.astype(np.float32), done
    return np.full((count, classes), np.nan, np.float32), 0


def _read(folder: Path) -> tuple[int, int]:
    try:
        told = json.loads((folder / _RECORD_NAME).read_bytes())
        return int(told["done"]), int(told["folds"])
    except (OSError, ValueError, KeyError, TypeError):
        return 0, 0


def _write(folder: Path, found: Probabilities, folds: int, done: int) -> None:
    buffer = io.BytesIO()
    np.save(buffer, found, allow_pickle=False)
    write_atomic(folder / OUT_OF_FOLD_NAME, buffer.getvalue())
    write_atomic(folder / _RECORD_NAME, json.dumps({"folds": folds, "done": done}).encode())
