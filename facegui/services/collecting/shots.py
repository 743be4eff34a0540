"""Views of one face worth keeping: usable by the rules, and each unlike the others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import nan

from facegui.domain.entities import FaceProposal, RgbImage
from facegui.domain.geometry import Box, Pose
from facegui.domain.rules import Limits, Rule, RuleResult, judge

ANOTHER_TURN_DEG = 6.0
ANOTHER_LIGHT = 25.0
ANOTHER_LOOK_BITS = 14
"""From any of these on two views of one face are worth having both: degrees of pan or tilt, mean
luma, or bits of perceptual hash of the aligned crop, which is what an expression changes. A library
holds photos within 3 degrees and 8 bits of each other for copies."""

NOT_BLURRED = 0.6
"""Share of the sharpest view's sharpness that the others must have. The edges of compressed blocks
lift a blurred video over a fixed limit: at 18, where its frames in focus have 30."""

_OF_THE_PHOTO = (Rule.ONE_FACE, Rule.DUPLICATE)  # not of the face itself


@dataclass(frozen=True, slots=True, eq=False)
class Shot:
    """One view of a face.

    Attributes:
        time_s: of its frame, from the start of the video.
        box: in pixels of the frame.
        phash: of the aligned crop.
        crop: a small picture of the face, to show.
    """

    time_s: float
    box: Box
    pose: Pose
    sharpness: float
    brightness: float
    phash: int
    crop: RgbImage


def failing(face: FaceProposal, limits: Limits) -> tuple[Rule, ...]:
    """The rules that *face* fails by itself, whatever else is in its photo."""
    return tuple(r.rule for r in own_results(face, limits) if not r.passed)


def own_results(face: FaceProposal, limits: Limits) -> tuple[RuleResult, ...]:
    """The verdicts on *face* by itself of the rules that do not ask what else is in its photo."""
    pose, measured = face.pose, _measured
    values = dict.fromkeys(Rule, nan) | {
        Rule.ROLL: abs(pose.roll),
        Rule.PAN: abs(pose.pan),
        Rule.TILT: abs(pose.tilt),
        Rule.SIZE: min(face.box.width, face.box.height),
        Rule.SHARPNESS: face.sharpness,
        Rule.DARK: face.brightness,
        Rule.BRIGHT: face.brightness,
        Rule.CONTRAST: face.contrast,
        Rule.SUNGLASSES: measured(face.sunglasses),
        Rule.OCCLUSION: measured(face.presence),
        Rule.EYES: measured(face.eyes_closed),
        Rule.MOUTH: measured(face.mouth_open),
        Rule.SMILE: measured(face.smile),
        Rule.GREYSCALE: measured(face.chroma_spread),
    }
    return tuple(r for r in judge(values, limits) if r.rule not in _OF_THE_PHOTO)


def _measured(value: float | None) -> float:
    return nan if value is None else value


def difference(one: Shot, other: Shot) -> float:
    """How unlike two views of one face are; from 1 on both are worth having."""
    turn = max(abs(one.pose.pan - other.pose.pan), abs(one.pose.tilt - other.pose.tilt))
    light = abs(one.brightness - other.brightness)
    look = (one.phash ^ other.phash).bit_count()
    return max(turn / ANOTHER_TURN_DEG, light / ANOTHER_LIGHT, look / ANOTHER_LOOK_BITS)


class BestShots:
    """The few views of one face that differ most, the sharper of each two that are alike.

    One pass over any number of views, keeping at most *most* of them: when there are too many, the
    two most alike compete.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._shots: list[Shot] = []
        self._sharpest = 0.0

    @property
    def shots(self) -> Sequence[Shot]:
        """What is kept now, in order of time."""
        return sorted(self._shots, key=lambda shot: shot.time_s)

    def offer(self, shot: Shot) -> tuple[Shot, ...]:
        """Consider *shot*; which ones are let go, itself perhaps."""
        alike = [kept for kept in self._shots if difference(kept, shot) < 1]
        if shot.sharpness < NOT_BLURRED * self._sharpest or any(
            kept.sharpness >= shot.sharpness for kept in alike
        ):
            return (shot,)
        self._sharpest = max(self._sharpest, shot.sharpness)
        blurred = [k for k in self._shots if k.sharpness < NOT_BLURRED * self._sharpest]
        self._shots.append(shot)
        let_go = [kept for kept in self._shots if kept in alike or kept in blurred]
        self._shots = [kept for kept in self._shots if kept not in let_go]
        if len(self._shots) > self._most:
            let_go.append(self._least_needed())
            self._shots.remove(let_go[-1])
        return tuple(let_go)

    def _least_needed(self) -> Shot:
        """The less sharp of the two views most alike."""
        pairs = (
            (difference(one, other), number, one, other)
            for number, one in enumerate(self._shots)
            for other in self._shots[:number]
        )
        _, _, one, other = min(pairs, key=lambda pair: pair[:2])
        return min(one, other, key=lambda shot: shot.sharpness)
