"""Accuracies and their intervals."""

from __future__ import annotations

import pytest

from facegui.services.judging.score import Score


@pytest.mark.parametrize(
    ("right", "count", "low", "high"),
    [  # tabled values of the score interval
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (20, 20, 0.8389, 1.0),
    ],
)
def test_the_interval(right: int, count: int, low: float, high: float) -> None:
    assert Score(right, count).interval == pytest.approx((low, high), abs=1e-4)


def test_an_accuracy_in_words() -> None:
    assert Score(109, 118).words == "92 % (86–96 %), 118 faces"
    assert Score(1, 1).words == "100 % (21–100 %), 1 face"
    assert Score(0, 0).interval == (0.0, 1.0)
