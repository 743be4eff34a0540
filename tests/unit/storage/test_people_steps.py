"""People: keys and covers, two who become one, one who becomes two, and all of it undone."""

from __future__ import annotations

import pytest

from facegui.domain.entities import Decision, NameSource
from facegui.domain.errors import LibraryError
from facegui.domain.geometry import Box
from facegui.domain.queries import FaceFilter
from facegui.storage import Library
from tests.fakes.library_dump import dump
from tests.fakes.proposals import proposal, scanned


def ids(library: Library) -> dict[str, int]:
    return {person.name: person.id for person in library.people()}


def faces_of(library: Library, name: str) -> list[int]:
    return sorted(library.face_ids(FaceFilter(person_id=ids(library)[name])))


def rows(library: Library) -> list[str]:
    lines = dump(library)
    return [s for s in lines if s.startswith("INSERT") and "journal" not in s and "sequ" not in s]


# merge


def test_the_oldest_id_stays_under_the_chosen_name(filled: Library) -> None:
    ann, bob = ids(filled)["Ann"], ids(filled)["Bob"]
    together = sorted(faces_of(filled, "Ann") + faces_of(filled, "Bob"))
    colour = next(person.colour for person in filled.people() if person.id == bob)
    change = filled.merge_people([ann, bob], into=bob)
    assert ids(filled) == {"Bob": ann}
    assert faces_of(filled, "Bob") == together
    assert filled.people()[0].colour == colour
    assert change.entry is not None
    assert change.entry.label == "Merge Ann into Bob"
    assert set(change.person_ids) == {ann, bob}
    filled.check()


def test_undo_parts_them_again_exactly_and_redo_joins_them(filled: Library) -> None:
    filled.add_person("Cy")
    people = ids(filled)
    filled.assign_key(people["Bob"], 7)
    filled.choose_cover(people["Bob"], 3)
    filled.set_person_limits(people["Bob"], {"min_size_px": 200.0})
    filled.set_person_limits(people["Cy"], {"max_pan_deg": 10.0})
    filled.refuse([1], people["Bob"])
    filled.affirm([2], people["Ann"])
    before = rows(filled)
    filled.merge_people(list(people.values()), into=people["Bob"])
    after = rows(filled)
    assert filled.person_limits() == {people["Ann"]: {"min_size_px": 200.0}}
    assert filled.people()[0].key == 7
    filled.undo()
    assert rows(filled) == before
    filled.redo()
    assert rows(filled) == after
    filled.check()


def test_a_merged_name_does_not_come_back_with_a_scan(filled: Library) -> None:
    ann, bob = ids(filled)["Ann"], ids(filled)["Bob"]
    filled.merge_people([ann, bob], into=bob)
    filled.store_scans([scanned(i, [proposal(seed=i)]) for i in filled.photo_ids()[:4]])
    assert list(ids(filled)) == ["Bob"]
    assert {photo.person_hint for photo in filled.photos(filled.photo_ids())} == {"Bob", None}
    named = filled.faces(faces_of(filled, "Bob"))
    assert NameSource.OWNER in {face.name_source for face in named}


def test_what_was_answered_about_both_is_kept_once_and_without_contradiction(
    filled: Library,
) -> None:
    ann, bob = ids(filled)["Ann"], ids(filled)["Bob"]
    (stranger,) = filled.face_ids(FaceFilter(named=False))[:1]
    filled.refuse([stranger], ann)
    filled.refuse([stranger], bob)
    (face,) = faces_of(filled, "Ann")[:1]
    filled.refuse([face], bob)
    filled.assign([face], "Ann")
    filled.merge_people([bob], into=ann)
    told = [(answer.face_id, answer.person_id, answer.same) for answer in filled.answers()]
    assert (stranger, ann, False) in told
    assert (face, ann, False) not in told
    assert len(told) == len({(face_id, person) for face_id, person, _ in told})
    filled.check()


