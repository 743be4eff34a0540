"""How hard a library's photos are looked at: kept in the library, tried out on a few of them."""

from __future__ import annotations

import math
import os
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

from facegui.domain.control import Control
from facegui.domain.detection import DetectOptions
from facegui.domain.entities import Photo, PhotoStatus, RgbImage
from facegui.domain.errors import ImageError
from facegui.domain.geometry import Box
from facegui.domain.ports import FaceFinder
from facegui.domain.queries import PhotoFilter
from facegui.services.libraries import Library
from facegui.services.tools import Tools

SETTING = "detection"
LEAST_SCORE, MOST_SCORE = 0.3, 0.95
LEAST_FACE_PX, MOST_FACE_PX = 8, 200
MOST_CLOSEST_PX = 5120
TRIED_PHOTOS = 12
_SHOWN_PX = 1200
_KEPT = ("min_score", "smallest_face_px", "closest_px", "turned")


def detect_options(library: Library) -> DetectOptions:
    """How hard to look for faces in *library*; the defaults for what it does not say."""
    usual = DetectOptions()
    kept = library.setting(SETTING, {})
    if not isinstance(kept, dict):
        return usual
    turned = kept.get("turned")
    return DetectOptions(
        min_score=_number(kept.get("min_score"), usual.min_score, LEAST_SCORE, MOST_SCORE),
        smallest_face_px=_number(
            kept.get("smallest_face_px"), usual.smallest_face_px, LEAST_FACE_PX, MOST_FACE_PX
        ),
        closest_px=round(_number(kept.get("closest_px"), usual.closest_px, 0, MOST_CLOSEST_PX)),
        turned=turned if isinstance(turned, bool) else usual.turned,
    )


def keep_detect_options(library: Library, options: DetectOptions) -> None:
    """Look like this from the next scan on. What has been found stays until it is scanned again.

    Raises:
        LibraryError, StorageFault: the library cannot be written.
    """
    kept = {name: getattr(options, name) for name in _KEPT}
    library.set_setting(SETTING, kept)


def _number(value: object, usual: float, low: float, high: float) -> float:
    """*value* inside its range, or *usual*: a library may have been written by anybody."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return usual
    return min(max(float(value), low), high)


@dataclass(frozen=True, slots=True)
class TriedFace:
    """A face that some strictness would count."""

    box: Box
    score: float


@dataclass(frozen=True, slots=True)
class TriedPhoto:
    """What was found in one photo.

    Attributes:
        image: reduced, to be shown; None when the file cannot be read.
        width: of the original, which the boxes are in pixels of; likewise *height*.
        faces: from `LEAST_SCORE` on, best first.
        seconds: for decoding and finding, on one thread.
        error: why it cannot be read.
    """

    photo_id: int
    image: RgbImage | None
    width: int
    height: int
    faces: tuple[TriedFace, ...]
    seconds: float
    error: str | None = None

    def counting(self, options: DetectOptions) -> tuple[TriedFace, ...]:
        """The faces that *options* count, of those that the look for this found."""
        return tuple(
            face
            for face in self.faces
            if face.score >= options.min_score
            and min(face.box.width, face.box.height) >= options.smallest_face_px
        )


@dataclass(frozen=True, slots=True)
class Trial:
    """What to try settings on.

    Attributes:
        photos: a few, from the smallest to the largest.
        options: what is set now.
        total: how many photos the library has.
    """

    photos: tuple[Photo, ...]
    options: DetectOptions
    total: int


def trial_of(library: Library, count: int = TRIED_PHOTOS) -> Trial:
    """At most *count* photos of *library* to try settings on, spread over its photos' sizes."""
    pending = PhotoFilter(statuses=(PhotoStatus.PENDING,))
    readable = PhotoFilter(statuses=(PhotoStatus.OK,))
    waiting, read = (library.photos(library.photo_ids(which)) for which in (pending, readable))
    photos = read or waiting
    photos.sort(key=lambda photo: (photo.width * photo.height, photo.path))
    if len(photos) > count:
        photos = [photos[number * (len(photos) - 1) // (count - 1)] for number in range(count)]
    return Trial(tuple(photos), detect_options(library), len(read) + len(waiting))


def try_options(
    tools: Tools, photos: Sequence[Photo], options: DetectOptions, control: Control
) -> None:
    """Look for faces in *photos*; each partial result is a `TriedPhoto`.

    The strictness of *options* is passed over: everything that any would count is found, so that
    another one can be tried without looking again.

    Raises:
        ModelUnavailable: the detector is not on this machine and cannot be fetched.
    """
    tools.models.path("yunet", control)
    finder = tools.finder(replace(options, min_score=LEAST_SCORE))
    for photo in photos:
        if control.cancelled():
            return
        control.partial(_tried(photo, finder))


def _tried(photo: Photo, finder: FaceFinder) -> TriedPhoto:
    from facegui.imaging.decode import decode
    from facegui.imaging.thumbnail import shrink

    started = time.perf_counter()
    try:
        image = decode(photo.path).image
    except ImageError as error:
        return TriedPhoto(photo.id, None, 0, 0, (), 0.0, error.reason)
    faces = tuple(TriedFace(face.box, face.score) for face in finder.find(image))
    seconds = time.perf_counter() - started
    height, width = image.shape[:2]
    return TriedPhoto(photo.id, shrink(image, _SHOWN_PX), width, height, faces, seconds)


def seconds_to_scan(tried: Sequence[TriedPhoto], photos: int) -> float:
    """About how long finding the faces in all *photos* takes on this machine."""
    seconds = [one.seconds for one in tried if one.error is None]
    if not seconds:
        return 0.0
    return sum(seconds) / len(seconds) * photos / (os.cpu_count() or 1)
