"""Finding copies: grouped by perceptual hash, one of each group kept, the rest set aside."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from hashlib import sha256
from itertools import combinations

from facegui.domain.control import Control, NullControl, Progress
from facegui.domain.entities import Decision, DuplicateGroup, Embedding, Face, PhotoStatus
from facegui.domain.queries import Change, PhotoFilter
from facegui.domain.rules import Rule
from facegui.domain.text import tr, trn
from facegui.duplicates.evidence import FaceRecord, PhotoRecord
from facegui.duplicates.grouping import group_duplicates
from facegui.services.copies.view import CopyGroup, KeeperRule, kept_by
from facegui.services.libraries import Library

_GROUPED_BY = "duplicates.grouped_by"


def find_duplicates(
    library: Library, distance: int | None, control: Control
) -> list[DuplicateGroup]:
    """Group the copies of *library* anew; the duplicate rule judges by the result.

    Args:
        library: its scanned photos are compared.
        distance: bits within which two photos are copies, set as the library's limit from now on;
            None takes the limit as it stands.
        control: told when it begins; grouping itself is quick.
    """
    limits = library.limits()
    if distance is not None and distance != limits.duplicate_distance:
        limits = replace(limits, duplicate_distance=distance)
        library.set_limits(limits, tr("Copies may differ by {n} bits", n=distance))
    control.report(Progress(0, 0, tr("Looking for copies")))
    terms = _terms(library)
    groups = group_duplicates(_records(library), limits.duplicate_distance, library.photos_apart())
    library.set_duplicates(groups)
    library.set_setting(_GROUPED_BY, terms)
    return library.duplicate_groups()


def is_outdated(library: Library) -> bool:
    """Whether the groups were made on other terms than hold now: the distance, and what is apart.

    So it is after an undo of `set_distance`, which moves the limit back but not the groups.
    """
    return bool(library.setting(_GROUPED_BY) != _terms(library))


def not_duplicates(library: Library, group: CopyGroup, photo_ids: Iterable[int]) -> Change:
    """Remember that photos of *group* are no copies of the others in it, nor of each other."""
    members = [member.photo.id for member in group.members]
    odd = set(photo_ids)
    return library.set_apart((a, b) for a, b in combinations(members, 2) if a in odd or b in odd)


def set_distance(library: Library, distance: int) -> Change:
    """Choose how alike copies are and group them anew; everything may look different after it."""
    find_duplicates(library, distance, NullControl())
    return Change(None)


class GroupCounter:
    """Counts the groups at any distance without writing any, from the photos as they are now."""

    def __init__(self, library: Library) -> None:
        self._records = _records(library)
        self._apart = library.photos_apart()

    def count(self, distance: int) -> int:
        """How many groups there are when copies may differ by *distance* bits."""
        return len(group_duplicates(self._records, distance, self._apart))


def keep_best(
    library: Library, groups: Iterable[CopyGroup], rule: KeeperRule = KeeperRule.BEST
) -> Change:
    """Keep in each group the photo that *rule* chooses; one undoable step.

    Every face of the other photos is rejected.
    """
    found = tuple(groups)
    seen = [kept_by(group, rule) for group in found]
    moved = [new.keeper.photo.id for new, old in zip(seen, found, strict=True) if new is not old]
    copies = [face.id for group in seen for member in group.members[1:] for face in member.faces]
    return library.keep_photos(moved, copies, _kept_label(rule, len(seen)))


def _kept_label(rule: KeeperRule, n: int) -> str:
    match rule:
        case KeeperRule.BEST:
            one = "Keep the best of {n} group of copies"
            many = "Keep the best of {n} groups of copies"
        case KeeperRule.LARGEST:
            one = "Keep the largest of {n} group of copies"
            many = "Keep the largest of {n} groups of copies"
        case KeeperRule.SHARPEST:
            one = "Keep the sharpest of {n} group of copies"
            many = "Keep the sharpest of {n} groups of copies"
        case KeeperRule.FRONTAL:
            one = "Keep the most frontal of {n} group of copies"
            many = "Keep the most frontal of {n} groups of copies"
        case KeeperRule.OLDEST:
            one = "Keep the oldest of {n} group of copies"
            many = "Keep the oldest of {n} groups of copies"
    return trn(one, many, n)


def name_group(library: Library, group: CopyGroup, name: str) -> Change:
    """Give the face of every photo in *group* one name; groups with several faces are left."""
    faces = [face.id for face in group.lone_faces]
    return library.assign(faces, name, keep=False)


def _terms(library: Library) -> list[int | str]:
    """What the groups depend on besides the photos: the distance, and what the owner said."""
    apart = sorted(library.photos_apart())
    return [library.limits().duplicate_distance, sha256(repr(apart).encode()).hexdigest()[:16]]


def _records(library: Library) -> list[PhotoRecord]:
    """What is compared of every photo that could be read."""
    photos = library.photos(library.photo_ids(PhotoFilter(statuses=(PhotoStatus.OK,))))
    faces = library.faces_of_photos(photo.id for photo in photos)
    ids = [face.id for found in faces.values() for face in found]
    embeddings = dict(zip(ids, library.embeddings(ids), strict=True))
    return [
        PhotoRecord(
            id=photo.id,
            path=photo.path,
            sha256=photo.sha256,
            hashes=photo.hashes,
            width=photo.width,
            height=photo.height,
            preferred=photo.preferred,
            faces=tuple(_face_record(face, embeddings[face.id]) for face in faces[photo.id]),
        )
        for photo in photos
    ]


def _face_record(face: Face, embedding: Embedding) -> FaceRecord:
    by_rules = face.decision is Decision.UNDECIDED and set(face.failed) <= {Rule.DUPLICATE.value}
    return FaceRecord(
        hashes=face.hashes,
        embedding=embedding,
        pose=face.pose,
        size_px=min(face.box.width, face.box.height),
        sharpness=face.sharpness,
        usable=by_rules or face.decision is Decision.KEEP,
    )
