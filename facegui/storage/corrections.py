"""Corrections: a face that a model was asked about, what the owner says of it, and whence it came.

One step of the journal holds all of a correction: the photo and its faces, where they are new, the
name or decision, and the row that remembers what the model had said. What stands of a correction
is read from the face itself, so a later decision about the face takes part of it back by itself.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from facegui.domain.corrections import (
    Answer,
    Correction,
    NewFace,
    Provenance,
    Source,
    Truth,
    Verdict,
)
from facegui.domain.entities import Decision, FaceProposal, NameSource, ScannedPhoto
from facegui.domain.errors import LibraryError
from facegui.domain.queries import Change
from facegui.domain.text import tr, trn
from facegui.storage import answers, drawn, faces, people, photos
from facegui.storage.journal import Step
from facegui.storage.people_steps import PeopleSteps, name_faces
from facegui.storage.rows import (
    Row,
    all_ids,
    clean_text,
    loaded_path,
    measured,
    signed,
    stored_path,
    vector_blob,
)

_ALL = """
SELECT c.id, c.face_id, p.path, c.verdict, said.name, c.made_at, c.source, c.origin, c.model,
    c.run, c.candidate, c.named, c.score, c.threshold, f.decision, own.name,
    EXISTS (SELECT 1 FROM answers a
        WHERE a.face_id = c.face_id AND a.person_id = c.person_id AND NOT a.same)
FROM corrections c
JOIN faces f ON f.id = c.face_id
JOIN photos p ON p.id = f.photo_id
LEFT JOIN people said ON said.id = c.person_id
LEFT JOIN people own ON own.id = f.person_id
ORDER BY c.made_at DESC, c.id DESC"""


class CorrectionSteps(PeopleSteps):
    """What the owner says of a model's answers."""

    def correct(self, where: int | NewFace, truth: Truth, provenance: Provenance) -> Change:
        """Says who a face is: named and kept, refused a name, or ignored as a stranger.

        Args:
            where: id of a face of the library, or one that it does not have yet.
            truth: what the owner says; IS creates the person if need be.
            provenance: what the model had said, and of what.

        Raises:
            LibraryError: the face or its photo has left the library, or NOT is about somebody
                whom the library does not know.
        """
        with self._step(_label(truth)) as step:
            face_id = where if isinstance(where, int) else _arrive(step, where)
            if not faces.fetch(step.connection, [face_id]):
                raise LibraryError(tr("That face is no longer in the library."))
            person_id = _rule(step, face_id, truth)
            _remember(step, face_id, truth, person_id, provenance)
        return step.change

    def take_back_corrections(self, face_ids: Iterable[int]) -> Change:
        """Forgets corrections, and leaves their faces to the rules, without what they were called.

        A face about which something else was decided since keeps that.
        """
        with self._db.read() as connection:
            wanted = set(face_ids)
            known = [one for one in everything(connection) if one.face_id in wanted]
        label = trn("Take back {n} correction", "Take back {n} corrections", len(known))
        with self._step(label) as step:
            step.delete("corrections", [one.id for one in known])
            for one in known:
                _leave_to_rules(step, one)
        return step.change


def everything(connection: sqlite3.Connection) -> list[Correction]:
    """Every correction, the newest first."""
    return [_correction(row) for row in connection.execute(_ALL)]


def _rule(step: Step, face_id: int, truth: Truth) -> int | None:
    """Writes what the owner says of a face; the person whom it is about."""
    if truth.verdict is Verdict.STRANGER:
        nobody = {"person_id": None, "name_source": NameSource.OWNER.value}
        step.update("faces", [face_id], {**nobody, "decision": Decision.IGNORE.value})
        return None
    assert truth.name is not None
    if truth.verdict is Verdict.IS:
        name_faces(step, [face_id], truth.name)
        step.update("faces", [face_id], {"decision": Decision.KEEP.value})
        return people.id_of(step.connection, clean_text(truth.name))
    person_id = people.id_of(step.connection, truth.name)
    if person_id is None:
        raise LibraryError(
            tr("Nobody in this library is called {name}.", name=truth.name),
            tr("Say who it is, or that it is a stranger."),
        )
    answers.say(step, [face_id], person_id, same=False)
    _unname(step, face_id, person_id)
    _no_longer_ignored(step, face_id)
    return person_id


def _no_longer_ignored(step: Step, face_id: int) -> None:
    """Not this person may be somebody else whom the owner knows: no stranger any more."""
    (face,) = faces.fetch(step.connection, [face_id])
    if face.decision is Decision.IGNORE:
        step.update("faces", [face_id], {"decision": Decision.UNDECIDED.value})


