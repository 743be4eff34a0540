"""The grid: what is visible, arrows, marks, mouse, zoom; without a library."""

from __future__ import annotations

import pytest
from PySide6.QtCore import (
    QItemSelectionModel,
    QModelIndex,
    QPoint,
    QPointF,
    QSize,
    QStringListModel,
    Qt,
)
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem
from pytestqt.qtbot import QtBot

from facegui.gui.review.grid import GridView
from facegui.gui.review.tile_view import MAX_TILE_PX, MIN_TILE_PX

COUNT = 103
NONE = Qt.KeyboardModifier.NoModifier
CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
LEFT = Qt.MouseButton.LeftButton


class Delegate(QStyledItemDelegate):
    """Tiles a little larger than their picture; counts what is painted."""

    def __init__(self) -> None:
        super().__init__()
        self.painted: list[int] = []

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex) -> QSize:  # noqa: N802
        return option.decorationSize + QSize(8, 20)

    def paint(self, painter: object, option: QStyleOptionViewItem, index: QModelIndex) -> None:
        self.painted.append(index.row())


@pytest.fixture
def delegate() -> Delegate:
    return Delegate()


@pytest.fixture
def grid(qtbot: QtBot, delegate: Delegate) -> GridView:
    view = GridView()
    qtbot.addWidget(view)
    view.setItemDelegate(delegate)
    view.setModel(QStringListModel([str(n) for n in range(COUNT)], view))
    view.resize(600, 400)
    with qtbot.waitExposed(view):
        view.show()
    view.setFocus()
    return view


def columns(grid: GridView) -> int:
    top = grid.visualRect(grid.model().index(0, 0)).top()
    rows = range(COUNT)
    return sum(grid.visualRect(grid.model().index(row, 0)).top() == top for row in rows)


def centre(grid: GridView, row: int) -> QPoint:
    return grid.visualRect(grid.model().index(row, 0)).center()


def press(grid: GridView, *keys: Qt.Key, held: Qt.KeyboardModifier = NONE) -> None:
    for key in keys:
        QTest.keyClick(grid, key, held)


def click(grid: GridView, row: int, held: Qt.KeyboardModifier = NONE) -> None:
    QTest.mouseClick(grid.viewport(), LEFT, held, centre(grid, row))


def draw_band(grid: GridView, start: QPoint, end: QPoint) -> None:
    QTest.mousePress(grid.viewport(), LEFT, NONE, start)
    for step in (4, 3, 2, 1):
        QTest.mouseMove(grid.viewport(), start + (end - start) / step)
    QTest.mouseRelease(grid.viewport(), LEFT, NONE, end)


def test_only_visible_tiles_are_painted(qtbot: QtBot, grid: GridView, delegate: Delegate) -> None:
    delegate.painted.clear()
    grid.viewport().repaint()
    assert set(delegate.painted) == set(grid.visible_rows())
    assert len(delegate.painted) < COUNT / 2


def test_a_place_belongs_to_the_tile_drawn_there(grid: GridView) -> None:
    for row in grid.visible_rows():
        assert grid.indexAt(centre(grid, row)).row() == row
    assert not grid.indexAt(QPoint(1, 1)).isValid()


def test_arrows_move_by_one_and_by_a_line(grid: GridView) -> None:
    grid.go_to(0)
    press(grid, Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_Left)
    assert grid.currentIndex().row() == columns(grid)
    press(grid, Qt.Key.Key_Up, Qt.Key.Key_Up)
    assert grid.currentIndex().row() == 0
    press(grid, Qt.Key.Key_End)
    assert grid.currentIndex().row() == COUNT - 1
    press(grid, Qt.Key.Key_Down, Qt.Key.Key_Right)
    assert grid.currentIndex().row() == COUNT - 1
    press(grid, Qt.Key.Key_Home)
    assert grid.currentIndex().row() == 0


def test_without_a_current_tile_the_first_key_goes_to_the_first(grid: GridView) -> None:
    grid.setCurrentIndex(QModelIndex())
    press(grid, Qt.Key.Key_Right)
    assert grid.currentIndex().row() == 0


def test_down_from_above_a_short_last_line_reaches_it(grid: GridView) -> None:
    wide = columns(grid)
    short = COUNT % wide
    assert short
    grid.go_to(COUNT - short - 1)
    press(grid, Qt.Key.Key_Down)
    assert grid.currentIndex().row() == COUNT - 1


def test_the_current_tile_is_scrolled_into_view(grid: GridView) -> None:
    grid.go_to(70)
    assert grid.viewport().rect().contains(centre(grid, 70))
    before = grid.verticalOffset()
    grid.go_to(71)
    assert grid.verticalOffset() == before


def test_shift_and_arrows_select_a_run(grid: GridView) -> None:
    grid.go_to(1)
    press(grid, Qt.Key.Key_Right, Qt.Key.Key_Down, held=SHIFT)
    assert grid.selected_rows() == list(range(1, columns(grid) + 3))


def test_space_marks_and_arrows_leave_marks_alone(grid: GridView) -> None:
    grid.go_to(2)
    press(grid, Qt.Key.Key_Space, Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Space)
    assert grid.marking
    assert grid.selected_rows() == [2, 4]
    press(grid, Qt.Key.Key_Space)
    assert grid.selected_rows() == [2]
    press(grid, Qt.Key.Key_Escape)
    assert not grid.marking
    assert grid.selected_rows() == [4]


