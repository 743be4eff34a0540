"""Finding the face in a box that somebody else drew, where the detector saw none by itself.

Such a box may be a head, a face or a sketch of one, in a photo that may lie on its side. The box
is shown to the detector enlarged or reduced to a size it knows best, and asked with little
strictness, since somebody has said that a face is there. Where even that finds nothing (a face
half hidden, dark or from the side), the landmark network starts from where a face's eyes and mouth
usually are in its box, and says itself whether it was shown a face.
"""

from __future__ import annotations

from facegui.detection.landmarks import FaceLandmarker
from facegui.detection.view import Found, Span, View
from facegui.detection.yunet import YuNet
from facegui.domain.entities import RgbImage
from facegui.domain.geometry import Box, Landmarks, Point

_MIN_SCORE = 0.3
_SIDEWAYS_SCORE = 0.6  # for a face to be taken as lying on its side
_SURE_SCORE = 0.9  # from which no other side is tried
_MIN_IOU = 0.15
_FACE_PX = 160
_ROOM = 2.5  # side of what is shown, in sides of the box

# Where YuNet sees eyes, nose and mouth in its box, on average of 1,100 faces.
_IN_BOX = ((0.28, 0.39), (0.73, 0.39), (0.50, 0.59), (0.31, 0.74), (0.70, 0.74))
_MIN_PRESENCE = 0.5
_PASSES = 2
"""The landmarks of the first pass place the second one."""


def find_in(
    image: RgbImage, box: Box, detector: YuNet, landmarker: FaceLandmarker
) -> tuple[Found, int] | None:
    """The face in *box*, and how the picture has to be turned for it to stand upright.

    Args:
        image: the whole photo.
        box: in pixels of *image*; may reach beyond it.
        detector: asked first, on all four sides where needed.
        landmarker: asked next.

    Returns:
        The face and 0, 90, 180 or 270 degrees clockwise; None where there is no face. The score of
        a face that only the landmark network sees is how sure that is.
    """
    inside = box.clipped(image.shape[1], image.shape[0])
    if min(inside.width, inside.height) < 1:
        return None
    return _detected(image, box, detector) or _fitted(image, box, landmarker)


def usual_landmarks(box: Box) -> Landmarks:
    """Where a face that stands upright and looks straight ahead has its landmarks in *box*."""
    return Landmarks(*(Point(box.x1 + x * box.width, box.y1 + y * box.height) for x, y in _IN_BOX))


def _detected(image: RgbImage, box: Box, detector: YuNet) -> tuple[Found, int] | None:
    height, width = image.shape[:2]
    view = _around(image, box)
    best: tuple[Found, int] | None = None
    for quarters in range(4):
        turned = view.turned(quarters)
        for seen in detector.look(turned.pixels, _SIDEWAYS_SCORE if quarters else _MIN_SCORE):
            face = turned.in_picture(seen, width, height)
            surer = best is None or face.score > best[0].score
            if surer and _stands(seen.landmarks) and face.box.iou(box) >= _MIN_IOU:
                best = face, 90 * quarters
        if best is not None and best[0].score >= _SURE_SCORE:
            break
    return best


def _stands(face: Landmarks) -> bool:
    """Whether the eyes are above the mouth rather than beside it.

    A face upside down is found as well, its eyes for a mouth, but not so surely.
    """
    right_eye, left_eye, _, right_mouth, left_mouth = face
    down = right_mouth.y + left_mouth.y - right_eye.y - left_eye.y
    return down > abs(right_mouth.x + left_mouth.x - right_eye.x - left_eye.x)


def _around(image: RgbImage, box: Box) -> View:
    """What is in and around *box*, at a size at which the detector sees best."""
    side = max(box.width, box.height)
    reach = round(side * _ROOM / 2)
    x, y = (round(middle) for middle in box.centre)
    across, down = (Span(max(0, middle - reach), middle + reach) for middle in (x, y))
    return View.of(image).cut(across, down).resized(_FACE_PX / side)


def _fitted(image: RgbImage, box: Box, landmarker: FaceLandmarker) -> tuple[Found, int] | None:
    landmarks = usual_landmarks(box)
    for _ in range(_PASSES):
        mesh = landmarker.measure(image, landmarks)
        if mesh.presence < _MIN_PRESENCE:
            return None
        landmarks = mesh.five
    height, width = image.shape[:2]
    low, high = mesh.points[:, :2].min(axis=0), mesh.points[:, :2].max(axis=0)
    where = Box(*low.tolist(), *high.tolist()).clipped(width, height)
    if where.iou(box) < _MIN_IOU:
        return None
    return Found(where, landmarks, mesh.presence), 0
