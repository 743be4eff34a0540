"""Each step on faces is one undoable write, told in words, and nothing else changes."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from facegui.domain.entities import Decision, Face, FaceState
from facegui.domain.queries import Change, FaceFilter
from facegui.domain.rules import Rule
from facegui.gui.context import AppContext
from facegui.gui.review.verdicts import Targets, Verdicts
from facegui.services.libraries import Library
from tests.gui.conftest import Settle


@pytest.fixture
def verdicts(context: AppContext, library: Library) -> Verdicts:
    context.set_library(library)
    return Verdicts(context)


@pytest.fixture
def told(verdicts: Verdicts) -> list[str]:
    lines: list[str] = []
    verdicts.told.connect(lines.append)
    return lines


def group(library: Library) -> int:
    return next(n for n in library.photo_ids() if len(library.faces_of_photos([n])[n]) == 2)


def faces(library: Library) -> dict[int, Face]:
    return {face.id: face for face in library.faces(library.face_ids())}


def labels(library: Library) -> list[str]:
    return [entry.label for entry in library.history()]


def test_targets_are_faces_and_all_faces_of_photos(library: Library) -> None:
    with library:
        two = group(library)
        of_photo = [face.id for face in library.faces_of_photos([two])[two]]
        assert Targets(faces=(3, 4)).face_ids(library) == [3, 4]
        assert Targets(photos=(two,)).face_ids(library) == of_photo
        assert Targets(faces=(1,), photos=(two,)).face_ids(library) == [1, *of_photo]
        assert Targets().face_ids(library) == []


def test_a_decision_is_told_and_announced(
    qtbot: QtBot, verdicts: Verdicts, told: list[str], context: AppContext, library: Library
) -> None:
    face_id = library.face_ids()[0]
    with qtbot.waitSignal(context.rows_changed) as changed:
        verdicts.decide(Targets(faces=(face_id,)), Decision.REJECT)
    assert changed.args is not None
    assert isinstance(changed.args[0], Change)
    assert face_id in changed.args[0].face_ids
    qtbot.waitUntil(lambda: told == ["Reject 1 face. Ctrl+Z takes it back."])


def test_a_step_that_changes_nothing_is_not_told(
    verdicts: Verdicts, told: list[str], settle: Settle, library: Library
) -> None:
    face_id = library.face_ids()[0]
    verdicts.decide(Targets(faces=(face_id,)), Decision.KEEP)
    verdicts.decide(Targets(faces=(face_id,)), Decision.KEEP)
    settle()
    assert len(told) == 1
    assert len(library.history()) == 1


def test_confirming_takes_offers_and_keeps_names(
    verdicts: Verdicts, settle: Settle, library: Library
) -> None:
    before = faces(library)
    verdicts.confirm(Targets(faces=tuple(before)))
    settle()
    after = faces(library)
    people = {person.id: person.name for person in library.people()}
    offered = [face.id for face in library.faces_of_photos([group(library)])[group(library)]][:1]
    assert [people[after[n].person_id or 0] for n in offered] == ["Ann"]
    for n, face in before.items():
        assert after[n].decision is Decision.KEEP
        assert n in offered or after[n].person_id == face.person_id


def test_confirming_faces_with_and_without_offers_can_be_undone(
    verdicts: Verdicts, settle: Settle, library: Library
) -> None:
    before = faces(library)
    verdicts.confirm(Targets(faces=tuple(before)))
    settle()
    while library.undo():
        pass
    assert faces(library) == before


def test_confirming_tells_every_row_that_changed(
    qtbot: QtBot, verdicts: Verdicts, context: AppContext, library: Library
) -> None:
    with qtbot.waitSignal(context.rows_changed) as changed:
        verdicts.confirm(Targets(faces=tuple(library.face_ids())))
    assert changed.args is not None
    assert set(changed.args[0].face_ids) == set(library.face_ids())


def test_confirming_nothing_is_no_step(
    verdicts: Verdicts, settle: Settle, library: Library, told: list[str]
) -> None:
    verdicts.confirm(Targets())
    settle()
    assert labels(library) == []
    assert told == []


def test_naming_makes_the_person_and_keeps_the_face(
    verdicts: Verdicts, settle: Settle, library: Library
) -> None:
    two = group(library)
    verdicts.assign(Targets(photos=(two,)), "Cleo")
    settle()
    cleo = next(person for person in library.people() if person.name == "Cleo")
    named = library.face_ids(FaceFilter(person_id=cleo.id))
    assert named == [face.id for face in library.faces_of_photos([two])[two]]
    assert labels(library) == ["Name 2 faces Cleo"]
    assert {face.decision for face in library.faces(named)} == {Decision.KEEP}


def test_naming_leaves_the_rules_their_word_and_says_so(
    verdicts: Verdicts, settle: Settle, library: Library, told: list[str]
) -> None:
    turned = library.face_ids(FaceFilter(failing=Rule.PAN))
    mine = library.face_ids(FaceFilter(states=(FaceState.KEPT,)))[0]
    library.decide([mine], Decision.REJECT)
    verdicts.assign(Targets(faces=tuple(turned)), "Cleo")
    verdicts.assign(Targets(faces=(mine,)), "Cleo")
    settle()
    named = library.faces([*turned, mine])
    assert {face.state for face in named} == {FaceState.REJECTED}
    assert told == [
        "Name 2 faces Cleo. Ctrl+Z takes it back. 2 stay rejected (Pan); K keeps.",
        "Name 1 face Cleo. Ctrl+Z takes it back. 1 stays rejected (by you); K keeps.",
    ]


def test_people_are_steps_too(verdicts: Verdicts, settle: Settle, library: Library) -> None:
    verdicts.add_person("Dora")
    ann = next(person for person in library.people() if person.name == "Ann")
    verdicts.rename_person(ann.id, "Anne")
    settle()
    assert [person.name for person in library.people()] == ["Anne", "Bob", "Dora"]
    assert len(library.history()) == 2


def test_a_name_that_is_taken_is_refused_with_a_reason(
    qtbot: QtBot, verdicts: Verdicts, context: AppContext, library: Library
) -> None:
    ann = next(person for person in library.people() if person.name == "Ann")
    with qtbot.waitSignal(context.lanes.task_failed) as failed:
        verdicts.rename_person(ann.id, "Bob")
    assert failed.args is not None
    assert "Bob" in str(failed.args[1])
    assert labels(library) == []


def test_steps_are_written_in_the_order_of_the_keys(
    verdicts: Verdicts, settle: Settle, library: Library
) -> None:
    face_id = library.face_ids()[0]
    for decision in (Decision.KEEP, Decision.REJECT, Decision.IGNORE, Decision.KEEP):
        verdicts.decide(Targets(faces=(face_id,)), decision)
    settle()
    assert faces(library)[face_id].decision is Decision.KEEP
    assert labels(library) == ["Keep 1 face", "Ignore 1 face", "Reject 1 face", "Keep 1 face"]


def test_without_a_library_nothing_is_written(context: AppContext) -> None:
    Verdicts(context).decide(Targets(faces=(1,)), Decision.KEEP)
    assert not context.lanes.busy()