@pytest.mark.parametrize("how", ["ctrl", "all", "band"])
def test_an_arrow_ends_a_selection_of_any_other_kind(grid: GridView, how: str) -> None:
    click(grid, 0)
    if how == "ctrl":
        click(grid, 2, CTRL)
    elif how == "all":
        press(grid, Qt.Key.Key_A, held=CTRL)
    else:
        draw_band(grid, QPoint(2, 2), centre(grid, columns(grid) + 1))
    assert grid.marking
    assert grid.marked_count() > 1
    press(grid, Qt.Key.Key_End)
    assert not grid.marking
    assert grid.selected_rows() == [COUNT - 1]


def test_marks_out_of_sight_are_scrolled_to(grid: GridView) -> None:
    press(grid, Qt.Key.Key_Right, Qt.Key.Key_Space)
    assert not grid.show_marks()
    press(grid, Qt.Key.Key_End)
    assert 1 not in grid.visible_rows()
    assert grid.show_marks()
    assert 1 in grid.visible_rows()
    assert not grid.show_marks()
    assert grid.selected_rows() == [1]


def test_without_marks_nothing_is_scrolled_to(grid: GridView) -> None:
    grid.go_to(0)
    grid.verticalScrollBar().setValue(grid.verticalScrollBar().maximum())
    assert not grid.show_marks()


def test_unmarking_the_last_mark_ends_marking(grid: GridView) -> None:
    grid.go_to(2)
    press(grid, Qt.Key.Key_Space, Qt.Key.Key_Space, Qt.Key.Key_Right)
    assert not grid.marking
    assert grid.selected_rows() == [3]


def test_all_can_be_marked_at_once(grid: GridView) -> None:
    grid.go_to(0)
    press(grid, Qt.Key.Key_A, held=CTRL)
    assert grid.marked_count() == COUNT
    assert grid.selected_rows() == list(range(COUNT))


def test_letters_are_left_to_the_page(grid: GridView) -> None:
    grid.go_to(0)
    press(grid, Qt.Key.Key_5)
    assert grid.currentIndex().row() == 0


def test_clicks_with_shift_and_ctrl(grid: GridView) -> None:
    click(grid, 1)
    click(grid, 5, SHIFT)
    assert grid.selected_rows() == [1, 2, 3, 4, 5]
    click(grid, 3, CTRL)
    assert grid.selected_rows() == [1, 2, 4, 5]
    assert grid.marking
    click(grid, 7)
    assert grid.selected_rows() == [7]
    assert not grid.marking


def test_a_band_selects_the_tiles_it_touches(grid: GridView) -> None:
    wide = columns(grid)
    grid.go_to(50)
    grid.verticalScrollBar().setValue(0)
    draw_band(grid, QPoint(2, 2), centre(grid, wide + 1))
    assert grid.selected_rows() == [0, 1, wide, wide + 1]
    assert grid.marking


def test_zoom_keeps_the_current_tile_at_its_height(grid: GridView) -> None:
    grid.go_to(60)
    before = grid.visualRect(grid.currentIndex()).top()
    grid.set_picture_px(90)
    assert abs(grid.visualRect(grid.currentIndex()).top() - before) <= 1
    assert columns(grid) > 4


def test_zoom_has_bounds(grid: GridView) -> None:
    grid.set_picture_px(5)
    assert grid.picture_px == MIN_TILE_PX
    grid.set_picture_px(5000)
    assert grid.picture_px == MAX_TILE_PX


def test_ctrl_wheel_zooms_and_says_so(qtbot: QtBot, grid: GridView) -> None:
    def turn(held: Qt.KeyboardModifier) -> None:
        place = QPointF(100, 100)
        delta, phase = QPoint(0, 120), Qt.ScrollPhase.NoScrollPhase
        event = QWheelEvent(
            place, place, QPoint(), delta, Qt.MouseButton.NoButton, held, phase, False
        )
        grid.wheelEvent(event)

    with qtbot.waitSignal(grid.zoomed) as told:
        turn(CTRL)
    assert told.args == [round(128 * 1.15)]
    with qtbot.assertNotEmitted(grid.zoomed):
        turn(NONE)


def test_new_rows_at_the_end_move_nothing(grid: GridView) -> None:
    model = grid.model()
    grid.go_to(40)
    click(grid, 41, CTRL)
    before = grid.verticalOffset(), grid.selected_rows(), grid.currentIndex().row()
    model.insertRows(COUNT, 30)
    assert (grid.verticalOffset(), grid.selected_rows(), grid.currentIndex().row()) == before
    assert grid.verticalScrollBar().maximum() > 0


def test_a_reset_goes_to_the_top_without_marks(grid: GridView) -> None:
    grid.go_to(70)
    press(grid, Qt.Key.Key_Space)
    model = grid.model()
    assert isinstance(model, QStringListModel)
    model.setStringList(["a", "b"])
    assert grid.verticalOffset() == 0
    assert not grid.marking
    assert grid.selected_rows() == []


def test_an_empty_grid_takes_keys_and_clicks(grid: GridView) -> None:
    model = grid.model()
    assert isinstance(model, QStringListModel)
    model.setStringList([])
    press(grid, Qt.Key.Key_Down, Qt.Key.Key_Space, Qt.Key.Key_End)
    QTest.mouseClick(grid.viewport(), LEFT, NONE, QPoint(50, 50))
    assert grid.selected_rows() == []


def test_the_selection_is_dirty_only_where_it_is_visible(grid: GridView) -> None:
    grid.selectAll()
    region = grid.visualRegionForSelection(grid.selectionModel().selection())
    assert region.rectCount() <= len(grid.visible_rows())
    none = QItemSelectionModel(grid.model()).selection()
    assert grid.visualRegionForSelection(none).isEmpty()
