"""What a scan found, into the library, without losing what the owner said about it before."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

from facegui.domain.entities import FaceProposal, PhotoStatus, ScannedPhoto
from facegui.domain.geometry import Box
from facegui.storage import drawn, people
from facegui.storage.drawn import SAME_FACE_IOU
from facegui.storage.rows import (
    all_ids,
    box_of,
    clean_text,
    ids_parameter,
    measured,
    signed,
    vector_blob,
)


@dataclass(frozen=True, slots=True)
class _OldFace:
    id: int
    box: Box
    found: Box | None
    owned: bool
    drawn: bool

    @property
    def places(self) -> list[Box]:
        """Where a scan may come upon it."""
        return [self.box] if self.found is None else [self.box, self.found]


def store(connection: sqlite3.Connection, scans: Sequence[ScannedPhoto]) -> set[int]:
    """Replaces the faces of the scanned photos; ids of these photos.

    A new face on the place of an old one takes over its id, name and decision. An old face that
    nothing matches is dropped, unless the owner named it or decided about it. A face whose box
    the owner drew stays as it is, and what is found on its place adds nothing. A photo that is
    missing keeps everything: its file may come back.
    """
    asked = ids_parameter(scan.photo_id for scan in scans)
    sql = "SELECT id FROM photos WHERE id IN (SELECT value FROM json_each(?))"
    known = set(all_ids(connection, sql, (asked,)))  # a photo may have left during its scan
    scans = [scan for scan in scans if scan.photo_id in known]
    read = [scan for scan in scans if scan.status is not PhotoStatus.MISSING]
    photo_ids = [scan.photo_id for scan in read]
    old = _old_faces(connection, photo_ids)
    for scan in scans:
        _store_photo(connection, scan)
    for scan in read:
        _store_faces(connection, scan, old.get(scan.photo_id, []))
    people.name_from_lists(connection, photo_ids)
    people.name_from_folders(connection, photo_ids)
    return set(photo_ids)


def match(old: Sequence[Box], new: Sequence[Box]) -> dict[int, int]:
    """Pairs new boxes with old ones, one to one, best overlap first: index of new to index of old.

    Only pairs that overlap by `SAME_FACE_IOU` or more (intersection over union).
    """
    overlaps = [(box.iou(was), n, o) for n, box in enumerate(new) for o, was in enumerate(old)]
    pairs: dict[int, int] = {}
    taken: set[int] = set()
    for overlap, n, o in sorted(overlaps, key=lambda t: (-t[0], t[1], t[2])):
        if overlap < SAME_FACE_IOU:
            break
        if n not in pairs and o not in taken:
            pairs[n] = o
            taken.add(o)
    return pairs


def _old_faces(
    connection: sqlite3.Connection, photo_ids: Sequence[int]
) -> dict[int, list[_OldFace]]:
    rows = connection.execute(
        "SELECT photo_id, id, x1, y1, x2, y2, found, drawn, "
        "decision <> 'undecided' OR name_source IS 'owner' "
        "OR EXISTS (SELECT 1 FROM answers WHERE face_id = faces.id) "
        "FROM faces WHERE photo_id IN (SELECT value FROM json_each(?)) ORDER BY id",
        (ids_parameter(photo_ids),),
    )
    found: dict[int, list[_OldFace]] = {}
    for photo_id, face_id, *box, at, by_hand, owned in rows:
        face = _OldFace(face_id, Box(*box), box_of(at), bool(owned), bool(by_hand))
        found.setdefault(photo_id, []).append(face)
    return found


def _store_photo(connection: sqlite3.Connection, scan: ScannedPhoto) -> None:
    reason = None if scan.reason is None else clean_text(scan.reason)
    if scan.status is PhotoStatus.MISSING:
        connection.execute(
            "UPDATE photos SET status = 'missing', reason = ? WHERE id = ?", (reason, scan.photo_id)
        )
        return
    hashes = scan.hashes
    connection.execute(
        "UPDATE photos SET status = ?, reason = ?, width = ?, height = ?, size_bytes = ?, "
        "mtime_ns = ?, sha256 = ?, phash = ?, phash_mirror = ?, rotation = ? WHERE id = ?",
        (
            scan.status.value,
            reason,
            scan.width,
            scan.height,
            scan.size_bytes,
            scan.mtime_ns,
            scan.sha256,
            None if hashes is None else signed(hashes.phash),
            None if hashes is None else signed(hashes.phash_mirror),
            scan.rotation,
            scan.photo_id,
        ),
    )


def _store_faces(
    connection: sqlite3.Connection, scan: ScannedPhoto, old: Sequence[_OldFace]
) -> None:
    scanned = drawn.strangers([at for face in old if face.drawn for at in face.places], scan.faces)
    old = [face for face in old if not face.drawn]
    pairs = match([face.box for face in old], [face.box for face in scanned])
    matched = {old[o].id for o in pairs.values()}
    for face in old:
        if face.id not in matched and not face.owned:
            connection.execute("DELETE FROM embeddings WHERE id = ?", (face.id,))
            connection.execute("DELETE FROM faces WHERE id = ?", (face.id,))
    for n, proposal in enumerate(scanned):
        _store_face(connection, scan.photo_id, proposal, old[pairs[n]].id if n in pairs else None)


def _store_face(
    connection: sqlite3.Connection, photo_id: int, proposal: FaceProposal, face_id: int | None
) -> None:
    values = {"photo_id": photo_id, **measured(proposal)}
    if face_id is None:
        names = ", ".join(values)
        marks = ", ".join("?" * len(values))
        sql = f"INSERT INTO faces ({names}) VALUES ({marks})"  # noqa: S608 - our column names
        face_id = connection.execute(sql, tuple(values.values())).lastrowid
    else:
        assignments = ", ".join(f"{name} = ?" for name in values)
        sql = f"UPDATE faces SET {assignments} WHERE id = ?"  # noqa: S608 - our column names
        connection.execute(sql, (*values.values(), face_id))
    connection.execute(
        "INSERT INTO embeddings VALUES (?, ?) "
        "ON CONFLICT (id) DO UPDATE SET vector = excluded.vector",
        (face_id, vector_blob(proposal.embedding)),
    )
