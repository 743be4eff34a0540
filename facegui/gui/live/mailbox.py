"""From the live job to the window: one frame at a time, the newest wins."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from PySide6.QtGui import QImage

from facegui.domain.control import Control
from facegui.gui.images import to_qimage
from facegui.gui.task import Job
from facegui.services.live import LiveFrame, LiveRequest, SeenFace, live
from facegui.services.tools import Tools


@dataclass(frozen=True, slots=True)
class ShownFrame:
    """A `LiveFrame` ready to paint."""

    image: QImage
    faces: tuple[SeenFace, ...]
    fps: float
    latency_ms: float


class Mailbox:
    """Holds the newest frame until the window takes it; a slow window misses some, none queue.

    One thread puts and one takes, and each step is a single assignment, so there is no lock.
    """

    def __init__(self) -> None:
        self._newest: ShownFrame | None = None
        self._taken: ShownFrame | None = None

    def put(self, frame: LiveFrame) -> None:
        """Called on the job's thread, where turning arrays into images costs the window nothing."""
        image = to_qimage(frame.image)
        self._newest = ShownFrame(image, frame.faces, frame.fps, frame.latency_ms)

    def take(self) -> ShownFrame | None:
        """The newest frame, once."""
        newest = self._newest
        if newest is self._taken:
            return None
        self._taken = newest
        return newest


def live_job(tools: Tools, request: LiveRequest, mailbox: Mailbox) -> Job:
    """The job to start; it holds no widget."""
    return partial(_run, tools, request, mailbox)


def _run(tools: Tools, request: LiveRequest, mailbox: Mailbox, control: Control) -> object:
    return live(tools, request, mailbox.put, control)
