"""Frames from a camera, a video file, an image sequence or a stream, however badly it behaves.

OpenCV's calls may block for as long as a driver or a network likes. They run in a daemon thread of
their own that keeps only the newest frame, so reading never waits for long, a slow reader never
gets old pictures, and closing is bounded even when the driver hangs.
"""

from __future__ import annotations

import os
import re
import threading
import time
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from facegui.collect.opencv import frame_rate, leave, quiet_opencv, to_rgb
from facegui.domain.entities import Frame
from facegui.domain.errors import CameraError, CameraStalled, VideoEnded
from facegui.domain.ports import FrameSource
from facegui.domain.text import tr

STALLED_S = 2.5
"""Silence after which a source counts as stalled; the message is up within 3 s."""

GIVE_UP_S = 12.0
"""Silence after which only opening anew can help; longer than the wait for a stream's key frame."""

CAMERA_SIZES = ((640, 480), (1280, 720), (1920, 1080))
"""Widths and heights that cameras have as a rule; one that has not gives its nearest."""

_NETWORK_TIMEOUT_MS = 10_000
_READ_WAIT_S = 0.25
_MAX_LAG_S = 0.5
_SCHEMES = ("http", "https", "rtsp")
_CAMERAS = Path("/sys/class/video4linux")
_PROBED_CAMERAS = 4
_CAMERA = re.compile(r"([0-9]{1,4})(?:@([0-9]{2,5})x([0-9]{2,5}))?")


@dataclass(frozen=True, slots=True)
class Camera:
    """A camera of this machine: *spec* is what `open_source` takes, *name* is for the owner."""

    spec: str
    name: str


def list_cameras() -> tuple[Camera, ...]:
    """The cameras there are, in order. Cheap on Linux; elsewhere the first few are tried."""
    return _listed_cameras() if os.name == "posix" and _CAMERAS.parent.is_dir() else _probed()


def open_source(spec: str) -> FrameSource:
    """Start to open *spec* and return at once; what goes wrong comes out of ``read``.

    Args:
        spec: a camera number (``"0"``), perhaps with a size (``"0@1280x720"``), the path of a video
            file, a numbered image sequence (``seq_%04d.jpg``, from 0 or 1), or an http, https or
            rtsp address.

    Raises:
        CameraError: *spec* is none of these, or there is no such file.
    """
    return _CaptureSource(_understand(spec))


def is_camera(spec: str) -> bool:
    """Whether *spec* stands for a camera of this machine, whose pictures may have several sizes."""
    return _CAMERA.fullmatch(spec.strip()) is not None


def with_size(spec: str, size: tuple[int, int] | None) -> str:
    """The camera *spec* with pictures of *size*, width and height; None for its own choice."""
    number = spec.partition("@")[0]
    return number if size is None else f"{number}@{size[0]}x{size[1]}"


class _Kind(Enum):
    CAMERA = "camera"
    STREAM = "stream"
    FILE = "file"
    SEQUENCE = "sequence"


@dataclass(frozen=True, slots=True)
class _Origin:
    """What to open.

    Attributes:
        name: safe to show (no password of an address).
        size: width and height wanted of a camera.
    """

    kind: _Kind
    target: str
    name: str
    size: tuple[int, int] | None = None

    @property
    def paced(self) -> bool:
        """Whether it would come faster than real time if nobody held it back."""
        return self.kind in (_Kind.FILE, _Kind.SEQUENCE)


def _understand(spec: str) -> _Origin:
    spec = spec.strip()
    camera = _CAMERA.fullmatch(spec)
    if camera is not None:
        number, width, height = camera.groups()
        size = (int(width), int(height)) if width else None
        return _Origin(_Kind.CAMERA, number, tr("Camera {number}", number=number), size)
    scheme, separator, _ = spec.partition("://")
    if separator:
        return _stream(spec, scheme)
    path = Path(spec).expanduser()
    if path.is_file():
        return _Origin(_Kind.FILE, str(path), path.name)
    if re.search(r"%0?\d*d", path.name) and path.parent.is_dir():
        return _Origin(_Kind.SEQUENCE, str(path), path.name)
    raise CameraError(
        tr("There is no video file {path}.", path=spec or "“”"),
        tr("Choose a camera, a video file, or an address that begins with http or rtsp."),
    )


def _stream(address: str, scheme: str) -> _Origin:
    try:
        host, port = urlsplit(address).hostname, urlsplit(address).port
    except ValueError:
        host = port = None
    if scheme.lower() not in _SCHEMES or not host:
        raise CameraError(
            tr("This is not an address of a video stream."),
            tr("Addresses begin with http://, https:// or rtsp:// and name a computer."),
        )
    return _Origin(_Kind.STREAM, address, f"{host}:{port}" if port else host)


