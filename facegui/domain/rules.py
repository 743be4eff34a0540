"""The rules, as pure functions: a face's measures against limits, nothing deleted.

The classic ones come from the tutorial this project grew from: exactly one face in the photo, head
turned by at most 20 degrees each way, no sunglasses, not a copy; and a face must be large and sharp
enough to learn from. The others are off until the owner moves their limits.

A rule is one line of `RULES`: what it measures is its own name, where its limit stands is a field
of `Limits`. What was not measured passes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import Enum

import numpy as np
from numpy.typing import NDArray


class Rule(Enum):
    """Why a face may not be usable. The values are part of the CLI's JSON and of the ledger."""

    ONE_FACE = "one_face"
    ROLL = "roll"
    PAN = "pan"
    TILT = "tilt"
    SIZE = "size"
    SHARPNESS = "sharpness"
    DARK = "dark"
    BRIGHT = "bright"
    CONTRAST = "contrast"
    SUNGLASSES = "sunglasses"
    OCCLUSION = "occlusion"
    EYES = "eyes_closed"
    MOUTH = "mouth_open"
    SMILE = "smile"
    GREYSCALE = "greyscale"
    DUPLICATE = "duplicate"


@dataclass(frozen=True, slots=True)
class Limits:
    """Where each rule draws its line; one set per library, and what a person has instead.

    Attributes:
        max_faces: faces allowed in the photo.
        max_roll_deg: absolute degrees; likewise pan and tilt.
        min_size_px: shorter side of the face box in pixels of the original.
        min_sharpness: see `facegui.imaging.quality`.
        min_brightness: mean luma of the aligned crop, 0 to 255; likewise *max_brightness*.
        min_contrast: standard deviation of that luma.
        max_sunglasses: probability, 0 to 1.
        min_presence: how sure the landmark network must be of a whole face, 0 to 1.
        max_eyes_closed: 0 to 1; likewise *max_mouth_open* and *max_smile*.
        min_chroma_spread: how varied a face's colours must be; grey and tinted ones have none.
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
    min_brightness: float = 0.0
    max_brightness: float = 255.0
    min_contrast: float = 0.0
    max_sunglasses: float = 0.5
    min_presence: float = 0.0
    max_eyes_closed: float = 1.0
    max_mouth_open: float = 1.0
    max_smile: float = 1.0
    min_chroma_spread: float = 0.0
    duplicate_distance: int = 8


class Preset(Enum):
    """Limits that go together, for an owner who does not want to think about each."""

    CLASSIC = "classic"
    STRICT = "strict"
    LENIENT = "lenient"


PRESETS: Mapping[Preset, Limits] = {
    Preset.CLASSIC: Limits(),
    # Only what a passport office would take: lit, sharp, straight, nothing hidden.
    Preset.STRICT: Limits(
        max_roll_deg=15.0,
        max_pan_deg=15.0,
        max_tilt_deg=15.0,
        min_size_px=64.0,
        min_sharpness=24.0,
        min_brightness=50.0,
        max_brightness=215.0,
        min_contrast=20.0,
        max_sunglasses=0.3,
        min_presence=0.5,
        max_eyes_closed=0.6,
        max_mouth_open=0.6,
    ),
    # As turned as a five-point alignment still straightens, as small as still is named mostly
    # right; what people wear and do does not matter.
    Preset.LENIENT: Limits(
        max_faces=5,
        max_roll_deg=45.0,
        max_pan_deg=40.0,
        max_tilt_deg=35.0,
        min_size_px=20.0,
        min_sharpness=8.0,
        max_sunglasses=1.0,
    ),
}


@dataclass(frozen=True, slots=True)
class RuleSpec:
    """How a rule judges.

    Attributes:
        field: of `Limits`, where the rule's limit stands.
        at_most: the measured value may reach the limit but not pass it; at least, if False.
        off: the limit that lets everything pass.
    """

    rule: Rule
    field: str
    at_most: bool
    off: float

    def limit(self, limits: Limits) -> float:
        """Where *limits* draw this rule's line."""
        return float(getattr(limits, self.field))

    def moved(self, limits: Limits, limit: float) -> Limits:
        """*limits* with this rule's line drawn at *limit*."""
        kind = type(getattr(limits, self.field))
        return replace(limits, **{self.field: kind(limit)})

    def passes(
        self, values: NDArray[np.float64], limit: float | NDArray[np.float64]
    ) -> NDArray[np.bool_]:
        """Which of *values* (n,) pass; NaN, which was not measured, does."""
        if self.rule is Rule.DUPLICATE:  # there is a value only where there is a better copy
            return np.isnan(values)
        beyond: NDArray[np.bool_] = values > limit if self.at_most else values < limit
        return ~beyond


