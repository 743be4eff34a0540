"""What cameras and video files have in common: OpenCV's captures, kept quiet, as RGB pictures."""

from __future__ import annotations

import atexit
import os
import threading
from typing import Any

from facegui.domain.entities import RgbImage

_CLOSE_WAIT_S = 1.0
_EXIT_WAIT_S = 2.0
_USUAL_FPS = 25.0
_PLAUSIBLE_FPS = (1.0, 240.0)


def quiet_opencv() -> Any:
    """OpenCV, told to keep its and FFmpeg's chatter off standard error.

    What matters of it is said in messages of our own.
    """
    os.environ.setdefault("OPENCV_FFMPEG_LOGLEVEL", "-8")
    from facegui.imaging.cv import cv2

    cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_SILENT)
    return cv2


def leave(thread: threading.Thread) -> None:
    """Wait a moment for the *thread* that was told to end; one that hangs in a driver stays behind.

    A thread that comes back from C++ while Python shuts down aborts the process, so that waits for
    it a little as well.
    """
    thread.join(_CLOSE_WAIT_S)
    if thread.is_alive():
        atexit.register(thread.join, _EXIT_WAIT_S)


def frame_rate(capture: Any) -> float:
    """Frames a second as the file states them, or the usual when that is nonsense."""
    from facegui.imaging.cv import cv2

    stated = float(capture.get(cv2.CAP_PROP_FPS))
    slowest, fastest = _PLAUSIBLE_FPS
    return stated if slowest < stated <= fastest else _USUAL_FPS


def to_rgb(picture: Any) -> RgbImage:
    """OpenCV's grey, BGR or BGRA picture of 8 or 16 bits as 8-bit RGB."""
    import numpy as np

    from facegui.imaging.cv import cv2

    if picture.dtype != np.uint8:
        picture = cv2.convertScaleAbs(picture, alpha=255 / np.iinfo(picture.dtype).max)
    channels = picture.shape[2] if picture.ndim > 2 else 1  # noqa: PLR2004 - height, width, channels
    conversion = {1: cv2.COLOR_GRAY2RGB, 3: cv2.COLOR_BGR2RGB, 4: cv2.COLOR_BGRA2RGB}[channels]
    rgb: RgbImage = cv2.cvtColor(picture, conversion)
    return rgb
