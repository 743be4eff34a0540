"""Boxes moved, resized and placed by keys alone."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from facegui.domain.geometry import Box
from facegui.gui.review.box_item import BoxItem
from facegui.gui.review.page import ReviewPage
from facegui.services.libraries import Library
from tests.fakes.square_library import ALONE
from tests.gui.conftest import Settle, press
from tests.gui.review.boxes.conftest import canvas_of, faces_of, sides, told

Key = Qt.Key
SHIFT = Qt.KeyboardModifier.ShiftModifier


def held(page: ReviewPage) -> Box | None:
    """The box that keys move now."""
    items = canvas_of(page).scene().items()
    loose = [i.box for i in items if isinstance(i, BoxItem) and i.tile is None]
    return loose[0] if loose else None


def hint(page: ReviewPage) -> str:
    label = page.stage.photo_view.tools._hint
    return label.text() if label.isVisible() else ""


def step_of(page: ReviewPage) -> float:
    """How far one key moves, in pixels of the photo."""
    return max(1.0, 5 / canvas_of(page).transform().m11())


def test_arrows_move_the_current_box_and_enter_keeps_it(
    opened: ReviewPage, settle: Settle, library: Library
) -> None:
    (was,) = faces_of(library)
    step = step_of(opened)
    press(Key.Key_E)
    assert "Arrows move" in hint(opened)
    press(Key.Key_Right, Key.Key_Right, Key.Key_Down)
    settle()
    assert faces_of(library) == [was], "nothing is written before it is kept"
    press(Key.Key_Return)
    assert hint(opened) == ""
    settle()
    (moved,) = faces_of(library)
    expected = (ALONE.x1 + 2 * step, ALONE.y1 + step, ALONE.x2 + 2 * step, ALONE.y2 + step)
    assert sides(moved.box) == pytest.approx(expected)
    assert (moved.id, moved.found) == (was.id, ALONE)
    assert "Move a face's box" in told(opened)
    library.undo()
    assert faces_of(library) == [was]


def test_shift_and_arrows_resize(opened: ReviewPage, settle: Settle, library: Library) -> None:
    step = step_of(opened)
    press(Key.Key_E)
    press(Key.Key_Shift)
    press(Key.Key_Right, Key.Key_Right, Key.Key_Up, held=SHIFT)
    press(Key.Key_Enter)
    settle()
    (face,) = faces_of(library)
    expected = (ALONE.x1, ALONE.y1, ALONE.x2 + 2 * step, ALONE.y2 - step)
    assert sides(face.box) == pytest.approx(expected)


def test_in_a_small_window_the_hint_is_not_cut(opened: ReviewPage, settle: Settle) -> None:
    opened.resize(740, 520)
    settle()
    press(Key.Key_E)
    label = opened.stage.photo_view.tools._hint
    assert canvas_of(opened).rect().contains(label.geometry())
    assert label.height() >= label.heightForWidth(label.width())


def test_only_the_box_in_the_hand_has_handles(opened: ReviewPage) -> None:
    canvas = canvas_of(opened)
    press(Key.Key_E)
    assert not canvas._faces[0].current
    opened.stage.photo_view.refresh()
    assert not canvas._faces[0].current
    press(Key.Key_Escape)
    assert canvas._faces[0].current


def test_steps_are_finer_in_a_larger_picture(opened: ReviewPage) -> None:
    press(Key.Key_E)
    coarse = step_of(opened)
    press(*[Key.Key_Plus] * 2)
    fine = step_of(opened)
    assert fine < coarse or fine == 1
    press(Key.Key_Right)
    box = held(opened)
    assert box is not None, "zooming leaves it in the hand"
    assert box.x1 == pytest.approx(ALONE.x1 + fine)


def test_escape_and_any_other_key_leave_the_box_as_it_was(
    opened: ReviewPage, settle: Settle, library: Library
) -> None:
    before = library.history()
    for key in (Key.Key_Escape, Key.Key_F, Key.Key_F):
        press(Key.Key_E, Key.Key_Left)
        assert held(opened) is not None
        press(key)
        assert held(opened) is None
        assert opened.stage.viewing_photo
    press(Key.Key_E, Key.Key_Return)
    settle()
    assert library.history() == before, "a box that has not moved is no step"


def test_a_missed_face_is_placed_without_a_mouse(
    opened: ReviewPage, settle: Settle, library: Library
) -> None:
    press(Key.Key_W)
    assert "press an arrow" in hint(opened)
    press(Key.Key_Right)
    placed = held(opened)
    assert placed is not None
    assert not opened.stage.photo_view.tools.draw.isChecked()
    press(*[Key.Key_Right] * 3)
    moved = held(opened)
    assert moved is not None
    assert moved.x1 == pytest.approx(placed.x1 + 3 * step_of(opened))
    press(Key.Key_Return)
    settle()
    _, drawn = faces_of(library)
    assert sides(drawn.box) == pytest.approx(sides(moved))
    current = opened.stage.photo_view.face
    assert current is not None
    assert current.id == drawn.id


def test_it_stays_inside_the_photo_and_in_the_hand_while_rows_change(
    opened: ReviewPage, settle: Settle, library: Library
) -> None:
    press(Key.Key_E)
    press(*[Key.Key_Left] * 100)
    box = held(opened)
    assert box is not None
    assert box.x1 == 0
    opened.stage.photo_view.refresh()
    settle()
    assert held(opened) == box
    opened.stage.photo_view.choose_face(faces_of(library)[0].id)
    assert held(opened) is None, "another face is another matter"


def test_a_photo_that_cannot_be_edited_leaves_the_keys_to_the_page(opened: ReviewPage) -> None:
    opened.stage.photo_view.tools.show_possible(drawing=False, deleting=False)
    press(Key.Key_E, Key.Key_Down)
    assert held(opened) is None


def test_its_keys_are_on_the_sheet(opened: ReviewPage) -> None:
    assert "arrows" in dict(opened.keys())["E"]
