"""One person's own limits: judged by, taken back, and gone with whoever they were for."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from facegui.domain.entities import Decision, Face, FaceState
from facegui.domain.errors import LibraryError
from facegui.domain.geometry import Pose
from facegui.domain.queries import FaceFilter, FaceOrder
from facegui.domain.rules import Limits, Rule
from facegui.storage import Library
from tests.fakes.library_dump import dump
from tests.fakes.proposals import proposal, scanned


@pytest.fixture
def turned(library: Library) -> Library:
    """A lone face turned by 30 degrees of Ann, of Bob, and of nobody."""
    files = [(f"/{hint}/a.jpg", hint, 1, 1) for hint in ("Ann", "Bob", None)]
    ids = library.add_photos(files).added
    library.store_scans(
        [scanned(i, [proposal(seed=i, pose=Pose(0, 30, 0))]) for i in ids],
    )
    return library


def people(library: Library) -> dict[str, int]:
    return {person.name: person.id for person in library.people()}


def faces(library: Library) -> list[Face]:
    return library.faces(library.face_ids(FaceFilter(order=FaceOrder.ADDED)))


def states(library: Library) -> list[FaceState]:
    return [face.state for face in faces(library)]


KEPT, OUT = FaceState.KEPT, FaceState.REJECTED


def test_only_that_persons_faces_are_judged_by_them(turned: Library) -> None:
    ann = people(turned)["Ann"]
    assert states(turned) == [OUT, OUT, OUT]
    change = turned.set_person_limits(ann, {"max_pan_deg": 40.0})
    assert states(turned) == [KEPT, OUT, OUT]
    assert change.limits_changed
    assert change.face_ids == (faces(turned)[0].id,)
    assert turned.person_limits() == {ann: {"max_pan_deg": 40.0}}
    results = turned.rule_results([face.id for face in faces(turned)])
    pans = [next(r for r in row if r.rule is Rule.PAN).limit for row in results.values()]
    assert pans == [40.0, 20.0, 20.0]


def test_the_other_limits_stay_the_librarys(turned: Library) -> None:
    turned.set_person_limits(people(turned)["Ann"], {"max_pan_deg": 40.0})
    turned.set_limits(Limits(min_sharpness=60))
    assert [face.failed for face in faces(turned)] == [
        ("sharpness",),
        ("pan", "sharpness"),
        ("pan", "sharpness"),
    ]


def test_they_can_be_undone_and_redone(turned: Library) -> None:
    ann = people(turned)["Ann"]
    before = dump(turned)
    turned.set_person_limits(ann, {"max_pan_deg": 40.0})
    turned.set_person_limits(ann, {"max_pan_deg": 40.0, "max_smile": 0.5})
    after = dump(turned)
    turned.undo()
    assert turned.person_limits() == {ann: {"max_pan_deg": 40.0}}
    undone = turned.undo()
    assert undone is not None
    assert undone.limits_changed
    assert turned.person_limits() == {}
    assert states(turned) == [OUT, OUT, OUT]
    assert [line for line in dump(turned) if "ledger" in line] == [
        line for line in before if "ledger" in line
    ]
    turned.redo()
    turned.redo()
    assert dump(turned) == after


def test_none_left_means_the_librarys_again(turned: Library) -> None:
    ann = people(turned)["Ann"]
    turned.set_person_limits(ann, {"max_pan_deg": 40.0})
    turned.set_person_limits(ann, {})
    assert turned.person_limits() == {}
    assert states(turned) == [OUT, OUT, OUT]


def test_setting_what_is_so_already_leaves_no_step(turned: Library) -> None:
    ann = people(turned)["Ann"]
    assert turned.set_person_limits(ann, {}).entry is None
    turned.set_person_limits(ann, {"max_pan_deg": 40.0})
    assert turned.set_person_limits(ann, {"max_pan_deg": 40.0}).entry is None
    assert len(turned.history()) == 1


def test_somebody_who_is_gone_is_refused(turned: Library) -> None:
    with pytest.raises(LibraryError):
        turned.set_person_limits(99, {"max_pan_deg": 40.0})
    assert turned.history() == []


def test_a_face_that_gets_the_name_is_judged_by_them(turned: Library) -> None:
    turned.set_person_limits(people(turned)["Ann"], {"max_pan_deg": 40.0})
    nobodys = faces(turned)[2]
    change = turned.assign([nobodys.id], "Ann", keep=False)
    assert states(turned) == [KEPT, OUT, KEPT]
    assert nobodys.id in change.face_ids
    turned.assign([nobodys.id], None)
    assert states(turned) == [KEPT, OUT, OUT]
    turned.undo()
    assert states(turned) == [KEPT, OUT, KEPT]
    turned.undo()
    assert states(turned) == [KEPT, OUT, OUT]


def test_a_folders_name_that_comes_late_is_judged_by_them(turned: Library) -> None:
    turned.set_person_limits(people(turned)["Ann"], {"max_pan_deg": 40.0})
    turned.add_photos([("/None/a.jpg", "Ann", 1, 1)])
    assert states(turned) == [KEPT, OUT, KEPT]


def test_a_scan_judges_by_them(turned: Library) -> None:
    turned.set_person_limits(people(turned)["Ann"], {"max_pan_deg": 40.0})
    (photo_id,) = turned.add_photos([("/Ann/b.jpg", "Ann", 1, 1)]).added
    turned.store_scans([scanned(photo_id, [proposal(seed=9, pose=Pose(0, 30, 0))])])
    assert states(turned) == [KEPT, OUT, OUT, KEPT]


def test_the_owners_word_wins_over_them_too(turned: Library) -> None:
    ann = faces(turned)[0]
    turned.decide([ann.id], Decision.KEEP)
    turned.set_person_limits(people(turned)["Ann"], {"max_pan_deg": 1.0})
    assert states(turned)[0] is KEPT


def test_taking_back_the_person_leaves_limits_for_nobody(turned: Library) -> None:
    nobodys = faces(turned)[2]
    turned.assign([nobodys.id], "Zoe", keep=False)
    zoe = people(turned)["Zoe"]
    turned.set_person_limits(zoe, {"max_pan_deg": 40.0})
    assert states(turned) == [OUT, OUT, KEPT]
    turned.undo()
    turned.undo()
    assert "Zoe" not in people(turned)
    assert states(turned) == [OUT, OUT, OUT]
    turned.redo()
    turned.redo()
    assert states(turned) == [OUT, OUT, KEPT]


def test_they_outlive_the_session(tmp_path: Path) -> None:
    with Library.create(tmp_path / "L") as library:
        library.add_person("Ann")
        library.set_person_limits(people(library)["Ann"], {"min_presence": 0.25})
    with Library.open(tmp_path / "L") as library:
        assert library.person_limits() == {people(library)["Ann"]: {"min_presence": 0.25}}


def test_a_setting_is_no_back_door(turned: Library) -> None:
    with pytest.raises(LibraryError):
        turned.set_setting("person_limits", {})


def test_measures_tell_who_and_what_is_decided(turned: Library) -> None:
    ann, bob, nobodys = faces(turned)
    turned.decide([bob.id], Decision.REJECT)
    table = turned.measures()
    assert table.face_ids.tolist() == [ann.id, bob.id, nobodys.id]
    assert table.person_ids.tolist() == [ann.person_id, bob.person_id, 0]
    assert table.undecided.tolist() == [True, False, True]
    assert table.values[Rule.PAN].tolist() == [30.0, 30.0, 30.0]
    assert np.isnan(table.values[Rule.SUNGLASSES]).all()
    assert set(table.values) == set(Rule)


def test_measures_of_an_empty_library_are_empty(library: Library) -> None:
    table = library.measures()
    assert len(table.face_ids) == 0
    assert all(len(column) == 0 for column in table.values.values())
    assert not any(column.any() for column in table.failing(Limits()).values())


def test_reasons_count_rejected_faces_only(turned: Library) -> None:
    ann, bob, _ = faces(turned)
    assert turned.rejected_by_rule() == {Rule.PAN: 3}
    turned.decide([ann.id], Decision.KEEP)
    turned.decide([bob.id], Decision.REJECT)
    assert turned.rejected_by_rule() == {Rule.PAN: 2}
    turned.set_limits(Limits(max_pan_deg=40, min_sharpness=90))
    assert turned.rejected_by_rule() == {Rule.SHARPNESS: 2}
    for rule, count in turned.rejected_by_rule().items():
        wanted = FaceFilter(states=(OUT,), failing=rule)
        assert len(turned.face_ids(wanted)) == count
    turned.decide([bob.id], Decision.IGNORE)
    assert turned.rejected_by_rule() == {Rule.SHARPNESS: 1}
