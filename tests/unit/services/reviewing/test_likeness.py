"""Faces that look alike stand together, the most of one kind first, the lone ones last."""

from __future__ import annotations

import numpy as np
import pytest

from facegui.services.reviewing.likeness import in_sections
from tests.fakes.proposals import unit_vector


def near(seed: int, n: int) -> np.ndarray:
    """The *n*-th picture of person *seed*: about 0.85 from the others."""
    vector = unit_vector(seed) + 0.4 * unit_vector(1000 * seed + n)
    return (vector / np.linalg.norm(vector)).astype(np.float32)


def people(*sizes: int) -> tuple[list[int], np.ndarray, dict[int, int]]:
    """Ids in a random order, their vectors, and who each is."""
    who = [person for person, size in enumerate(sizes, start=1) for _ in range(size)]
    vectors = np.array([near(person, n) for n, person in enumerate(who)], np.float32)
    order = np.random.default_rng(5).permutation(len(who))
    ids = [int(1000 + n) for n in range(len(who))]
    return ids, vectors[order], {ids[n]: who[row] for n, row in enumerate(order)}


def parts(ids: list[int], sections: list) -> list[list[int]]:
    ends = [section.start for section in sections[1:]] + [len(ids)]
    return [ids[s.start : end] for s, end in zip(sections, ends, strict=True)]


def test_each_person_is_a_section_and_the_largest_comes_first() -> None:
    ids, vectors, who = people(5, 9, 1, 3, 1)
    found, sections = in_sections(ids, vectors)
    assert sorted(found) == ids
    assert [{who[n] for n in part} for part in parts(found, sections)] == [{2}, {1}, {4}, {3, 5}]
    assert [section.key for section in sections] == [1, 2, 3, 0]


def test_two_clusters_of_one_size_are_not_mixed() -> None:
    ids, vectors, who = people(4, 4, 4)
    found, sections = in_sections(ids, vectors)
    assert [len({who[n] for n in part}) for part in parts(found, sections)] == [1, 1, 1]


def test_more_faces_than_one_block_holds() -> None:
    ids, vectors, who = people(1500, 700, 2)
    found, sections = in_sections(ids, vectors)
    assert [{who[n] for n in part} for part in parts(found, sections)] == [{1}, {2}, {3}]
    assert len(set(found)) == 2202


@pytest.mark.parametrize("count", [0, 1, 3])
def test_faces_that_are_all_unlike_are_one_section(count: int) -> None:
    vectors = np.eye(128, dtype=np.float32)[:count]
    found, sections = in_sections(list(range(count)), vectors)
    assert sorted(found) == list(range(count))
    assert [tuple(section) for section in sections] == ([(0, 0)] if count else [])
