"""Quarter turns: places in a turned picture are those of the same pixels."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from facegui.domain.geometry import Box, Landmarks, Point

WIDTH, HEIGHT = 7, 4


@pytest.mark.parametrize("degrees", [0, 90, 180, 270])
def test_a_turned_box_covers_the_same_pixels(degrees: int) -> None:
    picture = np.arange(WIDTH * HEIGHT).reshape(HEIGHT, WIDTH)
    box = Box(1, 0, 3, 2)
    turned = box.turned(degrees, WIDTH, HEIGHT)
    rows, columns = (
        slice(int(turned.y1), int(turned.y2)),
        slice(int(turned.x1), int(turned.x2)),
    )
    there = np.rot90(picture, -degrees // 90)[rows, columns]
    assert sorted(there.ravel().tolist()) == sorted(picture[0:2, 1:3].ravel().tolist())


@given(st.floats(0, 7), st.floats(0, 4), st.sampled_from([0, 90, 180, 270]))
def test_four_sides_make_a_full_turn(x: float, y: float, degrees: int) -> None:
    width, height = (WIDTH, HEIGHT) if degrees in {0, 180} else (HEIGHT, WIDTH)
    there = Point(x, y).turned(degrees, WIDTH, HEIGHT)
    back = there.turned((360 - degrees) % 360, width, height)
    assert back == pytest.approx((x, y))


def test_landmarks_turn_point_by_point() -> None:
    points = Landmarks(*(Point(n, 1) for n in range(5)))
    assert points.turned(90, WIDTH, HEIGHT) == Landmarks(*(Point(3, n) for n in range(5)))
