"""A model as other programs take it: in which form, and how well it agrees with the original."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class ModelFormat(Enum):
    """What can be written; the value is the name on the command line."""

    SAVED_MODEL = "saved-model"
    TFLITE = "tflite"
    ONNX = "onnx"


@dataclass(frozen=True, slots=True)
class Agreement:
    """An exported model, loaded again and asked about faces, beside the model it was made of.

    Attributes:
        faces: how many.
        same_name: how many of them got the same name, or *unknown* from both.
        most_off: the largest difference of any person's score, 0 to 1.
    """

    faces: int
    same_name: int
    most_off: float
