"""Groups around a keeper: no chains, nothing lost, nothing twice, and the right one kept."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from facegui.domain.entities import DuplicateGroup, DuplicateMember, PhotoHashes
from facegui.domain.geometry import Pose
from facegui.duplicates.evidence import PhotoRecord, copy_pairs
from facegui.duplicates.grouping import group_duplicates, keeper_rank
from tests.fakes.pictures import BASE, MIRROR, face, hashes, photo, unrelated


def members(group: DuplicateGroup) -> list[tuple[int, int, bool]]:
    return [(member.photo_id, member.distance, member.mirrored) for member in group.members]


def test_exact_and_near_copies_and_strangers() -> None:
    photos = [
        photo(1, hashes(), [face()], sha256="same"),
        photo(2, hashes(), [face()], sha256="same"),
        photo(3, hashes(4), [face(near=hashes(6))]),
        photo(4, unrelated(4), [face(near=unrelated(5), cosine=0.3)]),
    ]
    (group,) = group_duplicates(photos, 8)
    assert group.keeper_id == 1
    assert members(group) == [(1, 0, False), (2, 0, False), (3, 4, False)]


def test_photos_on_their_own_are_in_no_group() -> None:
    assert group_duplicates([], 8) == []
    assert group_duplicates([photo(n, unrelated(n)) for n in range(5)], 8) == []


def test_exact_copies_that_have_no_hash_or_a_blank_one() -> None:
    blank = PhotoHashes(0, 0)
    photos = [
        photo(1, None, sha256="a"),
        photo(2, None, sha256="a"),
        photo(3, blank, sha256="b"),
        photo(4, blank, sha256="b"),
        photo(5, blank, sha256="c"),
        photo(6, None, sha256="d"),
    ]
    groups = group_duplicates(photos, 8)
    assert [members(group) for group in groups] == [
        [(1, 0, False), (2, 0, False)],
        [(3, 0, False), (4, 0, False)],
    ]


def test_a_series_is_not_chained() -> None:
    """Each shot is near the next, but only the neighbours of a keeper are its copies."""
    photos = [photo(n, hashes(6 * n)) for n in range(6)]
    groups = group_duplicates(photos, 6)
    assert [[m.photo_id for m in group.members] for group in groups] == [[0, 1], [2, 3], [4, 5]]


def test_mirrored_member_is_marked() -> None:
    turned = photo(2, PhotoHashes(MIRROR, BASE), [face(near=unrelated(1), size=50)])
    (group,) = group_duplicates([turned, photo(1, PhotoHashes(BASE, MIRROR), [face()])], 8)
    assert members(group) == [(1, 0, False), (2, 0, True)]


def test_a_burst_of_equal_hashes_is_one_group() -> None:
    photos = [photo(n, hashes(), [face()]) for n in range(20_000)]
    (group,) = group_duplicates(photos, 8)
    assert group.keeper_id == 0
    assert len(group.members) == 20_000
    assert all(member == DuplicateMember(member.photo_id, 0) for member in group.members)


def ids(groups: list[DuplicateGroup]) -> list[list[int]]:
    return [[member.photo_id for member in group.members] for group in groups]


def test_what_is_apart_shares_no_group_and_finds_its_own_copies() -> None:
    """4 is a copy of 3 alone; while 3 belongs to the group of 1, it is left over."""
    photos = [
        photo(1, hashes(0), [face(size=200)]),
        photo(2, hashes(4), [face(size=150)]),
        photo(3, hashes(8, 4), [face(size=120, near=unrelated(1))]),
        photo(4, hashes(16, 4), [face(size=100, near=unrelated(2))]),
    ]
    assert ids(group_duplicates(photos, 8)) == [[1, 2, 3]]
    assert ids(group_duplicates(photos, 8, [(1, 3)])) == [[1, 2], [3, 4]]


def test_a_photo_apart_from_a_member_does_not_join_its_group() -> None:
    photos = [photo(n, hashes(n), [face(size=200 - n)]) for n in (1, 2, 3)]
    assert ids(group_duplicates(photos, 8, [(2, 3)])) == [[1, 2]]


@pytest.mark.parametrize("hashed", [True, False])
def test_even_exact_copies_can_be_apart(hashed: bool) -> None:
    photos = [photo(n, hashes() if hashed else None, sha256="same") for n in range(5)]
    apart = [(0, 1), (0, 3), (1, 4)]
    assert ids(group_duplicates(photos, 0, apart)) == [[0, 2, 4], [1, 3]]


@settings(max_examples=40, deadline=None)
@given(
    apart=st.sets(st.tuples(st.integers(0, 9), st.integers(0, 9)).filter(lambda p: p[0] < p[1])),
    bits=st.lists(st.integers(0, 6), min_size=10, max_size=10),
)
def test_no_group_has_two_that_are_apart(apart: set[tuple[int, int]], bits: list[int]) -> None:
    photos = [photo(n, hashes(b), [face()]) for n, b in enumerate(bits)]
    groups = ids(group_duplicates(photos, 8, apart))
    members = [n for group in groups for n in group]
    assert len(members) == len(set(members))
    for group in groups:
        assert not any((a, b) in apart for a in group for b in group)


BEST = photo(50, hashes(), [face()], path="/photos/m.jpg")
WORSE_FIRST = [
    ("the owner's choice", replace(BEST, preferred=True, faces=(face(size=10, usable=False),))),
    ("a usable face", BEST),
    ("the largest face", replace(BEST, faces=(face(size=80),), width=2000, height=2000)),
    ("the sharpest", replace(BEST, faces=(face(size=78, sharpness=30),))),
    ("the most frontal", replace(BEST, faces=(face(size=80, sharpness=31, pan=-15),))),
    ("the first path", replace(BEST, faces=(face(size=80, sharpness=30, tilt=16),), path="/z")),
    ("an unusable face", replace(BEST, faces=(face(size=500, usable=False),))),
    ("no face", replace(BEST, faces=(), width=3000, height=3000)),
    ("no face and small", replace(BEST, faces=(), path="/a")),
]


@pytest.mark.parametrize("place", range(len(WORSE_FIRST) - 1))
def test_what_is_kept(place: int) -> None:
    better, worse = WORSE_FIRST[place][1], WORSE_FIRST[place + 1][1]
    assert keeper_rank(better) < keeper_rank(worse)


def test_sizes_of_one_step_leave_it_to_the_path() -> None:
    """Detectors measure a copy's face a little larger or smaller; that is no reason."""
    first = photo(9, hashes(), [face(size=98, sharpness=50)], path="/a.jpg")
    copy = photo(2, hashes(), [face(size=101, sharpness=51)], path="/b.jpg")
    (group,) = group_duplicates([copy, first], 8)
    assert group.keeper_id == 9


