"""Frames of a video file in order, each with its time, a few for every second.

OpenCV's calls may take as long as a damaged file or a slow disk likes. They run in a daemon thread
of their own, a few frames ahead of whoever reads, so that reading never waits for long.
"""

from __future__ import annotations

import math
import stat
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, Full, Queue
from typing import Any

from facegui.collect.opencv import frame_rate, leave, quiet_opencv, to_rgb
from facegui.domain.entities import RgbImage
from facegui.domain.errors import FaceGuiError, OwnerError, VideoEnded
from facegui.domain.text import tr

GIVE_UP_S = 20.0
"""Silence after which a file counts as unreadable; a network drive may need a while to wake up."""

_MAX_PIXELS = 50_000_000  # as for photos
_AHEAD = 2
_READ_WAIT_S = 0.25
_HEAD_BYTES = 512
_PICTURE_BRANDS = (b"hei", b"mif", b"msf", b"avi")  # of HEIC and AVIF, ISO/IEC 23008-12
_SEEK_EARLIER_S = 1.0  # files say where a jump ends only roughly
# Stated lengths are estimates; a file that ends this much before has lost its rest.
_WHOLE_SHARE, _WHOLE_SLACK_S = 0.95, 1.0


@dataclass(frozen=True, slots=True)
class TimedFrame:
    """A frame and when it is shown, in seconds from the start of the video."""

    image: RgbImage
    time_s: float


class VideoReader:
    """Reads a video file from its beginning to its end; close it when done.

    Attributes:
        path: the file.
        duration_s: as the file states it, once the first frame is here; 0 where it does not.
        cut_short: whether the file has ended well before its stated length.
    """

    def __init__(self, path: Path, every_s: float, start_s: float = 0.0) -> None:
        """Start to open *path* and return at once; damage comes out of `read`.

        Args:
            path: any container and codec that FFmpeg knows, by its content.
            every_s: seconds between two frames given; those between are skipped unconverted.
            start_s: the first frame given is that of this time.

        Raises:
            OwnerError: it is not there, not a file, empty, or not a video.
        """
        _require_video(path)
        self.path = path
        self.duration_s = 0.0
        self.cut_short = False
        self._every_s = every_s
        self._start_s = start_s
        self._ready: Queue[TimedFrame | Exception] = Queue(_AHEAD)
        self._end: Exception | None = None
        self._heard_at = time.monotonic()
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._run, name="facegui-video", daemon=True)
        self._thread.start()

    def read(self) -> TimedFrame | None:
        """The next frame; None when none came within a fraction of a second.

        Raises:
            VideoEnded: the file has been read to its end.
            OwnerError: it cannot be decoded, or its pictures are too large.
        """
        if self._end is not None:
            raise self._end
        try:
            item = self._ready.get(timeout=_READ_WAIT_S)
        except Empty:
            if time.monotonic() - self._heard_at > GIVE_UP_S:
                self._end = _silent(self.path)
            return None
        if isinstance(item, TimedFrame):
            return item
        self._end = item
        raise item

    def close(self) -> None:
        """Stop reading; a call that hangs is left behind in its thread. Safe to call twice."""
        self._closing.set()
        leave(self._thread)

    def _run(self) -> None:
        try:
            self._hand_over(self._play())
        except Exception as error:
            self._hand_over(error)  # raised again by whoever reads

    def _play(self) -> FaceGuiError:
        """Hand over every wanted frame; what the file ends with."""
        cv2 = quiet_opencv()
        capture = cv2.VideoCapture(str(self.path), cv2.CAP_FFMPEG)
        try:
            if not capture.isOpened():
                return _unplayable(self.path)
            width = capture.get(cv2.CAP_PROP_FRAME_WIDTH)
            height = capture.get(cv2.CAP_PROP_FRAME_HEIGHT)
            if width * height > _MAX_PIXELS:
                return _too_large(self.path, int(width), int(height))
            period_s = 1.0 / frame_rate(capture)
            self.duration_s = _stated_length(capture.get(cv2.CAP_PROP_FRAME_COUNT), period_s)
            return self._sample(capture, period_s)
        finally:
            capture.release()

    def _sample(self, capture: Any, period_s: float) -> FaceGuiError:
        from facegui.imaging.cv import cv2

        now, due = self._jump(capture, period_s), self._start_s
        while not self._closing.is_set() and capture.grab():
            stated = capture.get(cv2.CAP_PROP_POS_MSEC) / 1000
            now = stated if now < stated < math.inf else now + period_s
            self._heard_at = time.monotonic()
            if now + period_s / 2 < due:
                continue
            there, picture = capture.retrieve()
            if there and picture is not None:
                due = max(due, now) + self._every_s
                self._hand_over(TimedFrame(to_rgb(picture), now))
        if now < 0:
            return _unplayable(self.path)
        self.cut_short = now + period_s < _WHOLE_SHARE * self.duration_s - _WHOLE_SLACK_S
        return VideoEnded(tr("{name} has ended.", name=self.path.name))

    def _jump(self, capture: Any, period_s: float) -> float:
        """Go to shortly before the frame to start with; the time of the frame last passed."""
        from facegui.imaging.cv import cv2

        before_s = self._start_s - _SEEK_EARLIER_S
        if before_s <= 0:
            return -period_s
        capture.set(cv2.CAP_PROP_POS_MSEC, 1000 * before_s)
        if capture.grab():
            reached_s = float(capture.get(cv2.CAP_PROP_POS_MSEC)) / 1000
            if 0 < reached_s < self._start_s:
                return reached_s
        capture.set(cv2.CAP_PROP_POS_FRAMES, 0)  # it has no index: all frames before are passed
        return -period_s

    def _hand_over(self, item: TimedFrame | Exception) -> None:
        while not self._closing.is_set():
            try:
                self._ready.put(item, timeout=_READ_WAIT_S)
            except Full:
                continue
            self._heard_at = time.monotonic()
            return


