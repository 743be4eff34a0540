"""Real faces explained: the nearest that were learned are the person's, and the map is right."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import numpy as np
import pytest

from facegui.__main__ import make_tools
from facegui.domain.control import NullControl
from facegui.domain.dataset import DatasetItem, Subset
from facegui.domain.detection import DetectOptions
from facegui.services.collecting.photos import ImportRequest, import_photos
from facegui.services.engine import Engine
from facegui.services.judging.judge import read_manifest
from facegui.services.learning.networks import default_config
from facegui.services.learning.train import TrainRequest, train
from facegui.services.libraries import Library, create_library
from facegui.services.recognising.recognise import PhotoRecogniser
from facegui.services.recognising.why import (
    Closeness,
    Explainer,
    Learned,
    Quality,
    Spoke,
    WhyRequest,
    picture_in,
)
from facegui.services.runs.records import RunRecord
from facegui.services.scanning.scan import ScanRequest, scan
from facegui.services.tools import Tools
from tests.fakes.control import RecordingControl
from tests.fakes.trainer import FakeTrainer

pytestmark = [pytest.mark.photos, pytest.mark.models]

PEOPLE = ("s1", "s2", "s5")
FACES = 3


@pytest.fixture(scope="module")
def tools() -> Iterator[Tools]:
    """The real ones, but for the trainer: a head that is each person's mean trains in numpy."""
    made = make_tools()
    yield dataclasses.replace(made, trainer=cast("Engine", FakeTrainer()))
    made.close()


@pytest.fixture(scope="module")
def library(
    tools: Tools, photos: Path, models: object, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Library]:
    with create_library(tmp_path_factory.mktemp("why") / "Three.facegui") as library:
        for name in PEOPLE:
            folder = photos / "orl40" / name
            import_photos(library, ImportRequest((folder,), name), NullControl())
        scan(library, tools, ScanRequest(), NullControl())
        yield library


@pytest.fixture(scope="module")
def run(library: Library, tools: Tools) -> RunRecord:
    request = TrainRequest(default_config("face-transfer"))
    return train(library, tools, request, NullControl()).record


@pytest.fixture(scope="module")
def held_back(library: Library, run: RunRecord) -> tuple[DatasetItem, ...]:
    return read_manifest(library, run.id).of(Subset.TEST)[:FACES]


def explained(
    library: Library, tools: Tools, run: RunRecord, item: DatasetItem
) -> tuple[object, ...]:
    recogniser = PhotoRecogniser(tools, Path(run.bundle))
    (face,) = recogniser.photo(item.path).faces
    control = RecordingControl()
    request = WhyRequest(Path(run.bundle), lambda: picture_in(Path(item.path)), face)
    Explainer(tools, library).explain(request, control)
    closeness = control.partials[0]
    assert isinstance(closeness, Closeness)
    assert closeness.identity == face.identity  # the very pixels that were recognised
    return tuple(control.partials)


def test_a_face_is_told_with_its_nearest_and_its_measures(
    library: Library, tools: Tools, run: RunRecord, held_back: tuple[DatasetItem, ...]
) -> None:
    item = held_back[0]
    closeness, learned, quality, spoke = explained(library, tools, run, item)
    assert isinstance(closeness, Closeness)
    assert isinstance(learned, Learned)
    assert isinstance(quality, Quality)
    assert isinstance(spoke, Spoke)
    person = run.people[item.label]
    assert closeness.identity.name == person
    assert closeness.runner_up != person
    assert {face.name for face in learned.faces[:3]} == {person}
    assert item.face_id not in {face.face_id for face in learned.faces}
    assert all(face.image is not None for face in learned.faces)
    assert len(quality.results) == 9
    assert spoke.carried.shape == closeness.crop.shape[:2]


def test_masking_what_spoke_costs_more_than_masking_elsewhere(
    library: Library, tools: Tools, run: RunRecord, held_back: tuple[DatasetItem, ...]
) -> None:
    explainer = Explainer(tools, library)
    finder = tools.finder(DetectOptions())
    random = np.random.default_rng(0)
    more = []
    for item in held_back:
        closeness, *_, spoke = explained(library, tools, run, item)
        assert isinstance(closeness, Closeness)
        assert isinstance(spoke, Spoke)
        picture = picture_in(Path(item.path))
        (face,) = finder.find(picture)
        subject = explainer.subject(Path(run.bundle), picture, face)
        top = spoke.carried >= np.quantile(spoke.carried, 0.9)
        elsewhere = [np.roll(top, random.integers(0, len(top), 2), (0, 1)) for _ in range(6)]
        grey = np.full_like(subject.crop, 128)
        crops = np.stack([np.where(m[..., None], grey, subject.crop) for m in (top, *elsewhere)])
        left = subject.similarity(closeness.identity.candidate, crops, NullControl())
        more.append(left[0] < left[1:].mean())
    assert all(more)
