"""A face is found again around the place where it was."""

from __future__ import annotations

import numpy as np
import pytest

from facegui.detection.following import SIDE_PX, find_again
from facegui.detection.view import Found
from facegui.domain.entities import RgbImage
from facegui.domain.geometry import Box, Landmarks, Point
from facegui.imaging.cv import cv2


class BrightPatches:
    """A detector that sees bright patches; it keeps what it was shown."""

    def __init__(self) -> None:
        self.shown: list[RgbImage] = []

    def look(self, image: RgbImage, min_score: float) -> list[Found]:
        self.shown.append(image)
        bright = (image.max(axis=2) > 100).astype(np.uint8)
        _, _, stats, _ = cv2.connectedComponentsWithStats(bright)
        return [
            Found(Box(x, y, x + w, y + h), Landmarks(*[Point(x, y)] * 5), 0.9)
            for x, y, w, h, _ in stats[1:].tolist()
        ]


def frame(*boxes: tuple[int, int, int]) -> RgbImage:
    """640 × 480, a white square at each (x, y, side)."""
    image = np.zeros((480, 640, 3), np.uint8)
    for x, y, side in boxes:
        image[y : y + side, x : x + side] = 255
    return image


def found(image: RgbImage, box: Box) -> Found | None:
    return find_again(image, box, BrightPatches())  # type: ignore[arg-type]


@pytest.mark.parametrize("side", [30, 64, 200])
def test_a_face_that_moved_a_little_is_found_where_it_is_now(side: int) -> None:
    face = found(frame((210, 148, side)), Box(200, 150, 200 + side, 150 + side))
    assert face is not None
    tolerance = 2 * side / 40  # a pixel or two of the small square
    assert face.box.x1 == pytest.approx(210, abs=tolerance)
    assert face.box.y2 == pytest.approx(148 + side, abs=tolerance)
    assert face.landmarks.nose.x == pytest.approx(210, abs=tolerance)


def test_at_the_edge_of_the_picture_places_are_right_too() -> None:
    face = found(frame((0, 0, 60)), Box(-10, -5, 50, 55))
    assert face is not None
    assert face.box.x1 == pytest.approx(0, abs=1)
    assert face.box.x2 == pytest.approx(60, abs=2)


def test_of_two_the_nearer_one_is_taken() -> None:
    face = found(frame((200, 150, 40), (250, 150, 40)), Box(203, 150, 243, 190))
    assert face is not None
    assert face.box.x1 == pytest.approx(200, abs=2)


def test_what_has_gone_or_left_the_picture_is_not_found() -> None:
    assert found(frame(), Box(200, 150, 240, 190)) is None
    assert found(frame((500, 400, 40)), Box(200, 150, 240, 190)) is None
    assert found(frame((0, 0, 40)), Box(700, 500, 740, 540)) is None


def test_the_detector_is_always_shown_a_square_of_one_size() -> None:
    detector = BrightPatches()
    for box in (Box(0, 0, 30, 30), Box(300, 200, 500, 420), Box(600, 440, 640, 480)):
        find_again(frame(), box, detector)  # type: ignore[arg-type]
    assert {image.shape for image in detector.shown} == {(SIDE_PX, SIDE_PX, 3)}
