"""A scripted `FrameSource`: pictures, silence and failures in a given order."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator

from facegui.domain.entities import Frame, RgbImage
from facegui.domain.errors import CameraError

Step = RgbImage | CameraError | None
"""What one read does: a picture, an error to raise, or nothing yet."""


class ScriptedSource:
    """Goes through its steps; afterwards it has nothing for ever."""

    def __init__(self, steps: Iterable[Step]) -> None:
        self._steps: Iterator[Step] = iter(steps)
        self.closed = False

    def read(self) -> Frame | None:
        assert not self.closed, "read after close"
        step = next(self._steps, None)
        if isinstance(step, CameraError):
            raise step
        if step is None:
            time.sleep(0.001)
            return None
        return Frame(step, time.monotonic())

    def close(self) -> None:
        self.closed = True
