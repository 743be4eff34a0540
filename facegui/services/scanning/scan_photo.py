"""One photo's way through a scan: its file is read, and what it shows found and measured."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from facegui.collect.xmp import regions_of
from facegui.domain.entities import Photo, PhotoStatus, Region, ScannedPhoto
from facegui.domain.errors import ImageError
from facegui.domain.ports import FaceAnalyser
from facegui.domain.text import tr
from facegui.duplicates.hashing import photo_hashes
from facegui.imaging.decode import read_file
from facegui.imaging.picture import PhotoPicture
from facegui.services.collecting.regions import with_regions
from facegui.services.scanning.room import Room


@dataclass(frozen=True, slots=True)
class PhotoFile:
    """A photo's file as it was read.

    Attributes:
        content: all its bytes, or why there are none.
        size_bytes: taken before reading, so that a later change is noticed; likewise *mtime_ns*.
    """

    content: bytes | ImageError
    size_bytes: int
    mtime_ns: int


def read_photo(photo: Photo) -> PhotoFile:
    """The file of *photo*. One that cannot be read is a result too."""
    try:
        status = os.stat(photo.path)  # noqa: PTH116 - a hot loop over every photo
        stamp = status.st_size, status.st_mtime_ns
    except OSError:
        stamp = photo.size_bytes, photo.mtime_ns
    try:
        return PhotoFile(read_file(photo.path), *stamp)
    except ImageError as error:
        return PhotoFile(error, *stamp)


def scan_photo(
    photo: Photo,
    read: Callable[[], PhotoFile],
    analyser: FaceAnalyser,
    room: Room,
    said: Sequence[Region] = (),
) -> ScannedPhoto:
    """Decode, detect, measure and hash one photo. A file that cannot be decoded is a result too.

    Args:
        photo: its row.
        read: gives its file; waits while that is still being read.
        analyser: this thread's own.
        room: for decoded pixels.
        said: the faces that lists and manifests know of; the photo's own metadata adds to them.
    """
    file = read()
    try:
        if isinstance(file.content, ImageError):
            raise file.content
        with room.share() as share:
            picture = PhotoPicture(file.content, photo.path, reserve=share.resize)
            return _scanned(photo, file, picture, analyser, said)
    except ImageError as error:
        status, reason = _unreadable(photo, error)
        return ScannedPhoto(
            photo.id, status, reason, 0, 0, file.size_bytes, file.mtime_ns, None, None, ()
        )


def _scanned(
    photo: Photo,
    file: PhotoFile,
    picture: PhotoPicture,
    analyser: FaceAnalyser,
    said: Sequence[Region],
) -> ScannedPhoto:
    first = picture.first
    analysis = analyser.analyse(picture)
    # Of the first picture, whatever has been decoded since: which pixels are hashed depends on the
    # file alone. Standing upright, so that a copy that lies on its side has the same hashes.
    upright = np.ascontiguousarray(np.rot90(first.image, -analysis.rotation // 90))
    hashes = photo_hashes(upright)
    noted = regions_of(Path(photo.path), first.xmp, first.width, first.height, first.orientation)
    faces = with_regions(
        analysis.faces,
        (*said, *noted),
        lambda box: analyser.measure_at(picture.at_least(1), box),
    )
    return ScannedPhoto(
        photo_id=photo.id,
        status=PhotoStatus.OK,
        reason=None,
        width=first.width,
        height=first.height,
        size_bytes=file.size_bytes,
        mtime_ns=file.mtime_ns,
        sha256=first.sha256,
        hashes=hashes,
        faces=faces,
        rotation=analysis.rotation,
    )


def _unreadable(photo: Photo, error: ImageError) -> tuple[PhotoStatus, str]:
    if not os.path.lexists(photo.path):
        return PhotoStatus.MISSING, tr("the file is gone")
    if error.unsupported:
        return PhotoStatus.UNSUPPORTED, error.reason
    return PhotoStatus.BROKEN, error.reason
