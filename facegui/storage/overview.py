"""How much there is of everything, for badges and empty states."""

from __future__ import annotations

import sqlite3

from facegui.domain.entities import Counts
from facegui.storage.rows import FACE_STATE

_FACES = f"""
SELECT count(*), total(state = 'kept'), total(state = 'rejected'), total(state = 'ignored'),
    total(state = 'kept' AND person_id IS NULL)
FROM (SELECT person_id, {FACE_STATE} AS state FROM faces)"""  # noqa: S608 - constants

_OTHERS = """
SELECT (SELECT count(*) FROM people), (SELECT count(DISTINCT keeper_id) FROM copies)"""


def counts(connection: sqlite3.Connection) -> Counts:
    """Photos, faces, people and groups of copies as they stand."""
    statuses = dict(connection.execute("SELECT status, count(*) FROM photos GROUP BY status"))
    photos = sum(statuses.values())
    pending = statuses.get("pending", 0)
    faces, kept, rejected, ignored, unnamed = connection.execute(_FACES).fetchone()
    people, groups = connection.execute(_OTHERS).fetchone()
    return Counts(
        photos=photos,
        pending=pending,
        unreadable=photos - pending - statuses.get("ok", 0),
        faces=faces,
        kept=int(kept),
        rejected=int(rejected),
        ignored=int(ignored),
        unnamed_kept=int(unnamed),
        people=people,
        duplicate_groups=groups,
    )
