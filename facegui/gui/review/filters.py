"""What the grid can be asked for: faces or photos, which states, in what order."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from facegui.domain.entities import Decision, FaceState, PhotoStatus
from facegui.domain.queries import FaceGroup, FaceOrder, PhotoOrder
from facegui.domain.text import tr

_UNREADABLE = (PhotoStatus.BROKEN, PhotoStatus.UNSUPPORTED, PhotoStatus.MISSING)


class Mode(Enum):
    """What the grid shows."""

    FACES = "faces"
    PHOTOS = "photos"


@dataclass(frozen=True, slots=True)
class Chip:
    """One choice of the filter: its text and what it asks for."""

    text: str
    states: tuple[FaceState, ...] = ()
    named: bool | None = None
    decisions: tuple[Decision, ...] = ()
    conflict: bool = False
    statuses: tuple[PhotoStatus, ...] = ()


def chips(mode: Mode) -> tuple[Chip, ...]:
    """The choices for *mode*, in the order of `PhotoCounts` or `FaceCounts`."""
    if mode is Mode.PHOTOS:
        return (
            Chip(tr("All")),
            Chip(tr("Read"), statuses=(PhotoStatus.OK,)),
            Chip(tr("Unreadable"), statuses=_UNREADABLE),
            Chip(tr("Not scanned"), statuses=(PhotoStatus.PENDING,)),
        )
    kept = (FaceState.KEPT,)
    return (
        Chip(tr("All")),
        Chip(tr("To review"), decisions=(Decision.UNDECIDED,)),
        Chip(tr("Kept"), kept),
        Chip(tr("Kept, no name"), kept, named=False),
        Chip(tr("Rejected"), (FaceState.REJECTED,)),
        Chip(tr("Ignored"), (FaceState.IGNORED,)),
        Chip(tr("Conflict"), conflict=True),
    )


def orders(mode: Mode) -> tuple[tuple[str, FaceOrder | PhotoOrder], ...]:
    """The orders for *mode*, with what they are called."""
    if mode is Mode.PHOTOS:
        return ((tr("By file"), PhotoOrder.PATH), (tr("By when added"), PhotoOrder.ADDED))
    return (
        (tr("By file"), FaceOrder.PHOTO),
        (tr("By person"), FaceOrder.PERSON),
        (tr("By score"), FaceOrder.SCORE),
        (tr("By sharpness"), FaceOrder.SHARPNESS),
        (tr("By size"), FaceOrder.SIZE),
        (tr("By brightness"), FaceOrder.BRIGHTNESS),
        (tr("By contrast"), FaceOrder.CONTRAST),
        (tr("By roll"), FaceOrder.ROLL),
        (tr("By pan"), FaceOrder.PAN),
        (tr("By tilt"), FaceOrder.TILT),
        (tr("By smile"), FaceOrder.SMILE),
        (tr("By closed eyes"), FaceOrder.EYES_CLOSED),
        (tr("By open mouth"), FaceOrder.MOUTH_OPEN),
        (tr("By sunglasses"), FaceOrder.SUNGLASSES),
        (tr("By colour"), FaceOrder.COLOUR),
        (tr("By when added"), FaceOrder.ADDED),
    )


def groups() -> tuple[tuple[str, FaceGroup | None], ...]:
    """What faces can stand together by, with what it is called."""
    return (
        (tr("Not grouped"), None),
        (tr("Per person"), FaceGroup.PERSON),
        (tr("Per state"), FaceGroup.STATE),
        (tr("Per folder"), FaceGroup.FOLDER),
        (tr("Per day"), FaceGroup.DAY),
        (tr("Per likeness"), FaceGroup.SIMILARITY),
    )
