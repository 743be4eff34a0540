"""Sunglasses: a MobileNetV2 with one output, run in OpenCV where a face could wear any.

The network comes from the package face-classify; `facegui.weights.sunglasses` makes it readable.
It was trained on sharp, large, tight crops (from the brows to the chin). On faces that are small
or blurred it sees sunglasses everywhere, so it is asked only where the skin below the eyes, which
dark glass covers and a brow or a shadow seldom does, is darker than the cheeks. That also spares
its 8 ms for nine faces in ten.

Measured on 1,172 real faces of at least 50 pixels and 22 that wear dark sunglasses: 21 of those
are found, with 5 false alarms (46 without the look below the eyes); of 17 pairs of tinted glasses
one can see through, 7. Spectacles raise no alarm (400 ORL faces, a third wear some: none). Of
237 smaller faces, in coarse grey scans mostly, 20 raise a false alarm. Small round glasses drawn
onto faces count as sunglasses in 6 of 10 cases only.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from facegui.detection.loading import model_file
from facegui.domain.entities import RgbImage
from facegui.imaging.cv import cv2
from facegui.weights.sunglasses import INPUT_PX

_MIDDLE = 127.5

# Landmarks below each eye and on the cheek below that; the person's right side first.
_BELOW_EYE = np.array([(229, 230, 231, 232), (449, 450, 451, 452)])
_CHEEK = np.array([(50, 101, 205, 118), (280, 330, 425, 347)])
_SMOOTH_PX = 5
# In 22 pairs of sunglasses all but one, an extreme close-up, are below 0.75; one bare face in
# eight is below 0.8.
_DARK = 0.8
_LEAST_LUMA = 4.0  # keeps black on black from being a ratio of noise


class Sunglasses:
    """The network. Not thread-safe."""

    def __init__(self, model: Path) -> None:
        """Load the network.

        Raises:
            ModelUnavailable: *model* cannot be loaded.
        """
        with model_file(model):
            self._net = cv2.dnn.readNetFromONNX(str(model), cv2.dnn.ENGINE_NEW)

    def probability(self, crop: RgbImage, points: NDArray[np.float64]) -> float:
        """How likely a face wears sunglasses, 0 to 1; 0 where its eyes are not dark.

        Args:
            crop: 112 × 112, aligned by the eyes, the nose and the mouth.
            points: (478, 2) landmarks in pixels of *crop*.
        """
        if below_eyes(crop, points) >= _DARK:
            return 0.0
        size = (INPUT_PX, INPUT_PX)
        self._net.setInput(cv2.dnn.blobFromImage(crop, 1 / _MIDDLE, size, (_MIDDLE,) * 3))
        return float(1 / (1 + np.exp(self._net.forward().item())))  # it says how bare the eyes are


def below_eyes(crop: RgbImage, points: NDArray[np.float64]) -> float:
    """How bright the skin below the eyes is against the cheeks; about 0.9 without glasses."""
    luma = cv2.blur(cv2.cvtColor(crop, cv2.COLOR_RGB2GRAY), (_SMOOTH_PX, _SMOOTH_PX))
    height, width = luma.shape
    columns, rows = np.rint(points.T).astype(int).clip(0, [[width - 1], [height - 1]])
    eyes, cheeks = (
        np.asarray(luma, np.float64)[rows[places], columns[places]].mean(axis=1) + _LEAST_LUMA
        for places in (_BELOW_EYE, _CHEEK)
    )
    return float((eyes / cheeks).mean())
