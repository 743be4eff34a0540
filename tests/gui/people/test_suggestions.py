"""Suggestions on a real library: one key answers each question, and it is remembered."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel

from facegui.domain.entities import Decision, FaceState
from facegui.domain.errors import StorageFault
from facegui.domain.queries import Answer
from facegui.gui.context import AppContext
from facegui.gui.people import suggestions_view
from facegui.gui.people.page import PeoplePage
from facegui.services.libraries import Library
from tests.fakes.people_library import ANN_UNNAMED, BOB_UNNAMED, STRANGERS
from tests.gui.conftest import Settle, press
from tests.gui.people.conftest import go_to, ids, name_of, reject

Key = Qt.Key


def test_every_face_without_a_name_is_asked_about(page: PeoplePage) -> None:
    assert set(ids(page)) == {*ANN_UNNAMED, BOB_UNNAMED, *STRANGERS}
    assert set(ids(page)[-3:]) == set(STRANGERS)
    assert "6 faces without a name" in page.suggestions.summary.text()
    assert not page.suggestions.question.isHidden()


def test_enter_confirms_and_the_next_one_is_current_at_once(
    page: PeoplePage, library: Library, settle: Settle
) -> None:
    go_to(page, ANN_UNNAMED[0])
    assert page.suggestions.question.text() == "Is this Ann?"
    row = page.suggestions.list.currentIndex().row()
    following = ids(page)[row + 1]
    press(Key.Key_Return)
    assert ANN_UNNAMED[0] not in ids(page)
    assert page.suggestions.list.current is not None
    assert page.suggestions.list.current.face_id == following
    settle()
    assert name_of(library, ANN_UNNAMED[0]) == "Ann"
    assert library.faces([ANN_UNNAMED[0]])[0].decision is Decision.KEEP
    assert page.suggestions.list.current.face_id == following


def test_a_name_that_is_refused_is_never_suggested_again(
    page: PeoplePage, context: AppContext, library: Library, settle: Settle
) -> None:
    go_to(page, ANN_UNNAMED[0])
    press(Key.Key_N)
    settle()
    ann = next(person.id for person in library.people() if person.name == "Ann")
    assert library.answers() == [Answer(ANN_UNNAMED[0], ann, same=False)]
    again = {case.face_id: case.title for case in page.suggestions.list.cases}
    assert again[ANN_UNNAMED[0]] in {"Bob", "no name"}
    assert ids(page)[-1] == ANN_UNNAMED[0], "asked again below all others"
    context.write("Undo", library.undo)
    settle()
    back = {case.face_id: case.title for case in page.suggestions.list.cases}
    assert back[ANN_UNNAMED[0]] == "Ann"


def test_where_there_are_many_the_first_ones_come_before_all_are_compared(
    empty_page: PeoplePage,
    context: AppContext,
    library: Library,
    settle: Settle,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(suggestions_view, "_FIRST", 2)
    monkeypatch.setattr(suggestions_view, "_LONG", 1)
    seen: list[tuple[list[int], str]] = []
    view = empty_page.suggestions
    view.list.model().modelReset.connect(
        lambda: seen.append((ids(empty_page), view.summary.text())) if ids(empty_page) else None
    )
    context.set_library(library)
    settle()
    assert [set(shown) for shown, _ in seen] == [
        set(ANN_UNNAMED),
        {*ANN_UNNAMED, BOB_UNNAMED, *STRANGERS},
    ]
    assert "The first of 6" in seen[1][1], "said until the others came"
    assert "6 faces without a name" in view.summary.text()


def test_the_sure_ones_are_confirmed_at_once_in_one_step(
    page: PeoplePage, context: AppContext, library: Library, settle: Settle
) -> None:
    assert page.suggestions.bulk.text() == "Confirm the 3 sure ones"
    told: list[str] = []
    context.told.connect(told.append)
    page.suggestions.bulk.click()
    settle()
    assert told == ["Confirm 3 faces. Ctrl+Z takes it back."]
    assert [name_of(library, n) for n in (*ANN_UNNAMED, BOB_UNNAMED)] == ["Ann", "Ann", "Bob"]
    assert set(ids(page)) == set(STRANGERS)
    assert page.suggestions.bulk.isHidden()
    context.write("Undo", library.undo)
    settle()
    assert [name_of(library, n) for n in (*ANN_UNNAMED, BOB_UNNAMED)] == [None] * 3
    assert set(ids(page)) == {*ANN_UNNAMED, BOB_UNNAMED, *STRANGERS}


def test_a_lone_sure_one_is_confirmed_whatever_is_current(
    page: PeoplePage, library: Library, settle: Settle
) -> None:
    library.assign(list(ANN_UNNAMED), "Ann")
    page.suggestions.refresh()
    settle()
    go_to(page, STRANGERS[0])
    assert page.suggestions.bulk.text() == "Confirm the sure one"
    page.suggestions.bulk.click()
    settle()
    assert name_of(library, BOB_UNNAMED) == "Bob"
    assert page.suggestions.list.current is not None
    assert page.suggestions.list.current.face_id == STRANGERS[0]
    assert set(ids(page)) == set(STRANGERS)


def test_what_cannot_be_written_is_asked_again(
    page: PeoplePage, library: Library, settle: Settle, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_args: object, **_named: object) -> None:
        raise StorageFault("no room")

    monkeypatch.setattr(library, "assign", full)
    go_to(page, BOB_UNNAMED)
    press(Key.Key_Return)
    assert BOB_UNNAMED not in ids(page)
    settle()
    assert BOB_UNNAMED in ids(page)


def test_somebody_else_is_typed(page: PeoplePage, library: Library, settle: Settle) -> None:
    go_to(page, STRANGERS[0])
    press(Key.Key_T)
    field = QApplication.focusWidget()
    assert page.suggestions.name_field.isVisible()
    assert field is not None
    QTest.keyClicks(field, "Cleo")
    press(Key.Key_Return)
    settle()
    assert name_of(library, STRANGERS[0]) == "Cleo"
    assert STRANGERS[0] not in ids(page)


def test_ignoring_and_number_keys(page: PeoplePage, library: Library, settle: Settle) -> None:
    go_to(page, STRANGERS[0])
    press(Key.Key_I)
    settle()
    assert library.faces([STRANGERS[0]])[0].decision is Decision.IGNORE
    keyed = next((person for person in library.people() if person.key is not None), None)
    if keyed is not None:
        go_to(page, STRANGERS[1])
        press(Qt.Key(Key.Key_0 + keyed.key))
        settle()
        assert name_of(library, STRANGERS[1]) == keyed.name


def test_a_face_opens_in_review(page: PeoplePage, context: AppContext) -> None:
    go_to(page, BOB_UNNAMED)
    asked: list[str | int] = []
    context.page_requested.connect(asked.append)
    context.face_requested.connect(asked.append)
    press(Key.Key_P)
    assert asked == ["review", BOB_UNNAMED]


def test_when_all_are_named_it_says_so(page: PeoplePage, library: Library, settle: Settle) -> None:
    library.assign(ids(page), "Ann")
    page.suggestions.refresh()
    settle()
    assert ids(page) == []
    assert page.suggestions.empty.isVisible()


def test_like_nobody_asks_no_name_and_enter_gives_none(
    page: PeoplePage, library: Library, settle: Settle
) -> None:
    go_to(page, STRANGERS[0])
    assert page.suggestions.question.text() == "Who is this? It looks like nobody named."
    assert page.suggestions.yes.isHidden()
    assert page.suggestions.no.isHidden()
    press(Key.Key_Return, Key.Key_N)
    settle()
    assert name_of(library, STRANGERS[0]) is None
    assert library.answers() == []
    assert STRANGERS[0] in ids(page)
    go_to(page, BOB_UNNAMED)
    assert not page.suggestions.yes.isHidden()


def test_nothing_moves_while_it_is_answered(
    page: PeoplePage, library: Library, settle: Settle
) -> None:
    before = ids(page)
    go_to(page, before[1])
    press(Key.Key_N)
    settle()
    assert ids(page) == [before[0], *before[2:], before[1]]
    assert page.suggestions.list.current is not None
    assert page.suggestions.list.current.face_id == before[2]
    library.assign([before[0]], "Ann")
    page.suggestions.follow()
    settle()
    assert ids(page) == [*before[2:], before[1]]


def test_a_rejected_face_is_asked_about_last_and_a_name_does_not_keep_it(
    page: PeoplePage, library: Library, settle: Settle
) -> None:
    reject(library, ANN_UNNAMED[0])
    page.suggestions.refresh()
    settle()
    assert ids(page)[-1] == ANN_UNNAMED[0]
    case = page.suggestions.list.cases[-1]
    assert (case.title, case.note) == ("Ann", "rejected: pan 28° > 20°")
    assert "1 rejected by rules" in page.suggestions.summary.text()
    assert page.suggestions.bulk.text() == "Confirm the 2 sure ones"
    go_to(page, ANN_UNNAMED[0])
    assert page.suggestions.note.text().endswith("A name does not keep it.")
    press(Key.Key_Return)
    settle()
    assert name_of(library, ANN_UNNAMED[0]) == "Ann"
    assert library.faces([ANN_UNNAMED[0]])[0].state is FaceState.REJECTED


def test_what_is_said_where_nobody_is_left_to_suggest_is_true(
    page: PeoplePage, library: Library, settle: Settle
) -> None:
    for person in library.people():
        library.refuse(ids(page), person.id)
    page.suggestions.refresh()
    settle()
    assert page.suggestions.empty.isVisible()
    words = " ".join(label.text() for label in page.suggestions.empty.findChildren(QLabel))
    assert "6 faces have no name" in words
