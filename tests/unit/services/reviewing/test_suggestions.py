from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from facegui.services.reviewing.gallery import Gallery
from facegui.services.reviewing.suggestions import Grade, Suggestion, suggest, suggested_counts
from tests.fakes.gallery import faces_of, gallery, near
from tests.fakes.proposals import unit_vector

ANN, BOB = 1, 2
NAMED = [(person, face) for person in (ANN, BOB) for face in faces_of(person, 3)]
"""Faces 1 to 3 are Ann's, 4 to 6 are Bob's."""


def by_face(found: list[Suggestion]) -> dict[int, Suggestion]:
    return {one.face_id: one for one in found}


def with_unnamed(*vectors: np.ndarray) -> Gallery:
    return gallery([*NAMED, *((0, vector) for vector in vectors)])


def test_each_face_is_offered_the_person_it_is_nearest_to() -> None:
    found = by_face(suggest(with_unnamed(faces_of(ANN, 4)[3], faces_of(BOB, 4)[3])))
    assert {face: one.person_id for face, one in found.items()} == {7: ANN, 8: BOB}
    assert all(one.grade is Grade.SURE for one in found.values())


def test_its_reason_are_the_nearest_faces_and_its_distance_is_told() -> None:
    faces = with_unnamed(near(faces_of(ANN, 3)[1], 0.95, 5))
    (found,) = suggest(faces)
    alike = faces.vectors[:3] @ faces.vectors[6]
    assert found.near == tuple(int(n) + 1 for n in np.argsort(-alike))
    assert found.near[0] == 2
    assert found.distance == pytest.approx(1 - np.sort(alike)[-2:].mean(), abs=1e-6)


def test_a_stranger_is_said_to_be_one_and_comes_last() -> None:
    found = suggest(with_unnamed(unit_vector(77), faces_of(BOB, 4)[3]))
    assert [one.face_id for one in found] == [8, 7]
    assert found[1].grade is Grade.STRANGE


def test_a_close_call_is_not_sure_and_comes_first() -> None:
    between = unit_vector(ANN) + unit_vector(BOB)
    between /= np.linalg.norm(between)
    found = suggest(with_unnamed(faces_of(ANN, 4)[3], between))
    assert [one.face_id for one in found] == [8, 7]
    assert found[0].grade is Grade.OPEN
    assert found[0].margin < 0.1


def test_what_settles_most_others_is_asked_first() -> None:
    between = unit_vector(ANN) + unit_vector(BOB)
    lone = near((between / np.linalg.norm(between)).astype(np.float32), 0.6, 3)
    lookalike = near(unit_vector(ANN), 0.45, 4)
    many = [near(lookalike, 0.97, seed) for seed in range(3)]
    found = suggest(with_unnamed(lone, *many))
    assert all(one.grade is Grade.OPEN for one in found)
    assert found[-1].face_id == 7
    assert found[-1].margin < found[0].margin


def test_a_refused_name_is_never_offered_again() -> None:
    faces = with_unnamed(faces_of(ANN, 4)[3])
    refused = replace(faces, refused=frozenset({(7, ANN)}))
    assert [one.person_id for one in suggest(refused)] == [BOB]
    both = replace(faces, refused=frozenset({(7, ANN), (7, BOB)}))
    assert suggest(both) == []


def test_a_refusal_pushes_what_resembles_the_face_away() -> None:
    lookalike = near(unit_vector(ANN), 0.6, 9)
    twin, true = near(lookalike, 0.95, 11), faces_of(ANN, 4)[3]
    faces = with_unnamed(lookalike, twin, true)
    before = by_face(suggest(faces))
    after = by_face(suggest(replace(faces, refused=frozenset({(7, ANN)}))))
    assert before[8].grade is not Grade.STRANGE
    assert after[8].grade is Grade.STRANGE
    assert after[9].grade is Grade.SURE
    assert after[9].person_id == ANN


def test_a_refusal_that_the_owner_took_back_by_naming_pushes_nothing() -> None:
    faces = with_unnamed(faces_of(ANN, 4)[3])
    stale = replace(faces, refused=frozenset({(1, ANN)}))
    assert suggest(stale) == suggest(faces)


def test_nobody_named_or_nobody_without_a_name_is_no_suggestion() -> None:
    assert suggest(gallery(NAMED)) == []
    assert suggest(gallery([(0, unit_vector(3))])) == []
    assert suggest(gallery([])) == []


def test_one_person_with_one_face_is_enough() -> None:
    (found,) = suggest(gallery([(ANN, faces_of(ANN, 1)[0]), (0, faces_of(ANN, 2)[1])]))
    assert (found.person_id, found.near, found.grade) == (ANN, (1,), Grade.SURE)


def test_more_faces_than_are_compared_at_once() -> None:
    unnamed = [(0, face) for person in (ANN, BOB) for face in faces_of(person, 700)]
    found = suggest(gallery([*NAMED, *unnamed]))
    assert len(found) == 1400
    assert {one.face_id: one.person_id for one in found} == {
        n: ANN if n < 707 else BOB for n in range(7, 1407)
    }


def test_only_the_first_faces_are_compared_where_that_is_asked_for() -> None:
    faces = with_unnamed(*faces_of(ANN, 6)[3:], faces_of(BOB, 4)[3])
    every, some = by_face(suggest(faces)), by_face(suggest(faces, 2))
    assert set(some) == {7, 8}
    assert some == {face: every[face] for face in some}


def test_suggestions_are_counted_without_strangers_and_refusals() -> None:
    faces = with_unnamed(*faces_of(ANN, 6)[3:], faces_of(BOB, 4)[3], unit_vector(77))
    assert suggested_counts(faces) == {ANN: 3, BOB: 1}
    refused = replace(faces, refused=frozenset({(10, BOB), (10, ANN)}))
    assert suggested_counts(refused) == {ANN: 3}
    assert suggested_counts(gallery(NAMED)) == {}


def test_what_rules_reject_is_asked_last_and_counts_for_nobody() -> None:
    between = unit_vector(ANN) + unit_vector(BOB)
    faces = with_unnamed(unit_vector(77), faces_of(BOB, 4)[3], between / np.linalg.norm(between))
    poor = replace(faces, rejected=frozenset({8, 9}))
    found = suggest(poor)
    assert [one.face_id for one in found] == [7, 8, 9]
    assert [one.rejected for one in found] == [False, True, True]
    assert [one.grade for one in found] == [Grade.STRANGE, Grade.SURE, Grade.OPEN]
