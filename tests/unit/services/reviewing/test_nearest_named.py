"""Only named, kept faces are compared with, and never a face with itself."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from facegui.domain.entities import Decision
from facegui.services.libraries import Library
from facegui.services.reviewing.nearest_named import NearestNamed
from tests.fakes.review_library import review_library


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with review_library(tmp_path) as opened:
        yield opened


def test_the_nearest_named_faces_come_nearest_first(library: Library) -> None:
    first, second, *_ = library.face_ids()
    found = NearestNamed.read(library).find(library, first, 4)
    assert len(found) == 4
    cosines = [near.similarity for near in found]
    assert cosines == sorted(cosines, reverse=True)
    vectors = library.embeddings([first, found[0].face_id])
    assert cosines[0] == pytest.approx(float(vectors[0] @ vectors[1]), abs=1e-5)
    assert first not in {near.face_id for near in found}
    library.decide([second], Decision.REJECT)
    everyone = {near.face_id for near in NearestNamed.read(library).find(library, first, 99)}
    assert second not in everyone
    assert all(face.person_id for face in library.faces(everyone))


def test_a_face_that_has_left_is_near_nobody(library: Library) -> None:
    assert NearestNamed.read(library).find(library, 9999, 4) == []


def test_without_names_there_is_nobody_to_compare_with(library: Library) -> None:
    faces = library.face_ids()
    library.assign(faces, None)
    assert NearestNamed.read(library).find(library, faces[0], 4) == []
