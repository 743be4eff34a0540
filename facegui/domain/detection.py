"""How hard to look for faces: the detector's settings, one set per library."""

from __future__ import annotations

from dataclasses import dataclass

LARGE_PX = 2560
"""Longer side to which large photos are looked at closely, unless the owner wants every pixel."""


@dataclass(frozen=True, slots=True)
class DetectOptions:
    """How hard to look. The figures are those of ``benchmarks/detection.py``, on one thread.

    What is not found by these is in no rule's ledger: it never was a face. The rules' limits come
    after, and can be moved without looking again.

    Attributes:
        min_score: confidence from which a face counts. 0.7 against 0.6 gives up 1 face in 275 and
            a third of the false ones (on the CMU/MIT set).
        smallest_face_px: shorter side of the smallest face that counts, in pixels of the original.
            It also says how closely to look: where the first look hints at small faces, a closer
            one makes faces of this size large enough to be sure of.
        side_px: the longer side of a photo is reduced to this for the first look, 15 ms. Smaller
            photos stay as they are: enlarging all costs more time than the few faces it adds are
            worth, and loses faces that fill the picture.
        closest_px: the closer look stops at a picture with this longer side, 0.3 s; of a
            12-megapixel photo, faces from 28 pixels are then found, whatever *smallest_face_px*.
            Not more than *side_px* means no closer look.
        turned: a photo without a sure face is also tried on its other three sides, 15 ms.
    """

    min_score: float = 0.7
    smallest_face_px: float = 12.0
    side_px: int = 640
    closest_px: int = LARGE_PX
    turned: bool = True


VIDEO = DetectOptions(closest_px=0, turned=False)
"""One look at each frame: the next frame is the second chance."""
