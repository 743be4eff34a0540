"""What a training is made of, and in what order it is seen."""

from __future__ import annotations

import dataclasses
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from facegui.domain.dataset import Subset
from facegui.domain.errors import DatasetError
from facegui.domain.training import Balance, FitRequest, TrainConfig
from facegui.training.data import (
    BalancedSampler,
    NaturalSampler,
    TrainingData,
    class_weights,
    sampler,
    spread_over_people,
)


def request_for(folder: Path, labels: list[int], validation: list[bool], names: int) -> FitRequest:
    path = folder / "inputs.npy"
    np.save(path, np.zeros((len(labels), 128), np.float32))
    return FitRequest(
        config=TrainConfig("face-transfer"),
        inputs_path=str(path),
        labels=tuple(labels),
        subsets=tuple(Subset.VALIDATION if held else Subset.TRAIN for held in validation),
        class_names=tuple(f"person {n}" for n in range(names)),
        run_dir=str(folder),
    )


def test_rows_are_split(tmp_path: Path) -> None:
    data = TrainingData.load(request_for(tmp_path, [0, 1, 0, 1], [False, False, True, False], 2))
    assert data.train.tolist() == [0, 1, 3]
    assert data.validation.tolist() == [2]
    assert isinstance(data.inputs, np.memmap)


@pytest.mark.parametrize(
    ("labels", "validation", "names", "message"),
    [
        ([0, 0], [False, True], 1, "fewer than two people"),
        ([0, 0, 1], [False, True, True], 2, "person 1"),
        ([0, 0], [False, True], 2, "person 1"),
        ([0, 1], [False, False], 2, "held back"),
    ],
)
def test_datasets_that_teach_nothing(
    tmp_path: Path, labels: list[int], validation: list[bool], names: int, message: str
) -> None:
    with pytest.raises(DatasetError, match=message) as caught:
        TrainingData.load(request_for(tmp_path, labels, validation, names))
    assert caught.value.remedy


def test_contradictions_are_bugs(tmp_path: Path) -> None:
    request = request_for(tmp_path, [0, 1, 0], [False, False, True], 2)
    for broken in (
        dataclasses.replace(request, labels=(0, 1)),
        dataclasses.replace(request, subsets=(Subset.TRAIN,)),
        dataclasses.replace(request, config=TrainConfig("classic")),
    ):
        with pytest.raises(ValueError, match="labels"):
            TrainingData.load(broken)


def test_pickles_are_not_inputs(tmp_path: Path) -> None:
    request = request_for(tmp_path, [0, 1, 0], [False, False, True], 2)
    np.save(request.inputs_path, np.array([{"a": 1}], object), allow_pickle=True)
    with pytest.raises(ValueError, match="Python objects"):
        TrainingData.load(request)


LABELS = np.array([0] * 30 + [1] * 6 + [2] * 3, np.int32)
ROWS = np.arange(len(LABELS))


def test_people_come_equally_often() -> None:
    sampler = BalancedSampler(LABELS, ROWS, seed=1)
    drawn = np.concatenate([sampler.batch(16) for _ in range(60)])
    assert Counter(LABELS[drawn].tolist()) == {0: 320, 1: 320, 2: 320}


def test_no_photo_is_left_out_and_none_is_favoured() -> None:
    sampler = BalancedSampler(LABELS, ROWS, seed=1)
    counts = Counter(sampler.batch(3 * 60).tolist())
    assert {counts[row] for row in range(30)} == {2}
    assert {counts[row] for row in range(30, 36)} == {10}
    assert {counts[row] for row in range(36, 39)} == {20}


def test_only_the_rows_given() -> None:
    sampler = BalancedSampler(LABELS, ROWS[::2], seed=1)
    assert set(sampler.batch(500).tolist()) == set(range(0, len(LABELS), 2))


@given(seed=st.integers(0, 2**31 - 1), size=st.integers(1, 50))
def test_the_seed_decides_the_order(seed: int, size: int) -> None:
    one, same = (BalancedSampler(LABELS, ROWS, seed) for _ in range(2))
    assert [one.batch(size).tolist() for _ in range(3)] == [
        same.batch(size).tolist() for _ in range(3)
    ]


def test_another_seed_is_another_order() -> None:
    first, second = (BalancedSampler(LABELS, ROWS, seed).batch(30).tolist() for seed in (1, 2))
    assert first != second


def test_crops_to_watch_come_from_everybody() -> None:
    labels = np.array([0, 0, 0, 0, 1, 2, 2], np.int32)
    rows = np.array([1, 2, 3, 4, 5, 6], np.intp)  # row 0 is one to learn from
    assert spread_over_people(labels, rows, 4).tolist() == [1, 2, 4, 5]
    assert spread_over_people(labels, rows, 48).tolist() == rows.tolist()


# Balance


def lopsided() -> TrainingData:
    return TrainingData(np.zeros((39, 1)), LABELS, ROWS, ROWS[:0], ROWS[:0])


def test_in_natural_order_each_photo_comes_once_a_pass() -> None:
    natural = NaturalSampler(ROWS, seed=2)
    drawn = np.concatenate([natural.batch(size) for size in (7, 39, 32, 39)])
    passes = drawn.reshape(3, 39)
    assert all(sorted(one) == ROWS.tolist() for one in passes.tolist())
    assert passes[0].tolist() != passes[1].tolist()
    assert drawn[:7].tolist() == NaturalSampler(ROWS, seed=2).batch(7).tolist()


def test_a_batch_may_be_larger_than_the_set() -> None:
    assert Counter(NaturalSampler(ROWS[:3], 0).batch(9).tolist()) == {0: 3, 1: 3, 2: 3}


@pytest.mark.parametrize(
    ("balance", "kind"),
    [
        (Balance.TURNS, BalancedSampler),
        (Balance.WEIGHTS, NaturalSampler),
        (Balance.NONE, NaturalSampler),
    ],
)
def test_the_order_is_what_is_done_for_people_with_few_photos(balance: Balance, kind: type) -> None:
    config = TrainConfig("classic", balance=balance)
    assert isinstance(sampler(lopsided(), config), kind)


def test_faces_of_people_with_few_count_for_more() -> None:
    found = class_weights(lopsided())
    np.testing.assert_allclose(found, [39 / 90, 39 / 18, 39 / 9], rtol=1e-6)
    assert found[LABELS].mean() == pytest.approx(1.0)
