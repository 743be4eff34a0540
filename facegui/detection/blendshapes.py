"""Expression: MediaPipe's blendshape network on the landmarks of a face, run in OpenCV.

An MLP-Mixer (GHUM blendshapes, Grishchenko et al., arXiv 2309.05782) that turns 146 of the 478
landmarks into 52 coefficients named after ARKit's. It sees places only, never the picture.

What it can tell, from looking at 1,150 real faces in the order of each scale:

- *smile* is the best of the three. Below 0.1 nobody smiles, above 0.9 everybody does, teeth shown
  or not; half of press portraits lie above 0.4. A mouth stretched wide in a shout can count.
- *mouth_open* is the jaw, not the lips: a broad laugh with closed teeth stays near 0.2; from 0.4 on
  mouths are open indeed. Speaking gives 0.15 to 0.4.
- *eyes_closed* below 0.3 means open eyes. From 0.5 on two in three are shut; the others look down,
  or squint as they laugh. Behind sunglasses it is a guess. Both eyes have to be shut for it, since
  the far eye of a turned head seems shut often; so it does not tell a wink.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from facegui.detection.loading import model_file
from facegui.detection.task_file import load_tflite, read_members
from facegui.imaging.cv import cv2

_NETWORK = "face_blendshapes.tflite"
_MOST_BYTES = {_NETWORK: 3_000_000}

# Which landmarks the network was trained on (face_blendshapes_graph.cc of MediaPipe).
# fmt: off
_INPUT = np.array((
    0, 1, 4, 5, 6, 7, 8, 10, 13, 14, 17, 21, 33, 37, 39, 40, 46, 52, 53, 54, 55, 58, 61, 63, 65,
    66, 67, 70, 78, 80, 81, 82, 84, 87, 88, 91, 93, 95, 103, 105, 107, 109, 127, 132, 133, 136,
    144, 145, 146, 148, 149, 150, 152, 153, 154, 155, 157, 158, 159, 160, 161, 162, 163, 168, 172,
    173, 176, 178, 181, 185, 191, 195, 197, 234, 246, 249, 251, 263, 267, 269, 270, 276, 282, 283,
    284, 285, 288, 291, 293, 295, 296, 297, 300, 308, 310, 311, 312, 314, 317, 318, 321, 323, 324,
    332, 334, 336, 338, 356, 361, 362, 365, 373, 374, 375, 377, 378, 379, 380, 381, 382, 384, 385,
    386, 387, 388, 389, 390, 397, 398, 400, 402, 405, 409, 415, 454, 466, 468, 469, 470, 471, 472,
    473, 474, 475, 476, 477,
))
# fmt: on
_BLINK_LEFT, _BLINK_RIGHT, _JAW_OPEN, _SMILE_LEFT, _SMILE_RIGHT = 9, 10, 25, 44, 45


@dataclass(frozen=True, slots=True)
class Expression:
    """0 to 1 each; the module's text says what they are worth.

    Attributes:
        smile: mean of both corners of the mouth.
        eyes_closed: the lesser of both eyes.
        mouth_open: how far the jaw is down.
    """

    smile: float
    eyes_closed: float
    mouth_open: float


class Blendshapes:
    """The blendshape network. Not thread-safe."""

    def __init__(self, task: Path) -> None:
        """Read the ``.task`` file.

        Raises:
            ModelUnavailable: it is not the archive it should be.
        """
        with model_file(task):
            model = read_members(task, _MOST_BYTES)[_NETWORK]
            self._net = load_tflite(model, cv2.dnn.ENGINE_NEW)

    def expression(self, points: NDArray[np.float64]) -> Expression:
        """The expression of a face.

        Args:
            points: (478, 2) landmarks with the head upright, in any unit: the network itself
                takes away where the face is and how large. A head that leans by 45 degrees
                changes the measures by about 0.02.
        """
        self._net.setInput(np.ascontiguousarray(points[_INPUT], np.float32)[None])
        shapes = self._net.forward().ravel()
        return Expression(
            smile=float(shapes[_SMILE_LEFT] + shapes[_SMILE_RIGHT]) / 2,
            eyes_closed=float(min(shapes[_BLINK_LEFT], shapes[_BLINK_RIGHT])),
            mouth_open=float(shapes[_JAW_OPEN]),
        )
