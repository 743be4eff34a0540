"""How sure it is that a face is a person's: one score for each, which a threshold is set for.

``cosine``: between the face's features and the person's prototype, the unit mean of the features of
their faces (Snell et al., *Prototypical Networks*, NeurIPS 2017). For features that were learned
from millions of people, such as SFace's, nothing that we measured beats it.

``cosine-times-probability``: that cosine, no less than zero, times the softmax probability. The
features of a network that has learned from a few hundred photos lie close together whoever it
is, but its softmax knows when it hesitates (Hendrycks and Gimpel, ICLR 2017). Of the scores that
``benchmarks/strangers.py`` was used to choose from (either factor, nearest faces, margin, entropy,
whitened cosine) the product named most known faces at 1 % of strangers.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from facegui.domain.training import Scoring

Floats = NDArray[np.float32]


def scores(scoring: Scoring, features: Floats, probabilities: Floats, prototypes: Floats) -> Floats:
    """The score (n, people) of each face for each person, -1 to 1.

    Args:
        scoring: which score.
        features: unit vectors (n, d).
        probabilities: softmax (n, people).
        prototypes: unit vectors (people, d).
    """
    return combined(scoring, features @ prototypes.T, probabilities)


def combined(scoring: Scoring, cosines: Floats, probabilities: Floats) -> Floats:
    """The scores of faces whose *cosines* to each person are known, of the same shape."""
    if scoring is Scoring.COSINE:
        return cosines
    product: Floats = np.maximum(cosines, 0) * probabilities
    return product
