"""A photo's EXIF in the owner's words: camera, lens, date, exposure, place (Exif 2.32, 4.6).

Cameras and programs write it carelessly, so each field is read by itself: one that makes no sense
counts as absent, and the others are still told.
"""

from __future__ import annotations

import io
import math
import re
from collections.abc import Mapping
from pathlib import Path

from PIL import Image
from PIL.ExifTags import GPS, IFD, Base

from facegui.domain.exif import PhotoExif
from facegui.imaging.decode import FORMATS, read_file

_Tags = Mapping[int, object]
_DATE = re.compile(r"(\d{4}):(\d\d):(\d\d) (\d\d:\d\d:\d\d)")
_MOST_TEXT = 100
_DEGREES = 3  # degrees, minutes, seconds


def read_exif(path: Path | str) -> PhotoExif | None:
    """What the file *path* says of how it was taken; None where it has nothing of the kind.

    Raises:
        ImageError: the file cannot be read at all.
    """
    data = read_file(path)
    # Whatever a parser of foreign bytes raises means one thing here: there is nothing to tell.
    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as opened:
            exif = opened.getexif()
            first, camera, gps = dict(exif), exif.get_ifd(IFD.Exif), exif.get_ifd(IFD.GPSInfo)
    except Exception:
        return None
    found = PhotoExif(
        camera=_camera(first),
        lens=_text(camera.get(Base.LensModel)),
        taken_at=_date(camera.get(Base.DateTimeOriginal)) or _date(first.get(Base.DateTime)),
        exposure=_exposure(camera),
        place=_place(gps),
    )
    return None if found == PhotoExif(None, None, None, (), None) else found


def _camera(tags: _Tags) -> str | None:
    """Maker and model; most models begin with their maker's name."""
    make, model = _text(tags.get(Base.Make)), _text(tags.get(Base.Model))
    if make and model and not model.lower().startswith(make.split()[0].lower()):
        return f"{make} {model}"
    return model or make


def _exposure(tags: _Tags) -> tuple[str, ...]:
    seconds = _number(tags.get(Base.ExposureTime))
    aperture = _number(tags.get(Base.FNumber))
    length = _number(tags.get(Base.FocalLength))
    speed = tags.get(Base.ISOSpeedRatings)
    iso = _number(speed[0] if isinstance(speed, tuple) and speed else speed)
    parts = (
        seconds and (f"1/{1 / seconds:.0f} s" if seconds < 0.3 else f"{seconds:.3g} s"),  # noqa: PLR2004 - as on cameras
        aperture and f"f/{aperture:.3g}",
        iso and f"ISO {iso:.0f}",
        length and f"{length:.3g} mm",
    )
    return tuple(part for part in parts if part)


def _place(tags: _Tags) -> tuple[float, float] | None:
    latitude = _angle(tags.get(GPS.GPSLatitude), tags.get(GPS.GPSLatitudeRef), "S", 90)
    longitude = _angle(tags.get(GPS.GPSLongitude), tags.get(GPS.GPSLongitudeRef), "W", 180)
    return None if latitude is None or longitude is None else (latitude, longitude)


def _angle(value: object, ref: object, negative: str, most: int) -> float | None:
    if not isinstance(value, tuple) or len(value) != _DEGREES:
        return None
    try:
        degrees, minutes, seconds = (float(part) for part in value)
    except (TypeError, ValueError, ZeroDivisionError):
        return None
    angle = degrees + minutes / 60 + seconds / 3600
    if not 0 <= angle <= most:  # also what is not a number
        return None
    return -angle if ref == negative else angle


def _number(value: object) -> float | None:
    """A positive number, or None."""
    try:
        number = float(value)  # type: ignore[arg-type] # what it is, is the question
    except (TypeError, ValueError, ZeroDivisionError):
        return None
    return number if math.isfinite(number) and number > 0 else None


def _text(value: object) -> str | None:
    if not isinstance(value, str):
        return None
    return value.replace("\0", " ").strip()[:_MOST_TEXT] or None


def _date(value: object) -> str | None:
    parts = _DATE.match(value) if isinstance(value, str) else None
    return None if parts is None else "{}-{}-{} {}".format(*parts.groups())