class _CaptureSource:
    """A `FrameSource` over ``cv2.VideoCapture``."""

    def __init__(self, origin: _Origin) -> None:
        self._origin = origin
        self._news = threading.Condition()
        self._frame: Frame | None = None
        self._failure: CameraError | None = None
        self._heard_at = time.monotonic()
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._run, name="facegui-camera", daemon=True)
        self._thread.start()

    def read(self) -> Frame | None:
        """See `FrameSource.read`."""
        with self._news:
            self._news.wait_for(lambda: self._frame or self._failure, timeout=_READ_WAIT_S)
            frame, self._frame = self._frame, None
            if frame is not None:
                return frame
            if self._failure is not None:
                raise self._failure
        silent_s = time.monotonic() - self._heard_at
        if silent_s > GIVE_UP_S:
            raise _gone(self._origin)
        if silent_s > STALLED_S:
            raise _stalled(self._origin)
        return None

    def close(self) -> None:
        """See `FrameSource.close`; a driver that hangs is left behind in its thread."""
        self._closing.set()
        leave(self._thread)

    def _run(self) -> None:
        capture = _open_capture(self._origin)
        try:
            if not capture.isOpened():
                self._fail(_no_answer(self._origin))
                return
            self._play(capture)
        finally:
            capture.release()

    def _play(self, capture: Any) -> None:
        period_s = 1.0 / frame_rate(capture) if self._origin.paced else 0.0
        due: float | None = None
        while not self._closing.is_set():
            there, picture = capture.read()
            if not there or picture is None:
                self._fail(_ended(self._origin) if self._origin.paced else _gone(self._origin))
                return
            self._show(picture)
            # A reader of files that falls behind catches up a little, then plays slower.
            now = time.monotonic()
            due = max((due or now) + period_s, now - _MAX_LAG_S)
            self._closing.wait(max(0.0, due - now))

    def _show(self, picture: Any) -> None:
        frame = Frame(to_rgb(picture), time.monotonic())
        with self._news:
            self._frame = frame
            self._heard_at = frame.taken_at
            self._news.notify_all()

    def _fail(self, failure: CameraError) -> None:
        with self._news:
            self._failure = failure
            self._news.notify_all()


def _open_capture(origin: _Origin) -> Any:
    cv2 = quiet_opencv()
    match origin.kind:
        case _Kind.CAMERA:
            capture = cv2.VideoCapture(int(origin.target))
            if origin.size is not None:
                capture.set(cv2.CAP_PROP_FRAME_WIDTH, origin.size[0])
                capture.set(cv2.CAP_PROP_FRAME_HEIGHT, origin.size[1])
            capture.set(cv2.CAP_PROP_BUFFERSIZE, 1)  # the newest picture, not the oldest waiting
            return capture
        case _Kind.SEQUENCE:
            return cv2.VideoCapture(origin.target, cv2.CAP_IMAGES)
        case _Kind.FILE:
            return cv2.VideoCapture(origin.target, cv2.CAP_FFMPEG)
        case _Kind.STREAM:
            limits = [cv2.CAP_PROP_OPEN_TIMEOUT_MSEC, _NETWORK_TIMEOUT_MS]
            limits += [cv2.CAP_PROP_READ_TIMEOUT_MSEC, _NETWORK_TIMEOUT_MS]
            return cv2.VideoCapture(origin.target, cv2.CAP_FFMPEG, limits)


def _no_answer(origin: _Origin) -> CameraError:
    if origin.paced:
        return CameraError(
            tr("{name} is not a video that can be played.", name=origin.name),
            tr("Choose another file, or convert it to MP4."),
        )
    plugged = tr("Check that it is plugged in and that no other program is using it.")
    network = tr("Check the address and the network.")
    return CameraError(
        tr("{name} does not answer.", name=origin.name),
        plugged if origin.kind is _Kind.CAMERA else network,
    )


def _gone(origin: _Origin) -> CameraError:
    return CameraError(
        tr("{name} has gone away.", name=origin.name),
        tr("Check its cable or its network; it is tried again by itself."),
    )


def _stalled(origin: _Origin) -> CameraStalled:
    return CameraStalled(
        tr("{name} sends no pictures.", name=origin.name),
        tr("It goes on by itself as soon as the next picture comes."),
    )


def _ended(origin: _Origin) -> VideoEnded:
    return VideoEnded(tr("{name} has ended.", name=origin.name))


def _listed_cameras() -> tuple[Camera, ...]:
    """What the kernel lists; a camera's first node is its video, the others carry metadata."""
    cameras = []
    for node in _CAMERAS.glob("video*"):
        number = node.name.removeprefix("video")
        if not number.isdigit() or _first_line(node / "index") not in ("", "0"):
            continue
        name = _first_line(node / "name") or tr("Camera {number}", number=number)
        cameras.append(Camera(number, name))
    return tuple(sorted(cameras, key=lambda camera: int(camera.spec)))


def _first_line(path: Path) -> str:
    try:
        return path.read_text("utf-8", "replace").strip()
    except OSError:
        return ""


def _probed() -> tuple[Camera, ...]:
    """The cameras among the first few numbers that open."""
    cameras = []
    for number in range(_PROBED_CAMERAS):
        origin = _understand(str(number))
        capture = _open_capture(origin)
        if capture.isOpened():
            cameras.append(Camera(origin.target, origin.name))
        capture.release()
    return tuple(cameras)
