"""What the grid can be asked for: faces or photos, which states, in what order."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from facegui.domain.entities import Counts, FaceState, PhotoStatus
from facegui.domain.queries import FaceOrder, PhotoOrder
from facegui.domain.text import tr

_UNREADABLE = (PhotoStatus.BROKEN, PhotoStatus.UNSUPPORTED, PhotoStatus.MISSING)


class Mode(Enum):
    """What the grid shows."""

    FACES = "faces"
    PHOTOS = "photos"


@dataclass(frozen=True, slots=True)
class Chip:
    """One choice of the filter: its text, how many it has, and what it asks for."""

    text: str
    count: Callable[[Counts], int]
    states: tuple[FaceState, ...] = ()
    named: bool | None = None
    statuses: tuple[PhotoStatus, ...] = ()


def chips(mode: Mode) -> tuple[Chip, ...]:
    """The choices for *mode*; the first asks for everything."""
    if mode is Mode.PHOTOS:
        return (
            Chip(tr("All"), lambda n: n.photos),
            Chip(
                tr("Read"),
                lambda n: n.photos - n.pending - n.unreadable,
                statuses=(PhotoStatus.OK,),
            ),
            Chip(tr("Unreadable"), lambda n: n.unreadable, statuses=_UNREADABLE),
            Chip(tr("Not scanned"), lambda n: n.pending, statuses=(PhotoStatus.PENDING,)),
        )
    return (
        Chip(tr("All"), lambda n: n.faces),
        Chip(tr("Kept"), lambda n: n.kept, (FaceState.KEPT,)),
        Chip(tr("Kept, no name"), lambda n: n.unnamed_kept, (FaceState.KEPT,), named=False),
        Chip(tr("Rejected"), lambda n: n.rejected, (FaceState.REJECTED,)),
        Chip(tr("Ignored"), lambda n: n.ignored, (FaceState.IGNORED,)),
    )


def orders(mode: Mode) -> tuple[tuple[str, FaceOrder | PhotoOrder], ...]:
    """The orders for *mode*, with what they are called."""
    if mode is Mode.PHOTOS:
        return ((tr("By file"), PhotoOrder.PATH), (tr("By when added"), PhotoOrder.ADDED))
    return (
        (tr("By photo"), FaceOrder.PHOTO),
        (tr("By person"), FaceOrder.PERSON),
        (tr("By sharpness"), FaceOrder.SHARPNESS),
        (tr("By size"), FaceOrder.SIZE),
        (tr("By score"), FaceOrder.SCORE),
        (tr("By when added"), FaceOrder.ADDED),
    )
