"""Real faces of real photos: suggested names are right, and wrong names top the queue of doubts."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from facegui.detection.analyser import LocalFinder
from facegui.domain.ports import ModelStore
from facegui.imaging.decode import decode
from facegui.services.reviewing.clusters import clusters
from facegui.services.reviewing.gallery import Gallery
from facegui.services.reviewing.odd_ones import odd_ones
from facegui.services.reviewing.suggestions import Grade, suggest, suggested_counts
from tests.fakes.namings import STRANGER, Names, known, some_named, some_wrong

pytestmark = [pytest.mark.models, pytest.mark.photos]

SEEDS = range(5)

Faces = tuple[Gallery, Names]


def portraits(photos: Path) -> Iterator[tuple[Path, str]]:
    """Photos of one known person each, then of strangers."""
    truth = json.loads((photos / "messy/truth.json").read_text("utf-8"))
    for name, entry in sorted(truth.items()):
        if entry["kind"] == "original":
            yield photos / "messy/photos" / name, entry["person"]
    for path in sorted((photos / "lfw10").rglob("*.jpg")):
        yield path, STRANGER + path.parent.name


@pytest.fixture(scope="module")
def faces(photos: Path, models: ModelStore) -> Faces:
    """Every face that is alone in its photo, without a name, and who it is."""
    finder = LocalFinder(models)
    vectors, names = [], []
    for path, name in portraits(photos):
        image = decode(path).image
        found = finder.find(image)
        if len(found) == 1:
            vectors.append(finder.embed(image, found[0]))
            names.append(name)
    ids = np.arange(1, len(names) + 1)
    return Gallery(ids, ids, np.zeros_like(ids), np.array(vectors)), np.array(names)


def test_with_three_named_each_the_suggestions_are_right(faces: Faces) -> None:
    gallery, names = faces
    everybody = known(names)
    assert len(everybody) == 6
    asked = offered = right = 0
    for seed in SEEDS:
        named = replace(gallery, people=some_named(names, seed))
        for one in suggest(named):
            name = names[one.face_id - 1]
            if not name.startswith(STRANGER):
                asked += 1
                offered += one.grade is not Grade.STRANGE
                fits = everybody[one.person_id - 1] == name
                right += fits and one.grade is not Grade.STRANGE
    assert asked > 1000
    assert offered / asked > 0.95
    assert right / offered >= 0.98
    most = max(suggested_counts(named).values())
    assert most < 70, "of 50 photos each, and of strangers"


def test_planted_names_top_the_queue_of_doubts(faces: Faces) -> None:
    gallery, names = faces
    shares = []
    for seed in SEEDS:
        people, rows = some_wrong(names, seed)
        wrong = set(gallery.ids[rows].tolist())
        assert len(wrong) > 20
        head = [one.face_id for one in odd_ones(replace(gallery, people=people))][: len(wrong)]
        shares.append(len(wrong.intersection(head)) / len(wrong))
    assert np.mean(shares) >= 0.95, shares


def test_groups_hold_one_person_each(faces: Faces) -> None:
    gallery, names = faces
    found = clusters(gallery)
    grouped = sum(len(cluster.face_ids) for cluster in found)
    pure = 0
    for cluster in found:
        of = names[np.array(cluster.face_ids) - 1]
        pure += int(np.unique(of, return_counts=True)[1].max())
    assert grouped / len(names) > 0.8
    assert pure / grouped > 0.95
