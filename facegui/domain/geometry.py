"""Boxes, landmarks and pose. All coordinates are upright pixels of the original photo."""

from __future__ import annotations

from dataclasses import dataclass
from math import asin, atan2, cos, pi, radians, sin
from typing import NamedTuple


@dataclass(frozen=True, slots=True)
class Box:
    """A bounding box: *x1*, *y1* top left (inside), *x2*, *y2* bottom right (outside)."""

    x1: float
    y1: float
    x2: float
    y2: float

    @property
    def width(self) -> float:
        """Pixels; never negative."""
        return max(0.0, self.x2 - self.x1)

    @property
    def height(self) -> float:
        """Pixels; never negative."""
        return max(0.0, self.y2 - self.y1)

    @property
    def area(self) -> float:
        """Square pixels."""
        return self.width * self.height

    @property
    def centre(self) -> tuple[float, float]:
        """The middle of the box as (x, y)."""
        return (self.x1 + self.x2) / 2, (self.y1 + self.y2) / 2

    def iou(self, other: Box) -> float:
        """Intersection over union with *other*, 0 to 1 (Jaccard index)."""
        shared = self.shared(other).area
        union = self.area + other.area - shared
        return shared / union if union > 0 else 0.0

    def shared(self, other: Box) -> Box:
        """What both cover; of no area when they do not touch."""
        return Box(
            max(self.x1, other.x1),
            max(self.y1, other.y1),
            min(self.x2, other.x2),
            min(self.y2, other.y2),
        )

    def scaled(self, factor: float) -> Box:
        """Every coordinate times *factor*: the box in an image resized by it."""
        return Box(self.x1 * factor, self.y1 * factor, self.x2 * factor, self.y2 * factor)

    def clipped(self, width: float, height: float) -> Box:
        """The part of the box inside an image of *width* × *height* pixels."""
        return Box(
            min(max(self.x1, 0.0), width),
            min(max(self.y1, 0.0), height),
            min(max(self.x2, 0.0), width),
            min(max(self.y2, 0.0), height),
        )

    def turned(self, degrees: int, width: float, height: float) -> Box:
        """The box in the image of *width* × *height* pixels turned clockwise by 0, 90, 180, 270."""
        a = Point(self.x1, self.y1).turned(degrees, width, height)
        b = Point(self.x2, self.y2).turned(degrees, width, height)
        return Box(min(a.x, b.x), min(a.y, b.y), max(a.x, b.x), max(a.y, b.y))

    def turned_back(self, degrees: int, width: float, height: float) -> Box:
        """The box of which this is what `turned` made, with the same arguments."""
        sideways = degrees in {90, 270}
        shown = (height, width) if sideways else (width, height)
        return self.turned((360 - degrees) % 360, *shown)


class Point(NamedTuple):
    """A place in the photo, in pixels."""

    x: float
    y: float

    def turned(self, degrees: int, width: float, height: float) -> Point:
        """Where it is in the image of *width* × *height* turned clockwise by 0, 90, 180, 270."""
        match degrees:
            case 90:
                return Point(height - self.y, self.x)
            case 180:
                return Point(width - self.x, height - self.y)
            case 270:
                return Point(self.y, width - self.x)
        return self


class Landmarks(NamedTuple):
    """The five points of YuNet; left and right are the person's own, as in the ArcFace template.

    The person's right eye is the one on the left of the picture.
    """

    right_eye: Point
    left_eye: Point
    nose: Point
    right_mouth: Point
    left_mouth: Point

    def turned(self, degrees: int, width: float, height: float) -> Landmarks:
        """The points in the image of *width* × *height* turned clockwise by 0, 90, 180, 270."""
        return Landmarks(*(point.turned(degrees, width, height) for point in self))

    def scaled(self, factor: float) -> Landmarks:
        """Every coordinate times *factor*: the points in an image resized by it."""
        return Landmarks(*(Point(x * factor, y * factor) for x, y in self))


@dataclass(frozen=True, slots=True)
class Pose:
    """Head rotation in degrees, signs as in Google Cloud Vision's ``FaceAnnotation``.

    Attributes:
        roll: positive when the head is turned clockwise in the picture, its top towards the right
            of the picture, which is the person's own left shoulder.
        pan: yaw, of the direction in which the face points; positive towards the right of the
            picture, which is the person's own left.
        tilt: pitch, of that direction; positive upwards.
    """

    roll: float
    pan: float
    tilt: float

    def turned(self, degrees: int) -> Pose:
        """The same head in the picture turned clockwise by 0, 90, 180 or 270 degrees."""
        if degrees == 0:
            return self
        left, top, face = (point.turned(degrees, 0, 0) for point in self.axes)
        towards = cos(radians(self.pan)) * cos(radians(self.tilt))  # which no turning changes
        angles = atan2(left.y, -top.y), atan2(face.x, towards), asin(max(-1, min(1, -face.y)))
        return Pose(*(angle * 180 / pi for angle in angles))

    @property
    def axes(self) -> tuple[Point, Point, Point]:
        """Where the head's left, its top and its face point to, seen straight on.

        Each is a vector of length one or less in the picture, x to the right and y down; the
        lean is taken first, then the tilt, then the pan.
        """
        roll, pan, tilt = radians(self.roll), radians(self.pan), radians(self.tilt)
        left = Point(cos(pan) * cos(roll) + sin(pan) * sin(tilt) * sin(roll), cos(tilt) * sin(roll))
        top = Point(cos(pan) * sin(roll) - sin(pan) * sin(tilt) * cos(roll), -cos(tilt) * cos(roll))
        return left, top, Point(sin(pan) * cos(tilt), -sin(tilt))