RULES = (
    RuleSpec(Rule.ONE_FACE, "max_faces", at_most=True, off=1000),
    RuleSpec(Rule.ROLL, "max_roll_deg", at_most=True, off=180),
    RuleSpec(Rule.PAN, "max_pan_deg", at_most=True, off=180),
    RuleSpec(Rule.TILT, "max_tilt_deg", at_most=True, off=180),
    RuleSpec(Rule.SIZE, "min_size_px", at_most=False, off=0),
    RuleSpec(Rule.SHARPNESS, "min_sharpness", at_most=False, off=0),
    RuleSpec(Rule.DARK, "min_brightness", at_most=False, off=0),
    RuleSpec(Rule.BRIGHT, "max_brightness", at_most=True, off=255),
    RuleSpec(Rule.CONTRAST, "min_contrast", at_most=False, off=0),
    RuleSpec(Rule.SUNGLASSES, "max_sunglasses", at_most=True, off=1),
    RuleSpec(Rule.OCCLUSION, "min_presence", at_most=False, off=0),
    RuleSpec(Rule.EYES, "max_eyes_closed", at_most=True, off=1),
    RuleSpec(Rule.MOUTH, "max_mouth_open", at_most=True, off=1),
    RuleSpec(Rule.SMILE, "max_smile", at_most=True, off=1),
    RuleSpec(Rule.GREYSCALE, "min_chroma_spread", at_most=False, off=0),
    RuleSpec(Rule.DUPLICATE, "duplicate_distance", at_most=True, off=0),
)
"""Every rule, in the order in which verdicts are told."""

SPECS: Mapping[Rule, RuleSpec] = {spec.rule: spec for spec in RULES}


@dataclass(frozen=True, slots=True)
class RuleResult:
    """One rule on one face: the measured *value* beside its *limit*; value None is unmeasured."""

    rule: Rule
    value: float | None
    limit: float
    passed: bool


@dataclass(frozen=True, slots=True, eq=False)
class MeasureTable:
    """What the rules look at, of n faces, column by column.

    Attributes:
        face_ids: int64 (n,).
        person_ids: int64 (n,); 0 where nobody is named.
        values: float64 (n,) of each rule; NaN where not measured. Angles are absolute, ONE_FACE
            counts the faces of the photo that the owner does not ignore (1 for one that a list
            picked out), DUPLICATE has the bits to the keeper of its group, NaN for keepers.
        undecided: bool (n,); on the others the owner has had the last word.
    """

    face_ids: NDArray[np.int64]
    person_ids: NDArray[np.int64]
    values: Mapping[Rule, NDArray[np.float64]]
    undecided: NDArray[np.bool_]

    def failing(
        self, limits: Limits, by_person: Mapping[int, Limits] | None = None
    ) -> dict[Rule, NDArray[np.bool_]]:
        """For each rule, which faces fail it by *limits*, or by those of their person."""
        others = {
            person: self.person_ids == person
            for person, theirs in (by_person or {}).items()
            if theirs != limits
        }
        fails = {}
        for spec in RULES:
            line: float | NDArray[np.float64] = spec.limit(limits)
            if others:
                line = np.full(len(self.face_ids), line)
                for person, theirs in others.items():
                    line[theirs] = spec.limit((by_person or {})[person])
            fails[spec.rule] = ~spec.passes(self.values[spec.rule], line)
        return fails


def judge(values: Mapping[Rule, float], limits: Limits) -> tuple[RuleResult, ...]:
    """Every rule's verdict on one face, in the order of `RULES`; NaN was not measured."""
    return tuple(
        RuleResult(
            spec.rule,
            None if np.isnan(values[spec.rule]) else values[spec.rule],
            spec.limit(limits),
            passed=bool(spec.passes(np.array([values[spec.rule]]), spec.limit(limits))[0]),
        )
        for spec in RULES
    )


def with_overrides(limits: Limits, overrides: Mapping[str, float]) -> Limits:
    """*limits* with the fields that a person has otherwise; fields of no rule are passed over."""
    known = {name: value for name, value in overrides.items() if name in Limits.__slots__}
    return replace(limits, **known)  # type: ignore[arg-type]
