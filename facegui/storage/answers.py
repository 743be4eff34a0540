"""What the owner answered when asked whether a face is a person: it is, or it is not."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from itertools import groupby

from facegui.domain.queries import Answer
from facegui.storage.journal import Step
from facegui.storage.rows import all_ids, ids_parameter


def everything(connection: sqlite3.Connection) -> list[Answer]:
    """Every answer, by face."""
    rows = connection.execute(
        "SELECT face_id, person_id, same FROM answers ORDER BY face_id, person_id"
    )
    return [Answer(face_id, person_id, bool(same)) for face_id, person_id, same in rows]


def say(step: Step, face_ids: Sequence[int], person_id: int, *, same: bool) -> None:
    """Keeps the answer for each face, in place of an earlier one on the same person."""
    asked = ids_parameter(face_ids)
    wanted = "face_id IN (SELECT value FROM json_each(?)) AND person_id = ?"
    parameters = (asked, person_id)
    other = f"SELECT id FROM answers WHERE {wanted} AND same <> {int(same)}"  # noqa: S608 - constants
    step.delete("answers", all_ids(step.connection, other, parameters))
    known = f"SELECT face_id FROM answers WHERE {wanted}"  # noqa: S608 - constants
    there = set(all_ids(step.connection, known, parameters))
    present = "SELECT id FROM faces WHERE id IN (SELECT value FROM json_each(?)) ORDER BY id"
    for face_id in all_ids(step.connection, present, (asked,)):
        if face_id not in there:
            values = {"face_id": face_id, "person_id": person_id, "same": int(same)}
            step.insert("answers", values)


def refuse_names(step: Step, face_ids: Sequence[int]) -> None:
    """Keeps of each face that has a name that it is not that person."""
    rows = step.connection.execute(
        "SELECT person_id, id FROM faces WHERE person_id IS NOT NULL "
        "AND id IN (SELECT value FROM json_each(?)) ORDER BY person_id, id",
        (ids_parameter(face_ids),),
    ).fetchall()
    for person_id, named in groupby(rows, lambda row: row[0]):
        say(step, [face_id for _, face_id in named], person_id, same=False)


def take_back_refusals(step: Step, face_ids: Sequence[int], person_id: int) -> None:
    """Forgets that the faces were said not to be this person."""
    sql = (
        "SELECT id FROM answers WHERE face_id IN (SELECT value FROM json_each(?)) "
        "AND person_id = ? AND NOT same"
    )
    step.delete("answers", all_ids(step.connection, sql, (ids_parameter(face_ids), person_id)))
