"""Face rows: finding, fetching, their vectors and hashes."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from facegui.domain.entities import Face
from facegui.domain.errors import LibraryError
from facegui.domain.queries import FaceFilter, FaceOrder, HashTable
from facegui.domain.text import tr
from facegui.storage.photos import contains, hash_table, order_by
from facegui.storage.rows import FACE_COLUMNS, FACE_STATE, all_ids, face_of, ids_parameter

# Nobody comes last among people.
_ORDERS = {
    FaceOrder.PHOTO: ("p.path", "f.id"),
    FaceOrder.PERSON: ("coalesce(n.position, 9e15)", "p.path", "f.id"),
    FaceOrder.SCORE: ("f.score", "f.id"),
    FaceOrder.SHARPNESS: ("f.sharpness", "f.id"),
    FaceOrder.SIZE: ("f.size", "f.id"),
    FaceOrder.ADDED: ("f.id",),
}


def fetch(connection: sqlite3.Connection, face_ids: Iterable[int]) -> list[Face]:
    """Faces in the order of their ids; unknown ids are left out."""
    rows = connection.execute(
        f"SELECT {FACE_COLUMNS} FROM json_each(?) j "  # noqa: S608 - constants
        "CROSS JOIN faces f ON f.id = j.value ORDER BY j.key",
        (ids_parameter(face_ids),),
    )
    return [face_of(row) for row in rows]


def of_photos(connection: sqlite3.Connection, photo_ids: Iterable[int]) -> dict[int, list[Face]]:
    """The faces of each photo, best score first; every photo asked for has an entry."""
    found: dict[int, list[Face]] = {photo_id: [] for photo_id in photo_ids}
    rows = connection.execute(
        f"SELECT {FACE_COLUMNS} FROM faces f "  # noqa: S608 - constants
        "WHERE f.photo_id IN (SELECT value FROM json_each(?)) ORDER BY f.score DESC, f.id",
        (ids_parameter(found),),
    )
    for face in map(face_of, rows):
        found[face.photo_id].append(face)
    return found


def find(connection: sqlite3.Connection, wanted: FaceFilter) -> list[int]:
    """Ids of the faces that *wanted* describes, in its order."""
    where, values = _conditions(wanted)
    tables = "faces f"
    if wanted.order in {FaceOrder.PHOTO, FaceOrder.PERSON}:
        # CROSS keeps the faces outside: going by paths and looking up each one's faces is slower.
        tables += " CROSS JOIN photos p ON p.id = f.photo_id"
    if wanted.order is FaceOrder.PERSON:
        tables += " LEFT JOIN people n ON n.id = f.person_id"
    order = order_by(_ORDERS[wanted.order], descending=wanted.descending)
    sql = f"SELECT f.id FROM {tables} WHERE {' AND '.join(where)} {order}"  # noqa: S608 - parameters
    return all_ids(connection, sql, tuple(values))


def named(connection: sqlite3.Connection, face_ids: Iterable[int], person_id: int) -> list[int]:
    """Those of *face_ids* that have this person's name."""
    sql = "SELECT id FROM faces WHERE id IN (SELECT value FROM json_each(?)) AND person_id = ?"
    return all_ids(connection, sql, (ids_parameter(face_ids), person_id))


def _conditions(wanted: FaceFilter) -> tuple[list[str], list[object]]:
    where: list[str] = ["TRUE"]
    values: list[object] = []
    if wanted.person_id is not None:
        where.append("f.person_id = ?")
        values.append(wanted.person_id)
    if wanted.named is not None:
        # The plus keeps the planner off the index by person: half the table is faster in one go.
        where.append(f"+f.person_id IS {'NOT ' if wanted.named else ''}NULL")
    if wanted.photo_id is not None:
        where.append("f.photo_id = ?")
        values.append(wanted.photo_id)
    for column, members in ((FACE_STATE, wanted.states), ("f.decision", wanted.decisions)):
        if members:
            where.append(f"{column} IN ({', '.join('?' * len(members))})")
            values += [member.value for member in members]
    if wanted.failing is not None:
        where.append("f.id IN (SELECT face_id FROM ledger WHERE rule = ?)")
        values.append(wanted.failing.value)
    if wanted.search:
        path, name = contains("path"), contains("name")
        where.append(
            f"(f.photo_id IN (SELECT id FROM photos WHERE {path}) "  # noqa: S608 - constants
            f"OR f.person_id IN (SELECT id FROM people WHERE {name}))"
        )
        values += [wanted.search, wanted.search]
    return where, values


def embeddings(connection: sqlite3.Connection, face_ids: Sequence[int]) -> NDArray[np.float32]:
    """The vectors, float32 (n, d), in the order of the ids; a repeated id repeats its row.

    Raises:
        LibraryError: one of the faces is not there any more (a rescan may have dropped it).
    """
    wanted = np.asarray(face_ids, dtype=np.int64)
    # Read in the order in which they lie on disk, and put into the caller's order afterwards.
    there = np.unique(wanted)
    rows = connection.execute(
        "SELECT e.vector FROM json_each(?) j CROSS JOIN embeddings e ON e.id = j.value",
        (ids_parameter(there),),
    ).fetchall()
    if len(rows) != len(there):
        raise LibraryError(
            tr("Some of these faces are no longer in the library."),
            tr("Wait until the scan has ended and try again."),
        )
    if not rows:
        return np.zeros((0, 128), dtype=np.float32)
    flat = np.frombuffer(b"".join(row[0] for row in rows), dtype="<f4")
    vectors: NDArray[np.float32] = flat.reshape(len(rows), -1)[np.searchsorted(there, wanted)]
    return vectors.astype(np.float32, copy=False)


def hashes(connection: sqlite3.Connection) -> HashTable:
    """The hashes of all faces' aligned crops, of photos that can be read."""
    return hash_table(
        connection.execute(
            "SELECT f.id, f.phash, f.phash_mirror FROM faces f "
            "JOIN photos p ON p.id = f.photo_id WHERE p.status = 'ok' ORDER BY f.id"
        )
    )
