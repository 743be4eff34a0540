"""All pairs within some bits: the same as comparing every pair, whichever way they are found."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from facegui.duplicates import near_pairs as module
from facegui.duplicates.near_pairs import Hashes, NearPairs, near_pairs

PARTS = (0, 3, 4)
Found = list[tuple[int, int, int]]


def some_hashes(count: int, seed: int, flips: int = 10) -> Hashes:
    """Half of them random, the others within *flips* bits of one of those."""
    rng = np.random.default_rng(seed)
    hashes = rng.integers(0, 2**64, count, dtype=np.uint64)
    for index in range(count // 2, count):
        value = hashes[rng.integers(0, count // 2)] if count > 1 else hashes[index]
        for _ in range(rng.integers(0, flips + 1)):
            value ^= np.uint64(1) << np.uint64(rng.integers(0, 64))
        hashes[index] = value
    return hashes


def brute(left: Hashes, right: Hashes | None, distance: int) -> Found:
    others = left if right is None else right
    return [
        (i, j, (int(a) ^ int(b)).bit_count())
        for i, a in enumerate(left)
        for j, b in enumerate(others)
        if (right is not None or i < j) and (int(a) ^ int(b)).bit_count() <= distance
    ]


def as_list(pairs: NearPairs) -> Found:
    return sorted(zip(*(column.tolist() for column in pairs), strict=True))


@pytest.fixture(params=PARTS)
def parts(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    """The way that is taken, whatever would be cheapest."""
    monkeypatch.setattr(module, "_cheapest", lambda *_: request.param)
    return int(request.param)


@pytest.mark.parametrize("distance", [0, 1, 3, 7, 8, 9])
def test_within_one_array(parts: int, distance: int) -> None:
    hashes = some_hashes(120, seed=distance)
    expected = brute(hashes, None, distance)
    assert as_list(near_pairs(hashes, distance=distance)) == expected
    assert len(expected) > 1


@pytest.mark.parametrize("distance", [0, 5, 8, 10])
def test_between_two_arrays(parts: int, distance: int) -> None:
    both = some_hashes(160, seed=distance)
    both = np.random.default_rng(1).permutation(both)
    left, right = both[:70], both[70:]
    expected = brute(left, right, distance)
    assert as_list(near_pairs(left, right, distance=distance)) == expected
    assert expected


def test_equal_hashes_make_all_their_pairs(parts: int) -> None:
    hashes = np.full(30, 0xFFFF_FFFF_FFFF_FFFF, np.uint64)
    found = near_pairs(hashes, distance=3)
    assert as_list(found) == [(i, j, 0) for i in range(30) for j in range(i + 1, 30)]


def test_pairs_found_by_several_parts_come_once(parts: int) -> None:
    hashes = np.array([0, 1, 1 << 63, (1 << 63) | 1], np.uint64)
    found = as_list(near_pairs(hashes, distance=8))
    assert found == [(0, 1, 1), (0, 2, 1), (0, 3, 2), (1, 2, 2), (1, 3, 1), (2, 3, 1)]


def test_changes_next_to_the_cuts(parts: int) -> None:
    """A single changed bit at every place, the borders of parts included."""
    hashes = np.array([0, *(1 << bit for bit in range(64))], np.uint64)
    found = as_list(near_pairs(hashes, distance=1))
    assert found == [(0, bit + 1, 1) for bit in range(64)]


@pytest.mark.parametrize("count", [0, 1])
def test_hardly_any_hashes(parts: int, count: int) -> None:
    assert as_list(near_pairs(some_hashes(count, 0), distance=8)) == []
    assert as_list(near_pairs(np.zeros(0, np.uint64), some_hashes(3, 0), distance=8)) == []


def test_in_small_portions(parts: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Memory is bounded by working in portions; they must not lose or repeat a pair."""
    hashes = np.concatenate([some_hashes(60, 4), np.zeros(20, np.uint64)])
    expected = brute(hashes, None, 8)
    for portion in (10, 200):
        monkeypatch.setattr(module, "_BLOCK_PAIRS", portion)
        assert as_list(near_pairs(hashes, distance=8)) == expected


@settings(max_examples=25, deadline=None)
@given(
    values=st.lists(st.integers(0, 2**64 - 1), max_size=25),
    flips=st.lists(st.sets(st.integers(0, 63), max_size=12), max_size=25),
    distance=st.integers(0, 12),
)
def test_any_hashes(values: list[int], flips: list[set[int]], distance: int) -> None:
    near = [
        value ^ sum(1 << bit for bit in bits) for value, bits in zip(values, flips, strict=False)
    ]
    hashes = np.array(values + near, np.uint64)
    expected = brute(hashes, None, distance)
    assert as_list(near_pairs(hashes, distance=distance)) == expected
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_cheapest", lambda *_: 4)
        assert as_list(near_pairs(hashes, distance=distance)) == expected


def test_the_cheapest_way_changes_with_the_size() -> None:
    assert module._cheapest(100, 100, 8) == 0
    assert module._cheapest(100_000, 100_000, 8) == 3
    assert module._cheapest(100_000, 100_000, 10) == 4
    assert module._cheapest(1000, 1000, 64) == 0
