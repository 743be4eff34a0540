"""How hard to look for faces: the detector's settings, one set per library."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DetectOptions:
    """How hard to look.

    Attributes:
        side_px: the longer side of a photo is reduced to this before looking. Smaller photos stay
            as they are: enlarging them costs more time than the few faces it adds are worth, and
            loses faces that fill the picture.
        min_score: confidence from which a face counts. 0.7 against 0.6 gives up 1 face in 275 and
            a third of the false ones (on the CMU/MIT set, see ``benchmarks/detection.py``).
    """

    side_px: int = 640
    min_score: float = 0.7
