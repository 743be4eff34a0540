"""Faces in every frame at the price of a few: whole frames now and then, known faces in between.

A whole frame of 640 × 480 costs the detector 15 ms, the surroundings of a face 1.5 ms. So the whole
is looked at ten times a second, which is soon enough for somebody who comes in, and in between each
face is looked for around the place where it was.
"""

from __future__ import annotations

import time
from collections.abc import Sequence

from facegui.domain.entities import RgbImage
from facegui.domain.geometry import Box
from facegui.domain.ports import FaceFinder, FoundFace

WHOLE_EVERY_S = 0.1
EMPTY_EVERY_S = 0.05
"""The same while nobody is there, when frames cost nothing in between."""

_SAME_FACE_IOU = 0.3
_SLOWEST_SHARE = 3.0  # a whole frame is looked at after so many times as long as it took, at least


class FrameFinder:
    """Finds the faces of one video. Not thread-safe: its `FaceFinder` is not."""

    def __init__(self, finder: FaceFinder) -> None:
        self._finder = finder
        self._boxes: list[Box] = []
        self._due = 0.0

    def find(self, image: RgbImage) -> Sequence[FoundFace]:
        """The faces in the next frame."""
        started = time.monotonic()
        if started < self._due:
            faces = self._again(image, self._boxes)
            if len(faces) < len(self._boxes):
                self._due = started  # somebody was lost: look everywhere in the next frame
        else:
            whole = list(self._finder.find(image))
            missed = [box for box in self._boxes if not _among(box, whole)]
            faces = _each_once(whole + self._again(image, missed))
            took = time.monotonic() - started
            every = WHOLE_EVERY_S if faces else EMPTY_EVERY_S
            self._due = started + max(every, _SLOWEST_SHARE * took)
        self._boxes = [face.box for face in faces]
        return faces

    def _again(self, image: RgbImage, boxes: Sequence[Box]) -> list[FoundFace]:
        found = (self._finder.find_again(image, box) for box in boxes)
        return _each_once([face for face in found if face is not None])


def _among(box: Box, faces: Sequence[FoundFace]) -> bool:
    return any(face.box.iou(box) >= _SAME_FACE_IOU for face in faces)


def _each_once(faces: Sequence[FoundFace]) -> list[FoundFace]:
    """The first of those that are one face: two that cross are found in each other's place."""
    kept: list[FoundFace] = []
    for face in faces:
        if not _among(face.box, kept):
            kept.append(face)
    return kept
