"""Face rows: finding, fetching, their vectors and hashes."""

from __future__ import annotations

import os
import sqlite3
from collections import Counter
from collections.abc import Iterable, Sequence
from operator import itemgetter

import numpy as np
from numpy.typing import NDArray

from facegui.domain.entities import Decision, Face, FaceState, face_state
from facegui.domain.errors import LibraryError
from facegui.domain.queries import (
    FaceCounts,
    FaceFilter,
    FaceGroup,
    FaceOrder,
    HashTable,
    Section,
)
from facegui.domain.rules import Rule
from facegui.domain.text import tr
from facegui.storage.photos import contains, hash_table, order_terms
from facegui.storage.rows import (
    FACE_COLUMNS,
    FACE_STATE,
    all_ids,
    face_of,
    ids_parameter,
    loaded_path,
)

# Nobody comes last among people.
_ORDERS = {
    FaceOrder.PHOTO: ("p.path", "f.id"),
    FaceOrder.PERSON: ("coalesce(n.position, 9e15)", "p.path", "f.id"),
    FaceOrder.SCORE: ("f.score", "f.id"),
    FaceOrder.SHARPNESS: ("f.sharpness", "f.id"),
    FaceOrder.SIZE: ("f.size", "f.id"),
    FaceOrder.BRIGHTNESS: ("f.brightness", "f.id"),
    FaceOrder.CONTRAST: ("f.contrast", "f.id"),
    FaceOrder.ROLL: ("abs(f.roll)", "f.id"),
    FaceOrder.PAN: ("abs(f.pan)", "f.id"),
    FaceOrder.TILT: ("abs(f.tilt)", "f.id"),
    FaceOrder.SMILE: ("f.smile", "f.id"),
    FaceOrder.EYES_CLOSED: ("f.eyes_closed", "f.id"),
    FaceOrder.MOUTH_OPEN: ("f.mouth_open", "f.id"),
    FaceOrder.SUNGLASSES: ("f.sunglasses", "f.id"),
    FaceOrder.COLOUR: ("f.chroma_spread", "f.id"),
    FaceOrder.ADDED: ("f.id",),
}

# By what a list is parted: what is told of each part, and how parts follow one another. Folders
# are cut out of the paths afterwards, which SQL does badly.
_GROUPS = {
    FaceGroup.PERSON: ("f.person_id", ("coalesce(n.position, 9e15)",)),
    FaceGroup.STATE: (FACE_STATE, (f"instr('kept rejected ignored', {FACE_STATE})",)),
    FaceGroup.FOLDER: ("p.path", ()),
    FaceGroup.DAY: (
        "date(p.mtime_ns / 1000000000, 'unixepoch', 'localtime')",
        ("date(p.mtime_ns / 1000000000, 'unixepoch', 'localtime') DESC",),
    ),
}

_NAMED_OTHERWISE = """
f.name_source IS NOT 'owner' AND f.offer <> coalesce(
    (SELECT name FROM people WHERE id = f.person_id),
    (SELECT person_hint FROM photos WHERE id = f.photo_id)
)"""
_NAMED_TWICE = """
(f.photo_id, f.person_id) IN (
    SELECT photo_id, person_id FROM faces
    WHERE person_id IS NOT NULL AND decision NOT IN ('reject', 'ignore')
    GROUP BY 1, 2 HAVING count(*) > 1
) AND f.decision NOT IN ('reject', 'ignore')"""
_CONFLICT = f"({_NAMED_OTHERWISE} OR {_NAMED_TWICE})"

_TALLY = """
SELECT f.decision, f.failed <> '', f.person_id IS NULL, count(*) FROM faces f"""


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


def good_enough(connection: sqlite3.Connection, face_ids: Iterable[int]) -> list[int]:
    """Those that nobody rejects for what they look like.

    That others are in the photo too does not count: it only leaves open which of them is meant.
    """
    return [
        face.id
        for face in fetch(connection, face_ids)
        if face.decision is not Decision.REJECT
        and (face.decision is not Decision.UNDECIDED or set(face.failed) <= {Rule.ONE_FACE.value})
    ]


def find(connection: sqlite3.Connection, wanted: FaceFilter) -> list[int]:
    """Ids of the faces that *wanted* describes, in its order."""
    return [row[0] for row in _rows(connection, wanted, "f.id", ())]


def sections(
    connection: sqlite3.Connection, wanted: FaceFilter, group: FaceGroup
) -> tuple[list[int], list[Section]]:
    """Ids as `find` gives them, but those of one *group* together, and where each part begins."""
    key, parts = _GROUPS[group]
    rows = list(_rows(connection, wanted, f"f.id, {key}", parts))
    if group is FaceGroup.FOLDER:
        folder = os.path.dirname  # a twentieth of what Path takes
        rows = [(face_id, folder(loaded_path(path))) for face_id, path in rows]
        rows.sort(key=itemgetter(1))
    starts: list[Section] = []
    for place, (_, found) in enumerate(rows):
        if not starts or found != starts[-1].key:
            starts.append(Section(place, found))
    return [row[0] for row in rows], starts


