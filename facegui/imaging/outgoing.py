"""A photo as it leaves the machine: small, upright, and with nothing in it but pixels."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from facegui.imaging.decode import decode
from facegui.imaging.thumbnail import jpeg_bytes, shrink

MAX_WIDTH_PX = 1600
MAX_HEIGHT_PX = 1200


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A picture to send.

    Attributes:
        jpeg: the whole file; no EXIF, GPS, XMP, colour profile or comment.
        width: of the JPEG in pixels; likewise *height*.
        scale: pixels of the JPEG for one upright pixel of the original, at most 1.
        sha256: of the original's bytes, hex.
    """

    jpeg: bytes
    width: int
    height: int
    scale: float
    sha256: str


def outgoing(path: Path | str) -> Outgoing:
    """The photo in the file *path* as it may be sent: at most 1600 × 1200, from pixels alone.

    Raises:
        ImageError: the file cannot be read.
    """
    decoded = decode(path, min_side=MAX_HEIGHT_PX)
    height, width = decoded.image.shape[:2]
    fit = min(MAX_WIDTH_PX / width, MAX_HEIGHT_PX / height)
    image = shrink(decoded.image, int(max(width, height) * fit))
    height, width = image.shape[:2]
    return Outgoing(
        jpeg=jpeg_bytes(image),
        width=width,
        height=height,
        scale=width / decoded.width,
        sha256=decoded.sha256,
    )
