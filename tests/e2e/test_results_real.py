"""A run judged on real photos with the real engine: planted wrong names are found and mended."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from facegui.__main__ import make_tools
from facegui.domain.control import NullControl
from facegui.services.collecting.photos import ImportRequest, import_photos
from facegui.services.judging.judge import Side, judge, read_results
from facegui.services.judging.leak import check_leak
from facegui.services.judging.learning_curve import LearningCurveRequest, learn_from_parts
from facegui.services.judging.mislabels import fixes_between, mislabels
from facegui.services.judging.out_of_fold import OutOfFoldRequest, check_every_face
from facegui.services.learning.dataset import named_faces
from facegui.services.learning.networks import default_config
from facegui.services.learning.train import TrainRequest, train
from facegui.services.libraries import Library, create_library
from facegui.services.reviewing.gallery import Gallery
from facegui.services.runs.records import RunRecord
from facegui.services.scanning.scan import ScanRequest, scan
from facegui.services.tools import Tools

pytestmark = [pytest.mark.photos, pytest.mark.models, pytest.mark.engine]

SHARE_SWAPPED = 0.05
CONFIG = default_config("face-transfer")


@pytest.fixture(scope="module")
def tools() -> Iterator[Tools]:
    made = make_tools()
    yield made
    made.close()


@pytest.fixture(scope="module")
def library(
    tools: Tools, photos: Path, models: object, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Library]:
    with create_library(tmp_path_factory.mktemp("judge") / "Swapped.facegui") as library:
        for folder in ("celeb5/train", "lfw10"):
            import_photos(library, ImportRequest((photos / folder,)), NullControl())
        scan(library, tools, ScanRequest(), NullControl())
        yield library


@pytest.fixture(scope="module")
def swapped(library: Library) -> dict[int, str]:
    """The right name of each face that was given another one."""
    names = {person.id: person.name for person in library.people()}
    faces, _, _ = named_faces(library)
    draw = random.Random(3)
    chosen = draw.sample(faces, round(SHARE_SWAPPED * len(faces)))
    right = {face.id: names[face.person_id] for face in chosen if face.person_id is not None}
    for face_id, name in right.items():
        library.assign([face_id], draw.choice(sorted(set(names.values()) - {name})))
    return right


@pytest.fixture(scope="module")
def record(library: Library, tools: Tools, swapped: dict[int, str]) -> RunRecord:
    run = train(library, tools, TrainRequest(CONFIG), NullControl()).record
    check_every_face(library, tools, OutOfFoldRequest(run), NullControl())
    return run


def test_every_face_is_judged(library: Library, record: RunRecord) -> None:
    results = read_results(library, record)
    assert len(results.rows(Side.OUT_OF_FOLD)) == len(results.items)
    accuracy = judge(results, Side.OUT_OF_FOLD).score.accuracy
    assert 0.8 < accuracy <= 1 - 0.8 * SHARE_SWAPPED  # what is named wrong cannot be right


def test_copies_and_parts_are_judged(library: Library, tools: Tools, record: RunRecord) -> None:
    report = check_leak(library, tools, record, NullControl())
    assert report.by_picture.count == len(read_results(library, record).items)
    assert report.by_picture.accuracy > 0.8
    assert report.meaning
    curve = learn_from_parts(library, tools, LearningCurveRequest(record, CONFIG), NullControl())
    assert [score.count for score in curve.scores] == [record.metrics.test_count] * 4
    assert curve.scores[-1].accuracy > 0.8
    assert all(abs(gain.gain) <= 1 and 0 <= gain.spread <= 1 for gain in curve.gains)


def test_a_network_that_looks_at_pictures_is_checked_too(
    library: Library, tools: Tools, record: RunRecord
) -> None:
    config = replace(default_config("classic"), max_steps=8, patience=None)
    run = train(library, tools, TrainRequest(config), NullControl()).record
    report = check_every_face(library, tools, OutOfFoldRequest(run, 2), NullControl())
    assert (report.done, report.checked) == (2, report.faces)
    assert len(read_results(library, run).rows(Side.OUT_OF_FOLD)) == report.faces


def test_planted_wrong_names_are_at_the_top_and_mending_them_shows(
    library: Library, tools: Tools, record: RunRecord, swapped: dict[int, str]
) -> None:
    names = {person.id: person.name for person in library.people()}
    found = mislabels(read_results(library, record), Gallery.read(library))
    top = {one.face_id: one for one in found[: len(swapped)]}
    hits = swapped.keys() & top.keys()
    assert len(hits) >= 0.9 * len(swapped)
    assert all(names[top[face].like_id or 0] == swapped[face] for face in hits)
    for face in hits:
        library.assign([face], names[top[face].like_id or 0])
    later = train(library, tools, TrainRequest(CONFIG), NullControl()).record
    assert fixes_between(library, record, later).renamed == len(hits)
    assert later.accuracy >= record.accuracy