def tally(connection: sqlite3.Connection, wanted: FaceFilter) -> FaceCounts:
    """How many faces there are of each kind among those that *wanted* describes."""
    where, values = _conditions(wanted)
    condition = " AND ".join(where)
    found: Counter[str] = Counter()
    sql = f"{_TALLY} WHERE {condition} GROUP BY 1, 2, 3"
    for decision, fails, nameless, n in connection.execute(sql, values):
        state = face_state(Decision(decision), fails=bool(fails))
        found[state.value] += n
        found["undecided"] += n * (decision == Decision.UNDECIDED.value)
        found["unnamed"] += n * (nameless and state is FaceState.KEPT)
    sql = f"SELECT count(*) FROM faces f WHERE {condition} AND {_CONFLICT}"  # noqa: S608 - parameters
    (conflicts,) = connection.execute(sql, values).fetchone()
    return FaceCounts(
        every=sum(found[state.value] for state in FaceState),
        undecided=found["undecided"],
        kept=found[FaceState.KEPT.value],
        unnamed=found["unnamed"],
        rejected=found[FaceState.REJECTED.value],
        ignored=found[FaceState.IGNORED.value],
        conflicts=conflicts,
    )


def _rows(
    connection: sqlite3.Connection, wanted: FaceFilter, columns: str, first: Sequence[str]
) -> sqlite3.Cursor:
    """*columns* of the faces that *wanted* describes, sorted by *first* and then in its order."""
    where, values = _conditions(wanted)
    terms = (*first, *order_terms(_ORDERS[wanted.order], descending=wanted.descending))
    tables = "faces f"
    if "p." in columns or any("p." in term for term in terms):
        # CROSS keeps the faces outside: going by paths and looking up each one's faces is slower.
        tables += " CROSS JOIN photos p ON p.id = f.photo_id"
    if wanted.limit is not None and terms[0].startswith("p.path"):
        # The first few by path are found along the index of paths, without sorting all.
        tables = "photos p CROSS JOIN faces f ON f.photo_id = p.id"
    if any("n." in term for term in terms):
        tables += " LEFT JOIN people n ON n.id = f.person_id"
    return connection.execute(
        f"SELECT {columns} FROM {tables} WHERE {' AND '.join(where)} "  # noqa: S608 - parameters
        f"ORDER BY {', '.join(terms)} LIMIT ?",
        (*values, -1 if wanted.limit is None else wanted.limit),
    )


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
    if wanted.conflict:
        where.append(_CONFLICT)
    if wanted.search:
        path, name = contains("path"), contains("name")
        where.append(
            f"(f.photo_id IN (SELECT id FROM photos WHERE {path}) "  # noqa: S608 - constants
            f"OR f.person_id IN (SELECT id FROM people WHERE {name}))"
        )
        values += [wanted.search, wanted.search]
    return where, values


def kept(connection: sqlite3.Connection) -> NDArray[np.int64]:
    """Face, photo and person (0 for nobody) of every face that is kept, int64 (n, 3), by face."""
    return _placed(connection, f"{FACE_STATE} = 'kept'")


def rejected_unnamed(connection: sqlite3.Connection) -> NDArray[np.int64]:
    """As `kept`, of every face without a name that rules reject."""
    rejected = f"{FACE_STATE} = 'rejected' AND f.decision = 'undecided'"
    return _placed(connection, f"{rejected} AND f.person_id IS NULL")


def _placed(connection: sqlite3.Connection, where: str) -> NDArray[np.int64]:
    rows = connection.execute(
        "SELECT f.id, f.photo_id, coalesce(f.person_id, 0) FROM faces f "  # noqa: S608 - constants
        f"WHERE {where} ORDER BY f.id"
    ).fetchall()
    return np.array(rows, np.int64).reshape(len(rows), 3)


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
    return _vectors(rows)[np.searchsorted(there, wanted)]


def vectors_of(connection: sqlite3.Connection, person_id: int, most: int) -> NDArray[np.float32]:
    """Vectors of at most *most* faces with that person's name that nobody has put aside."""
    rows = connection.execute(
        "SELECT e.vector FROM faces f JOIN embeddings e ON e.id = f.id "
        "WHERE f.person_id = ? AND f.decision NOT IN ('reject', 'ignore') LIMIT ?",
        (person_id, most),
    ).fetchall()
    return _vectors(rows)


def _vectors(rows: Sequence[tuple[bytes]]) -> NDArray[np.float32]:
    if not rows:
        return np.zeros((0, 128), dtype=np.float32)
    flat = np.frombuffer(b"".join(row[0] for row in rows), dtype="<f4")
    return flat.reshape(len(rows), -1).astype(np.float32, copy=False)


def hashes(connection: sqlite3.Connection) -> HashTable:
    """The hashes of all faces' aligned crops, of photos that can be read."""
    return hash_table(
        connection.execute(
            "SELECT f.id, f.phash, f.phash_mirror FROM faces f "
            "JOIN photos p ON p.id = f.photo_id WHERE p.status = 'ok' ORDER BY f.id"
        )
    )
