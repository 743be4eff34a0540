"""The whole loop on the sample, unattended.

It is what a machine without a display shows, and the core of the self-test. One photo of each
person never enters the library and is recognised in the end.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from facegui.domain.control import Control, Progress
from facegui.domain.errors import Cancelled
from facegui.domain.recognition import RecognisedPhoto
from facegui.domain.text import tr
from facegui.domain.training import TrainConfig
from facegui.services.collecting.photos import ImportRequest, import_photos
from facegui.services.learning.networks import network_choices
from facegui.services.learning.train import TrainReport, TrainRequest, train
from facegui.services.libraries import Library, create_library
from facegui.services.recognising.recognise import RecogniseRequest, recognise_photos
from facegui.services.scanning.scan import ScanReport, ScanRequest, scan
from facegui.services.tools import Tools
from facegui.weights.sample import sample_photos


@dataclass(frozen=True, slots=True)
class Trial:
    """A library of the sample in a temporary folder.

    Attributes:
        held_out: for each photo that is kept out of the library, who is on it.
    """

    library: Library
    held_out: dict[Path, str]


@dataclass(frozen=True, slots=True)
class Named:
    """A held-out photo after recognition, and the name it should have got."""

    photo: RecognisedPhoto
    truth: str

    @property
    def right(self) -> bool:
        """Whether its one face got the right name."""
        return [face.identity.name for face in self.photo.faces] == [self.truth]


@dataclass(frozen=True, slots=True)
class DemoReport:
    """What each stage did."""

    scanned: ScanReport
    trained: TrainReport
    named: tuple[Named, ...]


def demo(tools: Tools, control: Control) -> DemoReport:
    """Sample, scan, train and recognise photos that were held out; leaves no library behind.

    Raises:
        ModelUnavailable: the models or the sample cannot be had.
        Cancelled: stopped.
    """
    with trial(tools, control) as sample:
        scanned = scan(sample.library, tools, ScanRequest(), control)
        go_on(control)
        trained, named = train_and_name(sample, tools, network_choices()[0].config, control)
        return DemoReport(scanned, trained, named)


@contextmanager
def trial(tools: Tools, control: Control, people: int | None = None) -> Iterator[Trial]:
    """A temporary library with the first *people* of the sample, one photo of each held out."""
    photos = sample_photos(tools.models, control)
    folders = sorted(path for path in photos.iterdir() if path.is_dir())[:people]
    held_out: dict[Path, str] = {}
    with (
        tempfile.TemporaryDirectory(prefix="facegui-") as folder,
        create_library(Path(folder) / "Sample.facegui") as library,
    ):
        for person in folders:
            *learned, last = sorted(person.iterdir())
            import_photos(library, ImportRequest(tuple(learned), person.name), control)
            held_out[last] = person.name
            go_on(control)
        yield Trial(library, held_out)


def train_and_name(
    sample: Trial, tools: Tools, config: TrainConfig, control: Control
) -> tuple[TrainReport, tuple[Named, ...]]:
    """Train on the library, write the model to a file, and name the held-out photos from it."""
    bundle = sample.library.path.with_name("trial.facebundle")
    control.report(Progress(0, 0, tr("Training")))
    trained = train(sample.library, tools, TrainRequest(config, out=bundle), control)
    go_on(control)
    request = RecogniseRequest(bundle, tuple(sample.held_out))
    found = recognise_photos(tools, request, control)
    go_on(control)
    return trained, tuple(Named(photo, sample.held_out[Path(photo.path)]) for photo in found.photos)


def go_on(control: Control) -> None:
    """Raise Cancelled if the owner wants to stop; half a trial is not worth keeping."""
    if control.cancelled():
        raise Cancelled
