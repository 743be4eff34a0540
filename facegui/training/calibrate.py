"""Prototypes and thresholds: when is a face near enough to a person to be named?

A face's *genuine* score is the cosine of its features to its own person's prototype, its
*impostor* score the best cosine to anybody else's, which is what a stranger would get. The
threshold lies halfway between the two crowds, but never where more than 3 % of the genuine ones
would fall below it. Numpy only.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from facegui.domain.training import Thresholds

Features = NDArray[np.float32]
Labels = NDArray[np.int32]

GENUINE_LOST = 0.03
IMPOSTORS_NAMED = 0.01


def prototypes(features: Features, labels: Labels, people: int) -> Features:
    """The unit mean (people, d) of each person's unit *features* (n, d)."""
    sums = np.zeros((people, features.shape[1]), np.float32)
    np.add.at(sums, labels, features)
    norms = np.linalg.norm(sums, axis=1, keepdims=True)
    centres: Features = sums / np.maximum(norms, np.finfo(np.float32).tiny)
    return centres


def calibrate(
    features: Features,
    labels: Labels,
    held_out: NDArray[np.bool_],
    people: int,
    *,
    frozen: bool,
    floor: float,
) -> tuple[Features, Thresholds]:
    """Prototypes from the training items, and the threshold that goes with them.

    One threshold for all: people's own, from up to 33 photos each, let in twice as many strangers
    and lost as many friends, because their quantiles are mostly noise.

    Args:
        features: unit vectors (n, d) of all items.
        labels: (n,).
        held_out: (n,), true for validation items.
        people: how many.
        frozen: training did not change the features, so training items give honest scores too
            (each against its person's prototype without itself), which matters with few photos.
        floor: similarity that strangers are known to reach; the threshold is not below it.
    """
    centres = prototypes(features[~held_out], labels[~held_out], people)
    scores = features @ centres.T
    genuine = scores[np.arange(len(labels)), labels]
    scores[np.arange(len(labels)), labels] = -1.0
    impostor = scores.max(axis=1)
    if frozen:
        genuine[~held_out] = _without_self(features[~held_out], labels[~held_out], people)
    else:
        genuine, impostor = genuine[held_out], impostor[held_out]
    # An item nearer to somebody else is mislabelled or hopeless; it must not set the line.
    right = genuine > impostor
    return centres, Thresholds(_line(genuine[right], impostor[right], floor))


def _without_self(features: Features, labels: Labels, people: int) -> Features:
    """The cosine (n,) of each item to its person's prototype made without it; none is NaN."""
    sums = np.zeros((people, features.shape[1]), np.float32)
    np.add.at(sums, labels, features)
    rest = sums[labels] - features
    norms = np.linalg.norm(rest, axis=1)
    alone = np.bincount(labels, minlength=people)[labels] == 1
    cosines = (rest * features).sum(axis=1) / np.maximum(norms, np.finfo(np.float32).tiny)
    return np.where(alone, np.float32(np.nan), cosines)


def _line(genuine: Features, impostor: Features, floor: float) -> float:
    """Halfway between the upper end of *impostor* and the lower end of *genuine*."""
    if not len(genuine):  # nobody was recognised: name nobody
        return 1.0
    lowest = float(np.quantile(genuine, GENUINE_LOST, method="lower"))
    highest = float(np.quantile(impostor, 1 - IMPOSTORS_NAMED))
    return float(np.clip(min((lowest + highest) / 2, lowest), floor, 1.0))
