"""The reject ledger: which rules each face fails now, with the value and the limit.

Derived from the measures, the limits, the duplicates and the owner's decisions by
`facegui.domain.rules.judge`, and brought up to date in the transaction that changed any of them.
Nothing is deleted by a rule; a face that passes again leaves no trace here.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from facegui.domain.rules import RULES, SPECS, MeasureTable, Rule, RuleResult, judge
from facegui.storage import copies, settings
from facegui.storage.rows import Row, ids_parameter

# What each rule looks at, in SQL. A face that a list picked out stands for itself; copies are
# known group by group, not face by face.
_VALUES = {
    Rule.ONE_FACE: "iif(f.picked, 1, (SELECT count(*) FROM faces s "
    "WHERE s.photo_id = f.photo_id AND s.decision <> 'ignore'))",
    Rule.ROLL: "abs(f.roll)",
    Rule.PAN: "abs(f.pan)",
    Rule.TILT: "abs(f.tilt)",
    Rule.SIZE: "f.size",
    Rule.SHARPNESS: "f.sharpness",
    Rule.DARK: "f.brightness",
    Rule.BRIGHT: "f.brightness",
    Rule.CONTRAST: "f.contrast",
    Rule.SUNGLASSES: "f.sunglasses",
    Rule.OCCLUSION: "f.presence",
    Rule.EYES: "f.eyes_closed",
    Rule.MOUTH: "f.mouth_open",
    Rule.SMILE: "f.smile",
    Rule.GREYSCALE: "f.chroma_spread",
    Rule.DUPLICATE: "f.photo_id",
}
_HEAD = "f.id, coalesce(f.person_id, 0), f.decision = 'undecided', f.failed"
_MEASURES = ", ".join([_HEAD, *(_VALUES[spec.rule] for spec in RULES)])
_FIRST_VALUE = 4
_BLOCK = 2048

_OF_PHOTOS = "WHERE f.photo_id IN (SELECT value FROM json_each(?))"
_OF_FACES = "WHERE f.id IN (SELECT value FROM json_each(?))"

_NO_MATTER = frozenset({"decision", "person_id", "name_source"})


def matters(
    before: Mapping[str, Any] | None, after: Mapping[str, Any] | None, *, names: bool
) -> bool:
    """Whether a change of a face's row can change what the rules say of any face.

    Decisions cannot, but for ignoring: that changes how many faces a photo has. *names* do where
    somebody has limits of their own.
    """
    if before is None or after is None or not after.keys() <= _NO_MATTER:
        return True
    if names and "person_id" in after:
        return True
    return "ignore" in {before.get("decision"), after.get("decision")}


def measures(connection: sqlite3.Connection) -> MeasureTable:
    """What the rules look at, of every face."""
    return _measures(connection, "", (), None)[0]


def refresh(connection: sqlite3.Connection, photo_ids: Iterable[int] | None = None) -> set[int]:
    """Judges the faces of *photo_ids* anew (of all photos if None).

    Returns:
        The faces that fail other rules than before, or with another value or limit.
    """
    near = None if photo_ids is None else sorted(set(photo_ids))
    where = "" if near is None else _OF_PHOTOS
    parameters: Row = () if near is None else (ids_parameter(near),)
    known = _entries(connection, where, parameters)
    table, failed_before = _measures(connection, where, parameters, near)
    fresh = _failures(connection, table)
    changed = {
        face_id
        for face_id in known.keys() | fresh.keys()
        if known.get(face_id, []) != sorted(fresh.get(face_id, []))
    }
    connection.executemany("DELETE FROM ledger WHERE face_id = ?", [(i,) for i in changed])
    connection.executemany(
        "INSERT INTO ledger VALUES (?, ?, ?, ?)",
        [row for face_id in changed for row in fresh.get(face_id, [])],
    )
    names = {face_id: ",".join(row[1] for row in rows) for face_id, rows in fresh.items()}
    connection.executemany(
        "UPDATE faces SET failed = ? WHERE id = ?",
        [
            (names.get(face_id, ""), face_id)
            for face_id, before in zip(table.face_ids.tolist(), failed_before, strict=True)
            if names.get(face_id, "") != before
        ],
    )
    return changed


def results(
    connection: sqlite3.Connection, face_ids: Iterable[int]
) -> dict[int, tuple[RuleResult, ...]]:
    """Every rule's verdict on each face, passed ones included."""
    parameter = ids_parameter(face_ids)
    photo_rows = connection.execute(f"SELECT f.photo_id FROM faces f {_OF_FACES}", (parameter,))  # noqa: S608 - constants
    near = sorted({row[0] for row in photo_rows})
    table, _ = _measures(connection, _OF_FACES, (parameter,), near)
    limits = settings.limits(connection)
    by_person = settings.limits_by_person(connection, limits)
    return {
        face_id: judge(
            {rule: float(values[n]) for rule, values in table.values.items()},
            by_person.get(person_id, limits),
        )
        for n, (face_id, person_id) in enumerate(
            zip(table.face_ids.tolist(), table.person_ids.tolist(), strict=True)
        )
    }


