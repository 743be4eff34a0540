"""The things in a library: photos, faces, people, and what was decided about them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

import numpy as np
from numpy.typing import NDArray

from facegui.domain.geometry import Box, Landmarks, Pose

RgbImage = NDArray[np.uint8]
"""Height × width × 3, red green blue, upright."""

Embedding = NDArray[np.float32]
"""A unit vector that stands for a face; SFace gives 128 numbers."""


@dataclass(frozen=True, slots=True)
class Frame:
    """A picture from a camera or video; *taken_at* is seconds on the clock of `time.monotonic`."""

    image: RgbImage
    taken_at: float


class PhotoStatus(Enum):
    """What is known of a photo's file. The values are part of the CLI's JSON."""

    PENDING = "pending"
    OK = "ok"
    BROKEN = "broken"
    UNSUPPORTED = "unsupported"
    MISSING = "missing"


class Decision(Enum):
    """What the owner decided about a face. It always wins over the rules.

    IGNORE means "not a face, or nobody I care for": such a face does not count as one of the
    faces in its photo either.
    """

    UNDECIDED = "undecided"
    KEEP = "keep"
    REJECT = "reject"
    IGNORE = "ignore"


class FaceState(Enum):
    """What a face counts as, from the owner's decision first and the rules second."""

    KEPT = "kept"
    REJECTED = "rejected"
    IGNORED = "ignored"


def face_state(decision: Decision, *, fails: bool) -> FaceState:
    """The owner's word first, the rules (whether one of them *fails*) second."""
    match decision:
        case Decision.KEEP:
            return FaceState.KEPT
        case Decision.REJECT:
            return FaceState.REJECTED
        case Decision.IGNORE:
            return FaceState.IGNORED
        case Decision.UNDECIDED:
            return FaceState.REJECTED if fails else FaceState.KEPT


class NameSource(Enum):
    """Who gave a face its name: its photo's folder, a list that the owner imported, the owner."""

    FOLDER = "folder"
    LIST = "list"
    OWNER = "owner"


class RegionSource(Enum):
    """Who says that there is a face: a list of addresses, a manifest, or a photo's metadata."""

    LIST = "list"
    MANIFEST = "manifest"
    XMP = "xmp"


@dataclass(frozen=True, slots=True)
class Region:
    """A face that somebody else says is in a photo.

    A list or manifest that the owner imported picks its face: the face is named by it and stands
    for itself, however many others are in the photo. What another program left in a photo's
    metadata is only offered.

    Attributes:
        box: in upright pixels of the original, as roughly drawn as they came.
        name: who it is said to be; None where only the place is known.
    """

    box: Box
    name: str | None
    source: RegionSource

    @property
    def picks(self) -> bool:
        """Whether this names its face, rather than offering a name for it."""
        return self.source is not RegionSource.XMP


@dataclass(frozen=True, slots=True)
class PhotoHashes:
    """64-bit DCT perceptual hashes (`imagehash.phash`) of a picture and of its mirror image."""

    phash: int
    phash_mirror: int


@dataclass(frozen=True, slots=True)
class FaceProposal:
    """A face as the detector measured it, before any rule or decision.

    Attributes:
        box: bounding box in upright pixels of the original.
        landmarks: five points in the same pixels.
        score: the detector's confidence, 0 to 1.
        pose: degrees, from the 478-landmark model.
        sharpness: see `facegui.imaging.quality`; independent of the face's size in pixels.
        brightness: mean luma of the aligned crop, 0 to 255.
        contrast: standard deviation of that luma.
        embedding: unit vector of the face.
        hashes: perceptual hashes of the aligned crop.
        detector: name and version of the models, such as ``"yunet-2023mar+sface-2021dec"``.
        chroma: mean chroma of the aligned crop; 0 in a grey picture. This and what follows is
            None where it was not measured.
        chroma_spread: how far the chroma of its pixels lies around that mean; next to nothing in
            a grey picture and in one of a single tint.
        sunglasses: probability, 0 to 1.
        smile: how much the mouth smiles, 0 to 1; likewise *eyes_closed* and *mouth_open*.
        presence: how sure the landmark network is that it was shown a whole face, 0 to 1.
        region: what somebody else said of this face.
    """

    box: Box
    landmarks: Landmarks
    score: float
    pose: Pose
    sharpness: float
    brightness: float
    contrast: float
    embedding: Embedding
    hashes: PhotoHashes
    detector: str
    chroma: float | None = None
    chroma_spread: float | None = None
    sunglasses: float | None = None
    smile: float | None = None
    eyes_closed: float | None = None
    mouth_open: float | None = None
    presence: float | None = None
    region: Region | None = None


@dataclass(frozen=True, slots=True)
class Analysis:
    """What an analyser found in one picture.

    Attributes:
        faces: best score first; boxes and landmarks in pixels of the picture as it was given.
        rotation: degrees clockwise, 0, 90, 180 or 270, by which the picture has to be turned to
            stand upright; each face's roll is measured in the picture so turned.
    """

    faces: tuple[FaceProposal, ...]
    rotation: int = 0


