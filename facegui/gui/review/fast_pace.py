"""How fast the owner decides: faces a minute, pauses left out."""

from __future__ import annotations

from collections import deque

_REMEMBERED = 30
_PAUSE_S = 15.0


class Pace:
    """Fed with the time of each decision."""

    def __init__(self) -> None:
        self._gaps_s: deque[float] = deque(maxlen=_REMEMBERED)
        self._last_s: float | None = None
        self.decided = 0

    def record(self, now_s: float) -> None:
        """A face has been decided at *now_s*, on any clock that goes forward."""
        if self._last_s is not None and now_s - self._last_s <= _PAUSE_S:
            self._gaps_s.append(now_s - self._last_s)
        self._last_s = now_s
        self.decided += 1

    @property
    def per_minute(self) -> int | None:
        """Faces a minute over the last thirty; None before there are two without a pause."""
        took_s = sum(self._gaps_s)
        return round(60 * len(self._gaps_s) / took_s) if took_s > 0 else None
