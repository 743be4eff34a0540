"""Snapshots: all of a training there and back, whole or not at all, and not too often."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from facegui.domain.errors import DatasetError
from facegui.domain.training import CurvePoint
from facegui.training import snapshot
from facegui.training.checkpoint import Best
from facegui.training.data import BalancedSampler, NaturalSampler
from facegui.training.snapshot import (
    FILE_NAME,
    SnapshotFile,
    Standing,
    load_snapshot,
    read_standing,
)

LABELS = np.array([0] * 7 + [1] * 3, np.int32)
ROWS = np.arange(10)
BEST = Best(step=8, epoch=1, loss=0.5, accuracy=0.75, seconds=1.5)
CURVE = (
    CurvePoint(1, 1, 1.75, 0.25, None, None, 0.125, 0.01),
    CurvePoint(2, 1, 1 / 3, 0.5, 1.625, 0.75, 0.25, 0.005),
)
VARIABLES = {
    "model/0": np.arange(6, dtype=np.float32).reshape(2, 3),
    "model/1": np.array([1, 2], np.int64),
    "optimizer/0": np.array(7, np.int32),
}


def standing(**changes: object) -> Standing:
    order = BalancedSampler(LABELS, ROWS, 1).state()
    plain = {
        "step": 16,
        "epoch": 2,
        "seconds": 2.25,
        "best": BEST,
        "rate_scale": 0.1,
        "rate_lowered_at": 2,
        "order": order,
    }
    return Standing(**{**plain, **changes})


def written(folder: Path, **changes: object) -> Standing:
    found = standing(**changes)
    SnapshotFile(folder).save(found, VARIABLES, CURVE)
    return found


@pytest.mark.parametrize("best", [BEST, None])
def test_there_and_back(tmp_path: Path, best: Best | None) -> None:
    told = written(tmp_path, best=best)
    found = load_snapshot(tmp_path)
    assert found.standing == told == read_standing(tmp_path)
    assert found.curve == CURVE
    assert found.variables.keys() == VARIABLES.keys()
    for name, array in VARIABLES.items():
        assert found.variables[name].dtype == array.dtype
        np.testing.assert_array_equal(found.variables[name], array)


def test_the_last_one_counts(tmp_path: Path) -> None:
    written(tmp_path)
    written(tmp_path, step=24)
    assert load_snapshot(tmp_path).standing.step == 24
    assert [path.name for path in tmp_path.iterdir()] == [FILE_NAME]


def test_a_snapshot_before_the_first_batch(tmp_path: Path) -> None:
    SnapshotFile(tmp_path).save(standing(step=0), VARIABLES, ())
    assert load_snapshot(tmp_path).curve == ()


def test_numbers_that_are_none_do_not_replace_good_ones(tmp_path: Path) -> None:
    written(tmp_path)
    broken = {**VARIABLES, "model/0": np.array([1.0, np.nan], np.float32)}
    SnapshotFile(tmp_path).save(standing(step=24), broken, CURVE)
    assert load_snapshot(tmp_path).standing.step == 16


@pytest.mark.parametrize("content", [None, b"", b"{}", b"\x08\0\0\0\0\0\0\0{}      "])
def test_nothing_to_go_on_from(tmp_path: Path, content: bytes | None) -> None:
    if content is not None:
        (tmp_path / FILE_NAME).write_bytes(content)
    assert read_standing(tmp_path) is None
    with pytest.raises(DatasetError, match="cannot be read") as caught:
        load_snapshot(tmp_path)
    assert caught.value.remedy


def test_the_first_comes_at_once_and_the_next_after_a_while(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [100.0]
    monkeypatch.setattr(snapshot.time, "monotonic", lambda: now[0])
    file = SnapshotFile(tmp_path)
    assert file.due
    file.save(standing(), VARIABLES, CURVE)
    now[0] += snapshot.INTERVAL_S - 0.1
    assert not file.due
    now[0] += 0.2
    assert file.due


def test_a_large_network_is_written_less_often(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [0.0]

    def slowly(*_: object, **__: object) -> None:
        now[0] += 2.0

    monkeypatch.setattr(snapshot.time, "monotonic", lambda: now[0])
    monkeypatch.setattr(snapshot, "write_atomic", slowly)
    file = SnapshotFile(tmp_path)
    file.save(standing(), VARIABLES, CURVE)
    now[0] += 90.0
    assert not file.due
    now[0] += 10.0
    assert file.due


@pytest.mark.parametrize("batches", [0, 1, 5])
@pytest.mark.parametrize("kind", ["balanced", "natural"])
def test_the_order_goes_on_where_it_was(tmp_path: Path, kind: str, batches: int) -> None:
    def made(seed: int) -> BalancedSampler | NaturalSampler:
        if kind == "balanced":
            return BalancedSampler(LABELS, ROWS, seed)
        return NaturalSampler(ROWS, seed)

    first = made(3)
    for _ in range(batches):
        first.batch(4)
    written(tmp_path, order=first.state())
    second = made(99)
    second.restore(load_snapshot(tmp_path).standing.order)
    assert [first.batch(4).tolist() for _ in range(9)] == [
        second.batch(4).tolist() for _ in range(9)
    ]
