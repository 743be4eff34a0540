"""The buttons on the tile below the mouse: a click decides, and nothing else changes."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QHelpEvent, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QToolTip, QWidget

from facegui.domain.entities import Decision
from facegui.domain.queries import FaceFilter
from facegui.gui.review.commands import Command
from facegui.gui.review.filters import Mode
from facegui.gui.review.hover import LEAST_PICTURE_PX, HoverButtons
from facegui.gui.review.page import ReviewPage
from facegui.services.libraries import Library
from tests.gui.conftest import Settle

LEFT = Qt.MouseButton.LeftButton
NONE = Qt.KeyboardModifier.NoModifier


def hover(page: ReviewPage) -> HoverButtons:
    found = page.stage.sheet.findChild(HoverButtons)
    assert isinstance(found, HoverButtons)
    return found


def middle(page: ReviewPage, row: int, command: Command) -> QPoint:
    return hover(page).buttons(row)[command].center()


def viewport(page: ReviewPage) -> QWidget:
    return page.stage.sheet.viewport()


def move(page: ReviewPage, place: QPoint) -> None:
    at = viewport(page).mapToGlobal(place)
    none = Qt.MouseButton.NoButton
    kind = QEvent.Type.MouseMove
    event = QMouseEvent(kind, QPointF(place), QPointF(at), none, none, NONE)
    QApplication.sendEvent(viewport(page), event)


def click(page: ReviewPage, row: int, command: Command) -> None:
    place = middle(page, row, command)
    move(page, place)
    QTest.mouseClick(viewport(page), LEFT, NONE, place)


def decided(library: Library, decision: Decision) -> list[int]:
    return sorted(library.face_ids(FaceFilter(decisions=(decision,))))


def test_a_click_decides_that_tile_only(page: ReviewPage, library: Library, settle: Settle) -> None:
    sheet = page.stage.sheet
    ids = sheet.tiles.ids.tolist()
    click(page, 2, Command.REJECT)
    click(page, 3, Command.IGNORE)
    click(page, 4, Command.KEEP)
    settle()
    assert decided(library, Decision.REJECT) == [ids[2]]
    assert decided(library, Decision.IGNORE) == [ids[3]]
    assert decided(library, Decision.KEEP) == [ids[4]]
    assert sheet.selected_rows() == [0]
    assert sheet.currentIndex().row() == 0


def test_the_scroll_stays(page: ReviewPage, library: Library, settle: Settle) -> None:
    page.resize(700, 420)
    page.stage.sheet.set_picture_px(200)
    settle()
    bar = page.stage.sheet.verticalScrollBar()
    bar.setValue(bar.maximum() // 2)
    before = bar.value()
    assert before > 0
    visible = page.stage.sheet.visible_rows()
    inside = viewport(page).rect()
    row = next(
        n for n in visible if all(inside.contains(r) for r in hover(page).buttons(n).values())
    )
    click(page, row, Command.REJECT)
    settle()
    assert decided(library, Decision.REJECT) == [int(page.stage.sheet.tiles.ids[row])]
    assert bar.value() == before


def test_a_marked_tile_stands_for_all_that_are_marked(
    page: ReviewPage, library: Library, settle: Settle
) -> None:
    sheet = page.stage.sheet
    for row in (1, 3):
        place = sheet.visualRect(sheet.model().index(row, 0)).topLeft() + QPoint(40, 40)
        QTest.mouseClick(viewport(page), LEFT, Qt.KeyboardModifier.ControlModifier, place)
    marked = sheet.selected_rows()
    assert {1, 3} <= set(marked)
    click(page, 3, Command.REJECT)
    settle()
    assert decided(library, Decision.REJECT) == sorted(sheet.tiles.ids[marked].tolist())
    assert sheet.selected_rows() == marked
    click(page, 5, Command.KEEP)
    settle()
    assert decided(library, Decision.KEEP) == [int(sheet.tiles.ids[5])]
    assert sheet.selected_rows() == marked


def test_a_press_that_leaves_the_button_decides_nothing(
    page: ReviewPage, library: Library, settle: Settle
) -> None:
    place = middle(page, 2, Command.REJECT)
    QTest.mousePress(viewport(page), LEFT, NONE, place)
    QTest.mouseRelease(viewport(page), LEFT, NONE, place - QPoint(0, 60))
    settle()
    assert decided(library, Decision.REJECT) == []
    assert page.stage.sheet.selected_rows() == [0]


def test_two_quick_clicks_do_not_open_the_photo(page: ReviewPage, settle: Settle) -> None:
    place = middle(page, 2, Command.KEEP)
    QTest.mouseClick(viewport(page), LEFT, NONE, place)
    QTest.mouseDClick(viewport(page), LEFT, NONE, place)
    settle()
    assert not page.stage.viewing_photo


def test_buttons_show_below_the_mouse_and_go_with_it(page: ReviewPage) -> None:
    area = hover(page).buttons(2)[Command.KEEP]
    plain = viewport(page).grab(area).toImage()
    move(page, area.center() - QPoint(0, 40))
    assert viewport(page).grab(area).toImage() != plain
    QApplication.sendEvent(viewport(page), QEvent(QEvent.Type.Leave))
    assert viewport(page).grab(area).toImage() == plain


def test_small_tiles_have_none(page: ReviewPage) -> None:
    sheet = page.stage.sheet
    sheet.set_picture_px(48)
    assert sheet.shown_px < LEAST_PICTURE_PX
    assert hover(page).buttons(0) == {}
    sheet.set_picture_px(90)
    picture = sheet.visualRect(sheet.model().index(0, 0))
    assert all(picture.contains(rect) for rect in hover(page).buttons(0).values())
    assert len(hover(page).buttons(0)) == 3
    assert hover(page).buttons(-1) == {}


def test_a_photo_is_decided_with_all_its_faces(
    page: ReviewPage, library: Library, settle: Settle
) -> None:
    page.filter_bar.set_mode(Mode.PHOTOS)
    settle()
    rows = range(page.stage.sheet.tiles.rowCount())
    faces = library.faces_of_photos([int(page.stage.sheet.tiles.ids[n]) for n in rows])
    for row in rows:
        there = faces.get(int(page.stage.sheet.tiles.ids[row]))
        assert bool(hover(page).buttons(row)) == bool(there)
    click(page, 0, Command.REJECT)
    settle()
    wanted = sorted(face.id for face in faces[int(page.stage.sheet.tiles.ids[0])])
    assert decided(library, Decision.REJECT) == wanted


def test_tool_tips_name_the_step_and_its_key(page: ReviewPage) -> None:
    place = middle(page, 0, Command.REJECT)
    move(page, place)
    event = QHelpEvent(QEvent.Type.ToolTip, place, viewport(page).mapToGlobal(place))
    QApplication.sendEvent(viewport(page), event)
    assert QToolTip.text() == "Reject (X or Delete)"
    QToolTip.hideText()
