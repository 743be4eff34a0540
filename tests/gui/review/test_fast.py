"""Fast review: one face at a time, one key each; undo goes back; Esc leaves."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton

from facegui.domain.entities import Decision
from facegui.domain.queries import FaceFilter
from facegui.gui.context import AppContext
from facegui.gui.review.fast_pace import Pace
from facegui.gui.review.filters import Mode
from facegui.gui.review.page import ReviewPage
from facegui.services.libraries import Library
from tests.gui.conftest import Settle

Key = Qt.Key


def press(page: ReviewPage, *keys: Qt.Key) -> None:
    for key in keys:
        QTest.keyClick(page.stage.currentWidget(), key)


def row(page: ReviewPage) -> int:
    return page.stage.sheet.currentIndex().row()


def begin(page: ReviewPage, settle: Settle) -> None:
    press(page, Key.Key_R)
    settle()
    assert page.stage.reviewing_fast


def test_the_pace_counts_faces_a_minute_without_the_pauses() -> None:
    pace = Pace()
    assert pace.per_minute is None
    for now in (0.0, 2.0, 4.0, 600.0, 602.0):
        pace.record(now)
    assert pace.per_minute == 30
    assert pace.decided == 5


def test_the_pace_follows_the_last_faces() -> None:
    pace = Pace()
    for n in range(20):
        pace.record(n * 6.0)
    assert pace.per_minute == 10
    for n in range(1, 40):
        pace.record(114.0 + n)
    assert pace.per_minute == 60


def test_one_face_is_shown_large_with_its_photo_and_its_nearest(
    page: ReviewPage, settle: Settle
) -> None:
    begin(page, settle)
    view = page.stage.fast_view
    assert view._place.text() == "1 of 14"
    assert view._who.text() == "Ann · passes every rule"
    assert view._face._image is not None
    assert view._photo._image is not None
    assert all(picture._image is not None for picture, _ in view._nearest.places)
    names = {label.text().split()[0] for _, label in view._nearest.places}
    assert names <= {"Ann", "Bob"}
    assert not view.grab().isNull()


def test_one_key_decides_and_the_next_undecided_face_comes(
    page: ReviewPage, library: Library, settle: Settle
) -> None:
    second = int(page.stage.sheet.tiles.ids[1])
    library.decide([second], Decision.KEEP)
    page.stage.sheet.follow(None)
    settle()
    begin(page, settle)
    press(page, Key.Key_X)
    assert row(page) == 2
    press(page, Key.Key_I, Key.Key_K)
    settle()
    ids = page.stage.sheet.tiles.ids.tolist()
    decisions = [face.decision for face in library.faces([ids[0], *ids[2:4]])]
    assert decisions == [Decision.REJECT, Decision.IGNORE, Decision.KEEP]
    assert page.stage.reviewing_fast
    assert row(page) == 4
    assert page.stage.fast_view._place.text() == "5 of 14"
    assert page.stage.fast_view._speed.text().startswith("3 decided · ")


def test_undo_goes_back_to_the_face(
    page: ReviewPage, context: AppContext, library: Library, settle: Settle
) -> None:
    begin(page, settle)
    press(page, Key.Key_X, Key.Key_X)
    settle()
    assert row(page) == 2
    context.write("undo", library.undo)
    settle()
    assert row(page) == 1
    assert page.stage.fast_view._place.text() == "2 of 14"
    undecided = FaceFilter(decisions=(Decision.UNDECIDED,))
    assert len(library.face_ids(undecided)) == 13


def test_it_begins_with_the_first_undecided_face(
    page: ReviewPage, library: Library, settle: Settle
) -> None:
    library.decide(page.stage.sheet.tiles.ids[:3].tolist(), Decision.KEEP)
    page.stage.sheet.follow(None)
    settle()
    begin(page, settle)
    assert row(page) == 3


def test_arrows_move_and_esc_leaves_at_the_same_face(page: ReviewPage, settle: Settle) -> None:
    begin(page, settle)
    press(page, Key.Key_Right, Key.Key_Right, Key.Key_Left)
    assert row(page) == 1
    press(page, Key.Key_Left, Key.Key_Left)
    assert row(page) == 0
    press(page, Key.Key_Right, Key.Key_Escape)
    assert not page.stage.reviewing_fast
    assert page.stage.currentWidget() is page.stage.sheet
    assert row(page) == 1


def test_marks_do_not_follow_into_it(page: ReviewPage, library: Library, settle: Settle) -> None:
    page.stage.sheet.selectAll()
    begin(page, settle)
    press(page, Key.Key_X)
    settle()
    rejected = FaceFilter(decisions=(Decision.REJECT,))
    assert len(library.face_ids(rejected)) == 1


def test_its_buttons_do_what_the_keys_do(
    page: ReviewPage, library: Library, settle: Settle
) -> None:
    begin(page, settle)
    buttons = {b.text().split()[0]: b for b in page.stage.fast_view.findChildren(QPushButton)}
    buttons["Reject"].click()
    settle()
    assert len(library.face_ids(FaceFilter(decisions=(Decision.REJECT,)))) == 1
    buttons["Back"].click()
    assert not page.stage.reviewing_fast


def test_another_filter_leaves_it(page: ReviewPage, settle: Settle) -> None:
    begin(page, settle)
    page.filter_bar._chips[2][1].click()
    settle()
    assert page.stage.currentWidget() is page.stage.sheet


def test_photos_are_not_reviewed_so(page: ReviewPage, settle: Settle) -> None:
    page.filter_bar.set_mode(Mode.PHOTOS)
    settle()
    press(page, Key.Key_R)
    assert not page.stage.reviewing_fast


def test_photos_leave_the_button_for_it_grey(page: ReviewPage, settle: Settle) -> None:
    button = next(b for b in page._strip.findChildren(QPushButton) if "Fast" in b.text())
    assert button.isEnabled()
    page.filter_bar.set_mode(Mode.PHOTOS)
    settle()
    assert not button.isEnabled()
    page.filter_bar.set_mode(Mode.FACES)
    settle()
    assert button.isEnabled()


def test_a_narrow_window_shows_fewer_of_the_nearest(page: ReviewPage, settle: Settle) -> None:
    begin(page, settle)
    places = page.stage.fast_view._nearest.places
    assert all(picture.isVisible() and label.isVisible() for picture, label in places)
    page.resize(700, 560)
    settle()
    shown = [picture for picture, _ in places if picture.isVisible()]
    assert 1 < len(shown) < len(places)
    row = page.stage.fast_view._nearest
    assert all(row.rect().contains(p.mapTo(row, p.rect().bottomRight())) for p in shown)
    assert page.width() == 700
