"""The same faces learned from again and again, each time split differently, to check a run.

Nothing is kept of these trainings but what the network said of each face.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import cast

import numpy as np

from facegui.domain.control import Control, Progress, Relay, all_or_nothing, unheard
from facegui.domain.dataset import DatasetManifest, Subset
from facegui.domain.text import tr
from facegui.domain.training import FitRequest, FitResult, TrainConfig
from facegui.files import file_faults
from facegui.services.judging.judge import Probabilities
from facegui.services.learning.pretrained import pretrained_path
from facegui.services.learning.train_data import fit_request, prepare_again
from facegui.services.libraries import Library
from facegui.services.tools import Tools
from facegui.training.fit import FIT_JOB

_FOLDER = "refits"


@dataclass(frozen=True, slots=True)
class Refits:
    """Faces made ready for the engine.

    Attributes:
        asked: a training of all of them, of which sides, folder and seed are replaced.
        folder: holds a folder for each training.
        total: trainings that are to come, for the progress.
    """

    tools: Tools
    asked: FitRequest
    folder: Path
    total: int

    def fit(
        self, number: int, sides: Sequence[Subset], control: Control, *, seed: int | None = None
    ) -> Probabilities:
        """What a network that learned by *sides* says of every face, (n, classes).

        Args:
            number: of this training, from 0.
            sides: for each face; those to test with may also be faces that are not to be used.
            control: hears how many trainings are done.
            seed: in place of the config's.

        Raises:
            Cancelled: told to stop, whether to keep or to discard.
            EngineError: the engine died.
        """
        config = self.asked.config if seed is None else replace(self.asked.config, seed=seed)
        run_dir = self.folder / str(number)
        with file_faults(run_dir):
            run_dir.mkdir()
        asked = replace(self.asked, config=config, subsets=tuple(sides), run_dir=str(run_dir))
        label = tr("Training {n} of {total}", n=number + 1, total=self.total)
        heard = Relay(
            control,
            report=lambda _: control.report(Progress(number, self.total, label)),
            partial=unheard,
            stop=all_or_nothing,
        )
        result = cast("FitResult", self.tools.trainer.run(FIT_JOB, asked, heard))
        return cast("Probabilities", np.load(result.probabilities_path, allow_pickle=False))


@contextmanager
def refits(
    library: Library,
    tools: Tools,
    config: TrainConfig,
    manifest: DatasetManifest,
    total: int,
    control: Control,
) -> Iterator[Refits]:
    """Make the faces of *manifest* ready to be learned from; all of it is removed afterwards.

    Raises:
        LibraryError: faces have gone since.
        ImageError: a photo cannot be read any more.
        ModelUnavailable: the network starts from a file that cannot be had.
        Cancelled: stopped.
        StorageFault: the disk is full.
    """
    place = library.cache_dir / _FOLDER
    shutil.rmtree(place, ignore_errors=True)  # of a time when the program was ended in between
    with file_faults(place):
        place.mkdir(parents=True)
    pretrained = pretrained_path(tools, config, control)
    data = prepare_again(library, config, manifest, control)
    with tempfile.TemporaryDirectory(dir=place, ignore_cleanup_errors=True) as name:
        folder = Path(name)
        yield Refits(tools, fit_request(library, config, data, folder, pretrained), folder, total)


def learnable(
    labels: Sequence[int], groups: Sequence[int], sides: Sequence[Subset]
) -> list[Subset]:
    """*sides*, but nobody is without a face to learn from: where all are tested with, none is.

    Groups stay whole, so that no copy of what is learned from is tested with.
    """
    found = list(sides)
    at, sets = np.asarray(labels), np.asarray(groups)
    for label in np.unique(at):
        own = np.flatnonzero(at == label)
        if all(found[row] is not Subset.TRAIN for row in own):
            for row in np.flatnonzero(np.isin(sets, sets[own])):
                found[row] = Subset.TRAIN
    return found
