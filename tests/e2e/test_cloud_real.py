"""The cloud's faces measured by the real networks on real photos: no worse than our own."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from facegui.__main__ import make_tools
from facegui.domain.cloud import CloudAnswer, CloudFace, Likelihood
from facegui.domain.control import NullControl
from facegui.domain.geometry import Box, Pose
from facegui.services.cloud.answers import Answers
from facegui.services.cloud.faces import take_cloud_faces
from facegui.services.collecting.photos import ImportRequest, import_photos
from facegui.services.libraries import Library, create_library
from facegui.services.scanning.scan import ScanRequest, scan
from facegui.services.tools import Tools

pytestmark = [pytest.mark.models, pytest.mark.photos]

COUNT = 24


@pytest.fixture(scope="module")
def tools() -> Iterator[Tools]:
    made = make_tools()
    yield made
    made.close()


@pytest.fixture
def library(tmp_path: Path, photos: Path, tools: Tools) -> Iterator[Library]:
    """Portraits as downloaded, scanned by our own detector."""
    truth = json.loads((photos / "messy/truth.json").read_text("utf-8"))
    names = [name for name, entry in truth.items() if entry["kind"] == "original"][:COUNT]
    paths = tuple(photos / "messy/photos" / name for name in names)
    with create_library(tmp_path / "test.facegui") as made:
        import_photos(made, ImportRequest(paths), NullControl())
        scan(made, tools, ScanRequest(), NullControl())
        yield made


def as_the_cloud_would(box: Box, rng: np.random.Generator) -> CloudFace:
    """The same face in a box that is off by up to a tenth, as another detector draws it."""
    dx, dy, grow = rng.uniform(-0.1, 0.1, 3) * box.width
    moved = Box(box.x1 + dx - grow, box.y1 + dy - grow, box.x2 + dx + grow, box.y2 + dy + grow)
    return CloudFace(moved, None, Pose(1.0, 2.0, 3.0), 0.9, *([Likelihood.UNLIKELY] * 7))


def test_faces_taken_from_the_cloud_are_measured_alike(library: Library, tools: Tools) -> None:
    rng = np.random.default_rng(0)
    ids = tuple(library.photo_ids())
    before = library.faces_of_photos(ids)
    old = {face.id: face for faces in before.values() for face in faces}
    vectors = dict(zip(old, library.embeddings(list(old)), strict=True))
    assert len(old) >= COUNT
    for photo in library.photos(ids):
        said = CloudAnswer(tuple(as_the_cloud_would(f.box, rng) for f in before[photo.id]))
        assert photo.sha256 is not None
        Answers(library).put(photo.sha256, "google-cloud-vision-v1", said)

    report = take_cloud_faces(library, tools, ids, NullControl())
    assert report.photos == len(ids)
    assert report.unmeasured <= 0.05 * len(old)

    new = {face.id: face for faces in library.faces_of_photos(ids).values() for face in faces}
    same = [face_id for face_id in new if face_id in old]
    assert len(same) >= 0.95 * len(old)
    now = library.embeddings(same)
    cosines = np.sum(now * np.stack([vectors[face_id] for face_id in same]), axis=1)
    assert np.median(cosines) > 0.95
    assert np.mean(cosines > 0.6) >= 0.95
    for face_id in same:
        assert new[face_id].pose == Pose(1.0, 2.0, 3.0)
        assert new[face_id].detector.startswith("google-cloud-vision-v1+")
