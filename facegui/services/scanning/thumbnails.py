"""Thumbnails of photos and crops of faces, as arrays, kept as JPEG in a library's cache folder.

Everything here may run on any thread, and every file may be deleted at any time. A file's name says
what it shows, the SHA-256 of the photo's content and the face's box, so none is ever out of date:

``photos/ab/<sha256>.jpg`` and ``faces/ab/<sha256>_<x1>_<y1>_<x2>_<y2>.jpg``.
"""

from __future__ import annotations

import contextlib
import uuid
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np

from facegui.domain.entities import Face, Photo, RgbImage
from facegui.domain.errors import ImageError
from facegui.domain.geometry import Box
from facegui.imaging.align import box_crop
from facegui.imaging.decode import Decoded, decode
from facegui.imaging.thumbnail import embedded_thumbnail, jpeg_bytes, shrink

STORED_PX = 320
"""Longer side of what is kept; the largest tile of the grid."""

_MARGIN = 0.25
_LEAST_PX = 64


class Thumbnails:
    """Small pictures for one library.

    Args:
        cache_dir: the library's folder for what can be made again.
    """

    def __init__(self, cache_dir: Path) -> None:
        self._photos = cache_dir / "photos"
        self._faces = cache_dir / "faces"

    def photo(self, photo: Photo, side_px: int = STORED_PX) -> RgbImage:
        """The photo with its longer side at most *side_px* (up to `STORED_PX`).

        Raises:
            ImageError: it is not in the cache and cannot be read.
        """
        if photo.sha256 is not None:
            kept = _read(_file(self._photos, photo.sha256), side_px)
            if kept is not None:
                return _upright(kept, photo)
        decoded = decode(photo.path, min_side=STORED_PX)
        stored = shrink(decoded.image, STORED_PX)
        _write(_file(self._photos, decoded.sha256), stored)
        return _upright(shrink(stored, side_px), photo)

    def glance(self, photo: Photo, side_px: int) -> RgbImage | None:
        """A rough picture of *photo* at once, to be shown until `photo` has a better one.

        None where there is nothing to be had sooner: the thumbnail is kept already, or the camera
        left none in the file that is at least half as large as *side_px*.
        """
        if photo.sha256 is not None and _file(self._photos, photo.sha256).exists():
            return None
        try:
            embedded = embedded_thumbnail(photo.path)
        except ImageError:
            return None  # `photo` will tell
        if embedded is None or 2 * max(embedded.shape) < side_px:
            return None
        return _upright(shrink(embedded, side_px), photo)

    def faces(
        self, photo: Photo, faces: Sequence[Face], side_px: int = STORED_PX
    ) -> list[RgbImage]:
        """A square crop of each face with some room around it; the photo is decoded once at most.

        Args:
            photo: where the faces are.
            faces: faces of *photo*.
            side_px: largest side wanted, up to `STORED_PX`; small faces are not enlarged to it.

        Raises:
            ImageError: one is not in the cache and the photo cannot be read.
        """
        found = [self._kept_face(photo, face, side_px) for face in faces]
        missing = [face for face, kept in zip(faces, found, strict=True) if kept is None]
        if not missing:
            return [_upright(kept, photo) for kept in found if kept is not None]
        decoded = decode(photo.path, min_side=_side_needed(photo, missing))
        return [
            _upright(self._cut(decoded, face, side_px) if kept is None else kept, photo)
            for face, kept in zip(faces, found, strict=True)
        ]

    def whole(self, photo: Photo, side_px: int) -> RgbImage:
        """The photo for a view of its own: at least *side_px* on its shorter side if it has them.

        Raises:
            ImageError: it cannot be read.
        """
        return _upright(decode(photo.path, min_side=side_px).image, photo)

    def forget(self, photos: Iterable[Photo]) -> None:
        """Delete whatever is kept of *photos*, their faces included."""
        for photo in photos:
            if photo.sha256 is None:
                continue
            _file(self._photos, photo.sha256).unlink(missing_ok=True)
            crops = _file(self._faces, photo.sha256)
            for crop in crops.parent.glob(f"{photo.sha256}_*.jpg"):
                crop.unlink(missing_ok=True)

    def _kept_face(self, photo: Photo, face: Face, side_px: int) -> RgbImage | None:
        if photo.sha256 is None:
            return None
        return _read(_file(self._faces, photo.sha256, face.box), side_px)

    def _cut(self, decoded: Decoded, face: Face, side_px: int) -> RgbImage:
        square = _square(face.box, decoded.width, decoded.height)
        stored_px = min(STORED_PX, max(_LEAST_PX, round(square.width)))
        crop = box_crop(decoded.image, square.scaled(decoded.scale), stored_px, margin=0)
        _write(_file(self._faces, decoded.sha256, face.box), crop)
        return shrink(crop, side_px)


def _upright(image: RgbImage, photo: Photo) -> RgbImage:
    """A picture or crop of *photo* as it is shown; kept are those as the file has them."""
    return np.ascontiguousarray(np.rot90(image, -photo.rotation // 90))


def _square(box: Box, width: int, height: int) -> Box:
    """A square with some room around *box*, moved and cut so that it lies inside the photo."""
    side = max(box.width, box.height, 1.0) * (1 + 2 * _MARGIN)
    side = max(1.0, min(side, width, height))
    centre_x, centre_y = box.centre
    left = min(max(centre_x - side / 2, 0.0), max(width - side, 0.0))
    top = min(max(centre_y - side / 2, 0.0), max(height - side, 0.0))
    return Box(left, top, left + side, top + side)


def _side_needed(photo: Photo, faces: Sequence[Face]) -> int:
    """How large to decode so that the smallest of *faces* still fills its crop."""
    squares = (_square(face.box, photo.width, photo.height) for face in faces)
    scale = max(min(1.0, STORED_PX / square.width) for square in squares)
    return max(1, round(min(photo.width, photo.height) * scale))


def _file(folder: Path, sha256: str, box: Box | None = None) -> Path:
    name = sha256
    if box is not None:
        name += "".join(f"_{round(side)}" for side in (box.x1, box.y1, box.x2, box.y2))
    return folder / sha256[:2] / f"{name}.jpg"


def _read(file: Path, side_px: int) -> RgbImage | None:
    """What is kept in *file*, or None; a damaged file counts as none."""
    try:
        return shrink(decode(file, min_side=side_px).image, side_px)
    except ImageError:
        return None


def _write(file: Path, image: RgbImage) -> None:
    """Keep *image* if that can be done: on a full disk or a read-only one it is made each time.

    Renamed into place so that no reader sees half a file; not synced, because a file that a power
    cut damages is noticed when it is read.
    """
    unfinished = file.with_name(f".{uuid.uuid4().hex}.part")
    with contextlib.suppress(OSError):
        file.parent.mkdir(parents=True, exist_ok=True)
        try:
            unfinished.write_bytes(jpeg_bytes(image))
            unfinished.replace(file)
        except OSError:
            unfinished.unlink(missing_ok=True)
            raise
