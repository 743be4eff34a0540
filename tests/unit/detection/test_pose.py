from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from facegui.detection.landmarks import CanonicalFace
from facegui.detection.pose import head_pose
from facegui.domain.geometry import Pose

# A rough face in centimetres: x right in the picture, y down, z away from the camera.
NOSE, RIGHT_EYE, LEFT_EYE, CHIN, RIGHT_EAR, LEFT_EAR = range(6)
FACE = np.array(
    [(0, 1, -7.5), (-3, -2.6, -4), (3, -2.6, -4), (0, 9.4, -4.3), (-7, 0, 3), (7, 0, 3)], float
)
CANONICAL = CanonicalFace(
    indices=np.arange(6), vertices=FACE, weights=np.array([3.0, 2, 2, 1, 0.5, 0.5])
)


def turned(roll: float, pan: float, tilt: float) -> NDArray[np.float64]:
    """The face after leaning (roll), then nodding (tilt), then turning (pan), in degrees."""
    r, p, t = np.radians((roll, pan, tilt))
    lean = [[np.cos(r), -np.sin(r), 0], [np.sin(r), np.cos(r), 0], [0, 0, 1]]
    nod = [[1, 0, 0], [0, np.cos(t), np.sin(t)], [0, -np.sin(t), np.cos(t)]]
    turn = [[np.cos(p), 0, -np.sin(p)], [0, 1, 0], [np.sin(p), 0, np.cos(p)]]
    return FACE @ (np.array(turn) @ np.array(nod) @ np.array(lean)).T


def angles(pose: Pose) -> tuple[float, float, float]:
    return pose.roll, pose.pan, pose.tilt


def test_the_canonical_face_looks_straight_ahead() -> None:
    assert angles(head_pose(FACE, CANONICAL)) == pytest.approx((0, 0, 0), abs=1e-9)


@given(st.floats(-179, 179), st.floats(-89, 89), st.floats(-89, 89))
def test_angles_come_back(roll: float, pan: float, tilt: float) -> None:
    found = head_pose(turned(roll, pan, tilt), CANONICAL)
    assert angles(found) == pytest.approx((roll, pan, tilt), abs=1e-6)


def test_where_the_face_is_and_how_large_does_not_matter() -> None:
    points = turned(12, -25, 8) * 31.7 + (640, 480, -50)
    assert angles(head_pose(points, CANONICAL)) == pytest.approx((12, -25, 8))


def test_positive_roll_leans_to_the_right_of_the_picture() -> None:
    points = turned(20, 0, 0)
    assert points[LEFT_EYE][1] > points[RIGHT_EYE][1]  # y grows downwards
    assert points[LEFT_EYE][0] > points[CHIN][0]


def test_positive_pan_points_the_nose_to_the_right_of_the_picture() -> None:
    points = turned(0, 20, 0)
    assert points[NOSE][0] > 0
    assert points[LEFT_EAR][2] > points[RIGHT_EAR][2]  # the person's left ear is further away


def test_positive_tilt_points_the_nose_up() -> None:
    points = turned(0, 0, 20)
    assert points[NOSE][1] < FACE[NOSE][1]
    assert points[CHIN][2] < FACE[CHIN][2]  # the chin comes towards the camera


def test_a_mirrored_picture_mirrors_roll_and_pan_and_keeps_tilt() -> None:
    points = turned(12, -25, 8) * (-1, 1, 1)
    swapped = points[[NOSE, LEFT_EYE, RIGHT_EYE, CHIN, LEFT_EAR, RIGHT_EAR]]
    assert angles(head_pose(swapped, CANONICAL)) == pytest.approx((-12, 25, 8))


def test_a_landmark_counts_by_its_weight() -> None:
    points = turned(0, 0, 0)
    points[CHIN] += (2, 0, 0)
    light = CanonicalFace(CANONICAL.indices, FACE, np.array([3.0, 2, 2, 1e-9, 0.5, 0.5]))
    heavy = CanonicalFace(CANONICAL.indices, FACE, np.array([3.0, 2, 2, 30, 0.5, 0.5]))
    assert head_pose(points, light).roll == pytest.approx(0, abs=1e-6)
    assert head_pose(points, heavy).roll < -3


def test_other_landmarks_are_ignored() -> None:
    points = np.vstack([turned(5, 6, 7), np.full((472, 3), 1e6)])
    assert angles(head_pose(points, CANONICAL)) == pytest.approx((5, 6, 7))


def test_flat_landmarks_do_not_crash() -> None:
    pose = head_pose(np.zeros((6, 3)), CANONICAL)
    assert all(np.isfinite(angles(pose)))
