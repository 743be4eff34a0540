"""Prototypes and thresholds: when is a face's score for a person high enough to name it?

Three crowds of scores decide. *Known* faces held against their own person are not to be lost. The
same faces held against everybody else, as *impostors*, tell what a stranger would get of a network
that does not know them: each person in turn is left out. *Strangers*, where the owner has some, get
just that. Numpy only.

The lower bound of the threshold is what at most one stranger in a hundred should reach. Impostors
are few and the highest of them is chance, so that a normal distribution of their scores tells where
its tail ends (as z-norm assumes for speakers; Auckenthaler et al., Digital Signal Processing 10,
2000). Where the crowds overlap, strangers come first, but not so far that most known faces were
lost: the bound is at most the median of the known. The upper bound is what 97 of 100 of those known
faces reach that reach the lower one; a few hopeless ones do not draw the line down to strangers.

- Features that were learned elsewhere: the threshold lies two fifths of the way up from the lower
  to the upper bound; halfway cost half a percent of the known faces of ``messy``, for nothing.
- Features that were learned from these very people keep them apart better than strangers, so that
  impostors tell too little: the threshold is the upper bound.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from facegui.domain.dataset import Subset
from facegui.domain.training import Calibration, Scoring, Thresholds
from facegui.network.scoring import combined, scores
from facegui.network.spec import NetworkSpec

Features = NDArray[np.float32]
Labels = NDArray[np.int32]
Rows = NDArray[np.intp]

KNOWN_LOST = 0.03
STRANGERS_NAMED = 0.01
BETWEEN = 0.4
"""Where between the lower and the upper bound the threshold lies, 0 to 1."""


@dataclass(frozen=True, slots=True, eq=False)
class Outputs:
    """What a network says of n faces.

    Attributes:
        features: unit vectors (n, d).
        probabilities: softmax (n, people).
    """

    features: Features
    probabilities: Features


@dataclass(frozen=True, slots=True, eq=False)
class Learned:
    """What the network of a run says of the n faces of its data set.

    Attributes:
        labels: (n,), whose they are.
        sides: of the split, n of them.
    """

    outputs: Outputs
    labels: Labels
    sides: Sequence[Subset]

    def on(self, *sides: Subset) -> Rows:
        """The faces on any of *sides*, ascending."""
        return np.flatnonzero([side in sides for side in self.sides])


@dataclass(frozen=True, slots=True, eq=False)
class Crowds:
    """Scores to set a threshold by; a candidate is the label of the likeliest person.

    Attributes:
        known: (n,) scores of known faces for their own person.
        owners: (n,) their labels.
        right: bool (n,), whether that person is the likeliest.
        impostors: (m,) scores for the likeliest other person, of those that are right: a face
            with a wrong name would be held against its own person.
        impostor_candidates: (m,) who that is.
        strangers: (k,) scores of strangers for the likeliest person.
        stranger_candidates: (k,) who that is.
        scoring: which scores these are.
    """

    known: Features
    owners: Labels
    right: NDArray[np.bool_]
    impostors: Features
    impostor_candidates: Labels
    strangers: Features
    stranger_candidates: Labels
    scoring: Scoring

    def of(self, label: int) -> Crowds:
        """The faces that one person's threshold decides about."""
        own, impostors = self.owners == label, self.impostor_candidates == label
        strangers = self.stranger_candidates == label
        return Crowds(
            known=self.known[own],
            owners=self.owners[own],
            right=self.right[own],
            impostors=self.impostors[impostors],
            impostor_candidates=self.impostor_candidates[impostors],
            strangers=self.strangers[strangers],
            stranger_candidates=self.stranger_candidates[strangers],
            scoring=self.scoring,
        )


def prototypes(features: Features, labels: Labels, people: int) -> Features:
    """The unit mean (people, d) of each person's unit *features* (n, d)."""
    sums = np.zeros((people, features.shape[1]), np.float32)
    np.add.at(sums, labels, features)
    norms = np.linalg.norm(sums, axis=1, keepdims=True)
    centres: Features = sums / np.maximum(norms, np.finfo(np.float32).tiny)
    return centres


def crowds(
    learned: Learned,
    centres: Features,
    strangers: Outputs | None,
    spec: NetworkSpec,
    sides: Sequence[Subset] = (Subset.VALIDATION,),
    scoring: Scoring | None = None,
) -> Crowds:
    """The scores that a threshold is set by.

    Where training did not change the features, the faces that it learned from give honest scores
    too, each against its person's prototype without itself; that matters with few photos.

    Args:
        learned: faces of known people.
        centres: prototypes (people, d) of those it learned from.
        strangers: what the network says of people that it does not know.
        spec: of the network.
        sides: of faces that taught it nothing, to be used.
        scoring: in place of the network's own.
    """
    scoring = scoring or spec.scoring
    outputs, labels, taught = learned.outputs, learned.labels, learned.on(Subset.TRAIN)
    cosines = outputs.features @ centres.T
    rows = learned.on(*sides)
    if spec.frozen_features:
        own = _without_self(outputs.features[taught], labels[taught], len(centres))
        cosines[taught, labels[taught]] = own
        rows = np.union1d(rows, taught[np.isfinite(own)])
    table = combined(scoring, cosines, outputs.probabilities)
    right = outputs.probabilities[rows].argmax(axis=1) == labels[rows]
    others, candidates = _without_owner(outputs, cosines, labels, rows, scoring)
    found, likeliest = _likeliest(strangers, centres, scoring)
    return Crowds(
        known=table[rows, labels[rows]],
        owners=labels[rows],
        right=right,
        impostors=others[right],
        impostor_candidates=candidates[right],
        strangers=found,
        stranger_candidates=likeliest,
        scoring=scoring,
    )


