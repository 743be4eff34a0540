"""Thresholds: friends pass, strangers do not, and a few bad photos do not move the line."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from facegui.domain.dataset import Subset
from facegui.domain.training import Calibration, Scoring, Thresholds
from facegui.network.registry import network
from facegui.network.spec import NetworkSpec
from facegui.training.calibrate import (
    Crowds,
    Learned,
    Outputs,
    calibrate,
    crowds,
    judged,
    prototypes,
)

SIZE = 64
SHARPNESS = 12.0
TRANSFER, SCRATCH = network("face-transfer"), network("modern")
Vectors = NDArray[np.float32]
Labels = NDArray[np.int32]
Crowd = tuple[Vectors, Labels]


def unit(vectors: NDArray[np.float64]) -> Vectors:
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


def crowd(people: int, each: int, spread: float, seed: int = 0) -> Crowd:
    """*each* unit vectors around a random direction for each of *people*."""
    random = np.random.default_rng(seed)
    centres = unit(random.normal(size=(people, SIZE)))
    labels = np.repeat(np.arange(people, dtype=np.int32), each)
    noise = random.normal(size=(len(labels), SIZE)) * spread / np.sqrt(SIZE)
    return unit(centres[labels] + noise), labels


def strangers(count: int, seed: int = 99) -> Vectors:
    return unit(np.random.default_rng(seed).normal(size=(count, SIZE)))


def said(features: Vectors, centres: Vectors) -> Outputs:
    """What a network whose head is the prototypes says of *features*."""
    scores = np.exp(SHARPNESS * features @ centres.T)
    return Outputs(features, (scores / scores.sum(axis=1, keepdims=True)).astype(np.float32))


def sides(count: int, step: int = 3) -> tuple[Subset, ...]:
    """Every *step*-th face is for validation."""
    return tuple(Subset.TRAIN if n % step else Subset.VALIDATION for n in range(count))


def learned(features: Vectors, labels: Labels, people: int) -> tuple[Learned, Vectors]:
    split = sides(len(labels))
    taught = np.array([side is Subset.TRAIN for side in split])
    centres = prototypes(features[taught], labels[taught], people)
    return Learned(said(features, centres), labels, split), centres


def found(features: Vectors, labels: Labels, people: int, spec: NetworkSpec) -> Calibration:
    made, centres = learned(features, labels, people)
    return calibrate(crowds(made, centres, None, spec), names(people), spec)


def names(people: int) -> list[str]:
    return [f"Person {n}" for n in range(people)]


def scores_of(known: list[float], impostors: list[float], others: list[float]) -> Crowds:
    """Scores of one person's faces, all of them recognised."""
    return Crowds(
        known=np.array(known, np.float32),
        owners=np.zeros(len(known), np.int32),
        right=np.ones(len(known), np.bool_),
        impostors=np.array(impostors, np.float32),
        impostor_candidates=np.ones(len(impostors), np.int32),
        strangers=np.array(others, np.float32),
        stranger_candidates=np.ones(len(others), np.int32),
        scoring=Scoring.COSINE,
    )


def test_prototypes_are_unit_means() -> None:
    features = np.array([[1, 0], [0, 1], [0, -1]], np.float32)
    centres = prototypes(features, np.array([0, 0, 1], np.int32), 2)
    np.testing.assert_allclose(centres, [[0.5**0.5, 0.5**0.5], [0, -1]], atol=1e-6)


@pytest.mark.parametrize(("people", "each"), [(6, 40), (40, 10)])
@pytest.mark.parametrize("spec", [TRANSFER, SCRATCH], ids=lambda spec: spec.name)
def test_friends_pass_and_strangers_do_not(people: int, each: int, spec: NetworkSpec) -> None:
    features, labels = crowd(people, each * 2, 0.9)
    known, later = np.arange(len(labels)) % 2 == 0, np.arange(len(labels)) % 2 == 1
    made, centres = learned(features[known], labels[known], people)
    calibration = calibrate(crowds(made, centres, None, spec), names(people), spec)
    lines = calibration.thresholds
    friends = Learned(said(features[later], centres), labels[later], (Subset.TEST,) * later.sum())
    foreign = said(strangers(2000), centres)
    judgement = judged(
        crowds(friends, centres, foreign, spec, (Subset.TEST,)), names(people), lines
    )
    assert judgement.known_lost <= 0.06 * judgement.known
    assert judgement.strangers_named <= 0.01 * judgement.strangers


