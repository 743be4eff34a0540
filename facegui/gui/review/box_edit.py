"""What dragging does to a box: which part of it is held, and where the box is then."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from facegui.domain.entities import Photo
from facegui.domain.geometry import Box, Point

LEAST_PX = 6.0
"""No box gets smaller than this, in pixels of the photo."""


@dataclass(frozen=True, slots=True)
class BoxEdit:
    """A box that the owner has drawn, or moved where there is a *face_id*.

    Attributes:
        box: in upright pixels of the original, not of the photo as it is shown.
    """

    photo: Photo
    box: Box
    face_id: int | None


class Grip(Enum):
    """The part of a box that is held: its inside, or one of eight handles on its edge.

    The value says which sides follow: -1 left or top, 1 right or bottom, 0 neither.
    """

    INSIDE = (0, 0)
    TOP_LEFT = (-1, -1)
    TOP = (0, -1)
    TOP_RIGHT = (1, -1)
    RIGHT = (1, 0)
    BOTTOM_RIGHT = (1, 1)
    BOTTOM = (0, 1)
    BOTTOM_LEFT = (-1, 1)
    LEFT = (-1, 0)


HANDLES = tuple(grip for grip in Grip if grip is not Grip.INSIDE)


def handle_place(box: Box, grip: Grip) -> Point:
    """Where a handle of *box* is."""
    (x, y), (across, down) = box.centre, grip.value
    return Point(x + across * box.width / 2, y + down * box.height / 2)


def grip_at(box: Box, place: Point, reach: float) -> Grip | None:
    """What of *box* is held at *place*; handles reach so far, on a small box less."""
    reach = min(reach, min(box.width, box.height) / 3)
    for grip in HANDLES:
        x, y = handle_place(box, grip)
        if abs(place.x - x) <= reach and abs(place.y - y) <= reach:
            return grip
    inside = box.x1 <= place.x <= box.x2 and box.y1 <= place.y <= box.y2
    return Grip.INSIDE if inside else None


def dragged(box: Box, grip: Grip, start: Point, to: Point, size: tuple[int, int]) -> Box:
    """*box* after a drag by *grip* from *start* to *to*, inside a photo of *size*."""
    width, height = size
    by_x, by_y = to.x - start.x, to.y - start.y
    if grip is Grip.INSIDE:
        by_x = min(max(by_x, -box.x1), width - box.x2)
        by_y = min(max(by_y, -box.y1), height - box.y2)
        return Box(box.x1 + by_x, box.y1 + by_y, box.x2 + by_x, box.y2 + by_y)
    across, down = grip.value
    x1, x2 = _pulled(box.x1, box.x2, across, by_x, width)
    y1, y2 = _pulled(box.y1, box.y2, down, by_y, height)
    return Box(x1, y1, x2, y2)


def spanned(start: Point, to: Point, size: tuple[int, int]) -> Box:
    """The box between two corners, inside a photo of *size*."""
    left, right = sorted((start.x, to.x))
    top, bottom = sorted((start.y, to.y))
    return Box(left, top, right, bottom).clipped(*size)


def _pulled(low: float, high: float, side: int, by: float, most: int) -> tuple[float, float]:
    """Both ends of an edge after one of them (-1 low, 1 high, 0 neither) was pulled."""
    if side < 0:
        return min(max(low + by, 0.0), high - LEAST_PX), high
    if side > 0:
        return low, max(min(high + by, float(most)), low + LEAST_PX)
    return low, high