def calibrate(found: Crowds, names: Sequence[str], spec: NetworkSpec) -> Calibration:
    """The threshold that *found* leads to, and how it does on them.

    One threshold for all: people's own, from up to 33 photos each, let in twice as many strangers
    and lost as many friends, because their quantiles are mostly noise.

    Args:
        found: the scores.
        names: people's, in label order.
        spec: of the network.
    """
    return judged(found, names, Thresholds(_line(found, spec), scoring=found.scoring))


def judged(found: Crowds, names: Sequence[str], thresholds: Thresholds) -> Calibration:
    """How *thresholds* do on the scores *found*."""
    needed = np.array([thresholds.of(name) for name in names], np.float32)
    named = found.right & (found.known >= needed[found.owners])
    impostors = found.impostors >= needed[found.impostor_candidates]
    strangers = found.strangers >= needed[found.stranger_candidates]
    return Calibration(
        thresholds=thresholds,
        known=len(named),
        known_lost=int(np.count_nonzero(~named)),
        impostors=len(impostors),
        impostors_named=int(np.count_nonzero(impostors)),
        strangers=len(strangers),
        strangers_named=int(np.count_nonzero(strangers)),
    )


def _without_self(features: Features, labels: Labels, people: int) -> Features:
    """The cosine (n,) of each item to its person's prototype made without it; none is NaN."""
    sums = np.zeros((people, features.shape[1]), np.float32)
    np.add.at(sums, labels, features)
    rest = sums[labels] - features
    norms = np.linalg.norm(rest, axis=1)
    alone = np.bincount(labels, minlength=people)[labels] == 1
    cosines = (rest * features).sum(axis=1) / np.maximum(norms, np.finfo(np.float32).tiny)
    return np.where(alone, np.float32(np.nan), cosines)


def _without_owner(
    outputs: Outputs, cosines: Features, labels: Labels, rows: Rows, scoring: Scoring
) -> tuple[Features, Labels]:
    """What *rows* would score, and for whom, if their own person were not known."""
    each, own = np.arange(len(rows)), labels[rows]
    probabilities = outputs.probabilities[rows]
    probabilities[each, own] = 0
    rest = probabilities.sum(axis=1, keepdims=True)
    probabilities /= np.maximum(rest, np.finfo(np.float32).tiny)
    probabilities[each, own] = -1  # so that it is never the likeliest
    candidates = probabilities.argmax(axis=1).astype(np.int32)
    table = combined(scoring, cosines[rows], probabilities)
    return table[each, candidates], candidates


def _likeliest(
    outputs: Outputs | None, centres: Features, scoring: Scoring
) -> tuple[Features, Labels]:
    """The score of each face for its likeliest person, and who that is."""
    if outputs is None:
        return np.zeros(0, np.float32), np.zeros(0, np.int32)
    table = scores(scoring, outputs.features, outputs.probabilities, centres)
    candidates = outputs.probabilities.argmax(axis=1).astype(np.int32)
    return table[np.arange(len(table)), candidates], candidates


def _line(found: Crowds, spec: NetworkSpec) -> float:
    """Between what strangers seldom reach and what known faces seldom miss; see above."""
    # A face nearer to somebody else is mislabelled or hopeless; it must not set the line.
    known = found.known[found.right]
    if not len(known):  # nobody was recognised: name nobody
        return 1.0
    lower = max(spec.stranger_similarity, _tail(found.impostors), _tail(found.strangers))
    lower = min(lower, max(spec.stranger_similarity, float(np.median(known))), 1.0)
    kept = known[known >= lower]  # the others are lost wherever in the gap the line is
    upper = float(np.quantile(kept, KNOWN_LOST, method="lower")) if len(kept) else lower
    share = BETWEEN if spec.frozen_features else 1.0
    return min(lower + share * (upper - lower), 1.0)


def _tail(stranger_scores: Features) -> float:
    """What at most one in a hundred such scores exceeds; -1 where there are too few to tell."""
    if len(stranger_scores) < 2:  # noqa: PLR2004 - a spread takes two
        return -1.0
    spread = float(stranger_scores.std(ddof=1))
    return float(stranger_scores.mean()) + NormalDist().inv_cdf(1 - STRANGERS_NAMED) * spread
