"""Recognising: every face in photos and videos gets a name, or *unknown*, from a model bundle."""

from __future__ import annotations

import os
import time
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from facegui.collect.folders import Skipped, walk
from facegui.domain.control import Control, Progress, Relay
from facegui.domain.entities import RgbImage
from facegui.domain.errors import Cancelled
from facegui.domain.recognition import RecognisedPhoto
from facegui.domain.text import tr
from facegui.services.recognising.file_faces import FaceMemory
from facegui.services.recognising.photo_recogniser import PhotoRecogniser
from facegui.services.recognising.video_files import frame_at
from facegui.services.tools import Tools

_IN_FLIGHT_PER_THREAD = 8
_TELL_EVERY_S = 0.1
_TO_FIND, _TO_NAME = ("yunet",), ("yunet", "sface")


@dataclass(frozen=True, slots=True)
class RecogniseRequest:
    """What to recognise.

    Attributes:
        bundle: a model bundle.
        paths: files and folders; folders are walked recursively.
        threads: worker threads; None means one per core.
    """

    bundle: Path
    paths: tuple[Path, ...]
    threads: int | None = None


@dataclass(frozen=True, slots=True)
class RecogniseReport:
    """Every file in the order asked for, unreadable ones included; videos after the photos."""

    photos: tuple[RecognisedPhoto, ...]
    stopped: bool


def recognise_photos(
    tools: Tools, request: RecogniseRequest, control: Control, memory: FaceMemory | None = None
) -> RecogniseReport:
    """Recognise all files below the paths; Stop keeps what is done.

    Partial results are tuples of `RecognisedPhoto`, in order. A file that cannot be read is a
    result too, with the reason. What *memory* holds is named without looking at the file again.

    Raises:
        BundleError: the model cannot be used.
        ModelUnavailable: the detector is not on this machine and cannot be fetched.
        EngineError: the process of a convolutional network died.
    """
    fetch_models(tools, control)
    recogniser = PhotoRecogniser(tools, request.bundle, control, memory=memory)
    files = _files(request.paths, control)
    told = _Told(control, len(files))
    videos: list[Path] = []
    for result in _recognised(recogniser, files, request.threads, control):
        if isinstance(result, Path):
            videos.append(result)
        else:
            told.add(result)
    for path in videos:
        if control.cancelled():
            break
        told.add(recogniser.video(path, told.look_through(path)))
    told.flush()
    return RecogniseReport(tuple(told.photos), stopped=bool(control.cancelled()))


class _Told:
    """What has come, handed over several times a second."""

    def __init__(self, control: Control, total: int) -> None:
        self.photos: list[RecognisedPhoto] = []
        self._control = control
        self._total = total
        self._told = 0
        self._told_at = time.monotonic()

    def add(self, photo: RecognisedPhoto) -> None:
        """One more."""
        self.photos.append(photo)
        self._control.report(Progress(len(self.photos), self._total, tr("Recognising")))
        if time.monotonic() - self._told_at >= _TELL_EVERY_S:
            self.flush()

    def flush(self) -> None:
        """Hand over what has not been yet."""
        if len(self.photos) > self._told:
            self._control.partial(tuple(self.photos[self._told :]))
            self._told = len(self.photos)
        self._told_at = time.monotonic()

    def look_through(self, path: Path) -> Control:
        """For the video at *path*, whose progress is that of all files with its share as text."""
        self.flush()

        def report(of_video: Progress) -> None:
            share = f"{of_video.done / of_video.total:.0%}" if of_video.total else "…"
            label = tr("Looking through {name}: {share}", name=path.name, share=share)
            self._control.report(Progress(len(self.photos), self._total, label))

        return Relay(self._control, report=report)


def fetch_models(tools: Tools, control: Control, *, naming: bool = True) -> None:
    """Fetch what finding, and *naming*, faces needs, with progress, before threads ask for it."""
    for name in _TO_NAME if naming else _TO_FIND:
        tools.models.path(name, control)


def load_picture(path: Path | str, side_px: int, time_s: float | None = None) -> RgbImage:
    """The picture in a file for a view, its longer side at most *side_px*.

    Args:
        path: of a photo, or of a video.
        side_px: for the view.
        time_s: of the frame of a video; None for a photo.

    Raises:
        ImageError: it cannot be read.
        OwnerError: it is not a video that can be played.
    """
    from facegui.imaging.decode import decode
    from facegui.imaging.thumbnail import shrink

    if time_s is not None:
        return shrink(frame_at(path, time_s), side_px)
    return shrink(decode(path, min_side=side_px).image, side_px)


def _files(paths: Sequence[Path], control: Control) -> list[Path | Skipped]:
    """Every file at or below *paths*, each once, and what cannot be read as it is."""
    found: dict[str, Path | Skipped] = {}
    for path in paths:
        for entry in walk(path):
            found.setdefault(entry.path, entry if isinstance(entry, Skipped) else Path(entry.path))
            if control.cancelled():
                return []
    return list(found.values())


def _recognised(
    recogniser: PhotoRecogniser,
    files: Sequence[Path | Skipped],
    threads: int | None,
    control: Control,
) -> Iterator[RecognisedPhoto | Path]:
    """Results in order of *files*, the path of each video; ends early when told to stop."""
    threads = threads or os.cpu_count() or 1
    waiting = iter(files)
    running: deque[Future[RecognisedPhoto | Path]] = deque()
    pool = ThreadPoolExecutor(threads, thread_name_prefix="facegui-recognise")
    try:
        while not control.cancelled():
            while len(running) < threads * _IN_FLIGHT_PER_THREAD:
                entry = next(waiting, None)
                if entry is None:
                    break
                running.append(pool.submit(_one, recogniser, entry))
            if not running:
                return
            yield running.popleft().result()
    except Cancelled:
        return  # in the middle of a photo
    finally:
        pool.shutdown(cancel_futures=True)


def _one(recogniser: PhotoRecogniser, entry: Path | Skipped) -> RecognisedPhoto | Path:
    if isinstance(entry, Skipped):
        return RecognisedPhoto(entry.path, 0, 0, entry.reason, ())
    return recogniser.photo_or_video(entry)
