"""What the review page says about faces, rules and photos."""

from __future__ import annotations

from pathlib import Path

from facegui.domain.entities import Decision, Face, FaceState, Photo, PhotoStatus
from facegui.domain.rules import SPECS, Rule, RuleResult
from facegui.domain.text import tr, trn


def state_word(state: FaceState) -> str:
    """*Kept*, *Rejected* or *Ignored*."""
    return {
        FaceState.KEPT: tr("Kept"),
        FaceState.REJECTED: tr("Rejected"),
        FaceState.IGNORED: tr("Ignored"),
    }[state]


def status_word(status: PhotoStatus) -> str:
    """A heading for a photo that shows no picture, or *Read* for one that does."""
    return {
        PhotoStatus.PENDING: tr("Not scanned yet"),
        PhotoStatus.OK: tr("Read"),
        PhotoStatus.BROKEN: tr("Damaged"),
        PhotoStatus.UNSUPPORTED: tr("Cannot be read"),
        PhotoStatus.MISSING: tr("Missing"),
    }[status]


def rule_word(rule: Rule) -> str:
    """A rule's name in the panels."""
    return {
        Rule.ONE_FACE: tr("Faces in photo"),
        Rule.ROLL: tr("Roll"),
        Rule.PAN: tr("Pan"),
        Rule.TILT: tr("Tilt"),
        Rule.SIZE: tr("Size"),
        Rule.SHARPNESS: tr("Sharpness"),
        Rule.DARK: tr("Brightness"),
        Rule.BRIGHT: tr("Brightness"),
        Rule.CONTRAST: tr("Contrast"),
        Rule.SUNGLASSES: tr("Sunglasses"),
        Rule.OCCLUSION: tr("Face seen"),
        Rule.EYES: tr("Eyes closed"),
        Rule.MOUTH: tr("Mouth open"),
        Rule.SMILE: tr("Smile"),
        Rule.GREYSCALE: tr("Colour"),
        Rule.DUPLICATE: tr("Copy"),
    }[rule]


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


def why(result: RuleResult) -> str:
    """One failed rule as the owner reads it on a tile: ``pan 31° > 20°``."""
    value = result.value or 0.0
    match result.rule:
        case Rule.ONE_FACE:
            return trn("{n} face in photo", "{n} faces in photo", round(value))
        case Rule.DUPLICATE:
            return tr("copy of another") if value else tr("exact copy")
    sign = ">" if SPECS[result.rule].at_most else "<"
    name = rule_word(result.rule).lower()
    shown, limit = measure(result.rule, value), measure(result.rule, result.limit)
    return f"{name} {shown} {sign} {limit}"


def verdict(face: Face, failed: tuple[RuleResult, ...]) -> str:
    """Why a face counts as it does: the owner's word, or the first rule that it fails."""
    match face.decision:
        case Decision.KEEP:
            return tr("kept by you")
        case Decision.REJECT:
            return tr("rejected by you")
        case Decision.IGNORE:
            return tr("ignored")
        case Decision.UNDECIDED if failed:
            more = f" +{len(failed) - 1}" if len(failed) > 1 else ""
            return why(failed[0]) + more
    return tr("passes every rule")


def file_name(photo: Photo) -> str:
    """The name of a photo's file without its folders, fit to be shown."""
    return Path(photo.path).name.encode("utf-8", "replace").decode("utf-8")


def offer_words(name: str) -> str:
    """A name that is only offered: ``Tom Hanks?``."""
    return tr("{name}?", name=name)


def size_words(size_bytes: int) -> str:
    """A file's size: ``318 KB``, ``4.2 MB``."""
    if size_bytes < 1000:  # noqa: PLR2004
        return tr("{n} bytes", n=size_bytes)
    if size_bytes < 1_000_000:  # noqa: PLR2004
        return f"{size_bytes / 1e3:.0f} KB"
    return f"{size_bytes / 1e6:.1f} MB"


def no_name() -> str:
    """What stands where a face has no name and none is offered."""
    return tr("no name")
