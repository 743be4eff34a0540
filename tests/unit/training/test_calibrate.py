"""Thresholds: friends pass, strangers do not, and a few bad photos do not move the line."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from facegui.training.calibrate import calibrate, prototypes

SIZE = 64
Crowd = tuple[NDArray[np.float32], NDArray[np.int32]]


def unit(vectors: NDArray[np.float64]) -> NDArray[np.float32]:
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


def crowd(people: int, each: int, spread: float, seed: int = 0) -> Crowd:
    """*each* unit vectors around a random direction for each of *people*."""
    random = np.random.default_rng(seed)
    centres = unit(random.normal(size=(people, SIZE)))
    labels = np.repeat(np.arange(people, dtype=np.int32), each)
    noise = random.normal(size=(len(labels), SIZE)) * spread / np.sqrt(SIZE)
    return unit(centres[labels] + noise), labels


def strangers(count: int, seed: int = 99) -> NDArray[np.float32]:
    return unit(np.random.default_rng(seed).normal(size=(count, SIZE)))


def every(step: int, labels: NDArray[np.int32]) -> NDArray[np.bool_]:
    return np.arange(len(labels)) % step == 0


def test_prototypes_are_unit_means() -> None:
    features = np.array([[1, 0], [0, 1], [0, -1]], np.float32)
    centres = prototypes(features, np.array([0, 0, 1], np.int32), 2)
    np.testing.assert_allclose(centres, [[0.5**0.5, 0.5**0.5], [0, -1]], atol=1e-6)


def test_prototypes_come_from_training_items_only() -> None:
    features, labels = crowd(4, 10, 0.8)
    held_out = every(3, labels)
    centres, _ = calibrate(features, labels, held_out, 4, frozen=True, floor=0.0)
    np.testing.assert_array_equal(centres, prototypes(features[~held_out], labels[~held_out], 4))


@pytest.mark.parametrize("frozen", [True, False])
@pytest.mark.parametrize(
    ("people", "each", "named"),
    [(2, 6, 0.05), (6, 40, 0.01), (40, 10, 0.01)],  # two people tell little about strangers
)
def test_friends_pass_and_strangers_do_not(
    people: int, each: int, named: float, frozen: bool
) -> None:
    features, labels = crowd(people, each * 2, 0.9)
    known, later = np.arange(len(labels)) % 2 == 0, np.arange(len(labels)) % 2 == 1
    held_out = every(3, labels[known])
    centres, thresholds = calibrate(
        features[known], labels[known], held_out, people, frozen=frozen, floor=0.0
    )
    genuine = (features[later] * centres[labels[later]]).sum(axis=1)
    assert (genuine >= thresholds.overall).mean() >= 0.97
    assert ((strangers(2000) @ centres.T).max(axis=1) >= thresholds.overall).mean() <= named


def test_no_more_than_three_percent_of_friends_are_lost_where_crowds_overlap() -> None:
    features, labels = crowd(6, 60, 3.0)
    held_out = every(2, labels)
    centres, thresholds = calibrate(features, labels, held_out, 6, frozen=False, floor=-1.0)
    scores = features[held_out] @ centres.T
    right = scores.argmax(axis=1) == labels[held_out]
    genuine = scores.max(axis=1)[right]
    assert (genuine >= thresholds.overall).mean() >= 0.97


def test_the_floor_holds() -> None:
    features, labels = crowd(3, 10, 3.0)
    _, thresholds = calibrate(features, labels, every(3, labels), 3, frozen=True, floor=0.9)
    assert thresholds.overall == pytest.approx(0.9)


def test_mislabelled_photos_do_not_set_the_line() -> None:
    features, labels = crowd(5, 30, 0.8)
    held_out = every(3, labels)
    _, clean = calibrate(features, labels, held_out, 5, frozen=True, floor=0.0)
    wrong = labels.copy()
    wrong[::20] = (wrong[::20] + 1) % 5
    _, noisy = calibrate(features, wrong, held_out, 5, frozen=True, floor=0.0)
    assert noisy.overall == pytest.approx(clean.overall, abs=0.05)


def test_training_items_do_not_vouch_for_themselves() -> None:
    """With two photos each, an item is half of its own prototype; that half must not count."""
    features, labels = crowd(20, 3, 1.0)
    held_out = every(3, labels)
    _, honest = calibrate(features, labels, held_out, 20, frozen=True, floor=0.0)
    _, validated = calibrate(features, labels, held_out, 20, frozen=False, floor=0.0)
    assert honest.overall <= validated.overall + 0.05


def test_one_photo_each_and_one_held_back() -> None:
    features, labels = crowd(2, 2, 0.5)
    held_out = np.array([False, False, False, True])
    centres, thresholds = calibrate(features, labels, held_out, 2, frozen=True, floor=0.363)
    assert centres.shape == (2, SIZE)
    assert 0.363 <= thresholds.overall < 1.0


def test_when_nobody_is_recognised_nobody_is_named() -> None:
    features = np.eye(4, SIZE, dtype=np.float32)
    labels = np.array([0, 1, 0, 1], np.int32)
    swapped = features.copy()
    swapped[2], swapped[3] = features[1], features[0]
    held_out = np.array([False, False, True, True])
    _, thresholds = calibrate(swapped, labels, held_out, 2, frozen=False, floor=0.0)
    assert thresholds.overall == 1.0
