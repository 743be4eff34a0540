"""Splitting by group: nothing leaks, everybody is learned, the shares come out."""

from __future__ import annotations

from collections import Counter, defaultdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from facegui.domain.dataset import Split, Subset
from facegui.services.learning.split import folds, split_groups

ROWS = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 12)), min_size=1, max_size=60)
SPLITS = st.builds(
    Split, st.floats(0.05, 0.5), st.just(0.0) | st.floats(0.05, 0.45), st.none() | st.integers(2, 9)
)
SEEDS = st.integers(0, 5)


@given(ROWS, SPLITS, SEEDS)
def test_no_group_is_on_two_sides(rows: list[tuple[int, int]], split: Split, seed: int) -> None:
    labels, groups = zip(*rows, strict=True)
    sides = split_groups(labels, groups, split, seed)
    side_of = defaultdict(set)
    for group, side in zip(groups, sides, strict=True):
        side_of[group].add(side)
    assert all(len(found) == 1 for found in side_of.values())
    learned = {label for label, side in zip(labels, sides, strict=True) if side is Subset.TRAIN}
    assert learned == set(labels)
    assert (None in sides) <= (split.cap is not None and not split.test)
    assert sides == split_groups(labels, groups, split, seed)


@given(ROWS, SPLITS, SEEDS)
def test_everybody_with_groups_of_their_own_is_on_every_side(
    rows: list[tuple[int, int]], split: Split, seed: int
) -> None:
    labels = [label for label, _ in rows]
    groups = [label * 100 + group for label, group in rows]
    sides = split_groups(labels, groups, split, seed)
    for label in set(labels):
        found = {side for row, side in zip(rows, sides, strict=True) if row[0] == label}
        pictures = {group for other, group in rows if other == label}
        wanted = [Subset.TRAIN, Subset.VALIDATION, *([Subset.TEST] if split.test else [])]
        if split.cap is None:
            assert found == set(wanted[: len(pictures)])
        else:
            assert found >= set(wanted[: min(len(pictures), 2)])


@given(st.integers(4, 80), st.floats(0.05, 0.5), st.floats(0.05, 0.45))
def test_single_pictures_come_as_near_as_can_be(count: int, validation: float, test: float) -> None:
    found = Counter(split_groups([0] * count, range(count), Split(validation, test), 0))
    exact = min(max(test * count, 1), count - 2)
    assert abs(found[Subset.TEST] - exact) <= 0.5 + 1e-9
    rest = count - found[Subset.TEST]
    exact = min(max(validation / (1 - test) * rest, 1), rest - 1)
    assert abs(found[Subset.VALIDATION] - exact) <= 0.5 + 1e-9


@pytest.mark.parametrize(("test", "beyond"), [(0.0, None), (0.25, Subset.TEST)])
def test_a_cap(test: float, beyond: Subset | None) -> None:
    labels = [0] * 40 + [1] * 8
    found = split_groups(labels, range(48), Split(0.25, test, cap=10), seed=1)
    used = Counter(side for side in found[:40])
    assert used[Subset.TRAIN] + used[Subset.VALIDATION] == 10
    assert used[beyond] == 30
    assert Subset.VALIDATION in found[40:]


def test_different_seeds_hold_out_different_pictures() -> None:
    drawn = {split_groups([0] * 20, range(20), Split(), seed) for seed in range(5)}
    assert len(drawn) == 5


@given(ROWS, st.integers(2, 6), SEEDS)
def test_folds_test_everything_once(rows: list[tuple[int, int]], count: int, seed: int) -> None:
    labels, groups = zip(*rows, strict=True)
    found = folds(labels, groups, count, 0.2, seed)
    assert len(found) == count
    for row in range(len(rows)):
        assert sum(sides[row] is Subset.TEST for sides in found) == 1
    for sides in found:
        tested = {g for g, side in zip(groups, sides, strict=True) if side is Subset.TEST}
        rest = {g for g, side in zip(groups, sides, strict=True) if side is not Subset.TEST}
        assert tested.isdisjoint(rest)
    assert found == folds(labels, groups, count, 0.2, seed)


def test_folds_spread_everybody_evenly() -> None:
    labels = [0] * 20 + [1] * 11
    for sides in folds(labels, range(31), 5, 0.2, seed=3):
        tested = Counter(
            label for label, side in zip(labels, sides, strict=True) if side is Subset.TEST
        )
        assert tested[0] == 4
        assert tested[1] in (2, 3)
        assert {Subset.TRAIN, Subset.VALIDATION} <= set(sides[:20])
