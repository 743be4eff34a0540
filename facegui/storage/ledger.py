"""The reject ledger: which rules each face fails now, with the value and the limit.

Derived from the measures, the limits, the duplicates and the owner's decisions by
`facegui.domain.rules.judge`, and brought up to date in the transaction that changed any of them.
Nothing is deleted by a rule; a face that passes again leaves no trace here.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from facegui.domain.geometry import Box, Pose
from facegui.domain.rules import FaceMeasures, RuleResult, judge
from facegui.storage import copies, settings
from facegui.storage.rows import Row, ids_parameter

_MEASURES = """
SELECT f.id, f.failed, f.photo_id, f.x1, f.y1, f.x2, f.y2, f.roll, f.pan, f.tilt, f.sharpness,
    (SELECT count(*) FROM faces s WHERE s.photo_id = f.photo_id AND s.decision <> 'ignore')
FROM faces f {where}"""

_OF_PHOTOS = "WHERE f.photo_id IN (SELECT value FROM json_each(?))"
_OF_FACES = "WHERE f.id IN (SELECT value FROM json_each(?))"


_NO_MATTER = frozenset({"decision", "person_id", "name_source"})


def matters(before: Mapping[str, Any] | None, after: Mapping[str, Any] | None) -> bool:
    """Whether a change of a face's row can change what the rules say of any face.

    Names and decisions cannot, but for ignoring: that changes how many faces a photo has.
    """
    if before is None or after is None or not after.keys() <= _NO_MATTER:
        return True
    return "ignore" in {before.get("decision"), after.get("decision")}


def refresh(connection: sqlite3.Connection, photo_ids: Iterable[int] | None = None) -> set[int]:
    """Judges the faces of *photo_ids* anew (of all photos if None).

    Returns:
        The faces that fail other rules than before, or with another value or limit.
    """
    near = None if photo_ids is None else sorted(set(photo_ids))
    where = "" if near is None else _OF_PHOTOS
    parameters: Row = () if near is None else (ids_parameter(near),)
    known = _entries(connection, where, parameters)
    far = copies.distances(connection, near)
    stale: list[tuple[int]] = []
    fresh: list[Row] = []
    changed: list[tuple[str, int]] = []
    for face_id, failed_before, results in _verdicts(connection, where, parameters, far):
        failed = [result for result in results if not result.passed]
        rows = [(face_id, r.rule.value, r.value, r.limit) for r in failed]
        if sorted(rows) != known.get(face_id, []):
            stale.append((face_id,))
            fresh.extend(rows)
        names = ",".join(result.rule.value for result in failed)
        if names != failed_before:
            changed.append((names, face_id))
    connection.executemany("DELETE FROM ledger WHERE face_id = ?", stale)
    connection.executemany("INSERT INTO ledger VALUES (?, ?, ?, ?)", fresh)
    connection.executemany("UPDATE faces SET failed = ? WHERE id = ?", changed)
    return {face_id for (face_id,) in stale}


def results(
    connection: sqlite3.Connection, face_ids: Iterable[int]
) -> dict[int, tuple[RuleResult, ...]]:
    """Every rule's verdict on each face, passed ones included."""
    parameter = ids_parameter(face_ids)
    photo_rows = connection.execute(f"SELECT f.photo_id FROM faces f {_OF_FACES}", (parameter,))  # noqa: S608 - constants
    far = copies.distances(connection, {row[0] for row in photo_rows})
    verdicts = _verdicts(connection, _OF_FACES, (parameter,), far)
    return {face_id: found for face_id, _, found in verdicts}


def _verdicts(
    connection: sqlite3.Connection, where: str, parameters: Row, far: dict[int, int]
) -> Iterator[tuple[int, str, tuple[RuleResult, ...]]]:
    """Id, names of the rules failed as stored, and the verdicts now, of the faces asked for."""
    limits = settings.limits(connection)
    for row in connection.execute(_MEASURES.format(where=where), parameters):
        measures = FaceMeasures(
            box=Box(*row[3:7]),
            pose=Pose(*row[7:10]),
            sharpness=row[10],
            faces_in_photo=row[11],
            copy_distance=far.get(row[2]),
        )
        yield row[0], row[1], judge(measures, limits)


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