def _measures(
    connection: sqlite3.Connection, where: str, parameters: Row, near: list[int] | None
) -> tuple[MeasureTable, list[str]]:
    """The measures of the faces asked for, in photos *near*, and their ``failed`` as stored."""
    sql = f"SELECT {_MEASURES} FROM faces f {where}"  # noqa: S608 - constants
    cursor = connection.execute(sql, parameters)
    head: list[Row] = []
    blocks = [np.empty((0, len(RULES)))]
    # In blocks, because turning rows into an array stops every other thread meanwhile.
    while rows := cursor.fetchmany(_BLOCK):
        head += [row[:_FIRST_VALUE] for row in rows]
        blocks.append(np.array([row[_FIRST_VALUE:] for row in rows], np.float64))
    columns = np.concatenate(blocks).T
    values = {spec.rule: column.copy() for spec, column in zip(RULES, columns, strict=True)}
    far = copies.distances(connection, near)
    values[Rule.DUPLICATE] = np.array(
        [far.get(photo, np.nan) for photo in values[Rule.DUPLICATE].astype(np.int64).tolist()],
        np.float64,
    )
    table = MeasureTable(
        face_ids=np.array([row[0] for row in head], np.int64),
        person_ids=np.array([row[1] for row in head], np.int64),
        values=values,
        undecided=np.array([row[2] for row in head], np.bool_),
    )
    return table, [row[3] for row in head]


def _failures(connection: sqlite3.Connection, table: MeasureTable) -> dict[int, list[Row]]:
    """The ledger's rows of every face in *table* that fails a rule, by face, in rule order."""
    limits = settings.limits(connection)
    by_person = settings.limits_by_person(connection, limits)
    fresh: dict[int, list[Row]] = {}
    for rule, fails in table.failing(limits, by_person).items():
        spec = SPECS[rule]
        chosen = np.flatnonzero(fails)
        for face_id, person_id, value in zip(
            table.face_ids[chosen].tolist(),
            table.person_ids[chosen].tolist(),
            table.values[rule][chosen].tolist(),
            strict=True,
        ):
            limit = spec.limit(by_person.get(person_id, limits))
            fresh.setdefault(face_id, []).append((face_id, rule.value, value, limit))
    return fresh


def _entries(connection: sqlite3.Connection, where: str, parameters: Row) -> dict[int, list[Row]]:
    """The ledger's rows of the faces asked for, by face, sorted by rule."""
    rows = connection.execute(
        "SELECT l.face_id, l.rule, l.value, l.limit_value "  # noqa: S608 - constants
        f"FROM faces f JOIN ledger l ON l.face_id = f.id {where} ORDER BY l.face_id, l.rule",
        parameters,
    )
    entries: dict[int, list[Row]] = {}
    for row in rows:
        entries.setdefault(row[0], []).append(row)
    return entries
