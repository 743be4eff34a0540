"""Finding faces of all sizes, also in photos that lie on their side, without looking twice in vain.

A first look at the reduced picture is enough for most photos. Two kinds of hints ask for more:

- It has small faces, sure ones or not: then there may be more, and the picture is looked at again
  as closely as the smallest face wanted needs, in overlapping tiles. What such a look adds are only
  faces that were small in the first one; so a tile's overlap need be no larger than they are, and
  each comes whole out of the tile whose middle it is in. Of a large photo in which the first look
  sees nothing at all, a second one at twice the size has to find such hints: without it, every
  second group of faces of 8 pixels in the first look goes unnoticed, and all of 5.
- No face is sure and upright: then the other three sides are tried on a small copy, and the best
  of them, if it promises more, by a first look of its own. On a photo upside down YuNet finds faces
  too, eyes where the mouth is, but not so sure: of 555 photos the right side always had the best
  score.

What counts as a hint does not depend on the strictness: strict finds what lenient does, less what
scores lower.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from facegui.detection.view import Found, Source, Span, View, spans
from facegui.detection.yunet import NMS_IOU, YuNet
from facegui.domain.detection import DetectOptions
from facegui.domain.entities import RgbImage
from facegui.domain.geometry import Box
from facegui.domain.ports import Picture
from facegui.imaging.picture import picture_of

_HINT = 0.4  # a score; what makes the detector wonder
_SMALL_PX = 40  # in the first look; larger faces are found there as surely as anywhere
_TILE_PX = 640  # larger ones find no more, and the network holds 100 MB more for them
_FAR = 0.4  # the first look's scale: from there down, faces worth having leave no hint in it
_WORTHWHILE = 1.2  # how many times as close a second look has to be

_SURE = 0.91  # 94 of 100 upright photos have such a face, and 4 of 1,000 upside down
_PROMISE = 0.5
_CONVINCING = 0.8
_BETTER_BY = 0.03
_TRIAL_LOSES = 0.05
_UPRIGHT_DEG = 50.0
_TRIAL_PX = 320
_FRAME = 0.25  # of the longer side: a face that fills its photo is found more surely with room

_INSIDE = 0.6  # of the smaller box: a face does not lie in another


@dataclass(frozen=True, slots=True)
class Sighting:
    """What was found in a picture.

    Attributes:
        faces: in pixels of the picture as it was given, best score first.
        rotation: degrees clockwise by which it has to be turned to stand upright.
    """

    faces: tuple[Found, ...]
    rotation: int


class FaceSearch:
    """Looks as often and as closely as a picture needs. Not thread-safe."""

    def __init__(self, network: YuNet, options: DetectOptions) -> None:
        self._network = network
        self._options = options
        self._least = min(_HINT, options.min_score)

    def find(self, image: RgbImage | Picture) -> Sighting:
        """Every face in *image*."""
        picture = Source(picture_of(image))
        scale = min(1.0, self._options.side_px / max(picture.size))
        reduced = picture.resized(scale)
        faces = self._look(reduced, picture)
        quarters = 0
        if self._options.turned and certainty(faces) < _SURE:
            quarters, faces = self._best_side(picture, reduced, faces)
        closeness = self._options.closeness(max(picture.size))
        if scale <= _FAR and closeness >= 2 * scale and not _hints(faces):
            scale *= 2
            faces += self._look(picture.resized(scale), picture)
        if closeness >= scale * _WORTHWHILE and _hints(faces, _SMALL_PX / scale):
            whole = picture.resized(closeness).turned(quarters)
            faces += self._closer_look(whole, picture, math.ceil(_SMALL_PX * closeness / scale))
        return Sighting(self._counting(merged(faces)), 90 * quarters)

    def _best_side(
        self, picture: Source, reduced: View, faces: list[Found]
    ) -> tuple[int, list[Found]]:
        """Clockwise quarters to the side that shows surer faces than these *faces*, and them."""
        sure = certainty(faces)
        trial = _framed_trial(picture)
        promises = {
            quarters: certainty(self._look(trial.turned(quarters), picture), quarters)
            for quarters in (1, 2, 3)
        }
        best = max(promises, key=lambda quarters: promises[quarters])
        if promises[best] >= max(_PROMISE, sure - _TRIAL_LOSES):
            found = self._look(reduced.turned(best), picture)
            if certainty(found, best) >= max(_CONVINCING, sure + _BETTER_BY):
                return best, found
        return 0, faces

    def _closer_look(self, whole: View, picture: Source, small_px: int) -> Iterator[Found]:
        """Faces of at most *small_px* in *whole*, tile by tile, in pixels of *picture*."""
        overlap = min(small_px, _TILE_PX // 2)
        width, height = whole.size
        for down in spans(height, _TILE_PX, overlap):
            for across in spans(width, _TILE_PX, overlap):
                tile = whole.cut(across, down)
                for face in self._network.look(tile.pixels, self._least):
                    x, y = face.box.centre
                    whole_here = in_middle(x, across, width, overlap) and in_middle(
                        y, down, height, overlap
                    )
                    if whole_here and max(face.box.width, face.box.height) <= overlap:
                        yield tile.in_picture(face, *picture.size)

    def _look(self, view: View, picture: Source) -> list[Found]:
        found = self._network.look(view.pixels, self._least)
        return [view.in_picture(face, *picture.size) for face in found]

    def _counting(self, faces: Sequence[Found]) -> tuple[Found, ...]:
        least, smallest = self._options.min_score, self._options.smallest_face_px
        return tuple(
            face
            for face in faces
            if face.score >= least and min(face.box.width, face.box.height) >= smallest
        )


def certainty(faces: Sequence[Found], quarters: int = 0) -> float:
    """The best score of the *faces* that stand upright once the picture is turned clockwise."""
    return max(
        (face.score for face in faces if abs(_lean_deg(face, quarters)) <= _UPRIGHT_DEG),
        default=0.0,
    )


def _lean_deg(face: Found, quarters: int) -> float:
    """How far the line from eyes to mouth leans clockwise, -180 to 180."""
    eyes_x, eyes_y, mouth_x, mouth_y = (
        sum(point[axis] for point in points) / 2
        for points in (face.landmarks[:2], face.landmarks[3:])
        for axis in (0, 1)
    )
    lean = math.degrees(math.atan2(eyes_x - mouth_x, mouth_y - eyes_y)) + 90 * quarters
    return (lean + 180) % 360 - 180


def _framed_trial(picture: Source) -> View:
    """A small copy of *picture* with room around it."""
    border = _FRAME * max(picture.size)
    scale = min(1.0, _TRIAL_PX / (max(picture.size) + 2 * border))
    return picture.resized(scale).framed(round(border * scale))


def _hints(faces: Sequence[Found], smaller_than_px: float = math.inf) -> bool:
    return any(
        face.score >= _HINT and max(face.box.width, face.box.height) < smaller_than_px
        for face in faces
    )


def in_middle(place: float, tile: Span, length: int, overlap: int) -> bool:
    """Whether what is at *place* in *tile*, and no larger than *overlap*, is all inside.

    Neighbours' middles share a little, so that a face between them is in one of them at least.
    """
    margin = 0.4 * overlap
    size = tile.end - tile.start
    return (tile.start == 0 or place >= margin) and (tile.end == length or place <= size - margin)


def merged(faces: Sequence[Found]) -> list[Found]:
    """*faces* without those that are another, surer one seen again, or lie in it; best first."""
    kept: list[Found] = []
    for face in sorted(faces, key=lambda face: face.score, reverse=True):
        if not any(_same(face.box, other.box) for other in kept):
            kept.append(face)
    return kept


def _same(one: Box, other: Box) -> bool:
    shared = one.shared(other).area
    union = one.area + other.area - shared
    return shared > NMS_IOU * union or shared > _INSIDE * min(one.area, other.area)
