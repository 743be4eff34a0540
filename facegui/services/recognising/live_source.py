"""Frames of a camera, stream or video for as long as somebody watches, whatever happens to it."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator
from contextlib import closing
from dataclasses import dataclass

from facegui.collect.camera import (
    CAMERA_SIZES,
    Camera,
    is_camera,
    list_cameras,
    with_size,
)
from facegui.domain.control import Control
from facegui.domain.entities import Frame
from facegui.domain.errors import CameraError, CameraStalled, VideoEnded
from facegui.domain.ports import FrameSource
from facegui.services.tools import Tools

__all__ = [
    "CAMERA_SIZES",
    "Camera",
    "LiveProblem",
    "camera_frames",
    "is_camera",
    "list_cameras",
    "with_size",
]

FIRST_RETRY_S = 1.0
LONGEST_RETRY_S = 5.0
_WAIT_STEP_S = 0.1


@dataclass(frozen=True, slots=True)
class LiveProblem:
    """No pictures now, and why; the next frame means that it is over.

    Attributes:
        retry_s: seconds until the source is opened again; 0 while it is still listened to.
    """

    message: str
    remedy: str
    retry_s: float


def camera_frames(tools: Tools, source: str, control: Control) -> Generator[Frame]:
    """Frames until stopped, the newest each time, opened again for as long as it takes.

    Partial results are `LiveProblem`.

    Raises:
        VideoEnded: a file has been played to its end.
    """
    retry_s = 0.0
    while not control.cancelled():
        try:
            with closing(_frames(tools.frame_source, source, control)) as frames:
                for frame in frames:
                    retry_s = 0.0
                    yield frame
        except VideoEnded:
            raise
        except CameraError as error:
            retry_s = min(max(2 * retry_s, FIRST_RETRY_S), LONGEST_RETRY_S)
            control.partial(LiveProblem(error.message, error.remedy, retry_s))
            _pause(retry_s, control)


def _frames(
    open_source: Callable[[str], FrameSource], spec: str, control: Control
) -> Generator[Frame]:
    """Frames until stopped; tells once of each stall."""
    source = open_source(spec)
    stalled = False
    try:
        while not control.cancelled():
            try:
                frame = source.read()
            except CameraStalled as error:
                if not stalled:
                    control.partial(LiveProblem(error.message, error.remedy, 0.0))
                stalled = True
                continue
            if frame is not None:
                stalled = False
                yield frame
    finally:
        source.close()


def _pause(seconds: float, control: Control) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until and not control.cancelled():
        time.sleep(_WAIT_STEP_S)
