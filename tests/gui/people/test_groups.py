"""Groups of faces that may be one person: named, ignored and split as a whole."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from facegui.domain.entities import Decision, FaceState
from facegui.gui.people.page import PeoplePage
from facegui.services.libraries import Library
from tests.fakes.people_library import ANN_UNNAMED, BOB_UNNAMED, STRANGERS
from tests.gui.conftest import Settle, press
from tests.gui.people.conftest import name_of, reject

Key = Qt.Key


def groups(page: PeoplePage) -> list[int]:
    return [len(case.subject.face_ids) for case in page.groups.list.cases]  # type: ignore[attr-defined]


def test_a_group_is_named_at_once_and_the_next_one_follows(
    page: PeoplePage, library: Library, settle: Settle
) -> None:
    page.choose(page.groups)
    settle()
    assert groups(page) == [3, 2]
    assert {case.face_id for case in page.groups.faces.grid.cases} == set(STRANGERS)
    page.groups.faces.name_field.named.emit("Cleo")
    settle()
    assert {name_of(library, n) for n in STRANGERS} == {"Cleo"}
    assert groups(page) == [2]
    assert {case.face_id for case in page.groups.faces.grid.cases} == set(ANN_UNNAMED)


def test_only_the_marked_ones_of_a_group_are_ignored(
    page: PeoplePage, library: Library, settle: Settle
) -> None:
    page.choose(page.groups)
    settle()
    grid = page.groups.faces.grid
    grid.setFocus()
    first = grid.cases[0].face_id
    press(Key.Key_Space, Key.Key_Right)
    assert page.groups.faces.target_ids() == [first]
    press(Key.Key_I)
    settle()
    decisions = {n: library.faces([n])[0].decision for n in STRANGERS}
    assert [n for n, decision in decisions.items() if decision is Decision.IGNORE] == [first]
    assert groups(page) == [2, 2]


def test_groups_stay_where_they_are_until_the_view_is_left(
    page: PeoplePage, library: Library, settle: Settle
) -> None:
    page.choose(page.groups)
    settle()
    assert groups(page) == [3, 2]
    library.decide([STRANGERS[0], STRANGERS[1]], Decision.IGNORE)
    library.assign([3, 4], None)
    page.groups.follow()
    settle()
    assert groups(page)[0] == 4, "the one that was second is all that is left"
    library.undo()
    library.undo()
    page.groups.follow()
    settle()
    assert groups(page) == [3, 2], "what comes back stands where it stood"


def test_rejected_faces_are_grouped_on_demand(
    page: PeoplePage, library: Library, settle: Settle
) -> None:
    reject(library, *STRANGERS, *ANN_UNNAMED)
    library.assign([BOB_UNNAMED], "Bob")
    page.choose(page.groups)
    settle()
    assert groups(page) == []
    words = " ".join(label.text() for label in page.groups.empty.findChildren(QLabel))
    assert "Every face that is kept has a name. Tick above to group the 5" in words
    page.groups.rejected.click()
    settle()
    assert groups(page) == [3, 2]
    assert "A name does not keep what rules reject." in page.groups.hint.text()
    page.groups.faces.name_field.named.emit("Cleo")
    settle()
    assert {name_of(library, n) for n in STRANGERS} == {"Cleo"}
    assert {face.state for face in library.faces(STRANGERS)} == {FaceState.REJECTED}


def test_a_group_is_split_and_stays_split(page: PeoplePage, settle: Settle) -> None:
    page.choose(page.groups)
    settle()
    press(Key.Key_S)
    settle()
    settle()
    assert groups(page)[0] < 3
    page.groups.refresh()
    settle()
    assert groups(page)[0] < 3
