"""The owner's steps on people: who there is, how they are shown, and which two are one."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager

from facegui.domain.entities import NameSource, Person
from facegui.domain.errors import LibraryError
from facegui.domain.queries import Change
from facegui.domain.text import tr, trn
from facegui.storage import answers, people, settings
from facegui.storage.connection import Database
from facegui.storage.journal import Step
from facegui.storage.rows import all_ids, clean_text, ids_parameter


class PeopleSteps:
    """What the owner decides about people."""

    _db: Database

    def add_person(self, name: str) -> Change:
        """Adds somebody without faces; the id is in ``person_ids``, empty if already there."""
        with self._step(tr("Add {name}", name=name)) as step:
            person_id_of(step, name)
        return step.change

    def rename_person(self, person_id: int, name: str) -> Change:
        """Gives a person another name.

        Raises:
            LibraryError: somebody else is called so.
        """
        name = _checked_name(name)
        with self._step(tr("Rename to {name}", name=name)) as step:
            before = people.everyone(step.connection)
            if people.id_of(step.connection, name) not in {None, person_id}:
                raise LibraryError(
                    tr("There is already a person called {name}.", name=name),
                    tr("Choose another name, or merge the two."),
                )
            step.update("people", [person_id], {"name": name})
            was = next((p.name for p in before if p.id == person_id), name)
            _rehint(step, was, name)
            # A scan would name these after their list again.
            listed = "SELECT id FROM faces WHERE person_id = ? AND name_source = 'list'"
            faces = all_ids(step.connection, listed, (person_id,))
            step.update("faces", faces, {"name_source": NameSource.OWNER.value})
        return step.change

    def merge_people(self, person_ids: Collection[int], into: int) -> Change:
        """Makes several people one, who is called, coloured and judged like *into*.

        The oldest id stays. Photos that folders or lists gave to the others are theirs from now on,
        at the next scan too.

        Raises:
            LibraryError: one of them is not there.
        """
        with self._step(tr("Merge people")) as step:
            everyone = {person.id: person for person in people.everyone(step.connection)}
            if not {into, *person_ids} <= everyone.keys():
                raise LibraryError(tr("That person is no longer in the library."))
            merged = [everyone[n] for n in sorted({into, *person_ids})]
            step.label = clean_text(_merge_label(merged, everyone[into]))
            _merge(step, merged, everyone[into])
        return step.change

    def split_person(self, face_ids: Iterable[int], name: str) -> Change:
        """Makes faces those of somebody new; what was decided about them stays.

        Raises:
            LibraryError: there is somebody of that name.
        """
        ids, name = list(face_ids), _checked_name(name)
        one, many = "Split off {n} face as {name}", "Split off {n} faces as {name}"
        with self._step(trn(one, many, len(ids), name=name)) as step:
            if people.id_of(step.connection, name) is not None:
                raise LibraryError(
                    tr("There is already a person called {name}.", name=name),
                    tr("Choose a name that nobody has, or name the faces {name}.", name=name),
                )
            person_id = person_id_of(step, name)
            source = NameSource.OWNER.value
            step.update("faces", ids, {"person_id": person_id, "name_source": source})
        return step.change

    def colour_person(self, person_id: int, colour: str) -> Change:
        """Gives a person another colour, ``#rrggbb``."""
        with self._step(tr("Change a colour")) as step:
            step.update("people", [person_id], {"colour": colour})
        return step.change

    def choose_cover(self, person_id: int, face_id: int | None) -> Change:
        """Makes a face stand for a person; None leaves that to the program."""
        with self._step(tr("Choose a cover")) as step:
            step.update("people", [person_id], {"cover_id": face_id})
        return step.change

    def assign_key(self, person_id: int, key: int | None) -> Change:
        """Gives a person the number *key*, 1 to 9, or none; whoever had it has none then."""
        if key is not None and key not in people.KEYS:
            raise ValueError(f"not a number key: {key}")
        with self._step(tr("Give out a key")) as step:
            if key is not None:
                holder = people.with_key(step.connection, key)
                if holder not in {None, person_id}:
                    assert holder is not None
                    step.update("people", [holder], {"key": None})
            step.update("people", [person_id], {"key": key})
        return step.change

    def move_person(self, person_id: int, position: int) -> Change:
        """Puts a person at *position* (from 0) in the list; the others make room."""
        with self._step(tr("Reorder people")) as step:
            order = [person.id for person in people.everyone(step.connection)]
            if person_id in order:
                order.remove(person_id)
                order.insert(max(position, 0), person_id)
            for index, someone in enumerate(order):
                step.update("people", [someone], {"position": index})
        return step.change

    @contextmanager
    def _step(self, label: str) -> Iterator[Step]:
        """A step to fill; it is written down and settled when the block ends."""
        with self._db.write() as connection:
            step = Step(connection, label)
            yield step
            step.finish()


