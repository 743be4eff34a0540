"""How hard to look for faces: the detector's settings, one set per library."""

from __future__ import annotations

from dataclasses import dataclass, replace

LARGE_PX = 2560
"""Longer side to which large photos are looked at closely, unless the owner wants every pixel."""

_CLEAR_PX = 18  # how large a face has to be shown to the detector: 95 % of such are found


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
            Not more than *side_px* means no closer look. A large photo in which the first look
            sees nothing costs a second one at twice the size, 60 ms.
        turned: a photo without a sure face is also tried on its other three sides, 15 ms.
    """

    min_score: float = 0.7
    smallest_face_px: float = 12.0
    side_px: int = 640
    closest_px: int = LARGE_PX
    turned: bool = True

    def closeness(self, longer_px: int) -> float:
        """How many times as large as it is a photo is shown to the closer look."""
        return min(_CLEAR_PX / self.smallest_face_px, self.closest_px / longer_px)

    def looks_like(self, other: DetectOptions) -> bool:
        """Whether both look at the same pixels, and differ in what they count at most."""
        return replace(self, min_score=0.0) == replace(other, min_score=0.0)

    def reach_px(self, longer_px: int) -> float:
        """The smallest face found as a rule in a photo whose longer side is *longer_px*."""
        first = min(1.0, self.side_px / longer_px)
        scale = max(first, self.closeness(longer_px))
        return max(self.smallest_face_px, _CLEAR_PX / scale)


VIDEO = DetectOptions(closest_px=0, turned=False)
"""One look at each frame: the next frame is the second chance."""
