"""What is held where on a box, and what dragging makes of it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from facegui.domain.geometry import Box, Point
from facegui.gui.review.box_edit import (
    HANDLES,
    LEAST_PX,
    Grip,
    dragged,
    grip_at,
    handle_place,
    spanned,
)

BOX, SIZE = Box(100, 100, 200, 160), (800, 600)


def test_there_are_eight_handles_on_the_edge() -> None:
    places = {tuple(handle_place(BOX, grip)) for grip in HANDLES}
    assert len(places) == 8
    assert all(x in {100, 200} or y in {100, 160} for x, y in places)


@pytest.mark.parametrize("grip", HANDLES)
def test_each_handle_is_held_at_its_place_and_a_little_around(grip: Grip) -> None:
    x, y = handle_place(BOX, grip)
    assert grip_at(BOX, Point(x, y), 8) is grip
    assert grip_at(BOX, Point(x + 7, y - 7), 8) is grip


def test_the_rest_is_inside_or_nothing() -> None:
    assert grip_at(BOX, Point(150, 130), 8) is Grip.INSIDE
    assert grip_at(BOX, Point(130, 101), 8) is Grip.INSIDE
    assert grip_at(BOX, Point(130, 90), 8) is None


def test_a_small_box_can_still_be_held_by_its_inside() -> None:
    assert grip_at(Box(0, 0, 9, 9), Point(4.5, 4.5), 20) is Grip.INSIDE


def test_dragging_the_inside_moves_and_stops_at_the_photos_edge() -> None:
    moved = dragged(BOX, Grip.INSIDE, Point(150, 130), Point(160, 125), SIZE)
    assert moved == Box(110, 95, 210, 155)
    far = dragged(BOX, Grip.INSIDE, Point(0, 0), Point(5000, -5000), SIZE)
    assert far == Box(700, 0, 800, 60)


@pytest.mark.parametrize(
    ("grip", "expected"),
    [
        (Grip.TOP_LEFT, Box(110, 105, 200, 160)),
        (Grip.TOP, Box(100, 105, 200, 160)),
        (Grip.TOP_RIGHT, Box(100, 105, 210, 160)),
        (Grip.RIGHT, Box(100, 100, 210, 160)),
        (Grip.BOTTOM_RIGHT, Box(100, 100, 210, 165)),
        (Grip.BOTTOM, Box(100, 100, 200, 165)),
        (Grip.BOTTOM_LEFT, Box(110, 100, 200, 165)),
        (Grip.LEFT, Box(110, 100, 200, 160)),
    ],
)
def test_a_handle_pulls_its_own_sides(grip: Grip, expected: Box) -> None:
    assert dragged(BOX, grip, Point(1, 1), Point(11, 6), SIZE) == expected


@given(st.sampled_from(list(Grip)), st.integers(-2000, 2000), st.integers(-2000, 2000))
def test_however_it_is_dragged_it_stays_a_box_inside_the_photo(grip: Grip, x: int, y: int) -> None:
    box = dragged(BOX, grip, Point(0, 0), Point(x, y), SIZE)
    assert 0 <= box.x1 <= box.x2 - LEAST_PX
    assert 0 <= box.y1 <= box.y2 - LEAST_PX
    assert box.x2 <= 800
    assert box.y2 <= 600


def test_a_box_is_spanned_from_any_corner_and_cut_at_the_edge() -> None:
    assert spanned(Point(200, 50), Point(100, 90), SIZE) == Box(100, 50, 200, 90)
    assert spanned(Point(700, 500), Point(900, 900), SIZE) == Box(700, 500, 800, 600)
