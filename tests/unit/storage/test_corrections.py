"""Corrections: one step each, undone and done again whole, and never left behind by other steps."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from facegui.domain.corrections import (
    Answer,
    Correction,
    NewFace,
    Provenance,
    Source,
    Truth,
    Verdict,
)
from facegui.domain.entities import Decision, FaceState
from facegui.domain.errors import LibraryError
from facegui.domain.geometry import Box
from facegui.domain.queries import FaceFilter
from facegui.storage import Library
from tests.fakes.library_dump import dump
from tests.fakes.proposals import proposal, scanned

SAID = Answer("Bob", named=True, score=0.61, threshold=0.4)
FROM_LIVE = Provenance(Source.LIVE, "camera 0", "ab" * 32, "run-1", SAID)
STRANGER = Truth(Verdict.STRANGER)


_MOVES_ON = re.compile('INTO "?(journal|journal_rows|sqlite_sequence)"? ')


def is_(name: str) -> Truth:
    return Truth(Verdict.IS, name)


def not_(name: str) -> Truth:
    return Truth(Verdict.NOT, name)


def unnamed(library: Library) -> int:
    return library.face_ids(FaceFilter(named=False))[0]


def anns(library: Library) -> int:
    ann = next(person.id for person in library.people() if person.name == "Ann")
    return library.face_ids(FaceFilter(person_id=ann))[0]


def only(library: Library) -> Correction:
    (one,) = library.corrections()
    return one


def name_of(library: Library, face_id: int) -> str | None:
    (face,) = library.faces([face_id])
    names = {person.id: person.name for person in library.people()}
    return None if face.person_id is None else names[face.person_id]


def test_it_is_somebody(filled: Library) -> None:
    face_id = unnamed(filled)
    change = filled.correct(face_id, is_("Cid"), FROM_LIVE)
    assert change.entry is not None
    assert change.entry.label == "Correct a face: it is Cid"
    assert face_id in change.face_ids
    assert name_of(filled, face_id) == "Cid"
    assert filled.faces([face_id])[0].decision is Decision.KEEP
    one = only(filled)
    assert (one.face_id, one.said, one.truth) == (face_id, is_("Cid"), is_("Cid"))
    assert one.provenance == FROM_LIVE
    assert one.provenance.answer.name == "Bob"


def test_it_is_not_somebody(filled: Library) -> None:
    face_id = anns(filled)
    filled.correct(face_id, not_("Ann"), FROM_LIVE)
    assert name_of(filled, face_id) is None
    assert [(a.face_id, a.same) for a in filled.answers()] == [(face_id, False)]
    assert only(filled).truth == not_("Ann")


def test_whom_the_library_does_not_know_cannot_be_refused(filled: Library) -> None:
    before = dump(filled)
    with pytest.raises(LibraryError, match="Zed"):
        filled.correct(unnamed(filled), not_("Zed"), FROM_LIVE)
    assert dump(filled) == before


def test_a_stranger_is_ignored_and_has_no_name(filled: Library) -> None:
    face_id = anns(filled)
    filled.correct(face_id, STRANGER, FROM_LIVE)
    assert filled.faces([face_id])[0].state is FaceState.IGNORED
    assert name_of(filled, face_id) is None
    assert only(filled).truth == STRANGER


def test_the_last_word_about_a_face_counts(filled: Library) -> None:
    face_id = unnamed(filled)
    for truth in (STRANGER, not_("Ann"), is_("Bob")):
        filled.correct(face_id, truth, FROM_LIVE)
        assert only(filled).truth == truth
    assert filled.faces([face_id])[0].decision is Decision.KEEP


@pytest.mark.parametrize("truth", [is_("New"), is_("Bob"), not_("Ann"), STRANGER])
def test_undo_and_redo_are_whole(filled: Library, truth: Truth) -> None:
    face_id = anns(filled)
    filled.correct(face_id, is_("Bob"), FROM_LIVE)
    before = dump(filled)
    steps = len(filled.history())
    filled.correct(face_id, truth, FROM_LIVE)
    after = dump(filled)
    for _ in range(3):
        change = filled.undo()
        assert change is not None
        assert face_id in change.face_ids
        assert rows_of(dump(filled)) == rows_of(before)
        filled.redo()
        assert rows_of(dump(filled)) == rows_of(after)
    assert len(filled.history()) == steps + 1


def rows_of(lines: list[str]) -> list[str]:
    """What is told of everything but the journal, whose numbers move on."""
    return [line for line in lines if line.startswith("INSERT") and not _MOVES_ON.search(line)]


def test_a_face_of_a_photo_that_is_new_comes_and_goes_with_its_photo(filled: Library) -> None:
    before = dump(filled)
    faces = [proposal(seed=70), proposal(Box(400, 100, 500, 220), seed=71)]
    scan = scanned(0, faces)
    filled.correct(NewFace(("/photos/new.jpg", scan), faces[1], drawn=False), is_("Ann"), FROM_LIVE)
    photo = filled.photo_by_path("/photos/new.jpg")
    assert photo is not None
    assert (photo.sha256, photo.width) == (scan.sha256, 800)
    there = filled.faces_of_photos([photo.id])[photo.id]
    assert sorted(name_of(filled, face.id) or "" for face in there) == ["", "Ann"]
    assert filled.embeddings([only(filled).face_id])[0] == pytest.approx(faces[1].embedding)
    filled.undo()
    assert rows_of(dump(filled)) == rows_of(before)
    filled.redo()
    assert filled.photo_by_path("/photos/new.jpg") == photo
    filled.check()


def test_a_face_that_no_scan_found_is_kept_as_drawn(filled: Library) -> None:
    face = proposal(Box(500, 400, 590, 500), seed=72)
    filled.correct(NewFace(filled.photo_ids()[0], face, drawn=True), is_("Ann"), FROM_LIVE)
    assert filled.faces([only(filled).face_id])[0].drawn
    filled.delete_faces([only(filled).face_id])
    assert filled.corrections() == []
    filled.undo()
    assert only(filled).truth == is_("Ann")


def test_a_photo_that_came_in_meanwhile_is_not_added_twice(filled: Library) -> None:
    (path,) = {photo.path for photo in filled.photos(filled.photo_ids()[:1])}
    face = proposal(seed=73)
    with pytest.raises(LibraryError, match="just come"):
        filled.correct(NewFace((path, scanned(0, [face])), face, drawn=False), STRANGER, FROM_LIVE)


def test_a_face_that_has_gone_cannot_be_corrected(filled: Library) -> None:
    with pytest.raises(LibraryError, match="no longer"):
        filled.correct(9999, STRANGER, FROM_LIVE)


def test_what_is_decided_later_counts(filled: Library) -> None:
    face_id = unnamed(filled)
    filled.correct(face_id, is_("Ann"), FROM_LIVE)
    filled.assign([face_id], "Bob")
    assert (only(filled).said, only(filled).truth) == (is_("Ann"), is_("Bob"))
    filled.decide([face_id], Decision.IGNORE)
    assert only(filled).truth == STRANGER
    filled.decide([face_id], Decision.REJECT)
    assert only(filled).truth is None


@pytest.mark.parametrize("truth", [is_("Ann"), not_("Bob"), STRANGER])
def test_one_can_be_taken_back_long_after(filled: Library, truth: Truth) -> None:
    face_id = unnamed(filled)
    filled.correct(face_id, truth, FROM_LIVE)
    filled.add_person("Someone later")
    change = filled.take_back_corrections([face_id])
    assert change.entry is not None
    assert change.entry.label == "Take back 1 correction"
    assert filled.corrections() == []
    assert filled.answers() == []
    (face,) = filled.faces([face_id])
    assert (face.person_id, face.decision) == (None, Decision.UNDECIDED)
    filled.undo()
    assert only(filled).truth == truth


def test_taking_one_back_leaves_what_was_decided_since(filled: Library) -> None:
    face_id = unnamed(filled)
    filled.correct(face_id, is_("Ann"), FROM_LIVE)
    filled.assign([face_id], "Bob")
    filled.take_back_corrections([face_id])
    assert name_of(filled, face_id) == "Bob"


def test_people_who_are_merged_take_their_corrections_along(filled: Library) -> None:
    face_id = unnamed(filled)
    filled.correct(face_id, not_("Bob"), FROM_LIVE)
    people = {person.name: person.id for person in filled.people()}
    filled.merge_people([people["Bob"]], people["Ann"])
    assert only(filled).said == not_("Ann")
    filled.undo()
    assert only(filled).said == not_("Bob")
    filled.check()


def test_a_rescan_leaves_a_corrected_face(filled: Library) -> None:
    face_id = unnamed(filled)
    filled.correct(face_id, STRANGER, FROM_LIVE)
    photo_id = filled.faces([face_id])[0].photo_id
    filled.store_scans([scanned(photo_id, [])])
    assert only(filled).face_id == face_id


def test_an_unknown_answer_is_told_as_one(filled: Library) -> None:
    unknown = replace(SAID, named=False)
    filled.correct(unnamed(filled), is_("Ann"), replace(FROM_LIVE, answer=unknown))
    answer = only(filled).provenance.answer
    assert (answer.name, answer.candidate) == (None, "Bob")
