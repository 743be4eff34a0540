"""The best weights on disk: replaced whole, read back with what they are worth."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from facegui.domain.errors import DatasetError
from facegui.training.checkpoint import (
    FILE_NAME,
    Best,
    has_best,
    is_better,
    load_best,
    save_best,
    save_frozen,
)

BEST = Best(step=80, epoch=10, loss=0.25, accuracy=0.9, seconds=3.5)


def test_round_trip_and_replacement(tmp_path: Path) -> None:
    assert not has_best(tmp_path)
    save_best(tmp_path, {"a/kernel": np.ones((2, 3), np.float32)}, BEST)
    save_best(tmp_path, {"a/kernel": np.full((2, 3), 2, np.float32)}, BEST)
    assert has_best(tmp_path)
    tensors, best = load_best(tmp_path)
    assert best == BEST
    np.testing.assert_array_equal(tensors["a/kernel"], np.full((2, 3), 2))
    assert [path.name for path in tmp_path.iterdir()] == [FILE_NAME]


@pytest.mark.parametrize("content", [None, b"", b"not tensors at all"])
def test_nothing_to_keep(tmp_path: Path, content: bytes | None) -> None:
    if content is not None:
        (tmp_path / FILE_NAME).write_bytes(content)
    with pytest.raises(DatasetError, match="before it had learned"):
        load_best(tmp_path)


def test_weights_that_do_not_learn_lie_beside_the_best(tmp_path: Path) -> None:
    learned, frozen = np.array([1, 2], np.float32), np.array([[3], [4]], np.float32)
    save_frozen(tmp_path, {"backbone/kernel": frozen, "head/kernel": np.zeros(2, np.float32)})
    save_best(tmp_path, {"head/kernel": learned}, BEST)
    tensors, best = load_best(tmp_path)
    assert best == BEST
    np.testing.assert_array_equal(tensors["backbone/kernel"], frozen)
    np.testing.assert_array_equal(tensors["head/kernel"], learned)  # what was learned counts


def test_frozen_weights_alone_are_nothing_to_keep(tmp_path: Path) -> None:
    save_frozen(tmp_path, {"backbone/kernel": np.zeros(3, np.float32)})
    assert not has_best(tmp_path)
    with pytest.raises(DatasetError):
        load_best(tmp_path)


def reached(loss: float, accuracy: float) -> Best:
    return Best(step=8, epoch=1, loss=loss, accuracy=accuracy, seconds=1.0)


def test_the_lower_loss_is_better() -> None:
    best = reached(0.5, 0.9)
    assert is_better(best, None, annealed=False)
    assert is_better(reached(0.4, 0.8), best, annealed=False)
    assert not is_better(reached(0.5, 1.0), best, annealed=False)


def test_the_end_of_a_rate_that_went_to_zero_is_better_unless_fewer_are_right() -> None:
    best = reached(0.5, 0.9)
    assert is_better(reached(0.6, 0.9), best, annealed=True)
    assert not is_better(reached(0.6, 0.8), best, annealed=True)
