"""What the window calls the rules, their values and their limits."""

from __future__ import annotations

from facegui.domain.rules import SPECS, Preset, Rule, RuleResult
from facegui.domain.text import tr, trn


def rule_word(rule: Rule) -> str:
    """A rule's name, as a reason for which faces are dropped."""
    return {
        Rule.ONE_FACE: tr("Faces in photo"),
        Rule.ROLL: tr("Roll"),
        Rule.PAN: tr("Pan"),
        Rule.TILT: tr("Tilt"),
        Rule.SIZE: tr("Size"),
        Rule.SHARPNESS: tr("Sharpness"),
        Rule.DARK: tr("Too dark"),
        Rule.BRIGHT: tr("Too bright"),
        Rule.CONTRAST: tr("Contrast"),
        Rule.SUNGLASSES: tr("Sunglasses"),
        Rule.OCCLUSION: tr("Covered face"),
        Rule.EYES: tr("Eyes closed"),
        Rule.MOUTH: tr("Mouth open"),
        Rule.SMILE: tr("Smile"),
        Rule.GREYSCALE: tr("Grey or tinted"),
        Rule.DUPLICATE: tr("Copy"),
    }[rule]


def measured_word(rule: Rule) -> str:
    """What a rule looks at."""
    return {
        Rule.DARK: tr("Brightness"),
        Rule.BRIGHT: tr("Brightness"),
        Rule.OCCLUSION: tr("Face seen"),
        Rule.GREYSCALE: tr("Colours"),
    }.get(rule) or rule_word(rule)


def rule_hint(rule: Rule) -> str:
    """One sentence on what is measured and what a sensible limit does."""
    return {
        Rule.ONE_FACE: tr(
            "Faces in the photo that you do not ignore. In a photo of several, a folder's name "
            "may be anybody's."
        ),
        Rule.ROLL: tr("How far the head leans to a shoulder, in degrees either way."),
        Rule.PAN: tr("How far the head is turned left or right, in degrees."),
        Rule.TILT: tr("How far the head looks up or down, in degrees."),
        Rule.SIZE: tr("Shorter side of the face in pixels of the original photo."),
        Rule.SHARPNESS: tr("Fine detail in the face, whatever its size; low is blurred."),
        Rule.DARK: tr("Mean brightness of the face, 0 to 255; low is in the dark."),
        Rule.BRIGHT: tr("Mean brightness of the face, 0 to 255; high is overexposed."),
        Rule.CONTRAST: tr("How far light and dark parts of the face lie apart; low is haze."),
        Rule.SUNGLASSES: tr("How sure a network is that the face wears sunglasses."),
        Rule.OCCLUSION: tr(
            "How sure the landmark network is of a whole face; low where hands, hair or masks "
            "cover it."
        ),
        Rule.EYES: tr("How far the eyes are closed. Glasses and looking down mislead it."),
        Rule.MOUTH: tr("How far the mouth is open, as in speech or laughter."),
        Rule.SMILE: tr("How much the mouth smiles; it says nothing about mood."),
        Rule.GREYSCALE: tr("How varied the colours are; black-and-white and sepia have none."),
        Rule.DUPLICATE: tr("Photos that look the same count once; the best of them is kept."),
    }[rule]


def bound_word(rule: Rule) -> str:
    """*at most* or *at least*."""
    return tr("at most") if SPECS[rule].at_most else tr("at least")


def preset_word(preset: Preset) -> str:
    """A preset's name on its button."""
    return {
        Preset.CLASSIC: tr("Classic"),
        Preset.STRICT: tr("Strict"),
        Preset.LENIENT: tr("Lenient"),
    }[preset]


def preset_hint(preset: Preset) -> str:
    """What a preset asks for."""
    return {
        Preset.CLASSIC: tr(
            "One face in the photo, turned by 20° at most each way, no sunglasses, 32 px or more"
        ),
        Preset.STRICT: tr(
            "15° at most, 64 px or more, sharp and well lit, eyes open, mouth closed, nothing "
            "before the face"
        ),
        Preset.LENIENT: tr(
            "Up to five faces in the photo, 35° to 45°, 20 px or more, sunglasses allowed"
        ),
    }[preset]


def measure(rule: Rule, value: float) -> str:
    """A measured value or a limit with its unit: ``31°``, ``28 px``."""
    match rule:
        case Rule.ROLL | Rule.PAN | Rule.TILT:
            return f"{round(value, 1):g}°"
        case Rule.SIZE:
            return tr("{n} px", n=f"{value:.0f}")
        case Rule.SHARPNESS | Rule.DARK | Rule.BRIGHT | Rule.CONTRAST | Rule.GREYSCALE:
            return f"{value:.3g}"
        case Rule.SUNGLASSES | Rule.OCCLUSION | Rule.EYES | Rule.MOUTH | Rule.SMILE:
            return f"{value:.0%}"
        case Rule.DUPLICATE:
            return trn("{n} bit", "{n} bits", round(value))
        case Rule.ONE_FACE:
            return f"{value:.0f}"


def limit_words(rule: Rule, limit: float) -> str:
    """A limit with its direction, ``at most 20°``, or *off*."""
    if limit == SPECS[rule].off and rule is not Rule.DUPLICATE:
        return tr("off")
    return f"{bound_word(rule)} {measure(rule, limit)}"


def why(result: RuleResult) -> str:
    """One failed rule as the owner reads it on a tile: ``pan 31° > 20°``."""
    value = result.value or 0.0
    match result.rule:
        case Rule.ONE_FACE:
            return trn("{n} face in photo", "{n} faces in photo", round(value))
        case Rule.DUPLICATE:
            return tr("copy of another")
    sign = ">" if SPECS[result.rule].at_most else "<"
    name = measured_word(result.rule).lower()
    shown, limit = measure(result.rule, value), measure(result.rule, result.limit)
    return f"{name} {shown} {sign} {limit}"


def groups() -> tuple[tuple[str, tuple[Rule, ...]], ...]:
    """The rules as the page lists them, under headings."""
    return (
        (tr("Photo"), (Rule.ONE_FACE, Rule.DUPLICATE)),
        (tr("Pose"), (Rule.ROLL, Rule.PAN, Rule.TILT)),
        (
            tr("Picture"),
            (
                *(Rule.SIZE, Rule.SHARPNESS, Rule.DARK, Rule.BRIGHT),
                *(Rule.CONTRAST, Rule.GREYSCALE),
            ),
        ),
        (
            tr("Face"),
            (Rule.SUNGLASSES, Rule.OCCLUSION, Rule.EYES, Rule.MOUTH, Rule.SMILE),
        ),
    )
