"""What is kept of a live picture when the owner asks for it: a snapshot, or a video."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from facegui.domain.entities import RgbImage
from facegui.domain.errors import FaceGuiError
from facegui.files import file_faults, write_atomic

FPS = 25.0
"""Of the video; a slower source has each of its pictures several times, a faster one fewer."""

LONGEST_GAP_S = 2.0
"""A source that is silent for longer leaves no still picture of that length in the video."""

_WAITING = 6  # pictures; more are dropped rather than kept
_QUALITY = 92
_CLOSE_WAIT_S = 3.0


def free_stem(folder: Path, moment: datetime) -> Path:
    """The path of a new file in *folder*, without an ending, named after *moment*.

    Raises:
        StorageFault: the folder cannot be made.
    """
    with file_faults(folder):
        folder.mkdir(parents=True, exist_ok=True)
        taken = {path.stem for path in folder.iterdir()}
    name = f"FaceGUI {moment:%Y-%m-%d %H.%M.%S}"
    number = 1
    while name in taken:
        number += 1
        name = f"FaceGUI {moment:%Y-%m-%d %H.%M.%S} ({number})"
    return folder / name


def save_snapshot(folder: Path, picture: RgbImage, moment: datetime) -> Path:
    """*picture* as a JPEG without metadata in *folder*.

    Raises:
        StorageFault: the disk is full, or the folder cannot be written.
    """
    from facegui.imaging.thumbnail import jpeg_bytes

    stem = free_stem(folder, moment)
    path = stem.with_name(f"{stem.name}.jpg")
    write_atomic(path, jpeg_bytes(picture, _QUALITY))
    return path


@dataclass(frozen=True, slots=True)
class Recorded:
    """How a recording ended.

    Attributes:
        path: the video; None when nothing came, or the disk refused it.
        frames: pictures of the source that are in it.
        dropped: pictures that came while the disk was too slow.
        failure: why there is no video.
    """

    path: Path | None
    frames: int
    dropped: int
    failure: FaceGuiError | None


class Recorder:
    """Writes a video on a thread of its own; whoever offers pictures never waits."""

    def __init__(self, folder: Path, moment: datetime) -> None:
        self._folder = folder
        self._moment = moment
        self._pictures: queue.Queue[tuple[float, Callable[[], RgbImage]] | None]
        self._pictures = queue.Queue(_WAITING)
        self._ending = threading.Event()
        self._frames = self._dropped = 0
        self._path: Path | None = None
        self._failure: FaceGuiError | None = None
        self._thread = threading.Thread(target=self._run, name="facegui-recording")
        self._thread.start()

    @property
    def failure(self) -> FaceGuiError | None:
        """Why nothing is written any more."""
        return self._failure

    def offer(self, taken_at: float, make: Callable[[], RgbImage]) -> None:
        """Take the picture that *make* draws, on this recorder's thread, into the video.

        Args:
            taken_at: seconds on a clock that never goes back.
            make: called once, unless the disk is too slow.
        """
        if self._ending.is_set() or self._failure is not None:
            return
        try:
            self._pictures.put_nowait((taken_at, make))
        except queue.Full:
            self._dropped += 1

    def stop(self) -> None:
        """Take no more; returns at once."""
        self._ending.set()

    def finish(self) -> Recorded:
        """Take no more, and wait until the file is whole, a few seconds at most."""
        self.stop()
        self._thread.join(_CLOSE_WAIT_S)
        return Recorded(self._path, self._frames, self._dropped, self._failure)

    def _run(self) -> None:
        try:
            self._write()
        except FaceGuiError as error:
            self._failure = error

    def _write(self) -> None:
        from facegui.imaging.video_file import VideoFile

        first = self._next()
        if first is None:
            return
        taken_at, picture = first[0], first[1]()
        size = picture.shape[1], picture.shape[0]
        with VideoFile(free_stem(self._folder, self._moment), size, FPS) as video:
            pace = _Pace(taken_at)
            following: tuple[float, Callable[[], RgbImage]] | None = first
            while following is not None:
                times = pace.times(following[0])
                if times:
                    picture = following[1]()
                for _ in range(times):
                    video.write(picture)
                self._frames += bool(times)
                following = self._next()
        self._path = video.path

    def _next(self) -> tuple[float, Callable[[], RgbImage]] | None:
        """The next picture; None when all are written that were there at the end."""
        while True:
            try:
                return self._pictures.get(timeout=0.1)
            except queue.Empty:
                if self._ending.is_set():
                    return None


class _Pace:
    """How often each picture has to be in a video of `FPS`, so that it plays as fast as it was."""

    def __init__(self, start: float) -> None:
        self._start = start
        self._written = 0

    def times(self, taken_at: float) -> int:
        """How often the picture taken then comes next; 0 for one too many."""
        gap_s = taken_at - self._start - self._written / FPS
        if gap_s > LONGEST_GAP_S:
            self._start += gap_s
        wanted = round((taken_at - self._start) * FPS) + 1
        times = max(0, wanted - self._written)
        self._written += times
        return times
