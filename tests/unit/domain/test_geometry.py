"""Quarter turns: places in a turned picture are those of the same pixels."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from facegui.domain.geometry import Box, Landmarks, Point, Pose

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


@given(st.sampled_from([0, 90, 180, 270]))
def test_turned_back_undoes_a_turn(degrees: int) -> None:
    box = Box(1, 0, 3, 2.5)
    there = box.turned(degrees, WIDTH, HEIGHT)
    assert there.turned_back(degrees, WIDTH, HEIGHT) == box


@pytest.mark.parametrize(
    ("pose", "left", "top", "face"),
    [
        (Pose(0, 0, 0), (1, 0), (0, -1), (0, 0)),
        (Pose(90, 0, 0), (0, 1), (1, 0), (0, 0)),  # lying on the own left ear
        (Pose(0, 90, 0), (0, 0), (0, -1), (1, 0)),  # looking to the right of the picture
        (Pose(0, 0, 90), (1, 0), (0, 0), (0, -1)),  # looking up
        (Pose(0, 30, 0), (0.866, 0), (0, -1), (0.5, 0)),
    ],
)
def test_axes_point_where_the_head_does(
    pose: Pose, left: tuple[float, float], top: tuple[float, float], face: tuple[float, float]
) -> None:
    assert pose.axes[0] == pytest.approx(left, abs=1e-3)
    assert pose.axes[1] == pytest.approx(top, abs=1e-3)
    assert pose.axes[2] == pytest.approx(face, abs=1e-3)


@given(*[st.floats(-89, 89)] * 3)
def test_axes_are_the_shadow_of_three_at_right_angles(roll: float, pan: float, tilt: float) -> None:
    axes = np.array(Pose(roll, pan, tilt).axes)
    # the rows of an orthogonal 3 × 3 matrix without its last column: what is lost is 1 of 3
    assert np.linalg.svd(axes, compute_uv=False) == pytest.approx([1, 1])


@given(
    st.floats(-170, 170), st.floats(-80, 80), st.floats(-80, 80), st.sampled_from([90, 180, 270])
)
def test_a_turned_head_points_where_the_turned_picture_shows_it(
    roll: float, pan: float, tilt: float, degrees: int
) -> None:
    pose = Pose(roll, pan, tilt)
    turned = pose.turned(degrees)
    for was, now in zip(pose.axes, turned.axes, strict=True):
        assert now == pytest.approx(was.turned(degrees, 0, 0), abs=1e-6)


def test_a_head_that_looks_at_the_camera_only_leans_otherwise() -> None:
    assert Pose(-90, 0, 0).turned(90).roll == pytest.approx(0)
    assert Pose(5, 6, 7).turned(0) == Pose(5, 6, 7)