def person_id_of(step: Step, name: str) -> int:
    """The person called *name*, created in this step if need be."""
    name = _checked_name(name)
    known = people.id_of(step.connection, name)
    if known is not None:
        return known
    return step.insert("people", people.new_row(step.connection, name))


def name_faces(step: Step, face_ids: Sequence[int], name: str | None) -> None:
    """Names faces, or takes their names away; what was refused follows."""
    values: dict[str, object] = {"name_source": NameSource.OWNER.value, "person_id": None}
    if name is None:
        answers.refuse_names(step, face_ids)
    else:
        values["person_id"] = person_id = person_id_of(step, name)
        answers.take_back_refusals(step, face_ids, person_id)
    step.update("faces", face_ids, values)


def put_setting(step: Step, key: str, value: str, default: str) -> None:
    """Sets *key* in this step; *default* is what counts while it is not set."""
    row = step.connection.execute("SELECT id FROM settings WHERE key = ?", (key,)).fetchone()
    if row is not None:
        step.update("settings", [row[0]], {"value": value})
    elif value != default:
        step.insert("settings", {"key": key, "value": value})


def put_person_limits(step: Step, limits: Mapping[int, Mapping[str, float]]) -> None:
    """Sets the limits that people have of their own; those without any are left out."""
    value = json.dumps({str(p): fields for p, fields in sorted(limits.items()) if fields})
    put_setting(step, settings.PERSON_LIMITS_KEY, value, "{}")


def _checked_name(name: str) -> str:
    if not name.strip():
        raise LibraryError(tr("A person needs a name."), tr("Type a name and try again."))
    return clean_text(name)


def _merge(step: Step, merged: Sequence[Person], into: Person) -> None:
    """Hands everything to the oldest, deletes the others, and dresses the oldest like *into*."""
    oldest, others = merged[0], [person.id for person in merged[1:]]
    of_others = "SELECT id FROM faces WHERE person_id IN (SELECT value FROM json_each(?))"
    faces = all_ids(step.connection, of_others, (ids_parameter(others),))
    # By the owner's word, or a scan would name them after their folder or list again.
    source = NameSource.OWNER.value
    step.update("faces", faces, {"person_id": oldest.id, "name_source": source})
    _merge_answers(step, others, oldest.id)
    theirs = "SELECT id FROM corrections WHERE person_id IN (SELECT value FROM json_each(?))"
    corrections = all_ids(step.connection, theirs, (ids_parameter(others),))
    step.update("corrections", corrections, {"person_id": oldest.id})
    for person in merged:
        _rehint(step, person.name, into.name)
    limits = settings.person_limits(step.connection)
    own = limits.get(into.id, {})
    for person in merged:
        limits.pop(person.id, None)
    put_person_limits(step, limits | {oldest.id: own})
    step.delete("people", others)
    keys = [person.key for person in (into, *merged) if person.key is not None]
    looks = {"name": into.name, "colour": into.colour, "position": into.position}
    looks |= {"cover_id": into.cover_id, "key": next(iter(keys), None)}
    step.update("people", [oldest.id], looks)


def _rehint(step: Step, name: str, becomes: str) -> None:
    """Photos that are said to show *name* are said to show *becomes*, for the scans to come."""
    hinted = "SELECT id FROM photos WHERE person_hint = ?"
    photos = all_ids(step.connection, hinted, (name,))
    step.update("photos", photos, {"person_hint": becomes})


def _merge_answers(step: Step, others: Sequence[int], oldest_id: int) -> None:
    """What was answered about the others counts for the oldest, where that is no contradiction."""
    rows = step.connection.execute(
        "SELECT a.id, a.face_id, a.same OR f.person_id IS NOT ? FROM answers a "
        "JOIN faces f ON f.id = a.face_id WHERE a.person_id IN (SELECT value FROM json_each(?)) "
        "ORDER BY a.person_id <> ?, a.id",
        (oldest_id, ids_parameter([oldest_id, *others]), oldest_id),
    )
    answered: set[int] = set()
    kept: list[int] = []
    dropped: list[int] = []
    for answer_id, face_id, holds in rows.fetchall():
        good = holds and face_id not in answered
        (kept if good else dropped).append(answer_id)
        if good:
            answered.add(face_id)
    step.delete("answers", dropped)
    step.update("answers", kept, {"person_id": oldest_id})


def _merge_label(merged: Sequence[Person], into: Person) -> str:
    names = ", ".join(person.name for person in merged if person is not into)
    return tr("Merge {names} into {name}", names=names, name=into.name)
