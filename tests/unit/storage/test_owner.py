from __future__ import annotations

import pytest

from facegui.domain.entities import Decision, NameSource, PhotoStatus
from facegui.domain.errors import LibraryError
from facegui.domain.queries import FaceFilter
from facegui.domain.rules import Limits
from facegui.storage import Library
from facegui.storage.people import default_colour
from tests.fakes.library_dump import dump
from tests.fakes.proposals import proposal, scanned


def names(library: Library) -> list[str]:
    return [person.name for person in library.people()]


def person_id(library: Library, name: str) -> int:
    return next(person.id for person in library.people() if person.name == name)


def test_deciding_tells_what_changed(filled: Library) -> None:
    faces = filled.faces(filled.face_ids())[:2]
    change = filled.decide([face.id for face in faces], Decision.REJECT, "Reject two")
    assert change.entry is not None
    assert (change.entry.label, change.entry.undone) == ("Reject two", False)
    assert change.face_ids == tuple(sorted(face.id for face in faces))
    assert change.photo_ids == tuple(sorted({face.photo_id for face in faces}))
    assert change.person_ids == ()
    assert not change.limits_changed
    assert filled.history() == [change.entry]


@pytest.mark.parametrize("decision", list(Decision))
def test_every_decision_has_a_label_that_counts(filled: Library, decision: Decision) -> None:
    ids = filled.face_ids()
    filled.decide(ids, Decision.KEEP)
    filled.decide(ids, Decision.REJECT)
    change = filled.decide(ids, decision)
    if decision is Decision.REJECT:
        assert change.entry is None
    else:
        assert change.entry is not None
        assert str(len(ids)) in change.entry.label


def test_what_is_so_already_is_no_step(filled: Library) -> None:
    ids = filled.face_ids()
    filled.decide(ids[:1], Decision.KEEP)
    before = dump(filled)
    assert filled.decide(ids[:1], Decision.KEEP).entry is None
    assert filled.decide([], Decision.KEEP).entry is None
    assert filled.decide([9999], Decision.KEEP).entry is None
    assert filled.set_limits(Limits()).entry is None
    assert filled.add_person("Ann").entry is None
    assert dump(filled) == before


def test_a_bulk_step_changes_only_those_that_differ(filled: Library) -> None:
    ids = filled.face_ids()
    filled.decide(ids[:2], Decision.REJECT)
    change = filled.decide(ids, Decision.REJECT)
    assert change.face_ids == tuple(sorted(ids[2:]))


def test_naming_keeps_and_creates_the_person(filled: Library) -> None:
    ids = filled.face_ids(FaceFilter(named=False))
    change = filled.assign(ids, "Cleo")
    assert change.person_ids == (person_id(filled, "Cleo"),)
    for face in filled.faces(ids):
        assert face.person_id == change.person_ids[0]
        assert (face.name_source, face.decision) == (NameSource.OWNER, Decision.KEEP)
    again = filled.assign(ids[:1], "Ann", keep=False, label="It is Ann")
    assert again.entry is not None
    assert again.entry.label == "It is Ann"
    assert again.person_ids == ()


def test_naming_without_keeping_leaves_the_decision(filled: Library) -> None:
    (face_id, *_) = filled.face_ids(FaceFilter(named=True))
    filled.decide([face_id], Decision.REJECT)
    filled.assign([face_id], "Ann", keep=False)
    assert filled.faces([face_id])[0].decision is Decision.REJECT


def test_taking_a_name_away_leaves_the_person(filled: Library) -> None:
    ann = person_id(filled, "Ann")
    filled.assign(filled.face_ids(FaceFilter(person_id=ann)), None)
    assert filled.face_ids(FaceFilter(person_id=ann)) == []
    assert "Ann" in names(filled)


@pytest.mark.parametrize("name", ["", "   ", "\n"])
def test_a_blank_name_is_refused(filled: Library, name: str) -> None:
    before = dump(filled)
    with pytest.raises(LibraryError, match="name"):
        filled.assign(filled.face_ids(), name)
    with pytest.raises(LibraryError):
        filled.add_person(name)
    assert dump(filled) == before


def test_renaming(filled: Library) -> None:
    ann = person_id(filled, "Ann")
    change = filled.rename_person(ann, "Anna")
    assert change.person_ids == (ann,)
    assert names(filled) == ["Anna", "Bob"]
    assert filled.rename_person(ann, "Anna").entry is None
    with pytest.raises(LibraryError, match="Bob"):
        filled.rename_person(ann, "Bob")
    assert names(filled) == ["Anna", "Bob"]


def test_undoing_a_rename_when_the_old_name_has_been_taken(filled: Library) -> None:
    ann = person_id(filled, "Ann")
    filled.rename_person(ann, "Anna")
    (photo_id,) = filled.add_photos([("/new/Ann/1.jpg", "Ann", 1, 1)]).added
    filled.store_scans([scanned(photo_id, [proposal()])])
    assert person_id(filled, "Ann") != ann
    assert filled.undo() is not None
    assert {person.id: person.name for person in filled.people()}[ann] == "Ann (2)"


