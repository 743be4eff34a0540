"""One photo by itself: opened from the grid, faces by keys and clicks, decisions, paging."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from facegui.domain.entities import Decision, PhotoStatus
from facegui.domain.queries import PhotoFilter
from facegui.gui.review.commands import Command
from facegui.gui.review.filters import Mode
from facegui.gui.review.page import ReviewPage
from facegui.services.libraries import Library
from tests.fakes.review_library import LEFT, RIGHT
from tests.gui.conftest import Settle, press


@pytest.fixture
def photos_page(page: ReviewPage, settle: Settle) -> ReviewPage:
    page.filter_bar.set_mode(Mode.PHOTOS)
    settle()
    return page


@pytest.fixture
def group(photos_page: ReviewPage, settle: Settle, library: Library) -> ReviewPage:
    """The page with the photo of two faces open."""
    ids = library.photo_ids()
    two = next(n for n in ids if len(library.faces_of_photos([n])[n]) == 2)
    photos_page.stage.sheet.show_id(two)
    press(Qt.Key.Key_Return)
    settle()
    return photos_page


def shown_face(page: ReviewPage) -> object:
    return page.stage.photo_view.face.face.box if page.stage.photo_view.face else None


def details(page: ReviewPage) -> str:
    return page.stage.photo_view._details._text.text()


def test_photos_show_with_every_status(photos_page: ReviewPage, library: Library) -> None:
    assert photos_page.stage.sheet.tiles.ids.tolist() == library.photo_ids(PhotoFilter())


def test_enter_opens_the_photo_with_its_best_face(group: ReviewPage) -> None:
    assert group.stage.viewing_photo
    assert shown_face(group) == LEFT
    assert "group.png" in details(group)
    assert "✗" in details(group)
    assert "Faces in photo" in details(group)


def test_arrows_go_from_face_to_face(group: ReviewPage, settle: Settle) -> None:
    press(Qt.Key.Key_Right)
    assert shown_face(group) == RIGHT
    press(Qt.Key.Key_Right)
    assert shown_face(group) == LEFT
    press(Qt.Key.Key_Left)
    assert shown_face(group) == RIGHT


def test_a_click_chooses_the_face_under_it(group: ReviewPage, settle: Settle) -> None:
    canvas = group.stage.photo_view._canvas
    place = canvas.mapFromScene(QPointF(*RIGHT.centre))
    QTest.mouseClick(
        canvas.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place
    )
    assert shown_face(group) == RIGHT


def test_a_decision_goes_to_the_next_face_of_the_photo(
    group: ReviewPage, settle: Settle, library: Library
) -> None:
    press(Qt.Key.Key_I)
    assert shown_face(group) == RIGHT
    settle()
    assert group.stage.viewing_photo
    decisions = [
        f.decision
        for f in library.faces_of_photos([group.stage.photo_view.photo_id or 0]).popitem()[1]
    ]
    assert decisions == [Decision.IGNORE, Decision.UNDECIDED]
    assert "✗" not in details(group)  # one face is left, and it passes


def test_a_and_d_turn_pages_and_esc_goes_back_there(
    group: ReviewPage, settle: Settle, library: Library
) -> None:
    ids = library.photo_ids()
    opened = group.stage.photo_view.photo_id
    assert opened is not None
    press(Qt.Key.Key_D)
    settle()
    assert group.stage.photo_view.photo_id == ids[ids.index(opened) + 1]
    press(Qt.Key.Key_A)
    press(Qt.Key.Key_A)
    settle()
    assert group.stage.photo_view.photo_id == ids[ids.index(opened) - 1]
    press(Qt.Key.Key_Escape)
    assert not group.stage.viewing_photo
    assert QApplication.focusWidget() is group.stage.sheet
    assert group.stage.sheet.currentIndex().row() == ids.index(opened) - 1


def test_pages_end_at_the_first_and_the_last_photo(group: ReviewPage, library: Library) -> None:
    ids = library.photo_ids()
    for _ in ids:
        group.run(Command.NEXT_PHOTO)
    assert group.stage.photo_view.photo_id == ids[-1]
    for _ in ids:
        group.run(Command.PREVIOUS_PHOTO)
    assert group.stage.photo_view.photo_id == ids[0]


def test_a_broken_photo_says_why(photos_page: ReviewPage, settle: Settle, library: Library) -> None:
    broken = library.photo_ids(PhotoFilter(statuses=(PhotoStatus.BROKEN,)))[0]
    photos_page.stage.sheet.show_id(broken)
    press(Qt.Key.Key_Return)
    settle()
    assert photos_page.stage.photo_view._message.isVisible()
    assert photos_page.stage.photo_view._message.text() == "the file is empty"
    assert photos_page.stage.photo_view.face is None
    press(Qt.Key.Key_X, Qt.Key.Key_Right)  # nothing to decide on
    settle()
    assert library.history() == []


def test_a_file_that_has_gone_says_so(group: ReviewPage, settle: Settle, library: Library) -> None:
    from pathlib import Path

    photo_id = group.stage.photo_view.photo_id
    press(Qt.Key.Key_Escape)
    Path(library.photos([photo_id or 0])[0].path).unlink()
    group.stage.photo_view._shown_version = None
    press(Qt.Key.Key_Return)
    settle()
    assert "not there" in group.stage.photo_view._message.text()


def test_opening_from_a_face_shows_that_face(page: ReviewPage, settle: Settle) -> None:
    faces = page.stage.sheet.tiles
    second = next(
        n
        for n in range(faces.rowCount())
        if getattr(faces.tile(n), "face").box == RIGHT  # noqa: B009
    )
    page.stage.sheet.opened.emit(second)
    settle()
    assert shown_face(page) == RIGHT
    press(Qt.Key.Key_Left)
    press(Qt.Key.Key_Escape)
    current = page.stage.sheet.current_tile()
    assert current is not None
    assert getattr(current, "face").box == LEFT  # noqa: B009


def test_turning_pages_from_faces_passes_the_other_faces_of_a_photo(
    page: ReviewPage, settle: Settle
) -> None:
    tiles = page.stage.sheet.tiles
    photos = dict.fromkeys(
        tile.photo_id for tile in map(tiles.tile, range(tiles.rowCount())) if tile is not None
    )
    assert len(photos) == tiles.rowCount() - 1  # two faces share one
    page.run(Command.OPEN)
    seen = [page.stage.photo_view.photo_id]
    for _ in range(len(photos) - 1):
        page.run(Command.NEXT_PHOTO)
        seen.append(page.stage.photo_view.photo_id)
    assert seen == list(photos)
    settle()


def test_boxes_can_be_hidden(group: ReviewPage, settle: Settle) -> None:
    items = group.stage.photo_view._canvas._faces
    assert all(item.isVisible() for item in items)
    press(Qt.Key.Key_F)
    assert not any(item.isVisible() for item in items)
    press(Qt.Key.Key_Right)
    assert not any(item.isVisible() for item in group.stage.photo_view._canvas._faces)
    press(Qt.Key.Key_F)
    assert all(item.isVisible() for item in group.stage.photo_view._canvas._faces)


def test_the_wheel_zooms_in_and_a_double_click_fits_again(group: ReviewPage) -> None:
    canvas = group.stage.photo_view._canvas
    fitted = canvas.transform().m11()

    def turn(degrees: int) -> None:
        place, buttons = QPointF(200, 200), Qt.MouseButton.NoButton
        held, phase = Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase
        canvas.wheelEvent(
            QWheelEvent(place, place, QPoint(), QPoint(0, degrees), buttons, held, phase, False)
        )

    turn(240)
    assert canvas.transform().m11() == pytest.approx(fitted * 1.44)
    QTest.mouseDClick(canvas.viewport(), Qt.MouseButton.LeftButton)
    assert canvas.transform().m11() == pytest.approx(fitted, rel=0.02)
    turn(-480)
    assert canvas.transform().m11() == pytest.approx(fitted, rel=0.02)


def test_a_rejected_photo_rejects_all_its_faces(
    photos_page: ReviewPage, settle: Settle, library: Library
) -> None:
    ids = library.photo_ids()
    two = next(n for n in ids if len(library.faces_of_photos([n])[n]) == 2)
    photos_page.stage.sheet.show_id(two)
    press(Qt.Key.Key_X)
    settle()
    faces = library.faces_of_photos([two])[two]
    assert {face.decision for face in faces} == {Decision.REJECT}
    assert len(library.history()) == 1


def test_switching_between_faces_and_photos_keeps_the_place(
    page: ReviewPage, settle: Settle, qtbot: QtBot
) -> None:
    page.stage.sheet.go_to(9)
    tile = page.stage.sheet.current_tile()
    assert tile is not None
    page.filter_bar.set_mode(Mode.PHOTOS)
    settle()
    photo = page.stage.sheet.current_tile()
    assert photo is not None
    assert photo.photo_id == tile.photo_id
    page.filter_bar.set_mode(Mode.FACES)
    settle()
    assert page.stage.sheet.currentIndex().row() == 9