def test_measures_of_nothing_do_no_harm() -> None:
    nothing = face(size=0.0, sharpness=0.0)
    assert keeper_rank(photo(1, hashes(), [nothing])) > keeper_rank(photo(2, hashes(), [face()]))
    assert keeper_rank(photo(1, None, size=(0, 0)))


def test_the_owners_choice_gathers_its_own_copies() -> None:
    photos = [photo(n, hashes(6 * n), preferred=n == 1) for n in range(3)]
    (group,) = group_duplicates(photos, 6)
    assert group.keeper_id == 1
    assert sorted(members(group)) == [(0, 6, False), (1, 0, False), (2, 6, False)]


def random_photos(count: int, seed: int) -> list[PhotoRecord]:
    rng = np.random.default_rng(seed)
    made = []
    for number in range(count):
        bits, start = int(rng.integers(0, 9)), int(rng.integers(0, 64))
        near = hashes(bits, start) if rng.random() < 0.8 else unrelated(number)
        faces = [
            replace(
                face(near=hashes(int(rng.integers(0, 9)), int(rng.integers(0, 64)))),
                pose=Pose(0.0, float(rng.normal(0, 2)), 0.0),
                size_px=float(rng.integers(20, 200)),
            )
            for _ in range(rng.integers(0, 3))
        ]
        made.append(photo(number, near, faces))
    return made


@settings(max_examples=60, deadline=None)
@given(count=st.integers(0, 30), seed=st.integers(0, 10_000), distance=st.integers(0, 12))
def test_every_group_holds_together(count: int, seed: int, distance: int) -> None:
    photos = random_photos(count, seed)
    groups = group_duplicates(photos, distance)
    seen = [member.photo_id for group in groups for member in group.members]
    assert len(seen) == len(set(seen))
    by_id = {item.id: item for item in photos}
    for group in groups:
        assert len(group.members) > 1
        assert group.members[0] == DuplicateMember(group.keeper_id, 0)
        assert all(0 <= member.distance <= distance for member in group.members)
        keeper = by_id[group.keeper_id]
        assert keeper_rank(keeper) == min(keeper_rank(by_id[m.photo_id]) for m in group.members)
        for member in group.members:
            hash_of_it = by_id[member.photo_id].hashes
            twins = [item for item in photos if item.hashes == hash_of_it]
            assert keeper in twins or any(
                len(copy_pairs([keeper, t], distance).left) for t in twins
            )


def test_order_of_the_input_does_not_matter() -> None:
    photos = random_photos(40, 3)
    assert group_duplicates(photos, 8) == group_duplicates(photos[::-1], 8)
