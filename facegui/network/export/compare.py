"""Whether an exported model says the same about real faces as the bundle it was made of."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from facegui.domain.errors import BundleError
from facegui.domain.model_export import Agreement
from facegui.domain.text import tr

MOST_OFF = 1e-3
MOST_OFF_ROUNDED = 0.05
"""Of a score, where the bundle itself computes in bfloat16, which has three digits."""


@dataclass(frozen=True, eq=False, slots=True)
class Answered:
    """What a model said about n faces.

    Attributes:
        person: int (n,), an index into the labels, or their number for *unknown*.
        scores: float32 (n, people).
    """

    person: NDArray[np.integer]
    scores: NDArray[np.float32]


@dataclass(frozen=True, eq=False, slots=True)
class Faces:
    """Real faces as another program would send them, and what the bundle says of them.

    Attributes:
        jpegs: a file's content each.
        crops: the same decoded, uint8 (n, side, side, 3) RGB.
        truth: the bundle's own answers.
    """

    jpegs: tuple[bytes, ...]
    crops: NDArray[np.uint8]
    truth: Answered


def compare(truth: Answered, found: Answered, *, most_off: float) -> Agreement:
    """How well *found* agrees with *truth*.

    Raises:
        BundleError: too badly for anybody to rely on it.
    """
    same = int((truth.person == found.person).sum())
    off = float(np.abs(truth.scores - found.scores).max())
    if same < len(truth.person) or not off <= most_off:  # nan is not
        raise BundleError(
            tr(
                "The exported model was loaded again and does not agree: {same} of {n} faces got "
                "the same name, and scores are off by up to {off}. Nothing was kept.",
                same=same,
                n=len(truth.person),
                off=f"{off:.4f}",
            ),
            tr("Choose another format, and report this if it happens again."),
        )
    return Agreement(len(truth.person), same, off)
