"""How long a training has been at work."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator


class Clock:
    """Runs from when it is made, on top of *seconds* spent before."""

    def __init__(self, seconds: float = 0.0) -> None:
        self._begun = time.monotonic() - seconds

    @property
    def seconds(self) -> float:
        """Worked so far."""
        return time.monotonic() - self._begun

    @contextlib.contextmanager
    def stopped(self) -> Iterator[None]:
        """The time in the block does not count."""
        left = time.monotonic()
        try:
            yield
        finally:
            self._begun += time.monotonic() - left
