"""What a network's filters make of one crop; made in the engine, shown in the window."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, eq=False)
class FeatureMaps:
    """The answers of the filters of one convolution to one crop.

    Attributes:
        layers: names of the first convolutions, in order; empty where there is none.
        layer: the one whose filters these are.
        maps: uint8 (filters, height, width), each filter's answer spread from its lowest to its
            highest.
        highest: float32 (filters,), each filter's strongest answer, to compare them by.
        kernels: uint8 (filters, height, width, 3), what each filter of the first convolution
            looks for, where that sees three colours; None in all other layers.
        step: the batch that the weights are from; None when the run has ended.
    """

    layers: tuple[str, ...]
    layer: str
    maps: NDArray[np.uint8]
    highest: NDArray[np.float32]
    kernels: NDArray[np.uint8] | None
    step: int | None
