"""What all readers of other programs' notes share: places in fractions, names, small files."""

from __future__ import annotations

import stat
from pathlib import Path
from typing import NamedTuple

from facegui.domain.geometry import Box

_MAX_NAME = 200


class Rect(NamedTuple):
    """A rectangle in fractions of the picture's sides."""

    x1: float
    y1: float
    x2: float
    y2: float


def upright(rect: Rect, orientation: int) -> Rect:
    """Where *rect* of the stored picture is on the upright one; as `facegui.imaging.pixels.turn`.

    Args:
        rect: on the picture as it is stored.
        orientation: EXIF, 1 to 8.
    """
    x1, y1, x2, y2 = rect
    if orientation > 4:  # noqa: PLR2004 - EXIF: 5 to 8 swap the sides
        x1, y1, x2, y2 = y1, x1, y2, x2
    if orientation in (3, 4, 7, 8):
        y1, y2 = 1 - y2, 1 - y1
    if orientation in (2, 3, 6, 7):
        x1, x2 = 1 - x2, 1 - x1
    return Rect(x1, y1, x2, y2)


def box_of(rect: Rect, width: int, height: int) -> Box | None:
    """*rect* in pixels, cut at the picture's edge; None where less than a pixel is left."""
    box = Box(rect.x1 * width, rect.y1 * height, rect.x2 * width, rect.y2 * height)
    box = box.clipped(width, height)
    return box if min(box.width, box.height) >= 1 else None


def person_name(text: str) -> str | None:
    """*text* as a person's name; None for none, and for what cannot be one."""
    name = text.strip()
    return name if name and len(name) <= _MAX_NAME and name.isprintable() else None


def small_file(path: Path, max_bytes: int) -> bytes | None:
    """The content of a regular file of at most *max_bytes*; None for anything else."""
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode) or status.st_size > max_bytes:
            return None
        with path.open("rb") as file:
            content = file.read(max_bytes + 1)
    except (OSError, ValueError):
        return None
    return content if len(content) <= max_bytes else None
