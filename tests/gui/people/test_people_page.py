"""The people page on a real library: one key answers each question, and it is remembered."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from facegui.domain.entities import Decision, FaceState
from facegui.domain.errors import StorageFault
from facegui.domain.geometry import Pose
from facegui.domain.queries import Answer
from facegui.gui.context import AppContext
from facegui.gui.people import suggestions_view
from facegui.gui.people.page import PeoplePage
from facegui.gui.people.readiness_view import Row, advice, balance
from facegui.gui.review.empty_state import Remedy
from facegui.services.libraries import Library, create_library
from facegui.services.readiness import Gap, Readiness
from tests.fakes.people_library import ANN_UNNAMED, BOB_UNNAMED, STRANGERS, SWAPPED
from tests.fakes.proposals import proposal, scanned
from tests.fakes.review_library import LEFT, RIGHT
from tests.gui.conftest import Settle, press

Key = Qt.Key


def name_of(library: Library, face_id: int) -> str | None:
    person_id = library.faces([face_id])[0].person_id
    return next((person.name for person in library.people() if person.id == person_id), None)


def ids(page: PeoplePage) -> list[int]:
    return [case.face_id for case in page.suggestions.list.cases]


def go_to(page: PeoplePage, face_id: int) -> None:
    view = page.suggestions.list
    view.setCurrentIndex(view.model().index(ids(page).index(face_id), 0))


# suggestions


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


def reject(library: Library, *face_ids: int) -> None:
    """Let a rule reject all but the named ones: faces look straight ahead, but for these."""
    photos = {face.photo_id: face for face in library.faces(face_ids)}
    vectors = dict(zip(face_ids, library.embeddings(list(face_ids)), strict=True))
    library.store_scans(
        [
            scanned(
                photo_id,
                [replace(proposal(LEFT, pose=Pose(0, 28, 0)), embedding=vectors[face.id])],
            )
            for photo_id, face in photos.items()
        ]
    )
    assert [bool(face.failed) for face in library.faces(face_ids)] == [True] * len(face_ids)


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


def test_the_models_obey_qt(page: PeoplePage) -> None:
    fatal = QAbstractItemModelTester.FailureReportingMode.Fatal
    for view in (page.suggestions.list, page.ready.list):
        QAbstractItemModelTester(view.model(), fatal, page)
    press(Key.Key_Return)


# groups


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


# odd ones out


def test_a_wrong_name_is_doubted_and_one_key_moves_it(
    page: PeoplePage, library: Library, settle: Settle
) -> None:
    page.choose(page.odd)
    settle()
    assert [case.face_id for case in page.odd.list.cases][:1] == [SWAPPED]
    assert page.odd.question.text() == "Is this Ann? It looks more like Bob."
    assert page.odd.move_to.text() == "Move to Bob  M"
    press(Key.Key_M)
    settle()
    assert name_of(library, SWAPPED) == "Bob"
    assert SWAPPED not in {case.face_id for case in page.odd.list.cases}


@pytest.mark.parametrize("key", [Key.Key_Return, Key.Key_K])
def test_enter_leaves_a_name_and_it_is_not_asked_again(
    page: PeoplePage, library: Library, settle: Settle, key: Qt.Key
) -> None:
    page.choose(page.odd)
    settle()
    press(key)
    settle()
    assert name_of(library, SWAPPED) == "Ann"
    page.odd.refresh()
    settle()
    assert SWAPPED not in {case.face_id for case in page.odd.list.cases}


def test_no_takes_the_name_away(page: PeoplePage, library: Library, settle: Settle) -> None:
    page.choose(page.odd)
    settle()
    press(Key.Key_N)
    settle()
    assert name_of(library, SWAPPED) is None
    assert [answer.face_id for answer in library.answers()] == [SWAPPED]


def test_a_stranger_is_like_nobody_and_enter_takes_no_name_away(
    page: PeoplePage, library: Library, settle: Settle
) -> None:
    library.assign([STRANGERS[0]], "Ann")
    library.assign([SWAPPED], "Bob")
    page.choose(page.odd)
    settle()
    assert [case.face_id for case in page.odd.list.cases] == [STRANGERS[0]]
    assert page.odd.question.text() == "Is this Ann?"
    assert page.odd.move_to.isHidden()
    press(Key.Key_M)
    settle()
    assert name_of(library, STRANGERS[0]) == "Ann"
    press(Key.Key_Return)
    settle()
    assert name_of(library, STRANGERS[0]) == "Ann"
    assert page.odd.empty.isVisible()


def test_a_name_twice_in_a_photo_is_asked_about_once_for_each_face(
    page: PeoplePage, library: Library, settle: Settle
) -> None:
    library.assign([SWAPPED], "Bob")
    photo_id = library.faces([1])[0].photo_id
    faces = [replace(proposal(box), embedding=library.embeddings([n])[0])
             for n, box in ((1, LEFT), (2, RIGHT))]  # fmt: skip
    library.store_scans([scanned(photo_id, faces)])
    twins = [face.id for face in library.faces_of_photos([photo_id])[photo_id]]
    library.assign(twins, "Ann")
    page.choose(page.odd)
    settle()
    shown = [case for case in page.odd.list.cases if case.face_id in twins]
    assert [case.note for case in shown] == ["named twice in this photo"] * 2
    press(Key.Key_Return)
    settle()
    assert [case.face_id for case in page.odd.list.cases] == [shown[1].face_id]
    press(Key.Key_Return)
    settle()
    assert page.odd.empty.isVisible()


def test_buttons_and_the_key_sheet_tell_the_same_keys(page: PeoplePage, settle: Settle) -> None:
    for view in (page.suggestions, page.odd):
        page.choose(view)
        settle()
        buttons = {button.text() for button in view.findChildren(QPushButton)}
        rows = dict(page.keys())
        shown = {"Enter": rows["Enter"], "N": rows["N"], "T": rows["T"], "I": rows["I"]}
        assert {f"{text}  {key}" for key, text in shown.items()} <= buttons


# readiness


def test_everybody_has_a_bar_in_words(page: PeoplePage, settle: Settle) -> None:
    page.choose(page.ready)
    settle()
    assert [row.person.name for row in page.ready.rows] == ["Ann", "Bob"]
    first = page.ready.list.model().index(0, 0).data()
    assert first.startswith("Ann: 5 usable faces · about ")
    assert "turned left" in first
    assert page.ready.balance.text().startswith("Balanced")


def test_a_narrow_window_gives_the_words_more_lines(page: PeoplePage, settle: Settle) -> None:
    page.choose(page.ready)
    settle()
    first = page.ready.list.model().index(0, 0)
    wide = page.ready.list.visualRect(first).height()
    page.resize(480, 500)
    settle()
    assert page.ready.list.visualRect(first).height() > wide


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (Readiness(1, 12, 20, 1, (Gap.LEFT, Gap.DARK)),
         "about 8 more, some turned left, some in darker light"),
        (Readiness(1, 12, 20, 1, ()), "about 8 more"),
        (Readiness(1, 30, 20, 1, (Gap.OTHER_DAYS,)),
         "enough; better still with some of another day"),
        (Readiness(1, 30, 20, 1, ()), "enough, and varied"),
    ],
)  # fmt: skip
def test_what_is_missing_in_words(state: Readiness, words: str) -> None:
    assert advice(state) == words


def test_an_uneven_library_says_what_that_does(library: Library) -> None:
    ann, bob = library.people()
    rows = [Row(ann, Readiness(ann.id, 10, 20, 1, ())), Row(bob, Readiness(bob.id, 40, 20, 1, ()))]
    text = balance(rows)
    assert "Ann has 10, Bob has 40" in text
    assert "4.0 times" in text
    library.close()


# similar


def test_find_similar_opens_with_the_nearest_faces(
    page: PeoplePage, context: AppContext, settle: Settle
) -> None:
    context.similar_requested.emit(1)
    settle()
    assert page.view is page.similar
    cases = page.similar.faces.grid.cases
    assert cases[0].face_id == 1
    assert {case.face_id for case in cases[1:6]} == {2, 3, 4, *ANN_UNNAMED}
    assert {case.title for case in cases[:6]} == {"Ann", "no name"}


def test_escape_leads_from_similar_faces_back_to_review(
    page: PeoplePage, context: AppContext, settle: Settle, qtbot: QtBot
) -> None:
    context.similar_requested.emit(1)
    settle()
    page.similar.take_focus()
    with qtbot.waitSignal(context.page_requested) as asked:
        press(Key.Key_Escape)
    assert asked.args == ["review"]


def test_similar_faces_are_named_where_they_are(
    page: PeoplePage, context: AppContext, library: Library, settle: Settle
) -> None:
    context.similar_requested.emit(STRANGERS[0])
    settle()
    page.similar.take_focus()
    press(Key.Key_Space, Key.Key_Right, Key.Key_Space)
    page.similar.faces.name_field.named.emit("Cleo")
    settle()
    named = {case.face_id for case in page.similar.faces.grid.cases if case.title == "Cleo"}
    assert named == set(page.similar.faces.target_ids()) or len(named) == 2
    assert name_of(library, STRANGERS[0]) == "Cleo"


# without anything to show


def test_an_empty_library_asks_for_photos_in_every_view(
    empty_page: PeoplePage, context: AppContext, settle: Settle, tmp_path: Path, qtbot: QtBot
) -> None:
    context.set_library(create_library(tmp_path / "Empty.facegui"))
    for view in (empty_page.suggestions, empty_page.groups, empty_page.odd, empty_page.ready):
        empty_page.choose(view)
        settle()
        assert view.empty.isVisible()
        assert view.empty.remedy is Remedy.IMPORT
        with qtbot.waitSignal(context.import_requested):
            view.empty.remedy_chosen.emit(Remedy.IMPORT)


def test_no_library_shows_nothing_and_keys_do_nothing(
    empty_page: PeoplePage, settle: Settle
) -> None:
    empty_page.activate()
    QTest.keyClick(empty_page.suggestions, Key.Key_Return)
    settle()
    assert not empty_page.suggestions.list.cases


def test_tabs_turn_and_the_key_sheet_follows(page: PeoplePage, settle: Settle) -> None:
    sheet = page.keys()
    assert ("N", "No") in sheet
    QTest.keyClick(page, Key.Key_Tab, Qt.KeyboardModifier.ControlModifier)
    settle()
    assert page.view is page.groups
    sheet = page.keys()
    assert "S" in {key for key, _ in sheet}


def test_every_view_fits_a_small_window_with_nothing_cut_off(
    page: PeoplePage, settle: Settle
) -> None:
    page.resize(560, 480)  # what the sidebar and the menu leave of 720 × 540
    settle()
    assert (page.width(), page.height()) == (560, 480)
    for view in (page.suggestions, page.groups, page.odd):
        page.choose(view)
        settle()
        buttons = [button for button in view.findChildren(QPushButton) if button.isVisible()]
        assert len(buttons) > 3
        for button in buttons:
            corner = button.mapTo(page, button.rect().bottomRight())
            assert page.rect().contains(corner), button.text()
            assert button.width() >= button.sizeHint().width(), button.text()
