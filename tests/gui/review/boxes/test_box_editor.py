"""Boxes drawn, moved, resized and deleted with mouse and keys, down to the library and back."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from facegui.domain.entities import Decision
from facegui.domain.geometry import Box
from facegui.gui.context import AppContext
from facegui.gui.review.page import ReviewPage
from facegui.services.libraries import Library
from tests.fakes.square_library import ALONE
from tests.gui.conftest import NONE, Settle, press
from tests.gui.review.boxes.conftest import (
    canvas_of,
    faces_of,
    near,
    photo_of,
    sides,
    told,
)

EMPTY = Box(100, 20, 140, 70)
CTRL = Qt.KeyboardModifier.ControlModifier


def drag(
    page: ReviewPage,
    start: tuple[float, float],
    end: tuple[float, float],
    held: Qt.KeyboardModifier = NONE,
    *,
    release: bool = True,
) -> None:
    """Press, move in steps and let go, at places of the photo as shown."""
    canvas, left = canvas_of(page), Qt.MouseButton.LeftButton
    view = canvas.viewport()
    a, b = (canvas.mapFromScene(QPointF(*place)) for place in (start, end))
    QTest.mousePress(view, left, held, a)
    for n in (1, 2, 3):
        QTest.mouseMove(
            view, QPoint(a.x() + (b.x() - a.x()) * n // 3, a.y() + (b.y() - a.y()) * n // 3)
        )
    if release:
        QTest.mouseRelease(view, left, held, b)


def test_ctrl_and_a_drag_draw_a_face_that_is_kept(
    opened: ReviewPage, settle: Settle, library: Library
) -> None:
    drag(opened, (100, 20), (140, 70), CTRL)
    settle()
    _, drawn = faces_of(library)
    assert sides(drawn.box) == near(EMPTY)
    assert (drawn.decision, drawn.drawn) == (Decision.KEEP, True)
    current = opened.stage.photo_view.face
    assert current is not None
    assert current.id == drawn.id
    assert told(opened).startswith("No face made out there")


def test_w_draws_once_and_then_the_mouse_moves_the_picture_again(
    opened: ReviewPage, settle: Settle, library: Library
) -> None:
    tools = opened.stage.photo_view.tools
    press(Qt.Key.Key_W)
    assert tools.draw.isChecked()
    assert tools._hint.isVisible()
    drag(opened, (100, 20), (140, 70))
    assert not tools.draw.isChecked()
    assert not tools._hint.isVisible()
    settle()
    _, drawn = faces_of(library)
    assert sides(drawn.box) == near(EMPTY)
    drag(opened, (120, 80), (150, 90))
    settle()
    assert len(faces_of(library)) == 2


def test_drawn_over_a_known_face_it_adjusts_that_one_and_says_so(
    opened: ReviewPage, settle: Settle, library: Library, context: AppContext
) -> None:
    (was,) = faces_of(library)
    drag(opened, (14, 12), (66, 62), CTRL)
    settle()
    (face,) = faces_of(library)
    assert (face.id, face.person_id) == (was.id, was.person_id)
    assert sides(face.box) == near(Box(14, 12, 66, 62))
    assert face.sharpness == 100.0  # measured by the analyser
    current = opened.stage.photo_view.face
    assert current is not None
    assert current.id == was.id
    assert told(opened).startswith("Move the box of a face that was known already")
    context.write("undo", library.undo)
    settle()
    assert faces_of(library) == [was]


def test_a_box_is_shown_where_it_will_be_while_it_is_measured(
    opened: ReviewPage, settle: Settle
) -> None:
    drag(opened, (100, 20), (140, 70), CTRL)
    shown = [item for item in canvas_of(opened)._faces if item.tile is None]
    assert [sides(item.box) for item in shown] == [near(EMPTY)]
    settle()
    assert [item for item in canvas_of(opened)._faces if item.tile is None] == []


def test_escape_draws_nothing(opened: ReviewPage, settle: Settle, library: Library) -> None:
    press(Qt.Key.Key_W)
    drag(opened, (100, 20), (140, 70), release=False)
    press(Qt.Key.Key_Escape)
    assert not canvas_of(opened).armed
    assert opened.stage.viewing_photo
    drag(opened, (140, 70), (141, 70))
    settle()
    assert len(faces_of(library)) == 1
    press(Qt.Key.Key_Escape)
    assert not opened.stage.viewing_photo


def test_a_drag_of_a_few_pixels_is_a_click(
    opened: ReviewPage, settle: Settle, library: Library
) -> None:
    before = library.history()
    drag(opened, (100, 20), (100.2, 20.2), CTRL)
    drag(opened, ALONE.centre, (ALONE.centre[0] + 0.2, ALONE.centre[1]))
    settle()
    assert library.history() == before
    assert sides(canvas_of(opened)._faces[0].box) == sides(ALONE)


def test_dragging_the_current_box_moves_it(
    opened: ReviewPage, settle: Settle, library: Library
) -> None:
    (was,) = faces_of(library)
    drag(opened, ALONE.centre, (ALONE.centre[0] + 30, ALONE.centre[1] + 10))
    settle()
    (moved,) = faces_of(library)
    assert sides(moved.box) == near(Box(50, 30, 90, 70))
    assert (moved.id, moved.person_id, moved.found) == (was.id, was.person_id, ALONE)
    assert "Move a face's box" in told(opened)


def test_a_handle_resizes(opened: ReviewPage, settle: Settle, library: Library) -> None:
    drag(opened, (ALONE.x2, ALONE.y2), (80, 75))
    settle()
    (face,) = faces_of(library)
    assert sides(face.box) == near(Box(20, 20, 80, 75))


def test_moves_are_measured_one_after_another_and_the_last_one_stands(
    opened: ReviewPage, settle: Settle, library: Library
) -> None:
    drag(opened, ALONE.centre, (ALONE.centre[0] + 20, ALONE.centre[1]))
    drag(opened, (60, 40), (90, 50))
    settle()
    (face,) = faces_of(library)
    assert sides(face.box) == near(Box(70, 30, 110, 70))
    assert [entry.label for entry in library.history(2)] == ["Move a face's box"] * 2


def test_everything_is_undone_and_done_again(
    opened: ReviewPage, settle: Settle, library: Library, context: AppContext
) -> None:
    drag(opened, (100, 20), (140, 70), CTRL)
    settle()
    context.write("undo", library.undo)
    settle()
    assert [item.box for item in canvas_of(opened)._faces] == [ALONE]
    context.write("redo", library.redo)
    settle()
    assert len(canvas_of(opened)._faces) == 2


def test_delete_removes_a_drawn_box_and_ignores_a_found_one(
    opened: ReviewPage, settle: Settle, library: Library
) -> None:
    drag(opened, (100, 20), (140, 70), CTRL)
    settle()
    press(Qt.Key.Key_Delete)
    settle()
    (found,) = faces_of(library)
    press(Qt.Key.Key_Delete)
    settle()
    assert [face.decision for face in faces_of(library)] == [Decision.IGNORE]
    assert found.decision is Decision.KEEP


def test_the_photo_of_nobody_has_nothing_to_delete(
    opened: ReviewPage, settle: Settle, library: Library
) -> None:
    library.store_scans([])
    tools = opened.stage.photo_view.tools
    tools.show_possible(drawing=False, deleting=False)
    before = library.history()
    press(Qt.Key.Key_W)
    assert not tools.draw.isChecked()
    drag(opened, (100, 20), (140, 70), CTRL)
    settle()
    assert library.history() == before


def test_a_file_that_cannot_be_read_leaves_no_box_behind(
    opened: ReviewPage, settle: Settle, library: Library, context: AppContext, qtbot: QtBot
) -> None:
    Path(library.photos([photo_of(library)])[0].path).unlink()
    with qtbot.waitSignal(context.lanes.task_failed) as failed:
        drag(opened, (100, 20), (140, 70), CTRL)
    assert "not there" in str(failed.args[1])
    settle()
    assert [item.box for item in canvas_of(opened)._faces] == [ALONE]
    assert len(faces_of(library)) == 1


def test_on_a_photo_that_is_shown_turned_boxes_land_where_they_were_drawn(
    page: ReviewPage, settle: Settle, library: Library
) -> None:
    """Shown turned clockwise by 90 degrees, 96 wide and 160 high."""
    photo_id = photo_of(library)
    photo = library.photos([photo_id])[0]
    connection_face = faces_of(library)[0]
    with library._db.write() as connection:
        connection.execute("UPDATE photos SET rotation = 90 WHERE id = ?", (photo_id,))
    assert photo.rotation == 0
    page.stage.photo_view.show_photo(photo_id, connection_face.id, "")
    page.stage.setCurrentWidget(page.stage.photo_view)
    settle()
    turned = replace(photo, rotation=90)
    assert canvas_of(page)._faces[0].box == turned.shown_box(ALONE)
    x1, y1, x2, y2 = sides(turned.shown_box(EMPTY))
    drag(page, (x1, y1), (x2, y2), CTRL)
    settle()
    drawn = faces_of(library)[1]
    assert sides(drawn.box) == near(EMPTY)


def test_l_shows_landmarks_and_pose_until_it_is_pressed_again(opened: ReviewPage) -> None:
    def picture() -> bytes:
        image = opened.stage.photo_view._canvas.grab().toImage()
        return bytes(image.constBits())

    plain = picture()
    press(Qt.Key.Key_L)
    assert opened.stage.photo_view.tools.marks.isChecked()
    assert picture() != plain
    press(Qt.Key.Key_L)
    assert picture() == plain


def test_keys_zoom_and_the_tool_says_how_far(opened: ReviewPage, settle: Settle) -> None:
    canvas, tools = canvas_of(opened), opened.stage.photo_view.tools
    fitted = canvas.scale_now
    press(Qt.Key.Key_Plus)
    assert canvas.scale_now == pytest.approx(fitted * 1.2)
    assert tools._zoom.text() == f"{canvas.scale_now:.0%}"
    press(Qt.Key.Key_Minus)
    press(Qt.Key.Key_Minus)
    assert canvas.scale_now == pytest.approx(fitted)
    canvas.zoom_to(8)
    assert canvas.scale_now == pytest.approx(8)
    press(Qt.Key.Key_0)
    assert canvas.scale_now == pytest.approx(fitted)


def test_zoomed_into_a_face_a_drag_moves_the_picture(
    opened: ReviewPage, settle: Settle, library: Library
) -> None:
    canvas = canvas_of(opened)
    before = library.history()
    canvas.zoom_to(16)
    canvas.centerOn(QPointF(*ALONE.centre))
    canvas.resize(200, 200)
    drag(opened, (40, 40), (44, 42))
    settle()
    assert library.history() == before


def test_the_cursor_tells_what_a_drag_would_do(opened: ReviewPage, qtbot: QtBot) -> None:
    canvas, shape = canvas_of(opened), Qt.CursorShape
    view, outside = canvas.viewport(), (150.0, 90.0)
    for place, expected in (
        (outside, shape.ArrowCursor),  # from where it may have been, no move would be told
        (ALONE.centre, shape.SizeAllCursor),
        ((ALONE.x1, ALONE.y1), shape.SizeFDiagCursor),
        ((ALONE.x2, ALONE.centre[1]), shape.SizeHorCursor),
        (outside, shape.ArrowCursor),
    ):
        QTest.mouseMove(view, canvas.mapFromScene(QPointF(*place)))
        qtbot.waitUntil(lambda wanted=expected: view.cursor().shape() is wanted)


def test_the_keys_are_on_the_sheet(page: ReviewPage) -> None:
    keys = dict(page.keys())
    assert "draw a missed face" in keys["W"]
    assert "landmarks" in keys["L"]


def test_in_a_small_window_the_picture_has_more_room_than_the_words(
    opened: ReviewPage, settle: Settle
) -> None:
    opened.resize(800, 580)
    settle()
    view = opened.stage.photo_view
    details, canvas = view._details, canvas_of(opened)
    assert details.width() < canvas.width()
    assert view.width() - details.width() - canvas.width() < 10  # no room is wasted
