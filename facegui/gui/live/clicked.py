"""A face of the live picture that the owner clicked, with the frame that it was in."""

from __future__ import annotations

from dataclasses import dataclass

from facegui.domain.entities import RgbImage
from facegui.domain.geometry import Box, Landmarks
from facegui.domain.recognition import Identity


@dataclass(frozen=True, slots=True, eq=False)
class ClickedFace:
    """What was on the screen at that moment; the video goes on without it.

    Attributes:
        image: the whole frame, unmirrored; nobody else writes to it.
        box: of the face, in pixels of *image*; likewise *landmarks*.
        identity: what stood over the face; None where nobody had looked yet.
        source: what was watched, as the page shows it (no password of an address).
    """

    image: RgbImage
    box: Box
    landmarks: Landmarks
    identity: Identity | None
    source: str
