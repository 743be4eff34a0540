"""Keys become steps on a real library, and the next face is current at once."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from facegui.domain.entities import Decision, FaceState
from facegui.domain.queries import FaceFilter
from facegui.domain.rules import Rule
from facegui.gui.context import AppContext
from facegui.gui.review.commands import Command
from facegui.gui.review.page import ReviewPage
from facegui.gui.review.tiles import FaceTile
from facegui.services.libraries import Library
from tests.gui.conftest import Settle, press
from tests.gui.review.conftest import face, names, row


@pytest.mark.parametrize(
    ("key", "decision"),
    [
        (Qt.Key.Key_K, Decision.KEEP),
        (Qt.Key.Key_X, Decision.REJECT),
        (Qt.Key.Key_Delete, Decision.REJECT),
        (Qt.Key.Key_I, Decision.IGNORE),
        (Qt.Key.Key_Return, Decision.KEEP),
    ],
)
def test_one_key_decides_and_goes_on(
    page: ReviewPage, settle: Settle, library: Library, key: Qt.Key, decision: Decision
) -> None:
    first = face(page, 0).id
    press(key)
    assert row(page) == 1
    settle()
    assert library.faces([first])[0].decision is decision
    assert face(page, 0).decision is decision


def test_decided_faces_are_passed_over(page: ReviewPage, settle: Settle) -> None:
    page.stage.sheet.go_to(1)
    press(Qt.Key.Key_K)
    settle()
    page.stage.sheet.go_to(0)
    press(Qt.Key.Key_K)
    assert row(page) == 2


def test_keys_may_be_faster_than_the_disk(
    page: ReviewPage, settle: Settle, library: Library
) -> None:
    press(*[Qt.Key.Key_X] * 5)
    assert row(page) == 5
    settle()
    decided = library.face_ids(FaceFilter(decisions=(Decision.REJECT,)))
    assert decided == page.stage.sheet.tiles.ids[:5].tolist()
    assert [entry.undone for entry in library.history()] == [False] * 5


def test_a_decision_can_be_left_to_the_rules_again(
    page: ReviewPage, settle: Settle, library: Library
) -> None:
    press(Qt.Key.Key_X)
    settle()
    page.stage.sheet.go_to(0)
    press(Qt.Key.Key_U)
    settle()
    assert face(page, 0).decision is Decision.UNDECIDED
    assert row(page) == 0


def test_enter_takes_the_name_that_is_offered(
    page: ReviewPage, settle: Settle, library: Library
) -> None:
    group = next(n for n in range(20) if face(page, n).person_id is None)
    tile = page.stage.sheet.tiles.tile(group)
    assert isinstance(tile, FaceTile)
    assert tile.offer == "Ann"
    assert tile.title == "folder: Ann?"
    page.stage.sheet.go_to(group)
    press(Qt.Key.Key_Return)
    settle()
    confirmed = face(page, group)
    assert confirmed.decision is Decision.KEEP
    assert names(library)[confirmed.person_id or 0] == "Ann"


def test_a_number_names_and_keeps(page: ReviewPage, settle: Settle, library: Library) -> None:
    press(Qt.Key.Key_2)
    settle()
    assert names(library)[face(page, 0).person_id or 0] == "Bob"
    assert face(page, 0).state is FaceState.KEPT
    press(Qt.Key.Key_9)  # nobody has that number
    settle()
    assert face(page, 1).decision is Decision.UNDECIDED


def test_not_this_person_takes_the_name_and_offers_it_no_more(
    page: ReviewPage, settle: Settle
) -> None:
    press(Qt.Key.Key_N)
    settle()
    tile = page.stage.sheet.tiles.tile(0)
    assert isinstance(tile, FaceTile)
    assert tile.person is None
    assert tile.offer is None
    assert row(page) == 0


def test_a_new_name_is_typed_and_letters_are_letters_there(
    page: ReviewPage, settle: Settle, library: Library
) -> None:
    press(Qt.Key.Key_T)
    field = QApplication.focusWidget()
    assert isinstance(field, QLineEdit)
    assert field.text() == "Ann"
    QTest.keyClicks(field, "Kix")
    press(Qt.Key.Key_Return)
    settle()
    assert names(library)[face(page, 0).person_id or 0] == "Kix"
    assert [entry.label for entry in library.history()] == ["Name 1 face Kix"]
    assert QApplication.focusWidget() is page.stage.sheet


def test_a_known_name_in_other_letters_is_that_person(
    page: ReviewPage, settle: Settle, library: Library
) -> None:
    press(Qt.Key.Key_T)
    field = QApplication.focusWidget()
    assert isinstance(field, QLineEdit)
    QTest.keyClicks(field, "bob")
    press(Qt.Key.Key_Return)
    settle()
    assert sorted(names(library).values()) == ["Ann", "Bob"]
    assert names(library)[face(page, 0).person_id or 0] == "Bob"


def test_esc_leaves_the_name_alone(page: ReviewPage, settle: Settle, library: Library) -> None:
    press(Qt.Key.Key_T)
    press(Qt.Key.Key_Escape)
    settle()
    assert not page.name_field.isVisible()
    assert QApplication.focusWidget() is page.stage.sheet
    assert library.history() == []


def test_marked_faces_are_decided_together_in_one_step(
    page: ReviewPage, settle: Settle, library: Library
) -> None:
    press(Qt.Key.Key_Space, Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Space, Qt.Key.Key_X)
    settle()
    assert [face(page, n).decision for n in range(4)] == [
        Decision.REJECT,
        Decision.UNDECIDED,
        Decision.REJECT,
        Decision.UNDECIDED,
    ]
    assert len(library.history()) == 1
    assert page.stage.sheet.selected_rows() == [0, 2]


def test_all_faces_confirmed_at_once_keep_their_own_names(
    page: ReviewPage, settle: Settle, library: Library
) -> None:
    before = {f.id: f.person_id for f in library.faces(library.face_ids())}
    press(Qt.Key.Key_A, held=Qt.KeyboardModifier.ControlModifier)
    press(Qt.Key.Key_Return)
    settle()
    after = {f.id: f.person_id for f in library.faces(library.face_ids())}
    named = {n for n, person in before.items() if person is not None}
    assert {n: after[n] for n in named} == {n: before[n] for n in named}
    assert list(after.values()).count(None) == 1  # the stranger of the group
    assert library.counts().kept == library.counts().faces
    assert len(library.history()) == 1


def test_one_key_takes_back_all_marked_rejected_faces(
    page: ReviewPage, settle: Settle, library: Library
) -> None:
    page.filter_bar.choose_rule(Rule.PAN)
    settle()
    page.stage.focus()
    press(Qt.Key.Key_A, held=Qt.KeyboardModifier.ControlModifier)
    press(Qt.Key.Key_K)
    settle()
    turned = library.faces(library.face_ids(FaceFilter(failing=Rule.PAN)))
    assert [face.state for face in turned] == [FaceState.KEPT, FaceState.KEPT]
    assert len(library.history()) == 1


def test_the_context_menu_shows_every_step_with_its_key(
    qtbot: QtBot, page: ReviewPage, settle: Settle
) -> None:
    page._show_menu(page.stage.sheet.visualRect(page.stage.sheet.currentIndex()).center())
    menu = QApplication.activePopupWidget()
    assert menu is not None
    texts = {action.text() for action in menu.actions() if not action.isSeparator()}
    assert {"Keep\tK", "Reject\tX or Delete", "Show the photo\tP", "Name after"} <= texts
    keep = next(action for action in menu.actions() if action.text() == "Keep\tK")
    keep.trigger()
    menu.close()
    settle()
    assert face(page, 0).decision is Decision.KEEP


def test_the_key_sheet_names_every_command(page: ReviewPage) -> None:
    keys = dict(page.keys())
    assert keys["X or Delete"] == "Reject"
    assert len(keys) > len(Command)


def test_letters_are_steps_also_when_the_people_have_the_focus(
    page: ReviewPage, settle: Settle
) -> None:
    people = page.people_panel._list
    people.setFocus(Qt.FocusReason.TabFocusReason)
    press(Qt.Key.Key_K)
    settle()
    assert face(page, 0).decision is Decision.KEEP
    assert people.currentIndex().row() == 0


def test_a_name_can_be_picked_from_the_completions(
    page: ReviewPage, settle: Settle, library: Library, qtbot: QtBot
) -> None:
    press(Qt.Key.Key_T)
    field = QApplication.focusWidget()
    assert isinstance(field, QLineEdit)
    QTest.keyClicks(field, "o")
    popup = field.completer().popup()
    qtbot.waitUntil(popup.isVisible)
    QTest.keyClick(popup, Qt.Key.Key_Down)
    QTest.keyClick(popup, Qt.Key.Key_Return)
    settle()
    assert names(library)[face(page, 0).person_id or 0] == "Bob"
    assert len(library.history()) == 1


def test_the_strip_forgets_a_step_that_was_taken_back(
    qtbot: QtBot, page: ReviewPage, context: AppContext, library: Library, settle: Settle
) -> None:
    page.stage.sheet.setFocus()
    qtbot.keyClick(page.stage.sheet, Qt.Key.Key_X)
    settle()
    assert "Ctrl+Z" in page._strip._step.text()

    context.write("undo", library.undo)
    settle()
    assert page._strip._step.text() == ""


def test_find_similar_asks_for_the_face_in_focus(page: ReviewPage, context: AppContext) -> None:
    asked: list[object] = []
    context.page_requested.connect(asked.append)
    context.similar_requested.connect(asked.append)
    page.run(Command.SIMILAR)
    assert asked == ["people", face(page, 0).id]
