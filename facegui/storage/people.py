"""People: rows, default colours, and the names that folders give."""

from __future__ import annotations

import colorsys
import sqlite3
from collections.abc import Iterable, Sequence
from itertools import count

from facegui.domain.entities import NameSource, Person
from facegui.domain.errors import LibraryError
from facegui.domain.text import tr
from facegui.storage.rows import PERSON_COLUMNS, ids_parameter, person_of

KEYS = range(1, 10)
"""The number keys that people can have."""

_GOLDEN = 0.618033988749895
_FIRST_HUE = 0.58

# Faces that a list or manifest picked and named, and that the owner has had no say in: a folder's
# name, or that of an earlier list, gives way to it unless the owner has confirmed it by a decision.
_PICKED = """
SELECT f.id, f.offer
FROM photos p JOIN faces f ON f.photo_id = p.id
WHERE p.id IN (SELECT value FROM json_each(?)) AND f.picked AND f.offer IS NOT NULL
    AND f.decision <> 'ignore'
    AND (f.name_source IS NULL OR f.name_source <> 'owner' AND f.decision = 'undecided')
ORDER BY p.path"""

# Where a list picks another face of the photo, the folder's name was the other one's all along.
_UNNAME_OTHERS = """
UPDATE faces SET person_id = NULL, name_source = NULL
WHERE photo_id IN (SELECT value FROM json_each(?)) AND name_source = 'folder'
    AND NOT picked AND decision = 'undecided'
    AND EXISTS (SELECT 1 FROM regions r WHERE r.photo_id = faces.photo_id)"""

# Lone faces of hinted photos that nobody has named or un-named. Ignored faces do not count. Where
# something more exact is known, a folder's name is no evidence: it may be another face's.
_LONE_HINTED = """
SELECT f.id, p.person_hint
FROM photos p JOIN faces f ON f.photo_id = p.id
WHERE p.id IN (SELECT value FROM json_each(?)) AND p.person_hint IS NOT NULL
    AND f.decision <> 'ignore' AND f.person_id IS NULL AND f.name_source IS NULL
    AND f.offer IS NULL AND NOT EXISTS (SELECT 1 FROM regions r WHERE r.photo_id = p.id)
    AND (SELECT count(*) FROM faces s WHERE s.photo_id = p.id AND s.decision <> 'ignore') = 1
ORDER BY p.path"""


def everyone(connection: sqlite3.Connection) -> list[Person]:
    """All people in the owner's order."""
    rows = connection.execute(f"SELECT {PERSON_COLUMNS} FROM people ORDER BY position, id")  # noqa: S608 - constants
    return [person_of(row) for row in rows]


def id_of(connection: sqlite3.Connection, name: str) -> int | None:
    """The id of the person called exactly *name*."""
    row = connection.execute("SELECT id FROM people WHERE name = ?", (name,)).fetchone()
    return None if row is None else int(row[0])


def name_of(connection: sqlite3.Connection, person_id: int) -> str:
    """The name of the person with that id.

    Raises:
        LibraryError: nobody has it.
    """
    row = connection.execute("SELECT name FROM people WHERE id = ?", (person_id,)).fetchone()
    if row is None:
        raise LibraryError(tr("That person is no longer in the library."))
    return str(row[0])


def with_key(connection: sqlite3.Connection, key: int) -> int | None:
    """The id of the person that the number *key* names faces after."""
    row = connection.execute("SELECT id FROM people WHERE key = ?", (key,)).fetchone()
    return None if row is None else int(row[0])


def new_row(connection: sqlite3.Connection, name: str) -> dict[str, object]:
    """The row of somebody new: last in order, in a colour and with a key that nobody has yet."""
    last = connection.execute("SELECT coalesce(max(position), -1) FROM people").fetchone()[0]
    taken = {row[0] for row in connection.execute("SELECT colour FROM people")}
    colour = next(c for c in map(default_colour, count(last + 1)) if c not in taken)
    key = next((key for key in KEYS if with_key(connection, key) is None), None)
    return {"name": name, "colour": colour, "position": last + 1, "key": key}


def default_colour(index: int) -> str:
    """``#rrggbb`` of the *index*-th person: hues a golden angle apart never come near early."""
    hue = (_FIRST_HUE + index * _GOLDEN) % 1.0
    lightness = (0.52, 0.40, 0.64)[index % 3]  # every third the same, readable on light and dark
    channels = colorsys.hls_to_rgb(hue, lightness, 0.62)
    return "#" + "".join(f"{round(255 * channel):02x}" for channel in channels)


def free_name(connection: sqlite3.Connection, name: str, person_id: int) -> str:
    """*name*, or ``name (2)`` and so on where somebody other than *person_id* has it."""
    names = (name if n == 1 else f"{name} ({n})" for n in count(1))
    return next(free for free in names if id_of(connection, free) in {None, person_id})


def name_from_folders(connection: sqlite3.Connection, photo_ids: Iterable[int]) -> None:
    """Names the lone face of each photo after its folder, unless the owner has had a say.

    Photos with several faces keep their hint as an offer. People are created as they are needed.
    """
    rows = connection.execute(_LONE_HINTED, (ids_parameter(photo_ids),)).fetchall()
    _name(connection, rows, NameSource.FOLDER)


def name_from_lists(connection: sqlite3.Connection, photo_ids: Iterable[int]) -> None:
    """Names the faces that a list or manifest picked, unless the owner has had a say."""
    asked = ids_parameter(photo_ids)
    rows = connection.execute(_PICKED, (asked,)).fetchall()
    connection.execute(_UNNAME_OTHERS, (asked,))
    _name(connection, rows, NameSource.LIST)


def _name(
    connection: sqlite3.Connection, rows: Sequence[tuple[int, str]], source: NameSource
) -> None:
    """Gives each face (id, name) its person, who is created if need be."""
    known = {person.name: person.id for person in everyone(connection)}
    for name in dict.fromkeys(name for _, name in rows):
        if name not in known:
            row = new_row(connection, name)
            cursor = connection.execute(
                "INSERT INTO people (name, colour, position, key) "
                "VALUES (:name, :colour, :position, :key)",
                row,
            )
            assert cursor.lastrowid is not None
            known[name] = cursor.lastrowid
    connection.executemany(
        "UPDATE faces SET person_id = ?, name_source = ? WHERE id = ?",
        [(known[name], source.value, face_id) for face_id, name in rows],
    )
