"""How much there is of everything, for badges and empty states."""

from __future__ import annotations

import sqlite3
from collections import Counter

from facegui.domain.entities import Counts, Decision, FaceState, face_state
from facegui.domain.queries import StateCounts
from facegui.domain.rules import Rule

# In the order of the index by person: SQLite counts as it goes along and sorts nothing.
_FACES = """
SELECT person_id, decision, failed, count(*) FROM faces INDEXED BY faces_person GROUP BY 1, 2, 3"""

# Faces that the owner keeps or ignores fail rules too, but none of them is missing for it.
_REJECTED = """
SELECT l.rule, count(*) FROM ledger l JOIN faces f ON f.id = l.face_id
WHERE f.decision IN ('undecided', 'reject') GROUP BY l.rule"""

_OTHERS = """
SELECT (SELECT count(*) FROM people), (SELECT count(DISTINCT keeper_id) FROM copies)"""


def counts(connection: sqlite3.Connection) -> Counts:
    """Photos, faces, people and groups of copies as they stand."""
    statuses = dict(connection.execute("SELECT status, count(*) FROM photos GROUP BY status"))
    photos = sum(statuses.values())
    pending = statuses.get("pending", 0)
    states: Counter[FaceState] = Counter()
    by_person = _faces(connection)
    for (_, state), n in by_person.items():
        states[state] += n
    people, groups = connection.execute(_OTHERS).fetchone()
    return Counts(
        photos=photos,
        pending=pending,
        unreadable=photos - pending - statuses.get("ok", 0),
        faces=states.total(),
        kept=states[FaceState.KEPT],
        rejected=states[FaceState.REJECTED],
        ignored=states[FaceState.IGNORED],
        unnamed_kept=by_person[None, FaceState.KEPT],
        people=people,
        duplicate_groups=groups,
    )


def person_counts(connection: sqlite3.Connection) -> dict[int, StateCounts]:
    """Faces by state of each person, people without faces included."""
    found = _faces(connection)
    ids = [row[0] for row in connection.execute("SELECT id FROM people")]
    return {i: StateCounts(*(found[i, state] for state in FaceState)) for i in ids}


def rejected_by_rule(connection: sqlite3.Connection) -> dict[Rule, int]:
    """How many rejected faces fail each rule; a face may fail several."""
    found = dict(connection.execute(_REJECTED))
    return {rule: found[rule.value] for rule in Rule if rule.value in found}


def _faces(connection: sqlite3.Connection) -> Counter[tuple[int | None, FaceState]]:
    """Faces by person (None for no name) and state."""
    found: Counter[tuple[int | None, FaceState]] = Counter()
    for person_id, decision, failed, n in connection.execute(_FACES):
        found[person_id, face_state(Decision(decision), fails=bool(failed))] += n
    return found
