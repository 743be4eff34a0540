"""Square crops of faces: turned upright by five landmarks, or a padded box.

The places of the five points in a crop of 112 × 112 are those of ArcFace (Deng et al., CVPR 2019),
which SFace was trained on too. The transform is the least-squares similarity of Umeyama
(IEEE TPAMI 13(4), 1991), which in the plane is one complex division.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from facegui.domain.entities import RgbImage
from facegui.domain.geometry import Box, Landmarks
from facegui.imaging.cv import cv2

TEMPLATE_SIZE_PX = 112
TEMPLATE: NDArray[np.float64] = np.array(
    [
        (38.2946, 51.6963),
        (73.5318, 51.5014),
        (56.0252, 71.7366),
        (41.5493, 92.3655),
        (70.7299, 92.2041),
    ]
)
"""5 × 2: right eye, left eye, nose, right and left mouth corner, in pixels of a 112-pixel crop."""

_OWN_LEAN_DEG = 60.0

_MIDDLE = complex(*TEMPLATE.mean(axis=0))
_SPREAD: list[complex] = ((TEMPLATE @ (1, 1j)) - _MIDDLE).tolist()


def similarity(landmarks: Landmarks, size_px: int, margin: float) -> NDArray[np.float64]:
    """The 2 × 3 matrix from photo pixels to pixels of the crop that `aligned_crop` makes.

    Landmarks that all lie on one spot give an unscaled transform to it instead of a division by
    zero.
    """
    unit = size_px / (TEMPLATE_SIZE_PX * (1 + 2 * margin))
    middle = (_MIDDLE + margin * TEMPLATE_SIZE_PX * (1 + 1j)) * unit
    # Plain numbers: for five of them numpy takes five times as long.
    source = [complex(*point) for point in landmarks]
    mean = sum(source) / len(source)
    power = sum(abs(point - mean) ** 2 for point in source)
    paired = sum(
        (point - mean).conjugate() * place for point, place in zip(source, _SPREAD, strict=True)
    )
    turn = paired * unit / power if power > 0 else 1 + 0j
    shift = middle - turn * mean
    return np.array(
        [[turn.real, -turn.imag, shift.real], [turn.imag, turn.real, shift.imag]], np.float64
    )


def detail_scale(
    landmarks: Landmarks, size_px: int = TEMPLATE_SIZE_PX, margin: float = 0.0
) -> float:
    """How much of a photo's size its aligned crop needs, at most 1, to be as sharp as can be.

    A crop with far fewer pixels than the photo begins as the photo reduced by a whole number (see
    `_warp`); one decoded at such a size serves as well. Its sharpness is then the same to 0.2 of
    about 30 where that number is, and to 4 where it is not; from a photo only a little smaller it
    falls by 5 at once, and further with every pixel less.
    """
    matrix = similarity(landmarks, size_px, margin)
    return min(1.0, 2 * float(np.hypot(matrix[0, 0], matrix[1, 0])))


def aligned_crop(
    image: RgbImage, landmarks: Landmarks, size_px: int = TEMPLATE_SIZE_PX, margin: float = 0.0
) -> RgbImage:
    """The face turned, scaled and moved so that its landmarks lie on `TEMPLATE`.

    Args:
        image: upright RGB.
        landmarks: in pixels of *image*.
        size_px: side of the crop.
        margin: extra room on each side as a fraction of the template's side.

    Returns:
        RGB, *size_px* × *size_px*; outside of *image* its edge pixels go on.
    """
    return _warp(image, similarity(landmarks, size_px, margin), size_px)


def embedder_crop(image: RgbImage, landmarks: Landmarks) -> RgbImage:
    """What SFace is shown: the template's square as OpenCV's own ``alignCrop`` cuts it.

    Returns:
        RGB, 112 × 112; black beyond the photo's edge, and pixels are not averaged.
    """
    size = (TEMPLATE_SIZE_PX, TEMPLATE_SIZE_PX)
    matrix = similarity(landmarks, TEMPLATE_SIZE_PX, 0.0)
    return np.asarray(cv2.warpAffine(image, matrix, size), np.uint8)


def box_crop(image: RgbImage, box: Box, size_px: int, margin: float) -> RgbImage:
    """The square around the middle of *box*, not turned.

    Args:
        image: upright RGB.
        box: in pixels of *image*; may reach beyond it.
        size_px: side of the crop.
        margin: extra room on each side as a fraction of the longer side of *box*.

    Returns:
        RGB, *size_px* × *size_px*; outside of *image* its edge pixels go on.
    """
    side = max(box.width, box.height, 1.0) * (1 + 2 * margin)
    scale = size_px / side
    # A box counts from pixel edges, a warp from pixel centres: half a pixel each way.
    shift_x, shift_y = (size_px / 2 + scale * (0.5 - middle) - 0.5 for middle in box.centre)
    return _warp(image, np.array([[scale, 0, shift_x], [0, scale, shift_y]]), size_px)


def stood_up(crop: RgbImage, landmarks: Landmarks) -> RgbImage:
    """A square *crop* of the face with *landmarks*, in quarter turns, so that the face stands.

    It is left alone where the face leans by less than 60 degrees: a lean is the face's own, a
    quarter turn its photo's.
    """
    eyes = np.mean([landmarks.right_eye, landmarks.left_eye], axis=0)
    mouth = np.mean([landmarks.right_mouth, landmarks.left_mouth], axis=0)
    down_x, down_y = mouth - eyes
    lean = float(np.degrees(np.arctan2(-down_x, down_y)))
    quarters = round(lean / 90) if abs(lean) > _OWN_LEAN_DEG else 0
    return np.ascontiguousarray(np.rot90(crop, quarters))


def _warp(image: RgbImage, matrix: NDArray[np.float64], size_px: int) -> RgbImage:
    """*image* under *matrix* (photo to crop).

    Where the crop has fewer pixels than the photo, they are averages: a picture that is only
    sampled shows jagged edges, which would count as sharp.
    """
    scale = float(np.hypot(matrix[0, 0], matrix[1, 0]))
    if scale >= 1:
        return _sampled(image, matrix, size_px)
    twice = matrix * 2
    twice[:, 2] += 0.5
    shrink = int(0.5 / max(scale, 1e-6))
    if shrink > 1:
        image, twice = _shrunk(image, twice, 2 * size_px, shrink)
    fine = _sampled(image, twice, 2 * size_px)
    return np.asarray(cv2.resize(fine, (size_px, size_px), interpolation=cv2.INTER_AREA), np.uint8)


def _sampled(image: RgbImage, matrix: NDArray[np.float64], size_px: int) -> RgbImage:
    size = (size_px, size_px)
    return np.asarray(
        cv2.warpAffine(image, matrix, size, borderMode=cv2.BORDER_REPLICATE), np.uint8
    )


def _shrunk(
    image: RgbImage, matrix: NDArray[np.float64], size_px: int, shrink: int
) -> tuple[RgbImage, NDArray[np.float64]]:
    """The part of *image* that the crop shows, *shrink* times smaller, and the matrix for it."""
    height, width = image.shape[:2]
    back = cv2.invertAffineTransform(matrix)
    corners = np.array([(0, 0, 1), (size_px, 0, 1), (0, size_px, 1), (size_px, size_px, 1)])
    places = corners @ back.T
    x1, y1 = np.clip(places.min(axis=0) - shrink, 0, (width - 1, height - 1)).astype(int)
    x2, y2 = np.clip(places.max(axis=0) + shrink, (x1 + 1, y1 + 1), (width, height)).astype(int)
    part = image[y1:y2, x1:x2]
    size = (max(1, (x2 - x1) // shrink), max(1, (y2 - y1) // shrink))
    small = np.asarray(cv2.resize(part, size, interpolation=cv2.INTER_AREA), np.uint8)
    step = np.array([(x2 - x1) / size[0], (y2 - y1) / size[1]])
    linear = matrix[:, :2] * step
    shift = matrix[:, :2] @ (np.array([x1, y1]) + (step - 1) / 2) + matrix[:, 2]
    return small, np.column_stack([linear, shift])