def _stated_length(frames: float, period_s: float) -> float:
    return frames * period_s if 0 < frames < math.inf else 0.0


def _require_video(path: Path) -> None:
    """Refuse what must not reach FFmpeg: it waits for pipes, and plays texts and playlists."""
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise OwnerError(tr("{path} is not a file.", path=path), tr("Choose a video file."))
        if status.st_size == 0:
            raise OwnerError(
                tr("{path} is empty.", path=path), tr("Copy or download the video again.")
            )
        with path.open("rb") as file:
            head = file.read(_HEAD_BYTES)
    except OSError as error:
        reason = error.strerror or str(error)
        raise OwnerError(
            tr("{path} cannot be read: {reason}.", path=path, reason=reason),
            tr("Check that the file is there and that you may read it."),
        ) from error
    if not _is_container(head):
        raise _unplayable(path)


def is_video(path: Path) -> bool:
    """Whether *path* is a file that begins as a video does."""
    try:
        _require_video(path)
    except OwnerError:
        return False
    return True


def _is_container(head: bytes) -> bool:
    """Whether a file that begins so is AVI, MP4, QuickTime, Matroska, WebM, MPEG, ASF, FLV or Ogg.

    Content decides, never the name. See ISO/IEC 14496-12 (boxes), RFC 8794 (EBML), ISO/IEC
    13818-1 (program and transport streams), and the formats' own descriptions.
    """
    starts = (b"\x1a\x45\xdf\xa3", b"\x00\x00\x01\xba", b"\x00\x00\x01\xb3", b"FLV\x01", b"OggS")
    asf = bytes.fromhex("3026b2758e66cf11a6d900aa0062ce6c")
    boxes = (b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip")
    packets = any(head[first::step][:2] == b"GG" for first, step in ((0, 188), (4, 192)))
    picture = head[4:8] == b"ftyp" and head[8:11] in _PICTURE_BRANDS
    return (
        head.startswith((*starts, asf))
        or (head[4:8] in boxes and not picture)
        or (head[:4] == b"RIFF" and head[8:12] == b"AVI ")
        or packets
    )


def _unplayable(path: Path) -> OwnerError:
    return OwnerError(
        tr("{path} holds no pictures that can be played.", path=path),
        tr("It is not a video, has sound only, or is damaged. Convert it, or choose another."),
    )


def _too_large(path: Path, width: int, height: int) -> OwnerError:
    size = f"{width} × {height}"
    return OwnerError(
        tr("{path} has pictures of {size} pixels.", path=path, size=size),
        tr("Convert it to at most 50 megapixels."),
    )


def _silent(path: Path) -> OwnerError:
    return OwnerError(
        tr("{path} gives no more pictures.", path=path),
        tr("The file is damaged, or the disk that it is on does not answer."),
    )
