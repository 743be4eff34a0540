"""Where a pointed-at face is looked for; real faces are tried in tests/e2e."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from facegui.detection.close_up import find_in
from facegui.detection.landmarks import FaceMesh
from facegui.detection.view import Found
from facegui.domain.geometry import Box, Landmarks, Point
from facegui.imaging.align import TEMPLATE

BOX = Box(100, 80, 180, 180)
WIDTH, HEIGHT = 400, 300
FIVE = [468, 473, 1, 61, 291]


def photo() -> NDArray[np.uint8]:
    """Dark, but for a bright rectangle in `BOX` whose upper third is brighter still."""
    image = np.zeros((HEIGHT, WIDTH, 3), np.uint8)
    image[80:180, 100:180] = 150
    image[80:110, 100:180] = 250
    return image


class BrightDetector:
    """Finds the bright rectangle; its score tells how well it stands on its darker end."""

    def __init__(self, upright: float = 0.95, other: float = 0.7) -> None:
        self.upright, self.other = upright, other
        self.asked: list[tuple[tuple[int, int], float]] = []

    def look(self, image: NDArray[np.uint8], min_score: float) -> list[Found]:
        self.asked.append((image.shape[:2], min_score))
        rows, columns = np.nonzero(image[..., 0] > 75)
        if not rows.size:
            return []
        box = Box(columns.min(), rows.min(), columns.max() + 1, rows.max() + 1)
        top = image[int(box.y1) + 3, int(box.centre[0]), 0] > 200
        bottom = image[int(box.y2) - 4, int(box.centre[0]), 0] > 200
        score = self.upright if top and not bottom else self.other
        if score < min_score:
            return []
        points = (
            Point(box.x1 + x / 112 * box.width, box.y1 + y / 112 * box.height) for x, y in TEMPLATE
        )
        return [Found(box, Landmarks(*points), score)]


class Mesh:
    """Sees a face with certainty *presence*; its landmarks surround those it was started from."""

    def __init__(self, presence: Sequence[float]) -> None:
        self.presence = list(presence)
        self.started: list[Landmarks] = []

    def measure(self, image: NDArray[np.uint8], landmarks: Landmarks) -> FaceMesh:
        self.started.append(landmarks)
        points = np.zeros((478, 3))
        points[:, :2] = np.asarray(landmarks).mean(axis=0)
        points[0, :2], points[2, :2] = (105, 85), (175, 178)
        points[FIVE, :2] = np.asarray(landmarks) + 1
        return FaceMesh(points, self.presence.pop(0))


def sides(box: Box) -> tuple[float, float, float, float]:
    return box.x1, box.y1, box.x2, box.y2


def test_an_upright_face_needs_one_look() -> None:
    detector = BrightDetector()
    found, rotation = find_in(photo(), BOX, detector, Mesh([]))
    assert sides(found.box) == pytest.approx(sides(BOX), abs=2)
    assert (found.score, rotation) == (0.95, 0)
    ((shape, min_score),) = detector.asked
    assert max(shape) < 500  # not the whole photo, and at the size that the detector likes
    assert min_score < 0.5


@pytest.mark.parametrize("quarters", [1, 2, 3])
def test_a_face_on_its_side_is_found_where_it_lies(quarters: int) -> None:
    turned = np.ascontiguousarray(np.rot90(photo(), quarters))  # anticlockwise
    rows, columns = np.nonzero(turned[..., 0])
    box = Box(columns.min(), rows.min(), columns.max() + 1, rows.max() + 1)
    found, rotation = find_in(turned, box, BrightDetector(), Mesh([]))
    assert rotation == 90 * quarters
    assert sides(found.box) == pytest.approx(sides(box), abs=2)


def test_a_face_elsewhere_is_another_one() -> None:
    other = Box(190, 80, 270, 180)
    assert find_in(photo(), other, BrightDetector(), Mesh([0.2])) is None


def test_where_the_detector_sees_nothing_the_landmarks_may() -> None:
    mesh = Mesh([0.7, 0.9])
    found, rotation = find_in(photo(), BOX, BrightDetector(0, 0), mesh)
    assert (found.score, rotation) == (0.9, 0)
    assert sides(found.box) == (105, 85, 175, 178)
    first, second = mesh.started
    assert np.asarray(second) == pytest.approx(np.asarray(first) + 1)
    assert found.landmarks == pytest.approx(np.asarray(second) + 1)
    assert 80 < first.right_eye.y < first.nose.y < first.left_mouth.y < 180


@pytest.mark.parametrize("presence", [[0.1], [0.9, 0.1]])
def test_what_the_landmarks_do_not_take_for_a_face_is_none(presence: list[float]) -> None:
    assert find_in(photo(), BOX, BrightDetector(0, 0), Mesh(presence)) is None


@pytest.mark.parametrize(
    "box",
    [Box(50, 50, 50, 90), Box(-90, -90, -10, -10), Box(500, 20, 600, 90), Box(9, 9, 4, 4)],
    ids=["no width", "before", "behind", "inside out"],
)
def test_a_box_without_pixels_holds_nothing(box: Box) -> None:
    assert find_in(photo(), box, BrightDetector(), Mesh([])) is None


def test_a_box_may_reach_beyond_the_photo() -> None:
    image = photo()[90:, 110:]
    box = Box(-10, -10, 70, 90)
    found, _ = find_in(image, box, BrightDetector(), Mesh([]))
    assert sides(found.box) == pytest.approx((0, 0, 70, 90), abs=2)


@pytest.mark.parametrize("shape", [(1, 1), (1, 900), (900, 1), (5, 3)])
def test_no_photo_is_too_small(shape: tuple[int, int]) -> None:
    image = np.zeros((*shape, 3), np.uint8)
    assert find_in(image, Box(0, 0, 900, 900), BrightDetector(), Mesh([0.0])) is None
