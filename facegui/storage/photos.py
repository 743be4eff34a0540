"""Photo rows: adding, finding, fetching."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from itertools import chain

import numpy as np

from facegui.domain.entities import Photo, PhotoStatus
from facegui.domain.queries import (
    AddedPhotos,
    HashTable,
    NewPhoto,
    PhotoCounts,
    PhotoFilter,
    PhotoOrder,
)
from facegui.storage import regions
from facegui.storage.rows import (
    PHOTO_COLUMNS,
    Row,
    all_ids,
    clean_text,
    ids_parameter,
    photo_of,
    stored_path,
)

_ORDERS = {PhotoOrder.PATH: ("p.path",), PhotoOrder.ADDED: ("p.id",)}

# A file that changed, or came back, has to be scanned again.
_SEE_AGAIN = """
UPDATE photos SET
    status = 'pending',
    reason = NULL,
    size_bytes = :size,
    mtime_ns = :mtime
WHERE id = :id AND (status = 'missing' OR size_bytes <> :size OR mtime_ns <> :mtime)"""
_FILL_HINT = "UPDATE photos SET person_hint = :hint WHERE id = :id AND person_hint IS NULL"


def fetch(connection: sqlite3.Connection, photo_ids: Iterable[int]) -> list[Photo]:
    """Photos in the order of their ids; unknown ids are left out."""
    rows = connection.execute(
        f"SELECT {PHOTO_COLUMNS} FROM json_each(?) j "  # noqa: S608 - constants
        "CROSS JOIN photos p ON p.id = j.value ORDER BY j.key",
        (ids_parameter(photo_ids),),
    )
    return [photo_of(row) for row in rows]


def by_path(connection: sqlite3.Connection, path: str) -> Photo | None:
    """The photo at the absolute *path*, if the library knows it."""
    sql = f"SELECT {PHOTO_COLUMNS} FROM photos p WHERE p.path = ?"  # noqa: S608 - constants
    row = connection.execute(sql, (stored_path(path),)).fetchone()
    return None if row is None else photo_of(row)


def find(connection: sqlite3.Connection, wanted: PhotoFilter) -> list[int]:
    """Ids of the photos that *wanted* describes, in its order."""
    where, values = _conditions(wanted)
    order = ", ".join(order_terms(_ORDERS[wanted.order], descending=wanted.descending))
    sql = f"SELECT p.id FROM photos p WHERE {where} ORDER BY {order}"  # noqa: S608 - parameters
    return all_ids(connection, sql, tuple(values))


def tally(connection: sqlite3.Connection, wanted: PhotoFilter) -> PhotoCounts:
    """How many photos there are of each kind among those that *wanted* describes."""
    where, values = _conditions(wanted)
    sql = f"SELECT p.status, count(*) FROM photos p WHERE {where} GROUP BY 1"  # noqa: S608 - parameters
    found = dict(connection.execute(sql, values))
    every = sum(found.values())
    read, pending = (found.get(s.value, 0) for s in (PhotoStatus.OK, PhotoStatus.PENDING))
    return PhotoCounts(every, read, every - read - pending, pending)


def _conditions(wanted: PhotoFilter) -> tuple[str, list[object]]:
    where: list[str] = ["TRUE"]
    values: list[object] = []
    if wanted.statuses:
        where.append(f"p.status IN ({', '.join('?' * len(wanted.statuses))})")
        values += [status.value for status in wanted.statuses]
    if wanted.person_hint is not None:
        where.append("p.person_hint = ?")
        values.append(wanted.person_hint)
    if wanted.person_id is not None:
        where.append("p.id IN (SELECT photo_id FROM faces WHERE person_id = ?)")
        values.append(wanted.person_id)
    if wanted.copies_only:
        where.append("p.id IN (SELECT photo_id FROM copies)")
    if wanted.search:
        where.append(f"({contains('p.path')} OR {contains('p.person_hint')})")
        values += [wanted.search, wanted.search]
    return " AND ".join(where), values


def contains(column: str) -> str:
    """SQL for "the parameter is a part of *column*", whatever the case of ASCII letters."""
    return f"instr(lower({column}), lower(?)) > 0"


def order_terms(terms: Sequence[str], *, descending: bool) -> list[str]:
    """Terms of an ORDER BY whose first goes the way the owner asked, and the others up.

    What is not known of a row comes last either way.
    """
    first, *rest = terms
    return [f"{first} {'DESC' if descending else 'ASC'} NULLS LAST", *rest]


def add(connection: sqlite3.Connection, files: Iterable[NewPhoto]) -> AddedPhotos:
    """Adds files by absolute path; known ones are looked at again if they changed."""
    added: list[int] = []
    known: list[int] = []
    seen: set[int] = set()
    for file in files:
        path = stored_path(file.path)
        hint = None if file.person_hint is None else clean_text(file.person_hint)
        row = connection.execute("SELECT id FROM photos WHERE path = ?", (path,)).fetchone()
        if row is None:
            cursor = connection.execute(
                "INSERT INTO photos (path, person_hint, size_bytes, mtime_ns) VALUES (?, ?, ?, ?)",
                (path, hint, file.size_bytes, file.mtime_ns),
            )
            assert cursor.lastrowid is not None
            added.append(cursor.lastrowid)
            seen.add(cursor.lastrowid)
            regions.say(connection, cursor.lastrowid, file.regions)
        elif row[0] not in seen:
            seen.add(row[0])
            values = {"hint": hint, "size": file.size_bytes, "mtime": file.mtime_ns, "id": row[0]}
            connection.execute(_SEE_AGAIN, values)
            connection.execute(_FILL_HINT, values)
            if regions.say(connection, row[0], file.regions):
                connection.execute("UPDATE photos SET status = 'pending' WHERE id = ?", (row[0],))
            known.append(row[0])
    return AddedPhotos(added, known)


def set_status(
    connection: sqlite3.Connection,
    photo_ids: Iterable[int],
    status: PhotoStatus,
    reason: str | None,
) -> None:
    """Gives photos a status; everything else known about them stays."""
    text = None if reason is None else clean_text(reason)
    connection.execute(
        "UPDATE photos SET status = ?, reason = ? WHERE id IN (SELECT value FROM json_each(?))",
        (status.value, text, ids_parameter(photo_ids)),
    )


def hash_table(rows: Iterable[Row]) -> HashTable:
    """Rows of id and two stored hashes as arrays."""
    table = np.fromiter(chain.from_iterable(rows), dtype=np.int64).reshape(-1, 3)
    ids, phash, mirror = (np.ascontiguousarray(column) for column in table.T)
    return HashTable(ids, phash.view(np.uint64), mirror.view(np.uint64))


def hashes(connection: sqlite3.Connection) -> HashTable:
    """The hashes of all photos that could be read."""
    return hash_table(
        connection.execute(
            "SELECT id, phash, phash_mirror FROM photos "
            "WHERE status = 'ok' AND phash IS NOT NULL ORDER BY id"
        )
    )
