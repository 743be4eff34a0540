"""Photos on their way through a scan: reading, decoding, measuring and storing overlap.

One thread reads files ahead, one after the other as disks like it. A thread per core decodes and
measures, each a photo at a time: both release the GIL. Whoever asks for results stores them
meanwhile. What is in memory is bounded by bytes, not by photos: see `Room`.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from types import TracebackType

from facegui.domain.entities import Photo, Region, ScannedPhoto
from facegui.domain.ports import FaceAnalyser
from facegui.services.scanning.room import Room
from facegui.services.scanning.scan_photo import PhotoFile, read_photo, scan_photo

AHEAD_PER_THREAD = 8
"""Photos read or scanned at a time: work for the threads while results are being stored."""

AHEAD_BYTES = 32 * 2**20
"""Of files, from reading until their photo's result is taken."""

PIXEL_BYTES_PER_THREAD = 60 * 2**20
"""Of decoded pictures. A whole 12-megapixel one takes 84 MB while it is decoded, then 36."""


@dataclass(frozen=True, slots=True)
class _OnItsWay:
    size_bytes: int
    read: Future[PhotoFile]


class ScanFlow:
    """Scans *photos*; use as a context manager, which ends its threads.

    Args:
        photos: in this order, though results come as they are ready.
        said: faces that lists and manifests know of, by photo id.
        make_analyser: one for each thread; networks are not thread-safe.
        threads: how many decode and measure.
    """

    def __init__(
        self,
        photos: Iterable[Photo],
        said: Mapping[int, Sequence[Region]],
        make_analyser: Callable[[], FaceAnalyser],
        threads: int,
    ) -> None:
        self._waiting = deque(photos)
        self._said = said
        self._make_analyser = make_analyser
        self._own = threading.local()
        self._room = Room(threads * PIXEL_BYTES_PER_THREAD)
        self._most = threads * AHEAD_PER_THREAD
        self._running: dict[Future[ScannedPhoto], _OnItsWay] = {}
        self._reader = ThreadPoolExecutor(1, thread_name_prefix="facegui-read")
        self._workers = ThreadPoolExecutor(threads, thread_name_prefix="facegui-scan")
        self._refill()

    def __enter__(self) -> ScanFlow:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()
        self._workers.shutdown()
        self._reader.shutdown()

    @property
    def done(self) -> bool:
        """Whether every result has been taken, or there will be none."""
        return not self._running

    def take(self, timeout_s: float) -> list[ScannedPhoto]:
        """Results that are ready; waits for one, but not longer than *timeout_s*.

        Raises:
            ModelUnavailable: a network is neither here nor to be fetched.
        """
        finished, _ = wait(self._running, timeout=timeout_s, return_when=FIRST_COMPLETED)
        for future in finished:
            del self._running[future]
        self._refill()
        return [future.result() for future in finished]

    def stop(self) -> None:
        """Begin no more photos; those that are being scanned still come."""
        self._waiting.clear()
        for future in list(self._running):
            if future.cancel():
                self._running.pop(future).read.cancel()

    def _refill(self) -> None:
        ahead = sum(one.size_bytes for one in self._running.values())
        while self._waiting and len(self._running) < self._most:
            ahead += self._waiting[0].size_bytes
            if self._running and ahead > AHEAD_BYTES:
                return
            photo = self._waiting.popleft()
            read = self._reader.submit(read_photo, photo)
            scanned = self._workers.submit(self._scan, photo, read.result)
            self._running[scanned] = _OnItsWay(photo.size_bytes, read)

    def _scan(self, photo: Photo, read: Callable[[], PhotoFile]) -> ScannedPhoto:
        if not hasattr(self._own, "analyser"):
            self._own.analyser = self._make_analyser()
        said = self._said.get(photo.id, ())
        return scan_photo(photo, read, self._own.analyser, self._room, said)
