"""What a photo's own file says of how it was taken."""

from __future__ import annotations

from facegui.domain.entities import Photo
from facegui.domain.errors import ImageError
from facegui.domain.exif import PhotoExif
from facegui.imaging.exif import read_exif


def photo_exif(photo: Photo) -> PhotoExif | None:
    """Camera, lens, date, exposure and place; None where the file has none or cannot be read."""
    try:
        return read_exif(photo.path)
    except ImageError:
        return None
