"""Deleting a person for good: the one write of the owner that nothing takes back.

What names them goes, and what was only theirs: their faces with vectors and verdicts, the photos
in which nobody else is named, and their part in the journal, whose other steps can still be undone.
Then the file is written anew, so that not even its unused pages hold the name.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from facegui.domain.entities import Person
from facegui.domain.queries import Change
from facegui.storage import ledger, people, settings
from facegui.storage.connection import Database
from facegui.storage.rows import all_ids, ids_parameter

_WITH_THEM = """
SELECT id FROM photos WHERE person_hint = (SELECT name FROM people WHERE id = ?)
UNION SELECT photo_id FROM faces WHERE person_id = ?"""

_SHARED = """
SELECT DISTINCT photo_id FROM faces WHERE person_id <> ?
    AND photo_id IN (SELECT value FROM json_each(?))"""

_FACES = """
SELECT id FROM faces WHERE person_id = ? OR photo_id IN (SELECT value FROM json_each(?))"""

_PURGE = (
    "DELETE FROM corrections WHERE person_id = :person",
    "UPDATE corrections SET candidate = '' WHERE candidate = :name",
    "UPDATE corrections SET origin = '' WHERE tells(origin)",
    "DELETE FROM embeddings WHERE id IN (SELECT value FROM json_each(:faces))",
    "DELETE FROM faces WHERE id IN (SELECT value FROM json_each(:faces))",
    "DELETE FROM photos WHERE id IN (SELECT value FROM json_each(:photos))",
    "DELETE FROM people WHERE id = :person",
    "UPDATE photos SET person_hint = NULL WHERE person_hint = :name",
    "UPDATE faces SET offer = NULL WHERE offer = :name",
    "UPDATE regions SET name = NULL WHERE name = :name",
)
"""Rows that hang on these with ON DELETE CASCADE go along."""

_PURGE_JOURNAL = (
    "DELETE FROM journal WHERE tells(label)",
    # A correction's row tells what a model had said, and no step may be undone by half.
    """
DELETE FROM journal WHERE id IN (
    SELECT step_id FROM journal_rows WHERE table_name = 'corrections' AND (
        notes(before) OR notes(after) OR :person IN
            (json_extract(before, '$.person_id'), json_extract(after, '$.person_id'))))""",
    # Vectors of faces of theirs that the owner deleted: only the history has them still.
    """
DELETE FROM journal_rows WHERE
    table_name = 'embeddings' AND row_id NOT IN (SELECT id FROM faces) AND row_id IN (
        SELECT row_id FROM journal_rows WHERE table_name = 'faces' AND (
            :person IN (json_extract(before, '$.person_id'), json_extract(after, '$.person_id'))
            OR json_extract(coalesce(after, before), '$.photo_id')
                IN (SELECT value FROM json_each(:photos))))""",
    """
DELETE FROM journal_rows WHERE
    table_name = 'people' AND row_id = :person
    OR table_name IN ('faces', 'embeddings') AND row_id IN (SELECT value FROM json_each(:faces))
    OR table_name = 'photos' AND row_id IN (SELECT value FROM json_each(:photos))
    OR :person IN (json_extract(before, '$.person_id'), json_extract(after, '$.person_id'))
    OR json_extract(coalesce(after, before), '$.face_id') IN (SELECT value FROM json_each(:faces))
    OR json_extract(coalesce(after, before), '$.photo_id') IN (SELECT value FROM json_each(:photos))
    OR json_extract(coalesce(after, before), '$.one_id') IN (SELECT value FROM json_each(:photos))
    OR json_extract(coalesce(after, before), '$.other_id') IN (SELECT value FROM json_each(:photos))
    OR table_name IN ('people', 'photos') AND (notes(before) OR notes(after))
    OR table_name = 'settings' AND (limits(before) OR limits(after))""",
    "DELETE FROM journal WHERE id NOT IN (SELECT step_id FROM journal_rows)",
)
"""Steps that name them go; of others what is about them, and the step if that was all."""


@dataclass(frozen=True, slots=True)
class TheirPhotos:
    """Ids of the photos of a person: *alone*, and *shared* with others who are named in them."""

    alone: tuple[int, ...]
    shared: tuple[int, ...]


class Forgetting:
    """The part of a library that forgets people."""

    _db: Database

    def their_photos(self, person_id: int) -> TheirPhotos:
        """Photos with a face of this person, or from a folder of their name."""
        with self._db.read() as connection:
            found = all_ids(connection, _WITH_THEM, (person_id, person_id))
            shared = set(all_ids(connection, _SHARED, (person_id, ids_parameter(found))))
        alone = tuple(photo for photo in found if photo not in shared)
        return TheirPhotos(alone, tuple(sorted(shared)))

    def forget_person(self, person_id: int, photo_ids: Collection[int]) -> Change:
        """Deletes a person, all their faces, and the photos *photo_ids* with whatever is in them.

        Raises:
            StorageFault: disk full; the file needs its own size once more for a moment.
        """
        with self._db.write() as connection:
            person = next((p for p in people.everyone(connection) if p.id == person_id), None)
            if person is None:
                return Change(None)
            faces = all_ids(connection, _FACES, (person_id, ids_parameter(photo_ids)))
            _forget(connection, person, photo_ids, faces)
            ledger.refresh(connection)
        self._db.rewrite()
        return Change(None)


def _forget(
    connection: sqlite3.Connection, person: Person, photos: Iterable[int], faces: Iterable[int]
) -> None:
    name = person.name
    _match(connection, "tells", re.escape(name))
    _match(connection, "notes", re.escape(json.dumps(name)[1:-1]))  # as the journal writes it
    _match(connection, "limits", rf'"{person.id}\\*":')  # a key of JSON, within JSON
    values = {"person": person.id, "name": name}
    values |= {"photos": ids_parameter(photos), "faces": ids_parameter(faces)}
    for sql in (*_PURGE_JOURNAL, *_PURGE):
        connection.execute(sql, values)
    limits = settings.person_limits(connection)
    if limits.pop(person.id, None) is not None:
        kept = {str(n): fields for n, fields in limits.items()}
        settings.put(connection, settings.PERSON_LIMITS_KEY, kept)


def _match(connection: sqlite3.Connection, function: str, pattern: str) -> None:
    """Gives SQL a *function* that says whether *pattern* is in a text, not as part of a word."""
    found = re.compile(rf"(?<!\w){pattern}(?!\w)")

    def matches(text: str | None) -> bool:
        return text is not None and found.search(text) is not None

    connection.create_function(function, 1, matches)
