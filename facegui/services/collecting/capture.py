"""Coaching in front of a webcam: what to ask a person for next, and which frames to take.

Pure logic over measures; `facegui.services.collecting.webcam` runs it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

import numpy as np

from facegui.domain.entities import FaceProposal
from facegui.domain.rules import Rule
from facegui.services.collecting.pose_map import (
    CELLS,
    OTHER_LIGHT,
    STRAIGHT,
    CaptureState,
    Cell,
    Light,
    Taken,
)
from facegui.services.collecting.shots import ANOTHER_LOOK_BITS, failing

LEAST_FACE_SHARE = 0.12
"""Of the frame's shorter side: smaller faces waste a camera that is right there."""

SAME_PERSON_COSINE = 0.25
"""Likeness to those taken below which somebody else has sat down; turned heads keep more."""

EYES_CLOSED = 0.6
_SAME_TURN_DEG = 4.0
_NEAR = 0.4  # of the largest face's side: smaller ones are passers-by and pictures on the wall


class Verdict(Enum):
    """What a frame is worth; all but TAKE say why not."""

    TAKE = "take"
    NOBODY = "nobody"
    SEVERAL = "several"
    SOMEBODY_ELSE = "somebody else"
    SMALL = "small"
    TURNED = "turned"
    TILTED = "tilted"
    DARK = "dark"
    BRIGHT = "bright"
    HIDDEN = "hidden"
    EYES = "eyes"
    UNFIT = "unfit"
    BLURRED = "blurred"
    COPY = "copy"
    HAVE_IT = "have it"


_BY_RULE = {
    Rule.SIZE: Verdict.SMALL,
    Rule.PAN: Verdict.TURNED,
    Rule.TILT: Verdict.TURNED,
    Rule.ROLL: Verdict.TILTED,
    Rule.DARK: Verdict.DARK,
    Rule.CONTRAST: Verdict.DARK,
    Rule.BRIGHT: Verdict.BRIGHT,
    Rule.SUNGLASSES: Verdict.HIDDEN,
    Rule.OCCLUSION: Verdict.HIDDEN,
    Rule.EYES: Verdict.EYES,
    Rule.SHARPNESS: Verdict.BLURRED,
}


@dataclass(frozen=True, slots=True)
class Advice:
    """What to ask for next; both None when nothing lacks.

    Attributes:
        cell: the pose that is wanted, in the light there is.
        light: another light is wanted: OTHER for a change, FIRST for the one it began with.
        nth: how many there are of this pose already.
    """

    cell: Cell | None
    light: Light | None = None
    nth: int = 0


def advice(state: CaptureState, brightness: float | None) -> Advice:
    """What is missing and easiest to give: a pose in the light there is, or another light.

    Args:
        state: what there is.
        brightness: of the face now; None while there is none.
    """
    now = Light.FIRST if brightness is None else state.light(brightness)
    for cell in CELLS:
        lacking = state.lacks((cell, now))
        if lacking:
            return Advice(cell, nth=cell.wanted - lacking)
    other = Light.OTHER if now is Light.FIRST else Light.FIRST
    lacking_other = any(state.lacks((cell, other)) for cell in CELLS)
    return Advice(None, light=other if lacking_other else None)


def judge_frame(faces: Sequence[FaceProposal], frame_side: int, state: CaptureState) -> Verdict:
    """Whether a frame is worth taking, or the first reason why not.

    Args:
        faces: all that are in it, measured.
        frame_side: the shorter side of the frame in pixels.
        state: what there is already.
    """
    face = nearest(faces)
    if face is None:
        return Verdict.NOBODY
    if any(other is not face and _size(other) >= _NEAR * _size(face) for other in faces):
        return Verdict.SEVERAL
    if _size(face) < LEAST_FACE_SHARE * frame_side:
        return Verdict.SMALL
    if not _is_same_person(face, state.taken):
        return Verdict.SOMEBODY_ELSE
    unfit = _unfit(face, state)
    return unfit if unfit is not None else _worth(face, state)


def nearest(faces: Sequence[FaceProposal]) -> FaceProposal | None:
    """The largest face: whoever sits at the camera."""
    return max(faces, key=_size, default=None)


def taken_of(face: FaceProposal) -> Taken:
    """What to remember of a face that is taken."""
    return Taken(face.pose, face.brightness, face.hashes.phash, face.embedding)


def _unfit(face: FaceProposal, state: CaptureState) -> Verdict | None:
    if abs(face.pose.pan) > state.widest_pan or abs(face.pose.tilt) > state.widest_tilt:
        return Verdict.TURNED
    failed = failing(face, state.limits)
    if failed:
        return _BY_RULE.get(failed[0], Verdict.UNFIT)
    if face.eyes_closed is not None and face.eyes_closed > EYES_CLOSED:
        return Verdict.EYES
    return None


def _worth(face: FaceProposal, state: CaptureState) -> Verdict:
    place = state.place(face.pose, face.brightness)
    if not state.begun and place[0] != STRAIGHT:
        return Verdict.TURNED
    if not state.lacks(place):
        return Verdict.HAVE_IT
    copies = (photo for photo in state.taken if _near_copy(photo, face))
    return Verdict.COPY if any(copies) else Verdict.TAKE


def _near_copy(photo: Taken, face: FaceProposal) -> bool:
    """The same pose, light and look: a library would hold the two for copies."""
    turn = max(abs(photo.pose.pan - face.pose.pan), abs(photo.pose.tilt - face.pose.tilt))
    look = (photo.phash ^ face.hashes.phash).bit_count()
    light = abs(photo.brightness - face.brightness)
    return turn < _SAME_TURN_DEG and light < OTHER_LIGHT and look < ANOTHER_LOOK_BITS


def _is_same_person(face: FaceProposal, taken: Sequence[Taken]) -> bool:
    vectors = [photo.embedding for photo in taken if photo.embedding is not None]
    if not vectors:
        return True
    return float(np.max(np.stack(vectors) @ face.embedding)) >= SAME_PERSON_COSINE


def _size(face: FaceProposal) -> float:
    return min(face.box.width, face.box.height)
