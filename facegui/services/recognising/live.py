"""Live video: the newest frame, the faces in it, and who they are, until somebody says stop.

Two things happen side by side. The job's own thread reads frames and finds faces, so that boxes
keep up with the picture. One more thread names them, a face at a time, those without a name first;
a name stays with its face from frame to frame until it is looked at again. So a slow network or an
engine that is still starting delays names and never the video.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from facegui.collect.camera import Camera, list_cameras
from facegui.domain.control import Control
from facegui.domain.detection import VIDEO
from facegui.domain.entities import Frame, RgbImage
from facegui.domain.errors import CameraError, CameraStalled, Cancelled, VideoEnded
from facegui.domain.geometry import Box, Landmarks
from facegui.domain.ports import FoundFace, FrameSource
from facegui.domain.recognition import Identity
from facegui.services.collecting.tracks import Track, Tracker
from facegui.services.recognising.recognise import PhotoRecogniser, fetch_models
from facegui.services.tools import Tools

__all__ = [
    "Camera",
    "LiveFrame",
    "LiveProblem",
    "LiveReport",
    "LiveRequest",
    "SeenFace",
    "list_cameras",
    "live",
]

KEEP_S = 0.5
"""How long a face that is not found keeps its name."""

NAME_AGAIN_S = 0.3
FIRST_RETRY_S = 1.0
LONGEST_RETRY_S = 5.0
_FPS_WINDOW_S = 1.0
_WAIT_STEP_S = 0.1


@dataclass(frozen=True, slots=True)
class LiveRequest:
    """What to watch.

    Attributes:
        source: as `facegui.collect.camera.open_source` takes it.
        bundle: the model that names faces; None for boxes only.
    """

    source: str
    bundle: Path | None


@dataclass(frozen=True, slots=True)
class SeenFace:
    """A face in a frame; *identity* is None until it has been named."""

    box: Box
    landmarks: Landmarks
    identity: Identity | None


@dataclass(frozen=True, slots=True)
class LiveFrame:
    """One frame with its faces.

    Attributes:
        fps: frames handed over in the last second, per second.
        latency_ms: from the frame's arrival in this program to its hand-over.
    """

    image: RgbImage
    faces: tuple[SeenFace, ...]
    fps: float
    latency_ms: float


@dataclass(frozen=True, slots=True)
class LiveProblem:
    """No pictures now, and why; the next `LiveFrame` means that it is over.

    Attributes:
        retry_s: seconds until the source is opened again; 0 while it is still listened to.
    """

    message: str
    remedy: str
    retry_s: float


@dataclass(frozen=True, slots=True)
class LiveReport:
    """How it ended.

    Attributes:
        frames: handed over in all.
        ended: that a file came to its end, in the owner's language; None when it was stopped.
    """

    frames: int
    ended: str | None


def live(
    tools: Tools, request: LiveRequest, show: Callable[[LiveFrame], None], control: Control
) -> LiveReport:
    """Watch a source until stopped or, for a file, until its end; the job of the live page.

    Partial results are `LiveProblem`. A source that fails is opened again for as long as it takes.
    *show* is called on this thread with every frame; it must be quick and keep only the newest.

    Raises:
        ModelUnavailable: the detector is not on this machine and cannot be fetched.
        BundleError: the model cannot be used.
    """
    fetch_models(tools, control, naming=request.bundle is not None)
    shown = 0
    with (
        _watcher(tools, request.bundle, control) as watcher,
        closing(camera_frames(tools, request.source, control)) as frames,
    ):
        try:
            for frame in frames:
                show(watcher.look_at(frame))
                shown += 1
        except VideoEnded as end:
            return LiveReport(shown, end.message)
        except Cancelled:
            pass  # stopped while the engine was naming
    return LiveReport(shown, None)


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


class _Namer(Protocol):
    """What puts names to faces; `PhotoRecogniser` does."""

    def identify(self, image: RgbImage, faces: Sequence[FoundFace]) -> list[Identity]: ...


@dataclass(slots=True)
class _Name:
    """Who a face is; *named_at* is 0 until it was looked at."""

    identity: Identity | None = None
    named_at: float = 0.0


class _Watcher:
    """Finds faces in frames, follows them, and has them named by a second thread."""

    def __init__(
        self, find: Callable[[RgbImage], Sequence[FoundFace]], namer: _Namer | None
    ) -> None:
        self._find = find
        self._namer = namer
        self._tracker = Tracker(_Name, KEEP_S)
        self._seen: list[Track[_Name]] = []
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="facegui-live-names")
        self._naming: tuple[Track[_Name], Future[list[Identity]]] | None = None
        self._shown_at: deque[float] = deque()

    def look_at(self, frame: Frame) -> LiveFrame:
        """*frame* with its faces and the names known by now."""
        self._seen = self._tracker.follow(self._find(frame.image), frame.taken_at)
        self._collect_name()
        self._ask_for_name(frame.image)
        seen = tuple(
            SeenFace(track.face.box, track.face.landmarks, track.note.identity)
            for track in self._seen
        )
        now = time.monotonic()
        return LiveFrame(frame.image, seen, self._fps(now), 1000 * (now - frame.taken_at))

    def close(self) -> None:
        """Let the second thread end after what it is at."""
        self._thread.shutdown(wait=False, cancel_futures=True)

    def _collect_name(self) -> None:
        if self._naming is None or not self._naming[1].done():
            return
        track, answer = self._naming
        self._naming = None
        track.note.identity = answer.result()[0]
        track.note.named_at = time.monotonic()

    def _ask_for_name(self, image: RgbImage) -> None:
        if self._namer is None or self._naming is not None or not self._seen:
            return
        track = min(self._seen, key=lambda track: track.note.named_at)
        if time.monotonic() - track.note.named_at >= NAME_AGAIN_S:
            answer = self._thread.submit(self._namer.identify, image, [track.face])
            self._naming = track, answer

    def _fps(self, now: float) -> float:
        self._shown_at.append(now)
        while now - self._shown_at[0] > _FPS_WINDOW_S:
            self._shown_at.popleft()
        span = now - self._shown_at[0]
        return (len(self._shown_at) - 1) / span if span > 0 else 0.0


@contextmanager
def _watcher(tools: Tools, bundle: Path | None, control: Control) -> Iterator[_Watcher]:
    if bundle is None:
        watcher = _Watcher(tools.finder(VIDEO).find, None)
    else:
        recogniser = PhotoRecogniser(tools, bundle, control, VIDEO)
        watcher = _Watcher(recogniser.find, recogniser)
    try:
        yield watcher
    finally:
        watcher.close()
