"""Small pictures of faces in files, for lists that show faces which no library knows."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from facegui.domain.entities import RgbImage
from facegui.domain.errors import ImageError
from facegui.domain.geometry import Box

_MARGIN = 0.15


def face_pictures(path: str, boxes: Sequence[Box], side_px: int) -> list[RgbImage | None]:
    """A square of *side_px* around each of *boxes*; None for all where the file cannot be read.

    Args:
        path: of a photo, which is decoded once.
        boxes: in its upright pixels.
        side_px: of each picture.
    """
    from facegui.imaging.align import box_crop
    from facegui.imaging.decode import decode

    try:
        image = decode(Path(path)).image
    except ImageError:
        return [None] * len(boxes)
    return [box_crop(image, box, side_px, _MARGIN) for box in boxes]
