"""Two copies laid over each other, to be looked at in turn or as what differs between them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from facegui.domain.entities import RgbImage
from facegui.domain.geometry import Landmarks, Point
from facegui.imaging.align import similarity
from facegui.imaging.cv import cv2
from facegui.imaging.thumbnail import shrink
from facegui.services.copies.view import Member, bits_apart
from facegui.services.scanning.thumbnails import Thumbnails

_SAME_SHAPE = 0.02
_SAME_PICTURE_BITS = 4
_AMPLIFIED = 3
_UNIT_PX = 1000


@dataclass(frozen=True, slots=True)
class Overlay:
    """Three pictures of one size.

    Attributes:
        one: the first photo, upright.
        other: the second, turned into the first's place; black where it shows nothing.
        difference: how far they differ in each channel, three times as strong; black where they
            agree, and where the second shows nothing.
    """

    one: RgbImage
    other: RgbImage
    difference: RgbImage


def overlay(thumbnails: Thumbnails, one: Member, other: Member, side_px: int) -> Overlay:
    """*other* laid over *one*, with a longer side of at most *side_px*.

    Copies of one shape whose hashes agree are the same picture edge to edge. Others may be cropped,
    framed or tilted: their largest faces are laid over each other, by five landmarks.

    Raises:
        ImageError: one of the two cannot be read.
    """
    first = shrink(thumbnails.whole(one.photo, side_px), side_px)
    second = thumbnails.whole(other.photo, side_px)
    mirrored = one.mirrored != other.mirrored
    if mirrored:
        second = np.ascontiguousarray(second[:, ::-1])
    height, width = first.shape[:2]
    matrix = (
        None
        if _same_extent(one, other)
        else _by_faces(one, other, first, second, mirrored=mirrored)
    )
    if matrix is None:
        scale = width / second.shape[1], height / second.shape[0]
        matrix = np.array([[scale[0], 0, (scale[0] - 1) / 2], [0, scale[1], (scale[1] - 1) / 2]])
    laid, seen = _laid(second, matrix, (width, height))
    apart = cv2.convertScaleAbs(cv2.absdiff(first, laid), alpha=_AMPLIFIED)
    apart[seen == 0] = 0
    return Overlay(first, laid, np.asarray(apart, np.uint8))


def _same_extent(one: Member, other: Member) -> bool:
    """Whether both show the same picture from edge to edge, not a crop of it or one in a frame."""
    ratios = [size[0] / max(1, size[1]) for size in (one.photo.shown_size, other.photo.shown_size)]
    near = bits_apart(one.photo.hashes, other.photo.hashes) <= _SAME_PICTURE_BITS
    return near and abs(ratios[0] / max(ratios[1], 1e-6) - 1) <= _SAME_SHAPE


def _by_faces(
    one: Member, other: Member, first: RgbImage, second: RgbImage, *, mirrored: bool
) -> NDArray[np.float64] | None:
    """From pixels of *second* to those of *first*; None without a face in both."""
    if one.largest is None or other.largest is None:
        return None
    ours, theirs = _landmarks(one, first), _landmarks(other, second)
    if mirrored:  # *second* has been turned over already, its landmarks have not
        theirs = _mirrored(theirs, second.shape[1])
    to_unit = similarity(theirs, _UNIT_PX, 0.0)
    from_unit = cv2.invertAffineTransform(similarity(ours, _UNIT_PX, 0.0))
    linear = from_unit[:, :2] @ to_unit[:, :2]
    shift = from_unit[:, :2] @ to_unit[:, 2] + from_unit[:, 2]
    return np.column_stack([linear, shift])


def _landmarks(member: Member, image: RgbImage) -> Landmarks:
    face = member.largest
    assert face is not None
    scale = image.shape[1] / max(1, member.photo.shown_size[0])
    return member.photo.shown_landmarks(face.landmarks).scaled(scale)


def _mirrored(points: Landmarks, width: int) -> Landmarks:
    """The points in the mirror image, where a person's right eye is the left one's picture."""
    flipped = [Point(width - x, y) for x, y in points]
    right_eye, left_eye, nose, right_mouth, left_mouth = flipped
    return Landmarks(left_eye, right_eye, nose, left_mouth, right_mouth)


def _laid(
    image: RgbImage, matrix: NDArray[np.float64], size: tuple[int, int]
) -> tuple[RgbImage, NDArray[np.uint8]]:
    """*image* under *matrix*, reduced first where it would only be sampled; and where it shows."""
    scale = float(np.hypot(matrix[0, 0], matrix[1, 0]))
    if scale < 1:
        reduced = shrink(image, max(1, round(max(image.shape[:2]) * scale)))
        step = np.array(image.shape[1::-1]) / reduced.shape[1::-1]
        shift = matrix[:, :2] @ ((step - 1) / 2) + matrix[:, 2]
        image, matrix = reduced, np.column_stack([matrix[:, :2] * step, shift])
    whole = np.full(image.shape[:2], 255, np.uint8)
    laid = cv2.warpAffine(image, matrix, size)
    seen = cv2.warpAffine(whole, matrix, size, flags=cv2.INTER_NEAREST)
    return np.asarray(laid, np.uint8), np.asarray(seen, np.uint8)
