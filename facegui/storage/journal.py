"""The owner's undoable steps: row-level changes, kept in the library, replayed both ways.

A step says for each row it changed what was there before and what came after, as JSON: only the
columns that changed for an update, the whole row for an insert or a delete. It knows nothing of
what the rows mean, so every kind of owner's write is built from `Step`'s three verbs. Derived
tables (ledger, copies) are not in the journal; they are computed anew after each step and replay.

The machine may have written since (a rescan, new people). A replayed row whose place is gone is
then left out: undo always goes on, and never puts back half of something.
"""

from __future__ import annotations

import base64
import json
import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from facegui.domain.entities import JournalEntry
from facegui.domain.queries import Change
from facegui.storage import copies, ledger, people, settings
from facegui.storage.rows import all_ids, clean_text, ids_parameter

DEPTH = 1000
"""Steps that are remembered; older ones can no longer be undone."""

TABLES = frozenset(
    {"photos", "faces", "embeddings", "people", "settings", "answers", "apart", "corrections"}
)
_DERIVED = frozenset({"failed"})

_Values = Mapping[str, Any]


@dataclass
class _Touched:
    """Rows that a step or a replay changed, by what a view or the ledger needs to know.

    *names_matter* where somebody's faces are judged by limits of their own.
    """

    names_matter: bool
    rows: dict[str, set[int]] = field(default_factory=lambda: {name: set() for name in TABLES})
    to_judge: set[int] = field(default_factory=set)
    photos_of_gone: set[int] = field(default_factory=set)

    def note(
        self, table: str, row_ids: Iterable[int], before: _Values | None, after: _Values | None
    ) -> None:
        self.rows[table].update(row_ids)
        whole = after or before
        if table in {"answers", "corrections"} and whole is not None and "face_id" in whole:
            self.rows["faces"].add(whole["face_id"])  # of one that may be gone now
        if table == "apart" and whole is not None:
            self.rows["photos"].update((whole["one_id"], whole["other_id"]))
        if table == "faces" and ledger.matters(before, after, names=self.names_matter):
            self.to_judge.update(row_ids)
            if after is None and before is not None:
                self.photos_of_gone.add(before["photo_id"])


class Step:
    """One undoable step in the making, inside a transaction of the writer.

    Change rows through the three verbs only, then call `finish` once. Rows that others refer to
    are deleted after those (embeddings before their faces); undo goes backwards.
    """

    def __init__(self, connection: sqlite3.Connection, label: str) -> None:
        self.connection = connection
        self.label = clean_text(label)
        self.change = Change(None)
        self._rows: list[tuple[str, int, str | None, str | None]] = []
        self._touched = _Touched(bool(settings.person_limits(connection)))

    def insert(self, table: str, values: _Values) -> int:
        """Adds a row; its id."""
        row_id = _insert(self.connection, table, values)
        self._record(table, [row_id], None, _whole_rows(self.connection, table, [row_id])[row_id])
        return row_id

    def update(self, table: str, row_ids: Iterable[int], values: _Values) -> None:
        """Gives every row of *row_ids* the same *values*; rows that have them are left alone."""
        names = _columns(table, values)
        wanted = tuple(values.values())
        rows = self.connection.execute(
            f"SELECT id, {', '.join(names)} FROM {table} "  # noqa: S608 - names are checked
            "WHERE id IN (SELECT value FROM json_each(?)) ORDER BY id",
            (ids_parameter(row_ids),),
        ).fetchall()
        alike: dict[tuple[Any, ...], list[int]] = {}
        for row_id, *was in rows:
            if tuple(was) != wanted:
                alike.setdefault(tuple(was), []).append(row_id)
        for was, ids in alike.items():
            _update(self.connection, table, ids, values)
            self._record(table, ids, dict(zip(names, was, strict=True)), values)

    def delete(self, table: str, row_ids: Iterable[int]) -> None:
        """Removes the rows; those that are not there are passed over."""
        rows = _whole_rows(self.connection, table, row_ids)
        _delete(self.connection, table, rows)
        for row_id, row in rows.items():
            self._record(table, [row_id], row, None)

    def finish(self) -> Change:
        """Writes the step down and brings what is derived up to date; also in ``change``."""
        if not self._rows:
            return self.change
        self.connection.execute("DELETE FROM journal WHERE undone = 1")
        cursor = self.connection.execute("INSERT INTO journal (label) VALUES (?)", (self.label,))
        step_id = cursor.lastrowid
        assert step_id is not None
        self.connection.executemany(
            "INSERT INTO journal_rows VALUES (?, ?, ?, ?, ?, ?)",
            ((step_id, seq, *row) for seq, row in enumerate(self._rows)),
        )
        # Ids have gaps where undone steps were dropped, so the oldest is found by counting.
        self.connection.execute(
            "DELETE FROM journal WHERE id <= "
            "(SELECT id FROM journal ORDER BY id DESC LIMIT 1 OFFSET ?)",
            (DEPTH,),
        )
        entry = JournalEntry(step_id, self.label, undone=False)
        self.change = _settle(self.connection, entry, self._touched)
        return self.change

    def _record(
        self, table: str, row_ids: list[int], before: _Values | None, after: _Values | None
    ) -> None:
        was, becomes = _dump(before), _dump(after)
        self._rows.extend((table, row_id, was, becomes) for row_id in row_ids)
        self._touched.note(table, row_ids, before, after)