def test_merging_with_somebody_who_is_gone_changes_nothing(filled: Library) -> None:
    before = dump(filled)
    with pytest.raises(LibraryError, match="no longer"):
        filled.merge_people([ids(filled)["Ann"], 99], into=99)
    assert dump(filled) == before


def test_merging_somebody_with_themselves_is_no_step(filled: Library) -> None:
    ann = ids(filled)["Ann"]
    assert filled.merge_people([ann], into=ann).entry is None


def test_a_former_name_does_not_come_back_with_a_scan(filled: Library) -> None:
    before = rows(filled)
    filled.rename_person(ids(filled)["Ann"], "Anna")
    photo = filled.photo_ids()[0]
    filled.store_scans([scanned(photo, [proposal(Box(500, 300, 600, 420), seed=40)])])
    assert list(ids(filled)) == ["Anna", "Bob"]
    (found,) = filled.faces(filled.face_ids(FaceFilter(photo_id=photo)))
    assert found.person_id == ids(filled)["Anna"]
    filled.undo()
    assert list(ids(filled)) == ["Ann", "Bob"]
    assert [line for line in before if '"people"' in line] == [
        line for line in rows(filled) if '"people"' in line
    ]


# split


def test_some_faces_become_somebody_new_with_their_decisions(filled: Library) -> None:
    first, second = faces_of(filled, "Ann")
    filled.decide([first], Decision.REJECT)
    before = rows(filled)
    change = filled.split_person([first], "Ann the elder")
    assert change.entry is not None
    assert change.entry.label == "Split off 1 face as Ann the elder"
    assert faces_of(filled, "Ann the elder") == [first]
    assert faces_of(filled, "Ann") == [second]
    assert filled.faces([first])[0].decision is Decision.REJECT
    filled.undo()
    assert rows(filled) == before


@pytest.mark.parametrize(("name", "why"), [("Bob", "already a person"), (" ", "needs a name")])
def test_a_split_needs_a_new_name(filled: Library, name: str, why: str) -> None:
    before = dump(filled)
    with pytest.raises(LibraryError, match=why):
        filled.split_person(faces_of(filled, "Ann"), name)
    assert dump(filled) == before


# keys and covers


def test_the_first_nine_get_keys_and_a_key_changes_hands(library: Library) -> None:
    for n in range(11):
        library.add_person(f"P{n}")
    assert [person.key for person in library.people()] == [*range(1, 10), None, None]
    people = ids(library)
    library.assign_key(people["P10"], 3)
    keys = {person.name: person.key for person in library.people()}
    assert (keys["P10"], keys["P2"]) == (3, None)
    library.undo()
    assert [person.key for person in library.people()] == [*range(1, 10), None, None]
    library.assign_key(people["P0"], None)
    library.add_person("P11")
    assert library.people()[-1].key == 1


def test_only_number_keys_can_be_given(filled: Library) -> None:
    with pytest.raises(ValueError, match="number key"):
        filled.assign_key(1, 10)


def test_a_key_that_somebody_new_has_by_now_is_not_taken_back(filled: Library) -> None:
    ann = ids(filled)["Ann"]
    filled.assign_key(ann, None)
    (new,) = filled.add_photos([("/photos/Di/9.jpg", "Di", 1, 1)]).added
    filled.store_scans([scanned(new, [proposal(seed=50)])])
    (di,) = (person for person in filled.people() if person.name == "Di")
    assert di.key == 1
    filled.undo()
    keys = {person.name: person.key for person in filled.people()}
    assert (keys["Ann"], keys["Di"]) == (None, 1)


def test_a_cover_can_be_chosen_and_left_to_the_program(filled: Library) -> None:
    ann = ids(filled)["Ann"]
    filled.choose_cover(ann, 2)
    assert filled.people()[0].cover_id == 2
    filled.choose_cover(ann, None)
    filled.undo()
    assert filled.people()[0].cover_id == 2
