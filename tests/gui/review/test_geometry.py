"""Tiles fill the width, every pixel belongs to the tile that is drawn there, runs are joined."""

from __future__ import annotations

import pytest

from facegui.gui.review.geometry import GAP_PX, GridGeometry, fitting_columns


@pytest.mark.parametrize("width", [200, 640, 866, 1010, 1700])
@pytest.mark.parametrize("wanted", [56, 136, 184, 328])
def test_tiles_fill_the_width_and_stay_near_the_size_wanted(width: int, wanted: int) -> None:
    columns, tile = fitting_columns(width, wanted)
    used = columns * (tile + GAP_PX) + GAP_PX
    assert width - columns < used <= width
    if columns > 2:
        assert abs(tile - wanted) <= wanted / 2


def test_a_view_narrower_than_a_tile_has_one_column() -> None:
    assert fitting_columns(100, 328) == (1, 100 - 2 * GAP_PX)


@pytest.fixture
def grid() -> GridGeometry:
    columns, width = fitting_columns(500, 100)
    return GridGeometry(23, columns, width, 120, 500)


def test_each_tiles_corners_are_its_own_and_gaps_nobodys(grid: GridGeometry) -> None:
    for row in range(grid.count):
        x, y = grid.corner(row)
        assert grid.row_at(x, y) == row
        assert grid.row_at(x + grid.tile_width - 1, y + grid.tile_height - 1) == row
        assert grid.row_at(x + grid.tile_width, y) != row
        assert grid.row_at(x, y - 1) is None


def test_nothing_lies_below_the_last_tile(grid: GridGeometry) -> None:
    x, y = grid.corner(22)
    assert grid.row_at(x + grid.tile_width + GAP_PX, y) is None
    assert grid.lines == -(-23 // grid.columns)
    assert grid.height == y + grid.tile_height + GAP_PX


def test_rows_between_are_whole_lines(grid: GridGeometry) -> None:
    top = grid.corner(grid.columns)[1]
    assert grid.rows_between(top, top) == range(grid.columns, 2 * grid.columns)
    assert grid.rows_between(0, 10_000) == range(23)
    assert grid.rows_between(5_000, 9_000) == range(23, 23)


def test_a_rectangle_gives_runs_of_the_tiles_it_touches(grid: GridGeometry) -> None:
    left, top = grid.corner(1)
    right, bottom = grid.corner(grid.columns + 2)
    runs = grid.rows_in(left + 5, top + 5, right + 5, bottom + 5)
    assert runs == [range(1, 3), range(grid.columns + 1, grid.columns + 3)]


def test_runs_over_the_whole_width_become_one(grid: GridGeometry) -> None:
    assert grid.rows_in(0, 0, 500, 10_000) == [range(23)]


def test_a_rectangle_in_a_gap_touches_nothing(grid: GridGeometry) -> None:
    x, y = grid.corner(0)
    beside = x + grid.tile_width + 1
    assert grid.rows_in(beside, y, beside + 1, y + 50) == []


def test_nearest_never_leaves_the_grid(grid: GridGeometry) -> None:
    assert grid.nearest(-50, -50) == 0
    assert grid.nearest(9_000, 9_000) == 22
    assert GridGeometry(0, 3, 100, 100, 400).nearest(5, 5) == -1


def test_a_million_tiles_are_placed_like_ten() -> None:
    columns, width = fitting_columns(1_280, 136)
    grid = GridGeometry(1_000_000, columns, width, 170, 1_280)
    x, y = grid.corner(999_999)
    assert grid.row_at(x, y) == 999_999
    assert len(grid.rows_between(y - 600, y)) <= 5 * columns


@pytest.fixture
def parted() -> GridGeometry:
    """Three columns; sections of 4, 1 and 7 tiles."""
    return GridGeometry(12, 3, 100, 120, 340, (0, 4, 5), 30)


def test_each_section_begins_a_new_line_below_its_heading(parted: GridGeometry) -> None:
    pitch, left = parted.pitch, parted.corner(0)[0]
    assert parted.corner(0)[1] == GAP_PX + 30
    assert parted.corner(3) == (left, GAP_PX + 30 + pitch)
    assert parted.corner(4) == (left, GAP_PX + 60 + 2 * pitch)
    assert parted.corner(5) == (left, GAP_PX + 90 + 3 * pitch)
    assert parted.lines == 2 + 1 + 3
    assert parted.height == parted.corner(11)[1] + parted.tile_height + GAP_PX
    for row in range(12):
        assert parted.row_at(*parted.corner(row)) == row


def test_no_tile_lies_in_a_heading(parted: GridGeometry) -> None:
    headings = parted.headings_between(0, parted.height)
    assert [section for section, _ in headings] == [0, 1, 2]
    for section, top in headings:
        for y in (top, top + 29):
            assert parted.row_at(10, y) is None
            assert not parted.rows_between(y, y)
        first = parted.section_rows(section).start
        assert parted.corner(first)[1] == top + 30
        assert parted.headings_between(top + 29, top + 29) == [(section, top)]
        assert parted.headings_between(top + 30, top + 60) == []


def test_lines_end_with_their_section(parted: GridGeometry) -> None:
    assert [parted.line_rows(n) for n in range(parted.lines)] == [
        range(3), range(3, 4), range(4, 5), range(5, 8), range(8, 11), range(11, 12)
    ]  # fmt: skip
    assert [parted.line_of(row) for row in (0, 3, 4, 5, 11)] == [0, 1, 2, 3, 5]
    assert [parted.section_of(row) for row in (0, 3, 4, 5, 11)] == [0, 0, 1, 2, 2]


def test_moving_by_lines_goes_through_headings_and_stays_in_the_grid(parted: GridGeometry) -> None:
    assert parted.moved(2, 1) == 3
    assert parted.moved(3, 1) == 4
    assert parted.moved(7, -1) == 4
    assert parted.moved(7, 2) == 11
    assert parted.moved(1, -9) == 1
    assert parted.moved(6, 99) == 11


def test_a_rectangle_over_headings_gives_runs(parted: GridGeometry) -> None:
    assert parted.rows_in(0, 0, 340, parted.height) == [range(12)]
    left, top = parted.corner(3)
    assert parted.rows_in(left, top, left + 10, parted.height) == [
        range(3, 6), range(8, 9), range(11, 12)
    ]  # fmt: skip


def test_every_pixel_between_lines_belongs_to_the_line_above(parted: GridGeometry) -> None:
    for y in range(-20, parted.height + 200):
        rows = parted.rows_between(y, y)
        inside = [r for r in range(12) if 0 <= y - parted.corner(r)[1] < parted.pitch]
        assert list(rows) == inside, y


def test_many_sections_are_found_as_fast_as_few() -> None:
    grid = GridGeometry(300_000, 3, 100, 120, 340, tuple(range(0, 300_000, 3)), 30)
    x, y = grid.corner(299_999)
    assert grid.row_at(x, y) == 299_999
    assert grid.headings_between(y - 31, y) == [(99_999, y - 30)]
