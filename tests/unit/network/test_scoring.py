"""One score for each face and person."""

from __future__ import annotations

import numpy as np
import pytest

from facegui.domain.training import Scoring
from facegui.network.registry import network, network_names
from facegui.network.scoring import scores

PROTOTYPES = np.array([[1, 0], [0, 1]], np.float32)
FEATURES = np.array([[0.6, 0.8], [-0.6, 0.8]], np.float32)
PROBABILITIES = np.array([[0.25, 0.75], [0.5, 0.5]], np.float32)


@pytest.mark.parametrize(
    ("scoring", "expected"),
    [
        (Scoring.COSINE, [[0.6, 0.8], [-0.6, 0.8]]),
        (Scoring.PRODUCT, [[0.15, 0.6], [0.0, 0.4]]),
    ],
)
def test_scores(scoring: Scoring, expected: list[list[float]]) -> None:
    found = scores(scoring, FEATURES, PROBABILITIES, PROTOTYPES)
    np.testing.assert_allclose(found, expected, atol=1e-6)


def test_only_features_learned_elsewhere_are_scored_by_themselves() -> None:
    by_cosine = [name for name in network_names() if network(name).scoring is Scoring.COSINE]
    assert by_cosine == ["face-transfer"]