def test_undoing_a_new_person_whom_a_scan_has_used_since(filled: Library) -> None:
    (zed,) = filled.add_person("Zed").person_ids
    (photo_id,) = filled.add_photos([("/new/Zed/1.jpg", "Zed", 1, 1)]).added
    filled.store_scans([scanned(photo_id, [proposal()])])
    assert filled.undo() is not None
    assert person_id(filled, "Zed") == zed
    assert len(filled.face_ids(FaceFilter(person_id=zed))) == 1
    assert filled.redo() is not None
    assert names(filled).count("Zed") == 1
    filled.check()


def test_colours_are_distinct_and_can_be_changed(library: Library) -> None:
    for n in range(60):
        library.add_person(f"P{n}")
    colours = [person.colour for person in library.people()]
    assert len(set(colours)) == 60
    assert all(len(colour) == 7 and int(colour[1:], 16) >= 0 for colour in colours)
    library.colour_person(library.people()[0].id, "#123456")
    assert library.people()[0].colour == "#123456"


def test_neighbours_in_the_list_look_different() -> None:
    def channels(colour: str) -> list[int]:
        return [int(colour[i : i + 2], 16) for i in (1, 3, 5)]

    first = [channels(default_colour(n)) for n in range(9)]
    for n, one in enumerate(first):
        for other in first[:n]:
            assert sum(abs(a - b) for a, b in zip(one, other, strict=True)) > 40


def test_people_can_be_reordered(library: Library) -> None:
    ids = [library.add_person(name).person_ids[0] for name in ("A", "B", "C", "D")]
    library.move_person(ids[3], 1)
    assert names(library) == ["A", "D", "B", "C"]
    assert [person.position for person in library.people()] == [0, 1, 2, 3]
    library.move_person(ids[0], 99)
    assert names(library) == ["D", "B", "C", "A"]
    library.undo()
    assert names(library) == ["A", "D", "B", "C"]
    assert library.move_person(9999, 0).entry is None


def test_relinking_a_missing_photo_keeps_its_faces(filled: Library) -> None:
    photo = filled.photos(filled.photo_ids())[0]
    faces = filled.faces_of_photos([photo.id])
    filled.mark_missing([photo.id])
    change = filled.relink_photo(photo.id, "/elsewhere/1.jpg", 5, 6)
    assert change.photo_ids == (photo.id,)
    after = filled.photo_by_path("/elsewhere/1.jpg")
    assert after is not None
    assert (after.id, after.status, after.reason) == (photo.id, PhotoStatus.PENDING, None)
    assert filled.faces_of_photos([photo.id]) == faces
    filled.undo()
    back = filled.photos([photo.id])[0]
    assert (back.path, back.status) == (photo.path, PhotoStatus.MISSING)


def test_relinking_to_a_known_file_is_refused(filled: Library) -> None:
    one, two, *_ = filled.photos(filled.photo_ids())
    with pytest.raises(LibraryError, match="already"):
        filled.relink_photo(one.id, two.path, 1, 1)


def test_settings_are_json_by_key(library: Library) -> None:
    assert library.setting("network") is None
    assert library.setting("network", "classic") == "classic"
    library.set_setting("network", {"name": "face-transfer", "한글": [1, None]})
    assert library.setting("network") == {"name": "face-transfer", "한글": [1, None]}
    library.set_setting("network", 3)
    assert library.settings() == {"network": 3}
    assert library.history() == []
    with pytest.raises(LibraryError, match="set_limits"):
        library.set_setting("limits", {})


def test_limits_of_another_version_fill_in_defaults(library: Library) -> None:
    library.set_limits(Limits(max_faces=3))
    with library._db.write() as connection:
        connection.execute('UPDATE settings SET value = \'{"max_faces": 3, "from_the_future": 1}\'')
    assert library.limits() == Limits(max_faces=3)


@pytest.mark.parametrize("blurred", [False, True])
def test_a_name_does_not_keep_what_is_poor(filled: Library, *, blurred: bool) -> None:
    filled.set_limits(Limits(min_sharpness=1e6) if blurred else Limits(max_faces=0))
    ids = filled.face_ids()
    *others, rejected = ids
    filled.decide([rejected], Decision.REJECT)
    filled.assign(ids, "Cleo", poor_too=False)
    after = {face.id: face for face in filled.faces(ids)}
    assert {face.person_id for face in after.values()} == {person_id(filled, "Cleo")}
    assert after[rejected].decision is Decision.REJECT
    expected = Decision.UNDECIDED if blurred else Decision.KEEP
    assert {after[n].decision for n in others} == {expected}


def test_many_names_are_confirmed_in_one_step(filled: Library) -> None:
    ids = filled.face_ids()[:4]
    filled.refuse(ids[:1], person_id(filled, "Ann"))
    before = filled.faces(ids), filled.answers(), names(filled)
    change = filled.confirm({"Ann": ids[:2], "Somebody new": ids[2:]})
    assert change.entry is not None
    assert change.entry.label == "Confirm 4 faces"
    called = {person.id: person.name for person in filled.people()}
    found = filled.faces(ids)
    assert [called[face.person_id or 0] for face in found] == ["Ann"] * 2 + ["Somebody new"] * 2
    assert {(face.decision, face.name_source) for face in found} == {
        (Decision.KEEP, NameSource.OWNER)
    }
    assert not [answer for answer in filled.answers() if answer.face_id == ids[0]]
    filled.undo()
    assert (filled.faces(ids), filled.answers(), names(filled)) == before
