"""Groups of duplicate photos: a derived table, seen through what the owner said of them.

The owner chooses keepers, and says which photos are not copies of each other. Both hold at once,
whenever the groups were made: a group with two such photos in it is seen as two groups.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from itertools import groupby

from facegui.domain.entities import DuplicateGroup, DuplicateMember, PhotoHashes
from facegui.storage.rows import Row, all_ids, hashes_of, ids_parameter

_MEMBERS = """
SELECT c.keeper_id, c.photo_id, c.distance, c.mirrored, p.preferred, p.phash, p.phash_mirror
FROM copies c JOIN photos p ON p.id = c.photo_id {where}
ORDER BY c.keeper_id, c.photo_id"""

_OF_PHOTOS = """
WHERE c.keeper_id IN (
    SELECT keeper_id FROM copies WHERE photo_id IN (SELECT value FROM json_each(?)))"""


def groups(
    connection: sqlite3.Connection, photo_ids: Iterable[int] | None = None
) -> list[DuplicateGroup]:
    """All groups, or those with one of *photo_ids* in them, with the owner's keepers."""
    if photo_ids is None:
        rows = connection.execute(_MEMBERS.format(where=""))
    else:
        parameter = ids_parameter(photo_ids)
        rows = connection.execute(_MEMBERS.format(where=_OF_PHOTOS), (parameter,))
    foes = _foes(apart(connection))
    return [
        _group(keeper, part)
        for keeper, members in groupby(rows, lambda row: row[0])
        for part in _parts(keeper, list(members), foes)
    ]


def apart(connection: sqlite3.Connection) -> frozenset[tuple[int, int]]:
    """Pairs of photos that are not copies, by the owner's word; the smaller id first."""
    return frozenset(connection.execute("SELECT one_id, other_id FROM apart"))


def distances(
    connection: sqlite3.Connection, photo_ids: Iterable[int] | None = None
) -> dict[int, int]:
    """Bits to its keeper for each photo that is a copy of another; keepers are not in it."""
    return {
        member.photo_id: member.distance
        for group in groups(connection, photo_ids)
        for member in group.members
        if member.photo_id != group.keeper_id
    }


def with_copies(connection: sqlite3.Connection, photo_ids: Iterable[int]) -> set[int]:
    """*photo_ids* and every photo that shares a group with one of them."""
    known = set(photo_ids)
    sql = f"SELECT c.photo_id FROM copies c {_OF_PHOTOS}"  # noqa: S608 - constants
    return known | set(all_ids(connection, sql, (ids_parameter(known),)))


def replace(connection: sqlite3.Connection, found: Sequence[DuplicateGroup]) -> set[int]:
    """Makes *found* all the groups there are; ids of photos that are or were in a group."""
    before = set(all_ids(connection, "SELECT photo_id FROM copies"))
    connection.execute("DELETE FROM copies")
    connection.executemany(
        "INSERT INTO copies VALUES (?, ?, ?, ?)",
        [
            (member.photo_id, group.keeper_id, int(member.distance), int(member.mirrored))
            for group in found
            for member in group.members
        ],
    )
    return before | {member.photo_id for group in found for member in group.members}


def _foes(pairs: Iterable[tuple[int, int]]) -> dict[int, set[int]]:
    """What each photo is not a copy of; most photos are not in it."""
    foes: dict[int, set[int]] = {}
    for one, other in pairs:
        foes.setdefault(one, set()).add(other)
        foes.setdefault(other, set()).add(one)
    return foes


def _parts(keeper_id: int, rows: list[Row], foes: dict[int, set[int]]) -> list[list[Row]]:
    """A group's rows so divided that no part has two photos that are not copies."""
    ids = {row[1] for row in rows}
    if not any(foes.get(photo_id, set()) & ids for photo_id in ids):
        return [rows]
    parts: list[list[Row]] = []
    for row in sorted(rows, key=lambda row: row[1] != keeper_id):
        own = foes.get(row[1], set())
        free = (part for part in parts if not any(member[1] in own for member in part))
        part = next(free, None)
        if part is None:
            parts.append([row])
        else:
            part.append(row)
    return [part for part in parts if len(part) > 1]


def _group(keeper_id: int, rows: list[Row]) -> DuplicateGroup:
    """The group as it counts: kept is the one the owner prefers, or else the machine's choice."""
    preferred = [row for row in rows if row[4]]
    keeper = next((row for row in preferred or rows if row[1] == keeper_id), (preferred or rows)[0])
    if keeper[1] == keeper_id:
        members = [DuplicateMember(row[1], row[2], bool(row[3])) for row in rows]
    else:
        members = [_seen_from(keeper, row) for row in rows]
    return DuplicateGroup(keeper[1], tuple(members))


def _seen_from(keeper: Row, row: Row) -> DuplicateMember:
    """A member measured from another keeper than the one it was found with."""
    ours, theirs = hashes_of(*keeper[5:7]), hashes_of(*row[5:7])
    # A copy that was found by its bytes alone has no hashes; nothing but exact copies is like that.
    distance = 0 if ours is None or theirs is None else _bits_apart(ours, theirs)
    return DuplicateMember(row[1], distance, bool(row[3]) != bool(keeper[3]))


def _bits_apart(a: PhotoHashes, b: PhotoHashes) -> int:
    """Hamming distance of two pictures, mirrored or not."""
    return min((a.phash ^ b.phash).bit_count(), (a.phash ^ b.phash_mirror).bit_count())
