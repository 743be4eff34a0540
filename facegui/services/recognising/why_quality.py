"""What speaks against trusting an answer: the face measured as a scan does, held against rules."""

from __future__ import annotations

from facegui.domain.entities import RgbImage
from facegui.domain.geometry import Box
from facegui.domain.ports import FaceAnalyser
from facegui.domain.rules import PRESETS, RULES, Limits, Preset, Rule, RuleResult
from facegui.services.collecting.shots import own_results

WARNED = (
    *(Rule.PAN, Rule.TILT, Rule.ROLL),
    *(Rule.DARK, Rule.BRIGHT),
    *(Rule.SIZE, Rule.SHARPNESS),
    *(Rule.SUNGLASSES, Rule.OCCLUSION),
)
"""What makes names less certain, in the order in which it is told."""


def quality(
    analyser: FaceAnalyser, image: RgbImage, box: Box, limits: Limits
) -> tuple[RuleResult, ...]:
    """The verdicts on the face in *box* of *image*; none where no face can be made out there.

    Raises:
        ModelUnavailable: a network is neither here nor to be fetched.
    """
    face = analyser.measure_at(image, box)
    if face is None:
        return ()
    verdicts = {result.rule: result for result in own_results(face, _every_limit(limits))}
    return tuple(verdicts[rule] for rule in WARNED if verdicts[rule].value is not None)


def _every_limit(limits: Limits) -> Limits:
    """*limits*, those of the strict preset where they let everything pass.

    A limit that is off says that one learns from such faces, not that they are easy to name.
    """
    strict = PRESETS[Preset.STRICT]
    for spec in RULES:
        if spec.limit(limits) == spec.off:
            limits = spec.moved(limits, spec.limit(strict))
    return limits
