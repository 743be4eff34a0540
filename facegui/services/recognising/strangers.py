"""Numbers for people whom the model does not know: *Unknown 1* stays 1, also when they come back.

A number belongs to an embedding, the running mean of what was seen of somebody, and is given anew
to a face that looks like it. It holds while the program runs and is written nowhere. Limits: it is
as good as the embedding is. Somebody seen only from the side and later from the front may get a
second number, two people who look very much alike may share one, and of more than `MOST` strangers
those not seen for longest are forgotten. A number is never given to somebody else.

Measured on the library's own embeddings of three sets of photos (21 people, up to years apart): of
two means of three looks each at one person, 99.8 % are alike enough, and of two people none in
2,000; of single looks 88 % and 1 in 10,000.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np

from facegui.domain.entities import Embedding

SAME_COSINE = 0.42
"""Likeness to its mean from which on a face is the stranger seen before."""

MOST = 500

_MEMORY = 0.9  # how much of a stranger's mean stays when another look is added


@dataclass(slots=True, eq=False)
class _Stranger:
    mean: Embedding
    seen_at: float


class StrangerBook:
    """Who has which number. Not thread-safe."""

    def __init__(self) -> None:
        self._strangers: dict[int, _Stranger] = {}
        self._given = 0

    def number(self, embedding: Embedding, now: float, taken: Collection[int] = ()) -> int:
        """The number of whoever looks like *embedding*, a new one for somebody new.

        Args:
            embedding: unit vector, best the mean of a few looks.
            now: seconds on a clock that never goes back.
            taken: numbers of others in the same picture; nobody is there twice.
        """
        known = [number for number in self._strangers if number not in taken]
        if known:
            means = np.stack([self._strangers[number].mean for number in known])
            likeness = means @ embedding
            best = int(likeness.argmax())
            if likeness[best] >= SAME_COSINE:
                self.see(known[best], embedding, now)
                return known[best]
        self._given += 1
        self._strangers[self._given] = _Stranger(embedding, now)
        self._forget()
        return self._given

    def see(self, number: int, embedding: Embedding, now: float) -> None:
        """Stranger *number* was looked at again."""
        stranger = self._strangers.get(number)
        if stranger is None:
            return  # forgotten while in the picture
        blend = _MEMORY * stranger.mean + (1 - _MEMORY) * embedding
        stranger.mean = np.asarray(blend / max(float(np.linalg.norm(blend)), 1e-9), np.float32)
        stranger.seen_at = now

    def _forget(self) -> None:
        if len(self._strangers) > MOST:
            oldest = min(self._strangers, key=lambda number: self._strangers[number].seen_at)
            del self._strangers[oldest]
