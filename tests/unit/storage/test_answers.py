"""What the owner answered about a face and a person: kept, undoable, safe from rescans."""

from __future__ import annotations

import pytest

from facegui.domain.entities import Decision, FaceState, NameSource
from facegui.domain.errors import LibraryError
from facegui.domain.queries import Answer, FaceFilter
from facegui.storage import Library
from tests.fakes.library_dump import dump
from tests.fakes.proposals import scanned


def person_id(library: Library, name: str) -> int:
    return next(person.id for person in library.people() if person.name == name)


def unnamed(library: Library) -> list[int]:
    return library.face_ids(FaceFilter(named=False))


def test_a_refusal_is_kept_and_tells_which_faces_changed(filled: Library) -> None:
    ann, ids = person_id(filled, "Ann"), unnamed(filled)[:2]
    change = filled.refuse(ids, ann)
    assert filled.answers() == [Answer(face_id, ann, same=False) for face_id in sorted(ids)]
    assert change.face_ids == tuple(sorted(ids))
    assert change.entry is not None
    assert change.entry.label == "2 faces are not Ann"
    assert all(face.person_id is None for face in filled.faces(ids))


def test_a_face_so_named_loses_the_name_and_gets_none_from_its_folder(filled: Library) -> None:
    ann = person_id(filled, "Ann")
    face_id = filled.face_ids(FaceFilter(person_id=ann))[0]
    filled.refuse([face_id], ann)
    face = filled.faces([face_id])[0]
    assert (face.person_id, face.name_source) == (None, NameSource.OWNER)


def test_another_persons_name_stays(filled: Library) -> None:
    ann, bob = person_id(filled, "Ann"), person_id(filled, "Bob")
    face_id = filled.face_ids(FaceFilter(person_id=bob))[0]
    filled.refuse([face_id], ann)
    assert filled.faces([face_id])[0].person_id == bob


def test_the_same_answer_twice_is_one_step(filled: Library) -> None:
    ann, ids = person_id(filled, "Ann"), unnamed(filled)
    filled.refuse(ids, ann)
    before = dump(filled)
    assert filled.refuse(ids, ann).entry is None
    assert filled.refuse([], ann).entry is None
    assert filled.refuse([9999], ann).entry is None
    assert dump(filled) == before


def test_to_affirm_names_keeps_and_takes_a_refusal_back(filled: Library) -> None:
    ann, face_id = person_id(filled, "Ann"), unnamed(filled)[0]
    filled.refuse([face_id], ann)
    filled.affirm([face_id], ann)
    face = filled.faces([face_id])[0]
    assert (face.person_id, face.decision) == (ann, Decision.KEEP)
    assert filled.answers() == [Answer(face_id, ann, same=True)]


def test_undo_and_redo_leave_the_library_identical(filled: Library) -> None:
    ann, bob = person_id(filled, "Ann"), person_id(filled, "Bob")
    start = dump(filled)
    filled.refuse(filled.face_ids(), ann)
    filled.affirm(filled.face_ids()[:2], ann)
    filled.refuse(filled.face_ids(), bob)
    end = dump(filled)
    changes = [filled.undo() for _ in range(3)]
    assert [line for line in dump(filled) if '"answers"' in line] == [
        line for line in start if '"answers"' in line
    ]
    assert filled.answers() == []
    assert changes[0] is not None
    assert changes[0].face_ids == tuple(sorted(filled.face_ids()))
    for _ in range(3):
        filled.redo()
    assert dump(filled) == end


def test_a_face_with_an_answer_survives_a_rescan_that_does_not_find_it(filled: Library) -> None:
    ann, face_id = person_id(filled, "Ann"), unnamed(filled)[0]
    filled.refuse([face_id], ann)
    filled.store_scans([scanned(filled.faces([face_id])[0].photo_id)])
    assert filled.answers() == [Answer(face_id, ann, same=False)]


@pytest.mark.parametrize("verb", ["refuse", "affirm"])
def test_nobody_with_that_id_is_said_so(filled: Library, verb: str) -> None:
    before = dump(filled)
    with pytest.raises(LibraryError, match="person"):
        getattr(filled, verb)(unnamed(filled), 999)
    assert dump(filled) == before


def test_a_name_that_is_taken_away_is_refused(filled: Library) -> None:
    ann, bob = person_id(filled, "Ann"), person_id(filled, "Bob")
    of_ann = filled.face_ids(FaceFilter(person_id=ann))
    of_bob = filled.face_ids(FaceFilter(person_id=bob))
    filled.assign([*of_ann, of_bob[0], *unnamed(filled)], None)
    wanted = [Answer(n, ann, same=False) for n in of_ann] + [Answer(of_bob[0], bob, same=False)]
    assert filled.answers() == sorted(wanted)
    filled.undo()
    assert filled.answers() == []
    assert filled.face_ids(FaceFilter(person_id=ann)) == of_ann


def test_naming_takes_that_refusal_back_and_no_other(filled: Library) -> None:
    ann, bob, face_id = person_id(filled, "Ann"), person_id(filled, "Bob"), unnamed(filled)[0]
    filled.refuse([face_id], ann)
    filled.refuse([face_id], bob)
    filled.assign([face_id], "Ann")
    assert filled.answers() == [Answer(face_id, bob, same=False)]
    filled.undo()
    assert len(filled.answers()) == 2


def test_the_kept_faces_with_photo_and_person(filled: Library) -> None:
    rejected = filled.face_ids(FaceFilter(named=True))[0]
    filled.decide([rejected], Decision.REJECT)
    kept = filled.faces(filled.face_ids(FaceFilter(states=(FaceState.KEPT,))))
    wanted = sorted([face.id, face.photo_id, face.person_id or 0] for face in kept)
    assert filled.kept_faces().tolist() == wanted
    filled.decide(filled.face_ids(), Decision.REJECT)
    assert filled.kept_faces().shape == (0, 3)