def _unname(step: Step, face_id: int, person_id: int) -> None:
    named = faces.named(step.connection, [face_id], person_id)
    step.update("faces", named, {"person_id": None, "name_source": NameSource.OWNER.value})


def _leave_to_rules(step: Step, one: Correction) -> None:
    """Undoes what a correction made of its face, as far as it still stands."""
    if one.truth != one.said:
        return
    if one.said.verdict is Verdict.NOT:
        assert one.said.name is not None
        person_id = people.id_of(step.connection, one.said.name)
        assert person_id is not None, "its row refers to the person"
        answers.take_back_refusals(step, [one.face_id], person_id)
        return
    undecided = {"decision": Decision.UNDECIDED.value, "person_id": None, "name_source": None}
    step.update("faces", [one.face_id], undecided)


def _remember(
    step: Step, face_id: int, truth: Truth, person_id: int | None, provenance: Provenance
) -> None:
    earlier = "SELECT id FROM corrections WHERE face_id = ?"
    step.delete("corrections", all_ids(step.connection, earlier, (face_id,)))
    answer = provenance.answer
    values = {
        "face_id": face_id,
        "verdict": truth.verdict.value,
        "person_id": person_id,
        "made_at": datetime.now(UTC).isoformat(timespec="milliseconds"),
        "source": provenance.source.value,
        "origin": clean_text(provenance.origin),
        "model": provenance.model,
        "run": provenance.run,
        "candidate": clean_text(answer.candidate),
        "named": int(answer.named),
        "score": float(answer.score),
        "threshold": float(answer.threshold),
    }
    step.insert("corrections", values)


def _arrive(step: Step, new: NewFace) -> int:
    """Adds a face, and its photo with all that is in it where that is new; the face's id."""
    others: Sequence[FaceProposal] = ()
    if isinstance(new.photo, int):
        photo_id = new.photo
    else:
        path, scan = new.photo
        known = photos.by_path(step.connection, path)
        if known is not None:
            raise LibraryError(
                tr("{path} has just come into the library.", path=path), tr("Try again.")
            )
        photo_id = step.insert("photos", _photo_row(path, scan))
        others = [face for face in scan.faces if face is not new.face]
    for face in others:
        _insert_face(step, photo_id, face)
    if new.drawn:
        return drawn.draw(step, photo_id, new.face)
    return _insert_face(step, photo_id, new.face)


def _insert_face(step: Step, photo_id: int, face: FaceProposal) -> int:
    face_id = step.insert("faces", {"photo_id": photo_id, **measured(face)})
    step.insert("embeddings", {"id": face_id, "vector": vector_blob(face.embedding)})
    return face_id


def _photo_row(path: str, scan: ScannedPhoto) -> dict[str, object]:
    hashes = scan.hashes
    return {
        "path": stored_path(path),
        "status": scan.status.value,
        "width": scan.width,
        "height": scan.height,
        "size_bytes": scan.size_bytes,
        "mtime_ns": scan.mtime_ns,
        "sha256": scan.sha256,
        "phash": None if hashes is None else signed(hashes.phash),
        "phash_mirror": None if hashes is None else signed(hashes.phash_mirror),
        "rotation": scan.rotation,
    }


def _correction(row: Row) -> Correction:
    (correction_id, face_id, path, verdict, about, made_at, source, origin) = row[:8]
    (model, run, candidate, named, score, threshold, decision, name, refused) = row[8:]
    said = Truth(Verdict(verdict), about)
    return Correction(
        id=correction_id,
        face_id=face_id,
        path=loaded_path(path),
        said=said,
        truth=_standing(said, Decision(decision), name, refused=bool(refused)),
        made_at=datetime.fromisoformat(made_at),
        provenance=Provenance(
            Source(source), origin, model, run, Answer(candidate, bool(named), score, threshold)
        ),
    )


def _standing(said: Truth, decision: Decision, name: str | None, *, refused: bool) -> Truth | None:
    """What the library holds of a face now; None where it was left to the rules, or rejected."""
    match decision:
        case Decision.IGNORE:
            return Truth(Verdict.STRANGER)
        case Decision.REJECT:
            return None
    if name is not None:
        return Truth(Verdict.IS, name)
    return said if said.verdict is Verdict.NOT and refused else None


def _label(truth: Truth) -> str:
    match truth.verdict:
        case Verdict.IS:
            return tr("Correct a face: it is {name}", name=truth.name)
        case Verdict.NOT:
            return tr("Correct a face: it is not {name}", name=truth.name)
        case Verdict.STRANGER:
            return tr("Correct a face: it is a stranger")
