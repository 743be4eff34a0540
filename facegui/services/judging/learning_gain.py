"""How errors fall with more faces, and what ten more of one person would bring.

Errors are taken to fall as a power of the number of faces (Hestness et al., 2017):
*error = a · faces^-b*. How steeply, *b*, is read off everybody together, because a few test faces
of one person cannot tell; how high, *a*, off each person, drawn towards the mean as by two more
test faces. What is not known about either is drawn at random many times over and makes the ± of
the answer.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from facegui.domain.text import tr, trn
from facegui.services.judging.score import Score

AHEAD = 10
"""More faces of one person that the gain is told for."""

_WORTH = 0.01  # ten more faces that bring less are not asked for
_HALF_A_POINT = 0.005
_DRAWS = 500
_PRIOR_FACES = 2.0
_SLOPES = (-0.5, 1.5)  # of power laws seen in practice, and some noise

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Gain:
    """What `AHEAD` more faces of one person would bring.

    Attributes:
        faces: that were learned from.
        tested: test faces, of which *right* on average were named right.
        gain: points of recall, as a fraction.
        spread: half the width of its 95 % interval.
        enough: kept faces from which ten more would bring less than a point.
    """

    name: str
    faces: int
    tested: int
    right: float
    gain: float
    spread: float
    enough: int

    @property
    def telling(self) -> bool:
        """Whether *enough* says something: there is a gain, or nothing left to gain."""
        return self.gain > self.spread or self.right == self.tested

    @property
    def words(self) -> str:
        """Such as ``10 more faces of Tom would bring about +2 % (±1)``."""
        if self.gain <= self.spread and self.spread < _HALF_A_POINT:
            return tr(
                "{n} more faces of {name}: no gain that {m} test faces could show",
                n=AHEAD,
                name=self.name,
                m=self.tested,
            )
        if self.gain <= self.spread:
            return tr(
                "{n} more faces of {name}: no gain that {m} test faces could show (±{spread})",
                n=AHEAD,
                name=self.name,
                m=self.tested,
                spread=f"{100 * self.spread:.0f} %",
            )
        return tr(
            "{n} more faces of {name} would bring about +{gain} (±{spread})",
            n=AHEAD,
            name=self.name,
            gain=f"{100 * self.gain:.0f} %",
            spread=f"{100 * self.spread:.0f}",
        )


@dataclass(frozen=True)
class LearningCurve:
    """What came of it, as it was.

    Attributes:
        network: that learned.
        people: names in label order.
        kept: faces of each person in the run, on all sides.
        learned: for each fraction, faces of each person that were learned from.
        truth: label of each test face.
        right: for each seed and fraction, 1 for each test face that was named right, else 0.
    """

    network: str
    people: tuple[str, ...]
    kept: tuple[int, ...]
    learned: tuple[tuple[int, ...], ...]
    truth: tuple[int, ...]
    right: tuple[tuple[tuple[int, ...], ...], ...]

    @cached_property
    def sizes(self) -> tuple[float, ...]:
        """Faces learned from, on average of a person, for each fraction."""
        return tuple(float(np.mean(faces)) for faces in self.learned)

    @cached_property
    def scores(self) -> tuple[Score, ...]:
        """For each fraction, all test faces, the mean of the seeds."""
        right = self._right.mean(axis=0).sum(axis=1)
        return tuple(Score(round(value), len(self.truth)) for value in right.tolist())

    def recall(self, person: int) -> tuple[float, ...]:
        """One person's for each fraction, the mean of the seeds; empty without test faces."""
        own = np.asarray(self.truth) == person
        if not own.any():
            return ()
        return tuple(self._right[:, :, own].mean(axis=(0, 2)).tolist())

    @cached_property
    def gains(self) -> tuple[Gain, ...]:
        """For everybody who has test faces."""
        tested = Counter(self.truth)
        return tuple(self._gain(label) for label in range(len(self.people)) if tested[label])

    @cached_property
    def _right(self) -> Floats:
        return np.asarray(self.right, np.float64)

    @cached_property
    def _slopes(self) -> Floats:
        """*b* as it is, then as other test faces and seeds may have shown it."""
        wrong, (seeds, _, count) = 1 - self._right, self._right.shape
        draw = np.random.default_rng(0)
        by_seed = draw.multinomial(seeds, np.full(seeds, 1 / seeds), _DRAWS) / seeds
        by_face = draw.multinomial(count, np.full(count, 1 / count), _DRAWS)
        as_it_is = (wrong.mean(axis=0).sum(axis=1))[None]
        drawn = np.einsum("ds,sft,dt->df", by_seed, wrong, by_face, optimize=True)
        errors = np.log((np.concatenate((as_it_is, drawn)) + 0.5) / (count + 1))
        sizes = np.log(np.maximum(self.sizes, 1.0))
        sizes -= sizes.mean()
        spread = float(sizes @ sizes)
        slopes: Floats = -(errors @ sizes) / spread if spread else np.zeros(len(errors))
        return slopes.clip(*_SLOPES)

    def _gain(self, label: int) -> Gain:
        own = np.asarray(self.truth) == label
        tested = int(own.sum())
        wrong = float((1 - self._right[:, -1, own]).mean(axis=0).sum())
        usual = (float((1 - self._right[:, -1]).mean(axis=0).sum()) + 0.5) / (len(self.truth) + 1)
        above, below = wrong + _PRIOR_FACES * usual, tested - wrong + _PRIOR_FACES * (1 - usual)
        draw = np.random.default_rng(label)
        errors = np.concatenate(([above / (above + below)], draw.beta(above, below, _DRAWS)))
        faces = max(1, self.learned[-1][label])
        gains = errors - np.minimum(errors * ((faces + AHEAD) / faces) ** -self._slopes, 1.0)
        low, high = np.quantile(gains, (0.025, 0.975))
        enough = _enough(float(errors[0]), float(self._slopes[0]), faces)
        return Gain(
            name=self.people[label],
            faces=faces,
            tested=tested,
            right=tested - wrong,
            gain=float(gains[0]),
            spread=float(high - low) / 2,
            enough=round(enough * self.kept[label] / faces),
        )


def learning_meaning(curve: LearningCurve) -> str:
    """What the curve of all says, in a sentence."""
    first, last = curve.scores[0], curve.scores[-1]
    if last.right == last.count:
        return trn(
            "With all faces the one test face was named right: nothing is left to gain here.",
            "With all faces, all {n} test faces were named right: nothing is left to gain that "
            "these could show.",
            last.count,
        )
    return tr(
        "Having learned from a quarter of the faces it names {first} right, from all {last}.",
        first=f"{first.accuracy:.0%}".replace("%", " %"),
        last=last.words,
    )


def _enough(error: float, slope: float, faces: int) -> int:
    """The fewest faces from which `AHEAD` more would bring less than a point."""
    n = np.arange(1, 1001)
    left = error * (n / faces) ** -slope
    gains = np.minimum(left, 1.0) * (1 - ((n + AHEAD) / n) ** -slope)
    worth = np.flatnonzero(gains >= _WORTH)
    return int(n[worth[-1]]) + 1 if len(worth) else 1
