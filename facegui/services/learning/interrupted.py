"""Trainings that were interrupted: found again, gone on with, finished with what they had, or not.

Whatever ended them: a killed engine or app, a power cut, no memory, a loss that was no number.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass, replace
from pathlib import Path

from facegui.domain.control import Control
from facegui.domain.errors import DatasetError
from facegui.domain.text import tr
from facegui.files import file_faults
from facegui.services.judging.judge import read_manifest
from facegui.services.learning.begun import (
    RunBegun,
    at_work,
    interrupted,
    read_begun,
    write_begun,
)
from facegui.services.learning.pretrained import pretrained_path
from facegui.services.learning.train import TrainReport, carry_out
from facegui.services.learning.train_data import fit_request, prepare_again
from facegui.services.libraries import Library
from facegui.services.runs.records import RECORD_NAME
from facegui.services.tools import Tools
from facegui.training.checkpoint import has_best
from facegui.training.fit import FINISH_JOB, FIT_JOB, RESUME_JOB
from facegui.training.snapshot import has_snapshot, read_standing

RATE_AFTER_DIVERGING = 0.1
"""What the learning rate is multiplied with to go on after a loss that was no number."""


@dataclass(frozen=True, slots=True)
class InterruptedRun:
    """A training to be gone on with.

    Attributes:
        id: name of its folder; sorts by time.
        step: batches done where it would go on; 0 when it begins anew.
        epoch: passes begun there.
        seconds: trained for until there.
        accuracy: validation accuracy of its best weights, or None.
        keepable: whether it has weights worth keeping.
    """

    id: str
    begun: RunBegun
    step: int
    epoch: int
    seconds: float
    accuracy: float | None
    keepable: bool


def interrupted_runs(library: Library) -> list[InterruptedRun]:
    """The trainings of the library that were interrupted, newest first."""
    return [_standing(folder, begun) for folder, begun in interrupted(library.runs_dir)]


def newest_interrupted(library: Library) -> InterruptedRun:
    """The last training that was interrupted.

    Raises:
        DatasetError: there is none.
    """
    runs = interrupted_runs(library)
    if not runs:
        raise DatasetError(tr("No training of this library was interrupted."), tr("Train anew."))
    return runs[0]


def resume(library: Library, tools: Tools, run_id: str, control: Control) -> TrainReport:
    """Go on with an interrupted training; after a loss that was no number at a tenth of the rate.

    Partial results, stops and errors are those of `facegui.services.learning.train.train`; the
    curve so far comes first.

    Raises:
        DatasetError: there is no such run to go on with.
        ImageError: a photo it learned from cannot be read any more.
    """
    folder = library.runs_dir / run_id
    begun = _begun(folder)
    if begun.diverged:
        rate = begun.config.learning_rate * RATE_AFTER_DIVERGING
        begun = replace(begun, config=replace(begun.config, learning_rate=rate))
    job = RESUME_JOB if has_snapshot(folder) else FIT_JOB
    return _carry_on(library, tools, folder, replace(begun, why="", diverged=False), job, control)


def keep_interrupted(library: Library, tools: Tools, run_id: str, control: Control) -> TrainReport:
    """End an interrupted training with the best it had learned.

    Raises:
        DatasetError: there is no such run, or it had not learned anything yet.
        ImageError: a photo it learned from cannot be read any more.
    """
    folder = library.runs_dir / run_id
    return _carry_on(library, tools, folder, _begun(folder), FINISH_JOB, control)


def discard_interrupted(library: Library, run_id: str) -> None:
    """Remove an interrupted training.

    Raises:
        DatasetError: there is no such run.
        StorageFault: the disk refuses.
    """
    folder = library.runs_dir / run_id
    _begun(folder)
    with file_faults(folder):
        shutil.rmtree(folder)


def _standing(folder: Path, begun: RunBegun) -> InterruptedRun:
    standing = read_standing(folder)
    if standing is None:
        return InterruptedRun(folder.name, begun, 0, 0, 0.0, None, has_best(folder))
    accuracy = None if standing.best is None else standing.best.accuracy
    return InterruptedRun(
        folder.name,
        begun,
        standing.step,
        standing.epoch,
        standing.seconds,
        accuracy,
        has_best(folder),
    )


def _begun(folder: Path) -> RunBegun:
    begun = read_begun(folder)
    if begun is None or (folder / RECORD_NAME).exists():
        raise DatasetError(tr("There is no interrupted training called {id}.", id=folder.name))
    return begun


def _carry_on(
    library: Library, tools: Tools, folder: Path, begun: RunBegun, job: str, control: Control
) -> TrainReport:
    manifest = read_manifest(library, folder.name)
    pretrained = pretrained_path(tools, begun.config, control)
    data = prepare_again(library, begun.config, manifest, control)
    with at_work(folder):
        asked = fit_request(library, begun.config, data, folder, pretrained)
        write_begun(folder, begun)
        return carry_out(library, tools, begun, data, asked, job, control)