def undo(connection: sqlite3.Connection) -> Change | None:
    """Takes back the last step that stands; None when there is none."""
    return _replay(connection, "undone = 0 ORDER BY id DESC", backwards=True)


def redo(connection: sqlite3.Connection) -> Change | None:
    """Does the step that was taken back last once more; None when there is none."""
    return _replay(connection, "undone = 1 ORDER BY id", backwards=False)


def history(connection: sqlite3.Connection, limit: int) -> list[JournalEntry]:
    """The last *limit* steps, newest first, undone ones included."""
    rows = connection.execute(
        "SELECT id, label, undone FROM journal ORDER BY id DESC LIMIT ?", (limit,)
    )
    return [JournalEntry(row[0], row[1], bool(row[2])) for row in rows]


def _replay(connection: sqlite3.Connection, which: str, *, backwards: bool) -> Change | None:
    step = connection.execute(
        f"SELECT id, label FROM journal WHERE {which} LIMIT 1"  # noqa: S608 - constants
    ).fetchone()
    if step is None:
        return None
    step_id, label = step
    columns, direction = ("after, before", "DESC") if backwards else ("before, after", "ASC")
    rows = connection.execute(
        f"SELECT table_name, row_id, {columns} FROM journal_rows "  # noqa: S608 - constants
        f"WHERE step_id = ? ORDER BY seq {direction}",
        (step_id,),
    ).fetchall()
    touched = _Touched(bool(settings.person_limits(connection)))
    # Bulk steps put many rows to the same values: those go in one statement.
    for (table, was, becomes), same in groupby(rows, lambda row: (row[0], row[2], row[3])):
        old, new = _load(was), _load(becomes)
        row_ids = [row[1] for row in same]
        if _put(connection, table, row_ids, old, new):
            touched.note(table, row_ids, old, new)
    connection.execute("UPDATE journal SET undone = ? WHERE id = ?", (backwards, step_id))
    return _settle(connection, JournalEntry(step_id, label, undone=backwards), touched)


def _put(
    connection: sqlite3.Connection,
    table: str,
    row_ids: list[int],
    old: _Values | None,
    new: _Values | None,
) -> bool:
    """Makes rows *new*; False when the machine's writes since then leave them no place."""
    if table == "people" and new is not None and "name" in new:
        new = {**new, "name": people.free_name(connection, new["name"], row_ids[0])}
    if table == "people" and new is not None and new.get("key") is not None:
        holder = people.with_key(connection, new["key"])
        new = {**new, "key": new["key"] if holder in {None, row_ids[0]} else None}
    try:
        if new is None:
            _delete(connection, table, row_ids)
        elif old is None:
            _insert(connection, table, new)
        else:
            _update(connection, table, row_ids, new)
    except sqlite3.IntegrityError:
        return False
    return True


