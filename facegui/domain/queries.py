"""Questions to a library, and what its writes report: filters, orders, hash tables, changes."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from facegui.domain.entities import Decision, FaceState, JournalEntry, PhotoStatus, Region
from facegui.domain.rules import Rule


class PhotoOrder(Enum):
    """How a list of photos is sorted."""

    PATH = "path"
    ADDED = "added"


class FaceOrder(Enum):
    """How a list of faces is sorted; faces that were not measured so come last either way.

    Angles count by how far the head is turned, to whichever side. PHOTO is the photo's path.
    """

    PHOTO = "photo"
    PERSON = "person"
    SCORE = "score"
    SHARPNESS = "sharpness"
    SIZE = "size"
    BRIGHTNESS = "brightness"
    CONTRAST = "contrast"
    ROLL = "roll"
    PAN = "pan"
    TILT = "tilt"
    SMILE = "smile"
    EYES_CLOSED = "eyes_closed"
    MOUTH_OPEN = "mouth_open"
    SUNGLASSES = "sunglasses"
    COLOUR = "colour"
    ADDED = "added"


class FaceGroup(Enum):
    """What faces of a list stand together by; DAY is that of the photo's file."""

    PERSON = "person"
    STATE = "state"
    FOLDER = "folder"
    DAY = "day"
    SIMILARITY = "similarity"


class Section(NamedTuple):
    """Faces of a list that stand together.

    Attributes:
        start: place of the first one in the list.
        key: what they share: a person's id (None for nobody), a `FaceState`'s value, a folder, a
            day ``YYYY-MM-DD``, or the number of a cluster (0 for faces that are like no other).
    """

    start: int
    key: str | int | None


class FaceCounts(NamedTuple):
    """How many faces of a list there are of each kind; see `FaceFilter` for *conflicts*."""

    every: int
    undecided: int
    kept: int
    unnamed: int
    rejected: int
    ignored: int
    conflicts: int


@dataclass(frozen=True, slots=True)
class PhotoFilter:
    """Which photos; every condition that is set must hold, and the default is all of them.

    Attributes:
        statuses: any of these; empty for all.
        person_hint: the name given at import, exactly.
        person_id: photos with a face of this person.
        search: a part of the path or of the hint.
        copies_only: photos in a group of copies.
    """

    statuses: tuple[PhotoStatus, ...] = ()
    person_hint: str | None = None
    person_id: int | None = None
    search: str = ""
    copies_only: bool = False
    order: PhotoOrder = PhotoOrder.PATH
    descending: bool = False


@dataclass(frozen=True, slots=True)
class FaceFilter:
    """Which faces; every condition that is set must hold, and the default is all of them.

    Attributes:
        person_id: faces with this person's name.
        named: True for faces with any name, False for those without; None for both.
        states: any of these; empty for all.
        decisions: any of these; empty for all.
        failing: faces that fail this rule now, whatever the owner decided.
        photo_id: faces of one photo.
        search: a part of the photo's path or of the person's name.
        conflict: faces about which two sources disagree: another program calls it otherwise than
            its folder does, and the owner has not said who it is; or the same person is named
            twice in one photo.
        limit: only so many, from the start of the order; None for all.
    """

    person_id: int | None = None
    named: bool | None = None
    states: tuple[FaceState, ...] = ()
    decisions: tuple[Decision, ...] = ()
    failing: Rule | None = None
    photo_id: int | None = None
    search: str = ""
    conflict: bool = False
    order: FaceOrder = FaceOrder.PHOTO
    descending: bool = False
    limit: int | None = None


class PhotoCounts(NamedTuple):
    """How many photos of a list there are of each kind; *pending* are not scanned yet."""

    every: int
    read: int
    unreadable: int
    pending: int


class StateCounts(NamedTuple):
    """Faces of one person by what they count as."""

    kept: int
    rejected: int
    ignored: int


class Answer(NamedTuple):
    """What the owner said when asked whether a face is a person; *same* False for "no"."""

    face_id: int
    person_id: int
    same: bool


class HashTable(NamedTuple):
    """Perceptual hashes of many photos or faces, row by row.

    Attributes:
        ids: int64 (n,), ascending.
        phash: uint64 (n,).
        phash_mirror: uint64 (n,), of the mirror image.
    """

    ids: NDArray[np.int64]
    phash: NDArray[np.uint64]
    phash_mirror: NDArray[np.uint64]


class NewPhoto(NamedTuple):
    """A file to add to the library; *person_hint* is the name of its folder, or None.

    *regions* are the faces that a list or manifest says are in it; the hint then names none of
    the others.
    """

    path: str
    person_hint: str | None
    size_bytes: int
    mtime_ns: int
    regions: tuple[Region, ...] = ()


class AddedPhotos(NamedTuple):
    """What adding files did: ids of the new photos, and of those the library knew already."""

    added: list[int]
    known: list[int]


@dataclass(frozen=True, slots=True)
class Change:
    """What an owner's write, an undo or a redo did: the rows a view has to fetch again.

    Attributes:
        entry: the step in the journal; None when everything was so already.
        face_ids: faces whose row or verdict changed (deleted ones included), ascending.
        photo_ids: photos whose row changed, or that hold such a face, ascending.
        person_ids: people whose row changed.
        limits_changed: the rules' limits are others now.
        copies_changed: other photos than before are no copies, by the owner's word.
    """

    entry: JournalEntry | None
    face_ids: tuple[int, ...] = ()
    photo_ids: tuple[int, ...] = ()
    person_ids: tuple[int, ...] = ()
    limits_changed: bool = False
    copies_changed: bool = False
