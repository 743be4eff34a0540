"""Scanning: every photo is read once, its faces are found, measured, stored and judged.

Decoding and the networks release the GIL, so a thread per core keeps all cores busy; the calling
thread alone writes, in batches, and at most a few photos per thread are in memory.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from facegui.collect.xmp import regions_of
from facegui.domain.control import Control, NullControl, Progress, Stop
from facegui.domain.detection import DetectOptions
from facegui.domain.entities import Photo, PhotoStatus, Region, ScannedPhoto
from facegui.domain.errors import ImageError
from facegui.domain.ports import FaceAnalyser
from facegui.domain.queries import PhotoFilter
from facegui.domain.text import tr
from facegui.duplicates.hashing import photo_hashes
from facegui.imaging.decode import decode
from facegui.services.duplicates import find_duplicates
from facegui.services.libraries import Library
from facegui.services.regions import with_regions
from facegui.services.tools import Tools

_STORE_EVERY_S = 0.25
_IN_FLIGHT_PER_THREAD = 3


@dataclass(frozen=True, slots=True)
class ScanRequest:
    """Which photos to scan.

    Attributes:
        rescan: all of them, not only those that are new, changed or were missing.
        threads: worker threads; None means one per core.
    """

    rescan: bool = False
    threads: int | None = None


@dataclass(frozen=True, slots=True)
class ScanReport:
    """How a scan ended."""

    scanned: int
    faces: int
    unreadable: int
    missing: int
    seconds: float
    stopped: bool


def scan(library: Library, tools: Tools, request: ScanRequest, control: Control) -> ScanReport:
    """Scan what needs it, then group the copies; Stop keeps everything scanned so far.

    Partial results are tuples of photo ids whose rows are new.
    """
    started = time.monotonic()
    photos = _to_scan(library, rescan=request.rescan)
    counted = _Counted()
    if photos:
        _fetch_models(tools, control)
        said = library.regions(photo.id for photo in photos)
        for batch in _scanned(photos, said, tools, request, control):
            library.store_scans(batch)
            counted.add(batch)
            control.partial(tuple(row.photo_id for row in batch))
            control.report(Progress(counted.scanned, len(photos), tr("Scanning")))
    stop = control.cancelled()
    if stop is not Stop.DISCARD:
        # Copies are part of the rules; what a stopped scan kept is judged by them as well.
        find_duplicates(library, None, NullControl() if stop else control)
    return ScanReport(
        counted.scanned,
        counted.faces,
        counted.unreadable,
        counted.missing,
        time.monotonic() - started,
        bool(stop),
    )


class _Counted:
    def __init__(self) -> None:
        self.scanned = self.faces = self.unreadable = self.missing = 0

    def add(self, batch: Sequence[ScannedPhoto]) -> None:
        self.scanned += len(batch)
        self.faces += sum(len(row.faces) for row in batch)
        self.missing += sum(row.status is PhotoStatus.MISSING for row in batch)
        self.unreadable += sum(
            row.status in (PhotoStatus.BROKEN, PhotoStatus.UNSUPPORTED) for row in batch
        )


def _to_scan(library: Library, *, rescan: bool) -> list[Photo]:
    photos = library.photos(library.photo_ids(PhotoFilter()))
    return photos if rescan else [photo for photo in photos if _needs_scan(photo)]


def _needs_scan(photo: Photo) -> bool:
    """New, changed on disk, gone, or back again."""
    if photo.status is PhotoStatus.PENDING:
        return True
    try:
        status = os.stat(photo.path)  # noqa: PTH116 - a hot loop over every photo
    except OSError:
        return photo.status is not PhotoStatus.MISSING
    changed = (status.st_size, status.st_mtime_ns) != (photo.size_bytes, photo.mtime_ns)
    return changed or photo.status is PhotoStatus.MISSING


def _fetch_models(tools: Tools, control: Control) -> None:
    """Fetch what the analysers need once, before many threads ask for it."""
    for name in ("yunet", "sface", "face-landmarker"):
        tools.models.path(name, control)


def _scanned(
    photos: Sequence[Photo],
    said: Mapping[int, Sequence[Region]],
    tools: Tools,
    request: ScanRequest,
    control: Control,
) -> Iterator[list[ScannedPhoto]]:
    """Batches of results as they come, about four a second; ends early when told to stop."""
    threads = request.threads or os.cpu_count() or 1
    analysers = _PerThread(lambda: tools.analyser(DetectOptions()))
    waiting = iter(photos)
    ready: list[ScannedPhoto] = []
    stored_at = time.monotonic()
    with ThreadPoolExecutor(threads, thread_name_prefix="facegui-scan") as pool:
        running: set[Future[ScannedPhoto]] = set()

        def refill() -> None:
            while len(running) < threads * _IN_FLIGHT_PER_THREAD:
                photo = next(waiting, None)
                if photo is None:
                    return
                regions = said.get(photo.id, ())
                running.add(pool.submit(scan_photo, photo, analysers.get, regions))

        refill()
        while running:
            finished, _ = wait(running, timeout=_STORE_EVERY_S, return_when=FIRST_COMPLETED)
            running -= finished
            ready.extend(future.result() for future in finished)
            stop = control.cancelled()
            if stop:
                for future in running:
                    future.cancel()
                running = {future for future in running if not future.cancelled()}
            else:
                refill()
            if ready and (not running or time.monotonic() - stored_at >= _STORE_EVERY_S):
                yield ready
                ready, stored_at = [], time.monotonic()
            if stop is Stop.DISCARD:
                break


class _PerThread:
    """One analyser for each worker thread; networks are not thread-safe."""

    def __init__(self, make: Callable[[], FaceAnalyser]) -> None:
        self._make = make
        self._local = threading.local()

    def get(self) -> FaceAnalyser:
        if not hasattr(self._local, "analyser"):
            self._local.analyser = self._make()
        analyser: FaceAnalyser = self._local.analyser
        return analyser


def scan_photo(
    photo: Photo, analyser: Callable[[], FaceAnalyser], said: Sequence[Region] = ()
) -> ScannedPhoto:
    """Read, detect, measure and hash one photo. A file that cannot be read is a result too.

    *said* are the faces that lists and manifests know of; the photo's own metadata adds to them.
    """
    size_bytes, mtime_ns = _stamp(photo)
    try:
        decoded = decode(Path(photo.path))
    except ImageError as error:
        status, reason = _unreadable(photo, error)
        return ScannedPhoto(photo.id, status, reason, 0, 0, size_bytes, mtime_ns, None, None, ())
    height, width = decoded.image.shape[:2]
    analysis = analyser().analyse(decoded.image)
    noted = regions_of(Path(photo.path), decoded.xmp, width, height, decoded.orientation)
    faces = with_regions(
        analysis.faces, (*said, *noted), partial(analyser().measure_at, decoded.image)
    )
    return ScannedPhoto(
        photo_id=photo.id,
        status=PhotoStatus.OK,
        reason=None,
        width=width,
        height=height,
        size_bytes=size_bytes,
        mtime_ns=mtime_ns,
        sha256=decoded.sha256,
        hashes=photo_hashes(decoded.image),
        faces=faces,
        rotation=analysis.rotation,
    )


def _stamp(photo: Photo) -> tuple[int, int]:
    """The file's size and time, taken before reading so that a later change is noticed."""
    try:
        status = os.stat(photo.path)  # noqa: PTH116
    except OSError:
        return photo.size_bytes, photo.mtime_ns
    return status.st_size, status.st_mtime_ns


def _unreadable(photo: Photo, error: ImageError) -> tuple[PhotoStatus, str]:
    if not os.path.lexists(photo.path):
        return PhotoStatus.MISSING, tr("the file is gone")
    if error.unsupported:
        return PhotoStatus.UNSUPPORTED, error.reason
    return PhotoStatus.BROKEN, error.reason
