"""From a job that watches a camera to the window: one frame at a time, the newest wins."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Generic, TypeVar

from PySide6.QtGui import QImage

from facegui.domain.control import Control
from facegui.domain.entities import RgbImage
from facegui.gui.images import to_qimage
from facegui.gui.task import Job
from facegui.services.recognising.live import LiveRequest, live
from facegui.services.recognising.live_watch import LiveFrame, SeenFace
from facegui.services.tools import Tools

Shown = TypeVar("Shown")


@dataclass(frozen=True, slots=True)
class ShownFrame:
    """A `LiveFrame` ready to paint; *pixels* are those of its image, not to be written to."""

    image: QImage
    pixels: RgbImage
    faces: tuple[SeenFace, ...]
    taken_at: float
    fps: float


HandOver = Callable[[LiveFrame, ShownFrame], None]


class Mailbox(Generic[Shown]):
    """Holds the newest thing to show until the window takes it; a slow window misses some.

    One thread puts and one takes, and each step is a single assignment, so there is no lock.
    """

    def __init__(self, wake: Callable[[], None] | None = None) -> None:
        """An empty one; *wake* is called on the job's thread when there is something to take."""
        self._wake = wake
        self._woken = False
        self._newest: Shown | None = None
        self._taken: Shown | None = None

    def put(self, shown: Shown) -> None:
        """Called on the job's thread; what was there and has not been taken is forgotten."""
        self._newest = shown
        if self._wake is not None and not self._woken:
            self._woken = True
            self._wake()

    def take(self) -> Shown | None:
        """The newest, once."""
        self._woken = False  # first, so that what comes from here on wakes again
        newest = self._newest
        if newest is self._taken:
            return None
        self._taken = newest
        return newest


def live_job(
    tools: Tools, request: LiveRequest, mailbox: Mailbox[ShownFrame], hand_over: HandOver
) -> Job:
    """The job to start, which holds no widget; *hand_over* is called on its thread."""
    return partial(_run, tools, request, mailbox, hand_over)


def _run(
    tools: Tools,
    request: LiveRequest,
    mailbox: Mailbox[ShownFrame],
    hand_over: HandOver,
    control: Control,
) -> object:
    def show(frame: LiveFrame) -> None:
        # On the job's thread, where turning arrays into images costs the window nothing.
        image = to_qimage(frame.image)
        shown = ShownFrame(image, frame.image, frame.faces, frame.taken_at, frame.fps)
        mailbox.put(shown)
        hand_over(frame, shown)

    return live(tools, request, show, control)
