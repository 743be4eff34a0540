"""An accuracy with the interval that so many faces leave open."""

from __future__ import annotations

from dataclasses import dataclass

from facegui.domain.text import trn

_Z95 = 1.959964  # two-sided 95 % of the normal distribution


@dataclass(frozen=True, slots=True)
class Score:
    """So many of so many right, and how sure that makes one of the accuracy."""

    right: int
    count: int

    @property
    def accuracy(self) -> float:
        """0 to 1; 0 of nothing."""
        return self.right / self.count if self.count else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        """The 95 % score interval of Wilson (JASA, 1927); from 0 to 1 for nothing."""
        if not self.count:
            return 0.0, 1.0
        n, share, z2 = self.count, self.accuracy, _Z95**2
        middle = (share + z2 / (2 * n)) / (1 + z2 / n)
        half = _Z95 * (share * (1 - share) / n + z2 / (4 * n * n)) ** 0.5 / (1 + z2 / n)
        return max(0.0, middle - half), min(1.0, middle + half)

    @property
    def words(self) -> str:
        """Such as ``92 % (88–95 %), 118 faces``."""
        faces = trn("{n} face", "{n} faces", self.count)
        return f"{100 * self.accuracy:.0f} % ({self.interval_words}), {faces}"

    @property
    def interval_words(self) -> str:
        """Such as ``88–95 %``."""
        low, high = self.interval
        return f"{100 * low:.0f}–{100 * high:.0f} %"
