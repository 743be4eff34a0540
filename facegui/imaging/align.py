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


def similarity(landmarks: Landmarks, size_px: int, margin: float) -> NDArray[np.float64]:
    """The 2 × 3 matrix from photo pixels to pixels of the crop that `aligned_crop` makes.

    Landmarks that all lie on one spot give an unscaled transform to it instead of a division by
    zero.
    """
    unit = size_px / (TEMPLATE_SIZE_PX * (1 + 2 * margin))
    target = (TEMPLATE + margin * TEMPLATE_SIZE_PX) * unit @ (1, 1j)
    source = np.asarray(landmarks, np.float64) @ (1, 1j)
    spread = source - source.mean()
    power = float((spread.conj() * spread).real.sum())
    turn = (spread.conj() @ (target - target.mean())) / power if power > 0 else 1 + 0j
    shift = target.mean() - turn * source.mean()
    return np.array(
        [[turn.real, -turn.imag, shift.real], [turn.imag, turn.real, shift.imag]], np.float64
    )


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
    matrix = similarity(landmarks, size_px, margin)
    return cv2.warpAffine(
        image, matrix, (size_px, size_px), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    )


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
    centre_x, centre_y = box.centre
    matrix = np.array(
        [[scale, 0, size_px / 2 - scale * centre_x], [0, scale, size_px / 2 - scale * centre_y]]
    )
    # warpAffine counts from pixel centres, a box from pixel edges: half a pixel each way.
    matrix[:, 2] += (scale - 1) / 2
    return cv2.warpAffine(
        image, matrix, (size_px, size_px), flags=cv2.INTER_AREA, borderMode=cv2.BORDER_REPLICATE
    )
