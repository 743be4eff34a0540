"""The review page on a real library: keys become steps, and nothing moves under the cursor."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from facegui.domain.entities import Decision, Face, FaceState
from facegui.domain.queries import Change, FaceFilter, NewPhoto
from facegui.domain.rules import Rule
from facegui.gui.context import AppContext
from facegui.gui.review.commands import Command
from facegui.gui.review.filters import Mode
from facegui.gui.review.page import ReviewPage
from facegui.gui.review.tiles import FaceTile
from facegui.services.libraries import Library, create_library
from tests.fakes.proposals import proposal, scanned
from tests.fakes.review_library import LEFT

Settle = Callable[[], None]
NONE = Qt.KeyboardModifier.NoModifier


def press(*keys: Qt.Key, held: Qt.KeyboardModifier = NONE) -> None:
    for key in keys:
        target = QApplication.focusWidget()
        assert target is not None
        QTest.keyClick(target, key, held)


def face(page: ReviewPage, row: int) -> Face:
    tile = page.stage.sheets[Mode.FACES].tiles.tile(row)
    assert isinstance(tile, FaceTile)
    return tile.face


def row(page: ReviewPage) -> int:
    return page.stage.sheet.currentIndex().row()


def chip(page: ReviewPage, text: str) -> None:
    buttons = {c.text: button for c, button in page.filter_bar._chips}
    buttons[text].click()


def names(library: Library) -> dict[int, str]:
    return {person.id: person.name for person in library.people()}


def test_all_faces_show_with_the_first_current(page: ReviewPage, library: Library) -> None:
    assert page.stage.sheet.tiles.ids.tolist() == library.face_ids(FaceFilter())
    assert row(page) == 0
    assert QApplication.focusWidget() is page.stage.sheet


def test_chips_say_how_many_there_are(page: ReviewPage, library: Library) -> None:
    counts = library.counts()
    shown = [button.text() for _, button in page.filter_bar._chips]
    assert shown == [
        f"All  {counts.faces}",
        f"Undecided  {counts.faces}",
        f"Kept  {counts.kept}",
        f"Kept, no name  {counts.unnamed_kept}",
        f"Rejected  {counts.rejected}",
        f"Ignored  {counts.ignored}",
        "Conflict  0",
    ]


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
    assert tile.title == "Ann?"
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
    assert None not in after.values()
    assert library.counts().kept == library.counts().faces


def test_nothing_moves_when_a_face_no_longer_fits(page: ReviewPage, settle: Settle) -> None:
    chip(page, "Kept")
    settle()
    ids, offset = page.stage.sheet.tiles.ids.tolist(), page.stage.sheet.verticalOffset()
    page.stage.sheet.go_to(3)
    press(Qt.Key.Key_X)
    settle()
    assert page.stage.sheet.tiles.ids.tolist() == ids
    assert page.stage.sheet.verticalOffset() == offset
    assert page.stage.sheet.tiles.stale_count == 1
    assert page.filter_bar._refresh.isVisible()
    assert row(page) == 4
    page.filter_bar._refresh.click()
    settle()
    assert page.stage.sheet.tiles.ids.tolist() == ids[:3] + ids[4:]
    assert not page.filter_bar._refresh.isVisible()
    assert int(page.stage.sheet.tiles.ids[row(page)]) == ids[4]


def test_undo_brings_a_stale_face_back(
    page: ReviewPage, settle: Settle, context: AppContext, library: Library
) -> None:
    chip(page, "Kept")
    settle()
    press(Qt.Key.Key_X)
    settle()
    assert page.stage.sheet.tiles.stale_count == 1
    context.write("undo", library.undo)
    settle()
    assert page.stage.sheet.tiles.stale_count == 0
    assert face(page, 0).decision is Decision.UNDECIDED


def test_a_scans_batch_adds_faces_and_keeps_the_place(
    page: ReviewPage, settle: Settle, context: AppContext, library: Library
) -> None:
    page.stage.sheet.go_to(5)
    press(Qt.Key.Key_Space)
    count = page.stage.sheet.tiles.rowCount()
    new = library.photo_ids()[-1]
    library.store_scans([scanned(new, [proposal(LEFT, seed=500)])])
    context.rows_changed.emit(Change(None, photo_ids=(new,)))
    settle()
    assert page.stage.sheet.tiles.rowCount() == count + 1
    assert row(page) == 5
    assert page.stage.sheet.selected_rows() == [5]
    assert f"All  {count + 1}" in [button.text() for _, button in page.filter_bar._chips]


def test_rejected_faces_can_be_told_by_their_reason(page: ReviewPage, settle: Settle) -> None:
    chip(page, "Rejected")
    settle()
    reasons = page.filter_bar._reasons
    assert reasons.isVisible()
    everything = page.stage.sheet.tiles.rowCount()
    reasons.setCurrentIndex(reasons.findText("Pan  2"))
    settle()
    assert 0 < page.stage.sheet.tiles.rowCount() < everything
    assert all(
        "pan 31° > 20°" in _verdict(page, n) for n in range(page.stage.sheet.tiles.rowCount())
    )


def _verdict(page: ReviewPage, row: int) -> str:
    tile = page.stage.sheet.tiles.tile(row)
    assert isinstance(tile, FaceTile)
    return tile.verdict


def test_a_person_narrows_the_grid(page: ReviewPage, settle: Settle, library: Library) -> None:
    bob = next(n for n, name in names(library).items() if name == "Bob")
    page.people_panel.choose(bob)
    settle()
    assert page.stage.sheet.tiles.ids.tolist() == library.face_ids(FaceFilter(person_id=bob))
    page.people_panel.choose(None)
    settle()
    assert page.stage.sheet.tiles.rowCount() == library.counts().faces


def test_people_can_be_added_and_renamed(
    page: ReviewPage, settle: Settle, library: Library
) -> None:
    field = page.people_panel._field
    field.setText("Cleo")
    field.returnPressed.emit()
    settle()
    assert [p.name for p in page.people_panel.people] == ["Ann", "Bob", "Cleo"]
    model = page.people_panel._model
    model.setData(model.index(3, 0), "Clio")
    settle()
    assert [p.name for p in library.people()] == ["Ann", "Bob", "Clio"]
    assert model.index(3, 0).data() == "Clio"


def test_search_waits_for_the_typing_and_enter_confirms_nothing(
    page: ReviewPage, settle: Settle, library: Library
) -> None:
    page.filter_bar.focus_search()
    field = QApplication.focusWidget()
    assert isinstance(field, QLineEdit)
    QTest.keyClicks(field, "group")
    page_sheet = page.stage.sheet.tiles
    press(Qt.Key.Key_Return)
    assert QApplication.focusWidget() is page.stage.sheet
    settle_search(page, settle)
    assert page_sheet.rowCount() == 2
    assert library.history() == []


def settle_search(page: ReviewPage, settle: Settle) -> None:
    """Let the pause after typing end now."""
    page.filter_bar._pause.stop()
    page.filter_bar.filter_changed.emit()
    settle()


def test_a_search_that_finds_nothing_offers_everything(
    page: ReviewPage, settle: Settle, library: Library
) -> None:
    page.filter_bar._search.setText("zzz")
    settle_search(page, settle)
    assert page.stage.empty.isVisible()
    page.stage.empty._button.click()
    settle()
    assert page.stage.sheet.isVisible()
    assert page.stage.sheet.tiles.rowCount() == library.counts().faces


def test_the_reasons_lead_to_the_faces_and_to_the_rules(
    page: ReviewPage, settle: Settle, context: AppContext, qtbot: QtBot
) -> None:
    actions = page.filter_bar._why.menu().actions()
    assert [action.text() for action in actions[:2]] == ["Faces in photo\t2", "Pan\t2"]
    actions[1].trigger()
    settle()
    assert page.stage.sheet.tiles.rowCount() == 2
    with qtbot.waitSignal(context.page_requested) as asked:
        actions[-1].trigger()
    assert asked.args == ["rules"]


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


def test_a_face_asked_for_from_elsewhere_is_shown_among_all(
    page: ReviewPage, settle: Settle, context: AppContext, library: Library
) -> None:
    page.filter_bar.set_mode(Mode.PHOTOS)
    settle()
    wanted = library.face_ids(FaceFilter(failing=Rule.PAN))[-1]
    context.face_requested.emit(wanted)
    settle()
    assert page.stage.mode is Mode.FACES
    assert page.stage.sheet.target_ids() == [wanted]
    assert page.stage.sheet.tiles.rowCount() == library.counts().faces


def test_a_rule_asked_for_from_elsewhere_shows_whom_it_rejects(
    page: ReviewPage, settle: Settle, context: AppContext, library: Library
) -> None:
    ann = library.people()[0]
    context.rule_requested.emit(Rule.PAN, ann.id)
    settle()
    (shown,) = library.faces(page.stage.sheet.tiles.ids.tolist())
    assert (shown.person_id, shown.failed) == (ann.id, ("pan",))
    context.rule_requested.emit(Rule.PAN, None)
    settle()
    assert page.stage.sheet.tiles.rowCount() == 2


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


def test_closing_the_library_empties_the_page(
    page: ReviewPage, settle: Settle, context: AppContext
) -> None:
    context.set_library(None)
    settle()
    assert page.stage.sheet.tiles.rowCount() == 0
    press(Qt.Key.Key_X)
    page.run(Command.CONFIRM)


def test_another_library_takes_the_place_of_the_first(
    page: ReviewPage, settle: Settle, context: AppContext, tmp_path: Path
) -> None:
    context.set_library(create_library(tmp_path / "other.facegui"))
    settle()
    assert page.stage.sheet.tiles.rowCount() == 0
    assert page.stage.empty.isVisible()
    assert page.stage.empty._title.text() == "No photos yet"


def test_letters_are_steps_also_when_the_people_have_the_focus(
    page: ReviewPage, settle: Settle
) -> None:
    people = page.people_panel._list
    people.setFocus(Qt.FocusReason.TabFocusReason)
    press(Qt.Key.Key_K)
    settle()
    assert face(page, 0).decision is Decision.KEEP
    assert people.currentIndex().row() == 0


def test_a_name_that_is_being_typed_survives_new_counts(
    page: ReviewPage, settle: Settle, context: AppContext, library: Library, qtbot: QtBot
) -> None:
    people = page.people_panel._list
    people.setFocus(Qt.FocusReason.TabFocusReason)
    people.edit(page.people_panel._model.index(1, 0))
    editor = QApplication.focusWidget()
    assert isinstance(editor, QLineEdit)
    QTest.keyClicks(editor, "Anna")
    context.rows_changed.emit(Change(None))
    settle()
    assert QApplication.focusWidget() is editor
    press(Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: len(library.history()) == 1)  # committed from the event loop
    settle()
    assert [person.name for person in page.people_panel.people] == ["Anna", "Bob"]
    assert [entry.label for entry in library.history()] == ["Rename to Anna"]


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


def test_ctrl_f_goes_to_the_search(page: ReviewPage) -> None:
    press(Qt.Key.Key_F, held=Qt.KeyboardModifier.ControlModifier)
    assert QApplication.focusWidget() is page.filter_bar._search


def test_the_first_batch_of_a_new_library_makes_its_first_face_current(
    qtbot: QtBot, context: AppContext, settle: Settle, tmp_path: Path
) -> None:
    library = create_library(tmp_path / "new.facegui")
    page = ReviewPage(context)
    qtbot.addWidget(page)
    with qtbot.waitExposed(page):
        page.show()
    context.set_library(library)
    settle()
    assert page.stage.empty.isVisible()
    added = library.add_photos([NewPhoto(f"/{n}.jpg", "Ann", 1, 1) for n in range(3)]).added
    library.store_scans([scanned(n, [proposal(LEFT, seed=n)]) for n in added])
    context.rows_changed.emit(Change(None, photo_ids=tuple(added)))
    settle()
    assert page.stage.sheet.isVisible()
    assert row(page) == 0
    assert page.stage.sheet.selected_rows() == [0]


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
