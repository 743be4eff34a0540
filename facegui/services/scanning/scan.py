"""Scanning: every photo is read once, its faces are found, measured, stored and judged.

`ScanFlow` does all but storing, on threads of its own; the calling thread alone writes, in batches.
What is stored is durable, so a scan that was killed goes on where it was.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from facegui.domain.control import Control, NullControl, Progress, Stop
from facegui.domain.detection import DetectOptions
from facegui.domain.entities import Photo, PhotoStatus, Region, ScannedPhoto
from facegui.domain.errors import ModelUnavailable
from facegui.domain.queries import PhotoFilter
from facegui.domain.text import tr
from facegui.services.copies.duplicates import find_duplicates
from facegui.services.libraries import Library
from facegui.services.scanning.detection_settings import detect_options
from facegui.services.scanning.scan_flow import ScanFlow
from facegui.services.tools import Tools

_STORE_EVERY_S = 0.25


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
    """How a scan ended.

    Attributes:
        unmeasured: what was not measured and why, in the owner's language; a text each.
    """

    scanned: int
    faces: int
    unreadable: int
    missing: int
    seconds: float
    stopped: bool
    unmeasured: tuple[str, ...] = ()


def scan(library: Library, tools: Tools, request: ScanRequest, control: Control) -> ScanReport:
    """Scan what needs it, then group the copies; Stop keeps everything scanned so far.

    Partial results are tuples of photo ids whose rows are new.
    """
    started = time.monotonic()
    photos = _to_scan(library, rescan=request.rescan)
    counted = _Counted()
    unmeasured: tuple[str, ...] = ()
    if photos:
        unmeasured = _fetch_models(tools, control)
        said = library.regions(photo.id for photo in photos)
        for batch in _scanned(photos, said, tools, detect_options(library), request, control):
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
        unmeasured,
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
    return photos if rescan else [photo for photo in photos if needs_scan(photo)]


def needs_scan(photo: Photo) -> bool:
    """New, changed on disk, gone, or back again."""
    if photo.status is PhotoStatus.PENDING:
        return True
    try:
        status = os.stat(photo.path)  # noqa: PTH116 - a hot loop over every photo
    except OSError:
        return photo.status is not PhotoStatus.MISSING
    changed = (status.st_size, status.st_mtime_ns) != (photo.size_bytes, photo.mtime_ns)
    return changed or photo.status is PhotoStatus.MISSING


def _fetch_models(tools: Tools, control: Control) -> tuple[str, ...]:
    """Fetch what the analysers need once, before many threads ask for it.

    Says which measures go without their network, which analysers then leave out.
    """
    for name in ("yunet", "sface", "face-landmarker"):
        tools.models.path(name, control)
    try:
        tools.models.path("sunglasses", control)
    except ModelUnavailable:
        return (
            tr(
                "Sunglasses were not looked for: their network could not be fetched. "
                "“facegui models fetch” says why."
            ),
        )
    return ()


def _scanned(
    photos: Sequence[Photo],
    said: Mapping[int, Sequence[Region]],
    tools: Tools,
    options: DetectOptions,
    request: ScanRequest,
    control: Control,
) -> Iterator[list[ScannedPhoto]]:
    """Batches of results as they come, about four a second; ends early when told to stop."""
    threads = request.threads or os.cpu_count() or 1
    ready: list[ScannedPhoto] = []
    stored_at = time.monotonic()
    with ScanFlow(photos, said, lambda: tools.analyser(options), threads) as flow:
        while not flow.done:
            ready += flow.take(_STORE_EVERY_S)
            stop = control.cancelled()
            if stop:
                flow.stop()
            if ready and (flow.done or time.monotonic() - stored_at >= _STORE_EVERY_S):
                yield ready
                ready, stored_at = [], time.monotonic()
            if stop is Stop.DISCARD:
                break
