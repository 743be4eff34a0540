"""People whom the model does not know keep their numbers."""

from __future__ import annotations

import numpy as np
import pytest

from facegui.domain.entities import Embedding
from facegui.services.recognising import strangers
from facegui.services.recognising.strangers import SAME_COSINE, StrangerBook
from tests.fakes.proposals import unit_vector

ANN, BOB, CARL = (unit_vector(number) for number in (1, 2, 3))


def like(vector: Embedding, cosine: float) -> Embedding:
    """A unit vector with this cosine to *vector*."""
    other = unit_vector(99)
    other = other - (other @ vector) * vector
    other = other / np.linalg.norm(other)
    return np.asarray(cosine * vector + np.sqrt(1 - cosine**2) * other, np.float32)


def test_numbers_count_from_one_and_come_back() -> None:
    book = StrangerBook()
    assert [book.number(who, 0.0) for who in (ANN, BOB, ANN, CARL, BOB)] == [1, 2, 1, 3, 2]


def test_likeness_decides() -> None:
    book = StrangerBook()
    book.number(ANN, 0.0)
    assert book.number(like(ANN, SAME_COSINE + 0.05), 0.0) == 1
    assert book.number(like(ANN, SAME_COSINE - 0.2), 0.0) == 2


def test_nobody_is_in_a_picture_twice() -> None:
    book = StrangerBook()
    book.number(ANN, 0.0)
    assert book.number(ANN, 0.0, taken=[1]) == 2


def test_somebody_who_changes_slowly_stays_the_same() -> None:
    book = StrangerBook()
    book.number(ANN, 0.0)
    changed = like(ANN, 0.6)
    for moment in range(20):
        book.see(1, changed, float(moment))
    assert book.number(like(changed, 0.7), 21.0) == 1


def test_who_was_not_seen_for_longest_is_forgotten_and_no_number_is_given_twice(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(strangers, "MOST", 2)
    book = StrangerBook()
    assert [book.number(ANN, 1.0), book.number(BOB, 2.0)] == [1, 2]
    book.see(1, ANN, 3.0)
    assert book.number(CARL, 4.0) == 3
    book.see(2, BOB, 5.0)  # still in the picture; nobody knows that number any more
    assert book.number(ANN, 5.0) == 1
    assert book.number(BOB, 6.0) == 4