def _settle(connection: sqlite3.Connection, entry: JournalEntry, touched: _Touched) -> Change:
    """Judges again wherever the touched rows matter, and tells what changed."""
    faces = touched.rows["faces"] | touched.rows["embeddings"]
    faces |= _faces_of(connection, touched.rows["answers"])
    photos = touched.rows["photos"]
    limits_changed = bool(touched.rows["settings"])
    if limits_changed:
        judged = ledger.refresh(connection)
    else:
        near = copies.with_copies(connection, photos) if photos else set()
        near |= touched.photos_of_gone | _photos_of(connection, touched.to_judge)
        judged = ledger.refresh(connection, near)
    faces |= judged
    photos |= touched.photos_of_gone | _photos_of(connection, faces)
    return Change(
        entry,
        tuple(sorted(faces)),
        tuple(sorted(photos)),
        tuple(sorted(touched.rows["people"])),
        limits_changed,
        bool(touched.rows["apart"]),
    )


def _faces_of(connection: sqlite3.Connection, answer_ids: Iterable[int]) -> set[int]:
    sql = "SELECT face_id FROM answers WHERE id IN (SELECT value FROM json_each(?))"
    return set(all_ids(connection, sql, (ids_parameter(answer_ids),)))


def _photos_of(connection: sqlite3.Connection, face_ids: Iterable[int]) -> set[int]:
    sql = "SELECT photo_id FROM faces WHERE id IN (SELECT value FROM json_each(?))"
    return set(all_ids(connection, sql, (ids_parameter(face_ids),)))


def _columns(table: str, values: _Values) -> list[str]:
    """The columns' names, made sure to be names: they become part of the SQL."""
    if table not in TABLES or not all(name.isidentifier() for name in values):
        raise ValueError(f"not for the journal: {table} {sorted(values)}")
    return list(values)


def _insert(connection: sqlite3.Connection, table: str, values: _Values) -> int:
    names = _columns(table, values)
    marks = ", ".join("?" * len(names))
    cursor = connection.execute(
        f"INSERT INTO {table} ({', '.join(names)}) VALUES ({marks})",  # noqa: S608 - checked
        tuple(values.values()),
    )
    assert cursor.lastrowid is not None
    return cursor.lastrowid


def _update(
    connection: sqlite3.Connection, table: str, row_ids: Iterable[int], values: _Values
) -> None:
    assignments = ", ".join(f"{name} = ?" for name in _columns(table, values))
    connection.execute(
        f"UPDATE {table} SET {assignments} "  # noqa: S608 - names are checked
        "WHERE id IN (SELECT value FROM json_each(?))",
        (*values.values(), ids_parameter(row_ids)),
    )


def _delete(connection: sqlite3.Connection, table: str, row_ids: Iterable[int]) -> None:
    _columns(table, {})
    connection.execute(
        f"DELETE FROM {table} WHERE id IN (SELECT value FROM json_each(?))",  # noqa: S608 - checked
        (ids_parameter(row_ids),),
    )


def _whole_rows(
    connection: sqlite3.Connection, table: str, row_ids: Iterable[int]
) -> dict[int, dict[str, Any]]:
    """Rows by id, every column that is not derived."""
    _columns(table, {})
    info = connection.execute(f"PRAGMA table_info({table})")
    names = [row[1] for row in info if row[1] not in _DERIVED]
    rows = connection.execute(
        f"SELECT {', '.join(names)} FROM {table} "  # noqa: S608 - names from the schema
        "WHERE id IN (SELECT value FROM json_each(?)) ORDER BY id",
        (ids_parameter(row_ids),),
    )
    found = (dict(zip(names, row, strict=True)) for row in rows)
    return {row["id"]: row for row in found}


def _dump(values: _Values | None) -> str | None:
    return None if values is None else json.dumps(values, default=_encode_bytes)


def _encode_bytes(value: object) -> dict[str, str]:
    if isinstance(value, bytes):
        return {"base64": base64.b64encode(value).decode()}
    raise TypeError(f"not a column's value: {value!r}")


def _decode_bytes(value: dict[str, Any]) -> Any:
    return base64.b64decode(value["base64"]) if value.keys() == {"base64"} else value


def _load(text: str | None) -> dict[str, Any] | None:
    if text is None:
        return None
    loaded: dict[str, Any] = json.loads(text, object_hook=_decode_bytes)
    return loaded