@dataclass(frozen=True, slots=True)
class ScannedPhoto:
    """What one scan of one file found: the row to store.

    Attributes:
        reason: why the file is not ok, in the owner's language; None only when it is.
        width: upright pixels; 0 when the file could not be read.
        size_bytes: of the file when it was read; with mtime_ns it tells a changed file later.
        sha256: of the file's bytes, hex; None when it could not be read at all.
        rotation: see `Analysis`.
    """

    photo_id: int
    status: PhotoStatus
    reason: str | None
    width: int
    height: int
    size_bytes: int
    mtime_ns: int
    sha256: str | None
    hashes: PhotoHashes | None
    faces: tuple[FaceProposal, ...]
    rotation: int = 0


@dataclass(frozen=True, slots=True)
class Photo:
    """A row of the library: one file of the owner's, never moved or changed.

    Attributes:
        path: absolute path of the original.
        person_hint: the person's name that was given at import (the folder's name), or None.
        preferred: the owner chose this one as the keeper among its copies.
        rotation: degrees clockwise by which the picture has to be turned to stand upright, where
            its own metadata does not say so.
    """

    id: int
    path: str
    person_hint: str | None
    status: PhotoStatus
    reason: str | None
    width: int
    height: int
    size_bytes: int
    mtime_ns: int
    sha256: str | None
    hashes: PhotoHashes | None
    preferred: bool
    rotation: int = 0

    @property
    def shown_size(self) -> tuple[int, int]:
        """Width and height of the picture as it is shown, which is standing upright."""
        sideways = self.rotation in {90, 270}
        return (self.height, self.width) if sideways else (self.width, self.height)

    def shown_box(self, box: Box) -> Box:
        """Where *box* is in the picture as it is shown."""
        return box.turned(self.rotation, self.width, self.height)

    def shown_landmarks(self, landmarks: Landmarks) -> Landmarks:
        """Where the points are in the picture as it is shown."""
        return landmarks.turned(self.rotation, self.width, self.height)

    def box_of_shown(self, box: Box) -> Box:
        """Where a box of the picture as it is shown lies in the original; undoes `shown_box`."""
        return box.turned_back(self.rotation, self.width, self.height)


@dataclass(frozen=True, slots=True)
class Face:
    """A row of the library: one face in one photo, with its measures and its decision.

    Attributes:
        person_id: who it is, or None.
        name_source: who said so; the owner may also have said that it is nobody (OWNER with no
            person), so no name is offered again. None where nobody has had a say.
        failed: names of the rules this face fails now (the reject ledger), in rule order.
        chroma: this and the measures that follow are as in `FaceProposal`.
        offer: a name that another program gave this very face, for the owner to confirm.
        picked: a list or manifest says that this is the face that its photo is about.
        drawn: the owner has drawn this box or moved it; no scan changes it any more.
        found: where a scan had found the face, if the owner has moved its box since.
    """

    id: int
    photo_id: int
    box: Box
    landmarks: Landmarks
    score: float
    pose: Pose
    sharpness: float
    brightness: float
    contrast: float
    hashes: PhotoHashes
    detector: str
    person_id: int | None
    name_source: NameSource | None
    decision: Decision
    failed: tuple[str, ...]
    chroma: float | None = None
    chroma_spread: float | None = None
    sunglasses: float | None = None
    smile: float | None = None
    eyes_closed: float | None = None
    mouth_open: float | None = None
    presence: float | None = None
    offer: str | None = None
    picked: bool = False
    drawn: bool = False
    found: Box | None = None

    @property
    def state(self) -> FaceState:
        """What it counts as; see `face_state`."""
        return face_state(self.decision, fails=bool(self.failed))


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody to be recognised.

    Attributes:
        name: unique in the library, exactly as the owner or the folder wrote it.
        colour: ``#rrggbb``, for boxes and charts.
        position: order in lists.
        cover_id: the face that stands for them, as the owner chose; it may have gone.
        key: the number key, 1 to 9, that names faces after them; None where they have none.
    """

    id: int
    name: str
    colour: str
    position: int
    cover_id: int | None = None
    key: int | None = None


@dataclass(frozen=True, slots=True)
class DuplicateMember:
    """A photo in a group of copies; *distance* in bits to the keeper (0 for exact copies)."""

    photo_id: int
    distance: int
    mirrored: bool = False


@dataclass(frozen=True, slots=True)
class DuplicateGroup:
    """Photos that are copies of one picture; the keeper is one of the members."""

    keeper_id: int
    members: tuple[DuplicateMember, ...]


@dataclass(frozen=True, slots=True)
class Counts:
    """How much there is, for badges and empty states."""

    photos: int
    pending: int
    unreadable: int
    faces: int
    kept: int
    rejected: int
    ignored: int
    unnamed_kept: int
    people: int
    duplicate_groups: int


@dataclass(frozen=True, slots=True)
class JournalEntry:
    """One undoable step, as the history shows it."""

    id: int
    label: str
    undone: bool
