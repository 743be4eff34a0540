from __future__ import annotations

import numpy as np

from facegui.services.reviewing.clusters import Cluster, clusters, tighter
from tests.fakes.gallery import faces_of, gallery, near
from tests.fakes.proposals import unit_vector

PEOPLE = [(0, face) for person, n in ((1, 5), (2, 3)) for face in faces_of(person, n)]
"""Faces 1 to 5 of one person, 6 to 8 of another, none named."""


def members(found: list[Cluster]) -> list[set[int]]:
    return [set(cluster.face_ids) for cluster in found]


def test_faces_of_one_person_are_one_group_and_the_largest_comes_first() -> None:
    assert members(clusters(gallery(PEOPLE))) == [{1, 2, 3, 4, 5}, {6, 7, 8}]


def test_lone_faces_and_named_ones_are_in_no_group() -> None:
    faces = [*PEOPLE, (0, unit_vector(50)), *((7, face) for face in faces_of(1, 9)[5:])]
    assert members(clusters(gallery(faces))) == [{1, 2, 3, 4, 5}, {6, 7, 8}]
    assert clusters(gallery([])) == []
    assert clusters(gallery([(0, unit_vector(1))])) == []


def test_the_most_typical_face_stands_first() -> None:
    centre = unit_vector(1)
    faces = gallery([(0, near(centre, cosine, n)) for n, cosine in enumerate((0.7, 0.95, 0.8))])
    (cluster,) = clusters(faces)
    assert cluster.face_ids[0] == 2


def test_a_group_held_together_by_one_face_falls_apart_and_stays_so() -> None:
    between = unit_vector(1) + unit_vector(2)
    faces = gallery([*PEOPLE, (0, (between / np.linalg.norm(between)).astype(np.float32))])
    (together,) = clusters(faces)
    assert set(together.face_ids) == set(range(1, 10))
    tightness = tighter(faces, together)
    assert set(tightness) == set(together.face_ids)
    apart = members(clusters(faces, tightness))
    assert len(apart) == 2
    assert {1, 2, 3, 4, 5} <= apart[0] | {9}
    assert {6, 7, 8} <= apart[1] | {9}


def test_copies_of_one_picture_never_fall_apart() -> None:
    faces = gallery([(0, unit_vector(1))] * 3)
    (cluster,) = clusters(faces)
    assert tighter(faces, cluster) == {}


def test_a_split_asks_nothing_of_other_groups() -> None:
    faces = gallery(PEOPLE)
    tightness = tighter(faces, clusters(faces)[0])
    assert {6, 7, 8} in members(clusters(faces, tightness))


def test_more_faces_than_are_compared_at_once() -> None:
    faces = [(0, face) for person in range(4) for face in faces_of(person, 300)]
    assert sorted(map(len, members(clusters(gallery(faces))))) == [300] * 4
