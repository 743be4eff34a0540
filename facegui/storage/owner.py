"""The part of a `Library` that the owner writes: every call is one undoable step of the journal.

Each is one transaction, durable when the call returns, and tells which rows a view has to fetch
again. A call that finds everything so already leaves no step.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from facegui.domain.entities import Decision, FaceProposal, NameSource, PhotoStatus
from facegui.domain.errors import LibraryError
from facegui.domain.queries import Change
from facegui.domain.rules import Limits
from facegui.domain.text import tr, trn
from facegui.storage import answers, drawn, faces, journal, people, photos, settings
from facegui.storage.copy_steps import CopySteps
from facegui.storage.corrections import CorrectionSteps
from facegui.storage.people_steps import name_faces, put_person_limits, put_setting
from facegui.storage.rows import stored_path


class OwnerWriting(CopySteps, CorrectionSteps):
    """What the owner decides in a library."""

    def decide(
        self, face_ids: Iterable[int], decision: Decision, label: str | None = None
    ) -> Change:
        """Keeps, rejects or ignores faces, or leaves them to the rules again."""
        ids = list(face_ids)
        with self._step(label or _decision_label(decision, len(ids))) as step:
            step.update("faces", ids, {"decision": decision.value})
        return step.change

    def assign(
        self,
        face_ids: Iterable[int],
        name: str | None,
        *,
        keep: bool = True,
        poor_too: bool = True,
        label: str | None = None,
    ) -> Change:
        """Says who faces are: *name*, who is created if need be, or nobody (None).

        A name that is taken away is refused for good, as by `refuse`; one that is given is no
        longer refused.

        Args:
            face_ids: any number of faces.
            name: exactly as it shall read.
            keep: also keep faces that get a name, whatever the rules say.
            poor_too: also those that the owner has rejected or a rule does for what they look
                like; without, they are named and stay rejected.
            label: for the history; made up from the name otherwise.
        """
        ids = list(face_ids)
        with self._step(label or _name_label(name, len(ids))) as step:
            name_faces(step, ids, name)
            if keep and name is not None:
                good = ids if poor_too else faces.good_enough(step.connection, ids)
                step.update("faces", good, {"decision": Decision.KEEP.value})
        return step.change

    def confirm(
        self, by_name: Mapping[str, Sequence[int]], as_they_are: Sequence[int] = ()
    ) -> Change:
        """Says of many faces at once who they are, and keeps them: one step for all the names.

        Args:
            by_name: ids of the faces of each name; a name that nobody has is created.
            as_they_are: ids of faces to keep whoever they are.
        """
        ids = [face_id for named in by_name.values() for face_id in named] + [*as_they_are]
        with self._step(trn("Confirm {n} face", "Confirm {n} faces", len(ids))) as step:
            for name, named in by_name.items():
                name_faces(step, named, name)
            step.update("faces", ids, {"decision": Decision.KEEP.value})
        return step.change

    def refuse(self, face_ids: Iterable[int], person_id: int) -> Change:
        """Says that faces are not this person, for good; those so named lose the name.

        Raises:
            LibraryError: nobody has that id.
        """
        ids = list(face_ids)
        with self._db.read() as connection:
            name = people.name_of(connection, person_id)
        label = trn("{n} face is not {name}", "{n} faces are not {name}", len(ids), name=name)
        with self._step(label) as step:
            answers.say(step, ids, person_id, same=False)
            named = faces.named(step.connection, ids, person_id)
            step.update("faces", named, {"person_id": None, "name_source": NameSource.OWNER.value})
        return step.change

    def affirm(self, face_ids: Iterable[int], person_id: int) -> Change:
        """Says that faces are this person, on second sight; they are not doubted again.

        Raises:
            LibraryError: nobody has that id.
        """
        ids = list(face_ids)
        with self._db.read() as connection:
            name = people.name_of(connection, person_id)
        label = trn("{n} face is {name}", "{n} faces are {name}", len(ids), name=name)
        with self._step(label) as step:
            answers.say(step, ids, person_id, same=True)
            values = {"person_id": person_id, "name_source": NameSource.OWNER.value}
            step.update("faces", ids, {**values, "decision": Decision.KEEP.value})
        return step.change

    def set_limits(self, limits: Limits, label: str | None = None) -> Change:
        """Moves the rules' limits; every face is judged again."""
        key, value = settings.LIMITS_KEY, settings.limits_value(limits)
        with self._step(label or tr("Change the limits")) as step:
            put_setting(step, key, value, settings.limits_value(Limits()))
        return step.change

    def set_person_limits(
        self, person_id: int, overrides: Mapping[str, float], label: str | None = None
    ) -> Change:
        """Judges one person's faces by other limits: fields of `Limits`; none to stop that.

        Raises:
            LibraryError: nobody has that id.
        """
        with self._step(label or tr("Change the limits of one person")) as step:
            if person_id not in {person.id for person in people.everyone(step.connection)}:
                raise LibraryError(tr("That person is no longer in the library."))
            found = settings.person_limits(step.connection)
            put_person_limits(step, found | {person_id: dict(overrides)})
        return step.change

    def relink_photo(self, photo_id: int, path: str, size_bytes: int, mtime_ns: int) -> Change:
        """Tells where a missing photo's file is now; it is pending until it is scanned again.

        Raises:
            LibraryError: that file is in the library already.
        """
        with self._step(tr("Relink a photo")) as step:
            there = photos.by_path(step.connection, path)
            if there is not None and there.id != photo_id:
                raise LibraryError(
                    tr("{path} is in the library already.", path=path),
                    tr("Choose another file."),
                )
            values = {
                "path": stored_path(path),
                "size_bytes": size_bytes,
                "mtime_ns": mtime_ns,
                "status": PhotoStatus.PENDING.value,
                "reason": None,
            }
            step.update("photos", [photo_id], values)
        return step.change

    def draw_face(self, photo_id: int, face: FaceProposal) -> Change:
        """Adds a face that no scan had found, and keeps it; its id is in ``face_ids``.

        Where *face* lies over one that is known, that one gets its box and is kept.

        Raises:
            LibraryError: the photo is not in the library any more.
        """
        with self._step(tr("Draw a face")) as step:
            drawn.draw(step, photo_id, face)
        return step.change

    def move_face(self, face_id: int, face: FaceProposal) -> Change:
        """Gives a face the box of *face* and its measures; no scan moves it back.

        Raises:
            LibraryError: the face is not in the library any more.
        """
        with self._step(tr("Move a face's box")) as step:
            drawn.move(step, face_id, face)
        return step.change

    def delete_faces(self, face_ids: Iterable[int]) -> Change:
        """Removes faces that the owner drew, and ignores those that scans find."""
        ids = list(face_ids)
        with self._step(trn("Delete {n} box", "Delete {n} boxes", len(ids))) as step:
            drawn.delete(step, ids)
        return step.change

    def undo(self) -> Change | None:
        """Takes back the last step that stands; None when there is none."""
        with self._db.write() as connection:
            return journal.undo(connection)

    def redo(self) -> Change | None:
        """Does the step that was taken back last once more; None when there is none."""
        with self._db.write() as connection:
            return journal.redo(connection)


def _decision_label(decision: Decision, n: int) -> str:
    match decision:
        case Decision.KEEP:
            return trn("Keep {n} face", "Keep {n} faces", n)
        case Decision.REJECT:
            return trn("Reject {n} face", "Reject {n} faces", n)
        case Decision.IGNORE:
            return trn("Ignore {n} face", "Ignore {n} faces", n)
        case Decision.UNDECIDED:
            return trn("Leave {n} face to the rules", "Leave {n} faces to the rules", n)


def _name_label(name: str | None, n: int) -> str:
    if name is None:
        return trn("Take the name from {n} face", "Take the name from {n} faces", n)
    return trn("Name {n} face {name}", "Name {n} faces {name}", n, name=name)
