"""A folder's name is offered to the one face that may be meant, and to no stranger."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from facegui.domain.entities import Decision, Embedding
from facegui.domain.queries import NewPhoto
from facegui.services.collecting.folder_names import folder_offers
from facegui.services.libraries import Library, create_library
from tests.fakes.proposals import proposal, scanned, unit_vector


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with create_library(tmp_path / "faces.facegui") as made:
        yield made


def photo(library: Library, hint: str | None, *vectors: Embedding) -> list[int]:
    """Adds a photo with faces of these vectors, best score first; their ids."""
    path = f"/photos/{hint}/{len(library.photo_ids())}.jpg"
    (photo_id,) = library.add_photos([NewPhoto(path, hint, 1000, 1)]).added
    faces = [
        replace(proposal(seed=10 * photo_id + n, score=0.9 - n / 10), embedding=vector)
        for n, vector in enumerate(vectors)
    ]
    library.store_scans([scanned(photo_id, faces)])
    return [face.id for face in library.faces_of_photos([photo_id])[photo_id]]


def like(seed: int, share: float = 0.8) -> Embedding:
    """A vector with about this cosine to that of *seed*."""
    mixed = share * unit_vector(seed) + (1 - share**2) ** 0.5 * unit_vector(seed + 1000)
    return (mixed / np.linalg.norm(mixed)).astype(np.float32)


def offers(library: Library) -> dict[int, str]:
    return folder_offers(library, library.photos(library.photo_ids()))


def test_only_the_nearest_face_of_a_group_is_asked_about(library: Library) -> None:
    for _ in range(3):
        photo(library, "Ann", like(1))
    _, near, _ = photo(library, "Ann", unit_vector(50), like(1), like(1, 0.6))
    assert offers(library) == {near: "Ann"}


def test_a_group_of_strangers_is_not_asked_about(library: Library) -> None:
    photo(library, "Ann", like(1))
    photo(library, "Ann", unit_vector(50), unit_vector(51))
    assert offers(library) == {}


def test_while_nobody_knows_her_every_face_may_be_hers(library: Library) -> None:
    ids = photo(library, "Ann", unit_vector(50), unit_vector(51))
    assert offers(library) == dict.fromkeys(ids, "Ann")


def test_faces_put_aside_tell_nothing_of_her(library: Library) -> None:
    library.decide(photo(library, "Ann", like(1)), Decision.REJECT)
    ids = photo(library, "Ann", unit_vector(50), unit_vector(51))
    assert offers(library) == dict.fromkeys(ids, "Ann")


def test_who_is_named_there_already_is_not_offered_again(library: Library) -> None:
    photo(library, "Ann", like(1))
    one, other = photo(library, "Ann", like(1), like(1, 0.7))
    library.assign([one], "Ann")
    assert offers(library) == {}
    library.decide([one], Decision.IGNORE)
    assert offers(library) == {other: "Ann"}


def test_a_name_that_was_refused_goes_to_the_next(library: Library) -> None:
    photo(library, "Ann", like(1))
    one, other = photo(library, "Ann", like(1), like(1, 0.7))
    assert offers(library) == {one: "Ann"}
    library.assign([one], None)
    assert offers(library) == {other: "Ann"}


def test_without_a_folders_name_there_is_nothing_to_offer(library: Library) -> None:
    photo(library, None, unit_vector(50), unit_vector(51))
    assert offers(library) == {}