def test_frozen_features_let_training_faces_speak_without_vouching_for_themselves() -> None:
    features, labels = crowd(20, 3, 1.0)
    made, centres = learned(features, labels, 20)
    every = crowds(made, centres, None, TRANSFER)
    validated = crowds(made, centres, None, SCRATCH)
    assert len(every.known) == len(labels)
    assert len(validated.known) == len(made.on(Subset.VALIDATION))
    alone = features @ centres.T
    taught = made.on(Subset.TRAIN)
    flattered = alone[taught, labels[taught]].mean()
    assert every.known.mean() < flattered - 0.05


def test_a_face_that_is_all_of_its_prototype_does_not_count() -> None:
    features, labels = crowd(2, 2, 0.5)
    split = (Subset.TRAIN, Subset.TRAIN, Subset.TRAIN, Subset.VALIDATION)
    taught = np.array([True, True, True, False])
    centres = prototypes(features[taught], labels[taught], 2)
    made = Learned(said(features, centres), labels, split)
    assert len(crowds(made, centres, None, TRANSFER).known) == 3


def test_an_impostor_is_held_against_everybody_but_its_own_person() -> None:
    features = np.eye(3, SIZE, dtype=np.float32)
    labels = np.arange(3, dtype=np.int32)
    outputs = said(features, features)
    outputs.probabilities[:] = [[0.8, 0.15, 0.05], [0.3, 0.6, 0.1], [0.0, 0.2, 0.8]]
    made = Learned(outputs, labels, (Subset.VALIDATION,) * 3)
    seen = crowds(made, features, None, SCRATCH)
    np.testing.assert_array_equal(seen.impostor_candidates, [1, 0, 1])
    assert seen.right.all()


def test_mislabelled_photos_do_not_set_the_line() -> None:
    features, labels = crowd(5, 30, 0.8)
    wrong = labels.copy()
    wrong[::20] = (wrong[::20] + 1) % 5
    clean = found(features, labels, 5, TRANSFER).thresholds.overall
    noisy = found(features, wrong, 5, TRANSFER).thresholds.overall
    assert noisy == pytest.approx(clean, abs=0.05)


def test_between_the_crowds_a_little_nearer_to_strangers() -> None:
    spec = replace(TRANSFER, stranger_similarity=-1.0)
    seen = scores_of([0.8] * 50, [0.2] * 50, [])
    assert calibrate(seen, names(2), spec).thresholds.overall == pytest.approx(0.44)


def test_features_learned_from_these_people_tell_too_little_of_strangers() -> None:
    seen = scores_of([0.8] * 50, [0.2] * 50, [])
    assert calibrate(seen, names(2), SCRATCH).thresholds.overall == pytest.approx(0.8)


def test_strangers_raise_the_line() -> None:
    spec = replace(TRANSFER, stranger_similarity=-1.0)
    seen = scores_of([0.8] * 50, [0.2] * 50, [0.4] * 50)
    calibration = calibrate(seen, names(2), spec)
    assert calibration.thresholds.overall == pytest.approx(0.56)
    assert (calibration.strangers, calibration.strangers_named) == (50, 0)


def test_where_the_crowds_overlap_half_of_the_known_faces_stay() -> None:
    seen = scores_of(list(np.linspace(0.3, 0.9, 61)), [0.1] * 61, [0.7, 0.8, 0.9, 0.95])
    calibration = calibrate(seen, names(2), SCRATCH)
    assert calibration.thresholds.overall == pytest.approx(0.6)
    assert calibration.known_lost == 30
    assert calibration.strangers_named == 4


def test_a_few_hopeless_faces_do_not_draw_the_line_down_to_strangers() -> None:
    spec = replace(TRANSFER, stranger_similarity=0.3)
    seen = scores_of([0.1] * 5 + [0.8] * 45, [0.2] * 50, [])
    calibration = calibrate(seen, names(2), spec)
    assert calibration.thresholds.overall == pytest.approx(0.5)
    assert calibration.known_lost == 5


def test_the_floor_holds() -> None:
    features, labels = crowd(3, 10, 3.0)
    spec = replace(TRANSFER, stranger_similarity=0.9)
    assert found(features, labels, 3, spec).thresholds.overall == pytest.approx(0.9)


def test_when_nobody_is_recognised_nobody_is_named() -> None:
    seen = scores_of([0.9], [0.1], [])
    nobody = replace(seen, right=np.zeros(1, np.bool_))
    assert calibrate(nobody, names(2), TRANSFER).thresholds.overall == 1.0


def test_own_thresholds_are_counted_with() -> None:
    seen = scores_of([0.5, 0.7], [0.5], [0.5, 0.65])
    lines = Thresholds(0.4, {"Person 0": 0.6, "Person 1": 0.6}, Scoring.COSINE)
    told = judged(seen, names(2), lines)
    assert (told.known, told.known_lost) == (2, 1)
    assert (told.impostors, told.impostors_named) == (1, 0)
    assert (told.strangers, told.strangers_named) == (2, 1)
