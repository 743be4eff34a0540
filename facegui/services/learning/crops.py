"""The crops a network trains on: cut once, in parallel, and kept as one array in the cache."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

import numpy as np

from facegui.domain.control import Control, Progress
from facegui.domain.dataset import DatasetItem
from facegui.domain.entities import RgbImage
from facegui.domain.errors import Cancelled, ImageError
from facegui.domain.text import tr
from facegui.domain.training import Preprocessing
from facegui.files import file_faults, replace_file
from facegui.imaging.decode import decode
from facegui.services.learning.inputs import network_crop
from facegui.services.libraries import Library

KEPT_FILES = 6
"""Arrays that stay in the cache; the least recently used goes first."""

_FOLDER = "training"
_DECODED_AHEAD = 4


class UnreadableFaces(Exception):
    """Some photos could not be read. *reasons*: why, by face id."""

    def __init__(self, reasons: Mapping[int, ImageError]) -> None:
        super().__init__(reasons)
        self.reasons = reasons


def crops_file(
    library: Library, items: Sequence[DatasetItem], wanted: Preprocessing, control: Control
) -> Path:
    """The ``.npy`` of the items' crops, uint8 (n, size, size, 3) RGB in their order.

    Raises:
        UnreadableFaces: photos that have gone or broken since they were scanned; nothing is kept.
        Cancelled: stopped; there is nothing to keep yet.
        StorageFault: the disk is full.
    """
    folder = library.cache_dir / _FOLDER
    path = folder / f"{_key(items, wanted)}.npy"
    with file_faults(path):
        folder.mkdir(parents=True, exist_ok=True)
        if path.exists():
            path.touch()
            return path
        with _unfinished(path) as array_path:
            _cut_all(array_path, items, wanted, control)
            replace_file(array_path, path)
        for old in sorted(folder.glob("*.npy"), key=_age)[KEPT_FILES:]:
            old.unlink(missing_ok=True)
    return path


def cut(
    items: Iterable[DatasetItem], wanted: Preprocessing, control: Control
) -> Iterator[tuple[DatasetItem, RgbImage | ImageError]]:
    """Each item with its crop, or with why its photo cannot be read; in any order.

    Every photo is decoded once, on one thread for each core; at most a few are in memory.

    Raises:
        Cancelled: stopped.
    """
    by_photo: dict[str, list[DatasetItem]] = {}
    for item in items:
        by_photo.setdefault(item.path, []).append(item)
    photos = list(by_photo.values())
    threads = os.cpu_count() or 1
    with ThreadPoolExecutor(threads, thread_name_prefix="facegui-crops") as pool:
        for start in range(0, len(photos), threads * _DECODED_AHEAD):
            if control.cancelled():
                raise Cancelled
            block = photos[start : start + threads * _DECODED_AHEAD]
            running: list[Future[list[tuple[DatasetItem, RgbImage | ImageError]]]] = [
                pool.submit(_cut_photo, faces, wanted) for faces in block
            ]
            for future in as_completed(running):
                yield from future.result()
            done = start + len(block)
            control.report(Progress(done, len(photos), tr("Cutting out faces")))


def _cut_photo(
    faces: Sequence[DatasetItem], wanted: Preprocessing
) -> list[tuple[DatasetItem, RgbImage | ImageError]]:
    path, sha256 = faces[0].path, faces[0].sha256
    try:
        decoded = decode(path)
    except ImageError as error:
        return [(face, error) for face in faces]
    if sha256 and decoded.sha256 != sha256:  # the boxes are those of another picture
        why = tr("it has changed since it was scanned")
        changed = ImageError(path, why, remedy=tr("Scan it again."))
        return [(face, changed) for face in faces]
    image = decoded.image
    return [(face, network_crop(image, face.box, face.landmarks, wanted)) for face in faces]


def _cut_all(
    path: Path, items: Sequence[DatasetItem], wanted: Preprocessing, control: Control
) -> None:
    # Written and not memory-mapped: a full disk is an error here, and a crash there.
    row_of = {item.face_id: row for row, item in enumerate(items)}
    shape = (len(items), wanted.size_px, wanted.size_px, 3)
    unreadable: dict[int, ImageError] = {}
    with path.open("wb") as file:
        np.lib.format.write_array_header_1_0(
            file, {"descr": "|u1", "fortran_order": False, "shape": shape}
        )
        first = file.tell()
        for item, crop in cut(items, wanted, control):
            if isinstance(crop, ImageError):
                unreadable[item.face_id] = crop
            else:
                file.seek(first + row_of[item.face_id] * crop.nbytes)
                file.write(crop.tobytes())
    if unreadable:
        raise UnreadableFaces(unreadable)


@contextmanager
def _unfinished(path: Path) -> Iterator[Path]:
    """A file beside *path* that is gone when the block ends without having moved it there."""
    temporary = path.with_name(f".{uuid.uuid4().hex}.part")
    try:
        yield temporary
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)


def _key(items: Sequence[DatasetItem], wanted: Preprocessing) -> str:
    """Of everything that decides the pixels, so that seeds and names share one array."""
    content = [
        asdict(wanted),
        [(item.sha256 or item.path, asdict(item.box), item.landmarks) for item in items],
    ]
    return hashlib.sha256(json.dumps(content).encode()).hexdigest()[:32]


def _age(path: Path) -> float:
    """Sorts the most recently used first."""
    return -path.stat().st_mtime
