"""What is known of how a model scores faces: those of its people, and those of strangers.

The faces of its people are those that taught it nothing: of the run that made it, or, where its run
is not here, those of the library that it has not seen.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from facegui.domain.control import Control
from facegui.domain.dataset import Subset
from facegui.domain.errors import DatasetError
from facegui.domain.training import Thresholds
from facegui.network.bundle import BundleInfo
from facegui.network.registry import network
from facegui.recognition.recogniser import Recogniser
from facegui.services.judging.evaluate import network_inputs, seen_photos
from facegui.services.judging.judge import read_manifest
from facegui.services.judging.score import Score
from facegui.services.learning.dataset import named_faces
from facegui.services.libraries import Library
from facegui.services.recognising.stranger_faces import (
    StrangerFaces,
    ask_about,
    library_strangers,
)
from facegui.services.runs.records import run_of
from facegui.services.tools import Tools
from facegui.training.assemble import learned_in
from facegui.training.calibrate import (
    Crowds,
    Learned,
    Outputs,
    calibrate,
    crowds,
    judged,
)

FEW = 50
"""Faces of a kind, below which a rate says little."""

Scores = NDArray[np.float32]


class Bands(NamedTuple):
    """Scores of three kinds of faces, each ascending."""

    known: Scores
    impostors: Scores
    strangers: Scores


class Rates(NamedTuple):
    """How many of each kind would get a name.

    Attributes:
        known: faces of its people that get their own.
        impostors: the same faces, if the model did not know them.
        strangers: faces of people it does not know.
    """

    known: Score
    impostors: Score
    strangers: Score


@dataclass(frozen=True, slots=True, eq=False)
class Evidence:
    """One model and the scores that its thresholds can be set by.

    Attributes:
        path: of the bundle.
        sha256: of its content when it was read.
        info: its words and settings.
        found: the scores.
        strangers: how the strangers were come by.
    """

    path: Path
    sha256: str
    info: BundleInfo
    found: Crowds
    strangers: StrangerFaces

    @property
    def labels(self) -> tuple[str, ...]:
        """Names in label order."""
        return self.info.labels

    @property
    def thresholds(self) -> Thresholds:
        """Those in force."""
        return self.info.thresholds

    @property
    def calibrated(self) -> Thresholds | None:
        """Those found after the training; None where they were not kept."""
        return None if self.info.calibration is None else self.info.calibration.thresholds

    @property
    def learned_here(self) -> bool:
        """Whether the network learned what faces look like from these photos alone."""
        return not network(self.info.config.network).frozen_features

    def suggested(self) -> Thresholds:
        """What a calibration with all of this evidence leads to."""
        return calibrate(self.found, self.labels, network(self.info.config.network)).thresholds

    def bands(self, name: str | None) -> Bands:
        """The scores that *name*'s threshold decides about; for None, everybody's."""
        found = self._about(name)
        known = found.known[found.right]
        return Bands(np.sort(known), np.sort(found.impostors), np.sort(found.strangers))

    def rates(self, thresholds: Thresholds, name: str | None = None) -> Rates:
        """Who would get a name under *thresholds*: anybody's, or *name*."""
        told = judged(self._about(name), self.labels, thresholds)
        return Rates(
            Score(told.known - told.known_lost, told.known),
            Score(told.impostors_named, told.impostors),
            Score(told.strangers_named, told.strangers),
        )

    def _about(self, name: str | None) -> Crowds:
        return self.found if name is None else self.found.of(self.labels.index(name))


def gather(
    library: Library, tools: Tools, path: Path, folders: StrangerFaces | None, control: Control
) -> Evidence:
    """Everything that is known of how the model at *path* scores faces.

    Args:
        library: whose faces speak for its people and for strangers.
        tools: the engine of a convolutional network.
        path: the model.
        folders: faces of the owner's folders of strangers.
        control: may stop it.

    Raises:
        BundleError: the model cannot be used.
        EngineError: the process of a convolutional network died.
        Cancelled: stopped.
    """
    recogniser = Recogniser.load(path, lambda: tools.inference)
    bundle = recogniser.bundle
    info = bundle.info
    learned = _of_run(library, info) or _fresh(library, recogniser, control)
    strangers = library_strangers(library, info.labels)
    if folders is not None:
        strangers += folders
    outputs = ask_about(recogniser, strangers, control)
    spec = network(info.config.network)
    sides = (Subset.VALIDATION, Subset.TEST)
    found = crowds(learned, bundle.prototypes, outputs, spec, sides, info.thresholds.scoring)
    return Evidence(path, bundle.sha256, info, found, strangers)


def _of_run(library: Library, info: BundleInfo) -> Learned | None:
    """What the network says of its run's faces; None where the run or its files are not here."""
    run = run_of(library, info)
    if run is None:
        return None
    try:
        items = read_manifest(library, run.id).items
        labels, sides = [item.label for item in items], [item.subset for item in items]
        learned = learned_in(library.runs_dir / run.id, labels, sides)
    except (OSError, ValueError, DatasetError):
        return None
    fits = len(learned.outputs.features) == len(learned.outputs.probabilities) == len(items)
    return learned if fits else None


def _fresh(library: Library, recogniser: Recogniser, control: Control) -> Learned:
    """What the network says of faces of its people that it has not seen."""
    faces, photos, groups = named_faces(library)
    label_of = {name: label for label, name in enumerate(recogniser.labels)}
    people = {person.id: label_of.get(person.name) for person in library.people()}
    seen = seen_photos(library, photos, recogniser.bundle.info)
    copies = {group for face, group in zip(faces, groups, strict=True) if face.photo_id in seen}
    fresh = [
        face
        for face, group in zip(faces, groups, strict=True)
        if group not in copies and people[face.person_id or 0] is not None
    ]
    inputs, measured, _ = network_inputs(library, fresh, photos, recogniser, control)
    labels = np.array([people[face.person_id or 0] for face in measured], np.int32)
    size, count = recogniser.bundle.prototypes.shape[1], len(label_of)
    nothing = np.zeros((0, size), np.float32), np.zeros((0, count), np.float32)
    outputs = recogniser.ask(inputs, control) if measured else nothing
    return Learned(Outputs(*outputs), labels, (Subset.TEST,) * len(measured))
