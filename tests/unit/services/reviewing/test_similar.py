from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from facegui.domain.entities import Decision
from facegui.domain.errors import LibraryError
from facegui.services.libraries import Library, create_library
from facegui.services.reviewing.gallery import Gallery
from facegui.services.reviewing.similar import SHOWN, find_similar
from tests.fakes.gallery import faces_of
from tests.fakes.proposals import proposal, scanned


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    """Three faces each of two made-up people, the first three in Ann's folder."""
    with create_library(tmp_path / "Test.facegui") as opened:
        vectors = [*faces_of(1, 3), *faces_of(2, 3)]
        files = [(f"/photos/{n}.jpg", "Ann" if n < 3 else None, 1, 1) for n in range(6)]
        ids = opened.add_photos(files).added
        opened.store_scans(
            [
                scanned(photo_id, [replace(proposal(), embedding=vector)])
                for photo_id, vector in zip(ids, vectors, strict=True)
            ]
        )
        yield opened


def test_the_face_itself_comes_first_and_then_the_nearest(library: Library) -> None:
    found = find_similar(library, 2)
    assert found[0].face_id == 2
    assert {one.face_id for one in found[1:3]} == {1, 3}
    assert [one.similarity for one in found] == sorted(
        (one.similarity for one in found), reverse=True
    )
    assert len(found) == 6


def test_rejected_faces_are_found_too(library: Library) -> None:
    library.decide([1], Decision.REJECT)
    assert 1 in {one.face_id for one in find_similar(library, 2)}


def test_no_more_than_can_be_looked_at(library: Library) -> None:
    files = [(f"/more/{n}.jpg", None, 1, 1) for n in range(SHOWN)]
    library.store_scans([scanned(n, [proposal(seed=n)]) for n in library.add_photos(files).added])
    assert len(find_similar(library, 2)) == SHOWN


def test_a_face_that_has_gone_is_said_so(library: Library) -> None:
    with pytest.raises(LibraryError):
        find_similar(library, 999)


def test_a_gallery_holds_what_is_kept_with_names_and_answers(library: Library) -> None:
    ann = library.people()[0].id
    library.decide([6], Decision.REJECT)
    library.refuse([4], ann)
    library.affirm([1], ann)
    read = Gallery.read(library)
    assert read.ids.tolist() == [1, 2, 3, 4, 5]
    assert read.people.tolist() == [ann, ann, ann, 0, 0]
    assert (read.refused, read.affirmed) == (frozenset({(4, ann)}), frozenset({(1, ann)}))
    assert read.vectors.shape == (5, 128)
    assert read.named.tolist() == [ann]
