"""The classic rules, as pure functions: a face's measures against limits, nothing deleted.

The rules come from the tutorial this project grew from: exactly one face in the photo, head turned
by at most 20 degrees each way, not a copy; and a face must be large and sharp enough to learn from.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from facegui.domain.geometry import Box, Pose


class Rule(Enum):
    """Why a face may not be usable. The values are part of the CLI's JSON and of the ledger."""

    ONE_FACE = "one_face"
    ROLL = "roll"
    PAN = "pan"
    TILT = "tilt"
    SIZE = "size"
    SHARPNESS = "sharpness"
    DUPLICATE = "duplicate"


@dataclass(frozen=True, slots=True)
class Limits:
    """Where each rule draws its line; one set per library.

    Attributes:
        max_faces: faces allowed in the photo.
        max_roll_deg: absolute degrees; likewise pan and tilt.
        min_size_px: shorter side of the face box in pixels of the original.
        min_sharpness: see `facegui.imaging.quality`.
        duplicate_distance: bits of perceptual hash within which two photos are copies.
    """

    max_faces: int = 1
    max_roll_deg: float = 20.0
    max_pan_deg: float = 20.0
    max_tilt_deg: float = 20.0
    # Faces reduced to 32 pixels are still found and named right as often as large ones; at 20
    # pixels one in twenty is not.
    min_size_px: float = 32.0
    # A crisp face 40 pixels wide in its photo measures 17. Portraits blurred by a Gaussian of 2
    # pixels stay below it, portraits in focus (24 to 44) and the ORL faces (from 20) above.
    min_sharpness: float = 17.0
    duplicate_distance: int = 8


@dataclass(frozen=True, slots=True)
class RuleResult:
    """One rule on one face: the measured *value* beside its *limit*; value None is unmeasured."""

    rule: Rule
    value: float | None
    limit: float
    passed: bool


@dataclass(frozen=True, slots=True)
class FaceMeasures:
    """What the rules look at.

    Attributes:
        faces_in_photo: faces of the same photo that the owner does not ignore.
        copy_distance: bits to the keeper of its group of copies; None when the photo is
            the keeper or has no copies.
    """

    box: Box
    pose: Pose
    sharpness: float
    faces_in_photo: int
    copy_distance: int | None


def judge(face: FaceMeasures, limits: Limits) -> tuple[RuleResult, ...]:
    """Every rule's verdict on *face*, in the order of `Rule`."""

    def at_most(rule: Rule, value: float, limit: float) -> RuleResult:
        return RuleResult(rule, value, limit, passed=value <= limit)

    def at_least(rule: Rule, value: float, limit: float) -> RuleResult:
        return RuleResult(rule, value, limit, passed=value >= limit)

    copy = None if face.copy_distance is None else float(face.copy_distance)
    return (
        at_most(Rule.ONE_FACE, face.faces_in_photo, limits.max_faces),
        at_most(Rule.ROLL, abs(face.pose.roll), limits.max_roll_deg),
        at_most(Rule.PAN, abs(face.pose.pan), limits.max_pan_deg),
        at_most(Rule.TILT, abs(face.pose.tilt), limits.max_tilt_deg),
        at_least(Rule.SIZE, min(face.box.width, face.box.height), limits.min_size_px),
        at_least(Rule.SHARPNESS, face.sharpness, limits.min_sharpness),
        RuleResult(Rule.DUPLICATE, copy, limits.duplicate_distance, passed=copy is None),
    )
