"""What the coach says, in words that a person in front of a camera understands at a glance."""

from __future__ import annotations

from facegui.domain.text import tr
from facegui.services.collecting.capture import Advice, Verdict
from facegui.services.collecting.pose_map import STRAIGHT, Cell, Height, Light, Side

URGENT = frozenset(
    {
        Verdict.NOBODY,
        Verdict.SEVERAL,
        Verdict.SOMEBODY_ELSE,
        Verdict.SMALL,
        Verdict.DARK,
        Verdict.BRIGHT,
        Verdict.HIDDEN,
        Verdict.UNFIT,
    }
)
"""What has to be put right before any pose counts."""


def instruction(advice: Advice, verdict: Verdict) -> str:
    """The one thing to do now."""
    if verdict in URGENT:
        return remark(verdict)
    if advice.cell is not None:
        return _straight(advice.nth) if advice.cell == STRAIGHT else _turn(advice.cell)
    match advice.light:
        case Light.OTHER:
            return tr("Now change the light: turn a lamp on or off, or face a window.")
        case Light.FIRST:
            return tr("Now go back to the light you began with.")
    return tr("That is everything. Thank you!")


def remark(verdict: Verdict) -> str:
    """Why this frame is not taken; empty when it is, or when there is nothing to say."""
    texts = {
        Verdict.NOBODY: tr("Sit down in front of the camera."),
        Verdict.SEVERAL: tr("Only one person, please."),
        Verdict.SOMEBODY_ELSE: tr("This looks like somebody else."),
        Verdict.SMALL: tr("Come closer."),
        Verdict.TURNED: tr("Not so far: turn back a little."),
        Verdict.TILTED: tr("Hold your head upright."),
        Verdict.DARK: tr("More light, please."),
        Verdict.BRIGHT: tr("Less light, please."),
        Verdict.HIDDEN: tr("Take off what hides your face."),
        Verdict.EYES: tr("Keep your eyes open."),
        Verdict.UNFIT: tr("The library's rules would turn this face down."),
        Verdict.BLURRED: tr("Hold still, the picture is blurred."),
        Verdict.COPY: tr("That one is there already: change something."),
    }
    return texts.get(verdict, "")


def _straight(nth: int) -> str:
    texts = (
        tr("Look straight at the camera."),
        tr("Straight again, and smile."),
        tr("Straight again, from a little closer."),
        tr("Straight again, from further back."),
    )
    return texts[min(nth, len(texts) - 1)]


def _turn(cell: Cell) -> str:
    texts = {
        (Side.LEFT, Height.MIDDLE): tr("Turn a little to your left."),
        (Side.RIGHT, Height.MIDDLE): tr("Turn a little to your right."),
        (Side.MIDDLE, Height.UP): tr("Look up a little."),
        (Side.MIDDLE, Height.DOWN): tr("Look down a little."),
        (Side.LEFT, Height.UP): tr("Look up and to your left."),
        (Side.RIGHT, Height.UP): tr("Look up and to your right."),
        (Side.LEFT, Height.DOWN): tr("Look down and to your left."),
        (Side.RIGHT, Height.DOWN): tr("Look down and to your right."),
    }
    return texts[cell.side, cell.height]
