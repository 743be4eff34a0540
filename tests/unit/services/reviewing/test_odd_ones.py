from __future__ import annotations

from dataclasses import replace

from facegui.services.reviewing.odd_ones import odd_ones, twice_in_photo
from tests.fakes.gallery import faces_of, gallery
from tests.fakes.proposals import unit_vector

ANN, BOB = 1, 2
RIGHT = [(person, face) for person in (ANN, BOB) for face in faces_of(person, 6)]
"""Faces 1 to 6 are Ann's, 7 to 12 are Bob's."""


def test_a_library_without_mistakes_has_none() -> None:
    assert odd_ones(gallery(RIGHT)) == []
    assert odd_ones(gallery([])) == []
    assert odd_ones(gallery([(0, unit_vector(5))])) == []


def test_a_swapped_face_resembles_its_true_person() -> None:
    faces = gallery([*RIGHT, (ANN, faces_of(BOB, 7)[6])])
    (found,) = odd_ones(faces)
    assert (found.face_id, found.person_id, found.like_id) == (13, ANN, BOB)
    assert found.other > 0.5 > found.own
    assert found.oddness > 0
    assert set(found.near) <= set(range(7, 13))
    alike = faces.vectors[[n - 1 for n in found.near]] @ faces.vectors[12]
    assert list(alike) == sorted(alike, reverse=True)


def test_a_stranger_resembles_nobody_named() -> None:
    (found,) = odd_ones(gallery([*RIGHT, (BOB, unit_vector(99))]))
    assert (found.face_id, found.person_id, found.like_id) == (13, BOB, None)
    assert set(found.near) <= set(range(7, 13))


def test_the_worst_come_first() -> None:
    found = odd_ones(gallery([*RIGHT, (BOB, unit_vector(99)), (ANN, faces_of(BOB, 7)[6])]))
    assert [one.face_id for one in found] == [14, 13]
    assert found[0].oddness > found[1].oddness


def test_what_the_owner_affirmed_is_not_shown_again() -> None:
    faces = gallery([*RIGHT, (ANN, faces_of(BOB, 7)[6])])
    assert odd_ones(replace(faces, affirmed=frozenset({(13, ANN)}))) == []
    assert odd_ones(replace(faces, affirmed=frozenset({(13, BOB)}))) != []


def test_a_person_who_was_refused_is_not_offered() -> None:
    faces = gallery([*RIGHT, (ANN, faces_of(BOB, 7)[6])])
    (found,) = odd_ones(replace(faces, refused=frozenset({(13, BOB)})))
    assert found.like_id is None


def test_someones_only_face_is_doubted_only_where_it_is_plainly_anothers() -> None:
    lone = (3, faces_of(3, 1)[0])
    assert odd_ones(gallery([*RIGHT, lone])) == []
    found = odd_ones(gallery([*RIGHT, (3, faces_of(ANN, 7)[6])]))
    assert (found[0].face_id, found[0].like_id) == (13, ANN)


def test_a_name_twice_in_one_photo_is_found_unless_affirmed() -> None:
    photos = [1, 1, 2, 3, 4, 5, 1, 2, 2, 6, 7, 8]
    faces = gallery(RIGHT, photos=photos)
    found = twice_in_photo(faces)
    assert [(one.photo_id, one.person_id, one.face_ids) for one in found] == [
        (1, ANN, (1, 2)),
        (2, BOB, (8, 9)),
    ]
    both = frozenset({(1, ANN), (2, ANN)})
    assert [one.photo_id for one in twice_in_photo(replace(faces, affirmed=both))] == [2]
    assert len(twice_in_photo(replace(faces, affirmed=frozenset({(1, ANN)})))) == 2


def test_faces_without_a_name_are_never_twice() -> None:
    assert twice_in_photo(gallery([(0, unit_vector(n)) for n in range(3)], photos=[1, 1, 1])) == []


def test_somebodys_only_face_draws_few_others_to_it() -> None:
    faces = gallery([*RIGHT, (3, faces_of(ANN, 7)[6])])
    assert [one.face_id for one in odd_ones(faces)] == [13]
