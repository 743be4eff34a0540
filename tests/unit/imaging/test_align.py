from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from facegui.domain.entities import RgbImage
from facegui.domain.geometry import Box, Landmarks, Point
from facegui.imaging.align import TEMPLATE, aligned_crop, box_crop, similarity, stood_up
from facegui.imaging.cv import cv2


def landmarks(points: np.ndarray) -> Landmarks:
    return Landmarks(*(Point(float(x), float(y)) for x, y in points))


def placed(scale: float, degrees: float, x: float, y: float) -> Landmarks:
    """The template itself, scaled, turned clockwise and moved."""
    turn = np.exp(1j * np.radians(degrees)) * scale
    numbers = TEMPLATE @ (1, 1j) * turn + complex(x, y)
    return landmarks(np.column_stack([numbers.real, numbers.imag]))


def smooth(height: int = 200, width: int = 300) -> RgbImage:
    """Three different gentle waves."""
    y, x = np.mgrid[:height, :width]
    waves = [np.sin(x / 17), np.sin(y / 13), np.sin((x + y) / 23)]
    return (np.dstack(waves) * 100 + 128).astype(np.uint8)


@pytest.mark.parametrize("margin", [0.0, 0.2])
@pytest.mark.parametrize("size_px", [32, 112, 256])
@pytest.mark.parametrize("degrees", [0, 30, -90, 180])
def test_landmarks_land_on_the_template(size_px: int, margin: float, degrees: float) -> None:
    matrix = similarity(placed(1.7, degrees, 40, 25), size_px, margin)
    points = np.array(placed(1.7, degrees, 40, 25)) @ matrix[:, :2].T + matrix[:, 2]
    expected = (TEMPLATE + margin * 112) * size_px / (112 * (1 + 2 * margin))
    assert points == pytest.approx(expected)


def test_the_transform_is_the_least_squares_one() -> None:
    rng = np.random.default_rng(1)
    noisy = np.array(placed(2.0, 10, 5, 5)) + rng.normal(0, 4, (5, 2))
    best = similarity(landmarks(noisy), 112, 0)

    def misfit(matrix: np.ndarray) -> float:
        return float(((noisy @ matrix[:, :2].T + matrix[:, 2] - TEMPLATE) ** 2).sum())

    for _ in range(200):
        turn, shift = rng.normal(0, 0.01, 2), rng.normal(0, 0.5, 2)
        change = np.array([[turn[0], -turn[1], shift[0]], [turn[1], turn[0], shift[1]]])
        assert misfit(best + change) >= misfit(best)


def test_it_never_mirrors() -> None:
    mirrored = TEMPLATE * (-1, 1) + (112, 0)
    matrix = similarity(landmarks(mirrored), 112, 0)
    assert np.linalg.det(matrix[:, :2]) > 0


def test_landmarks_on_one_spot_give_a_crop_around_it() -> None:
    spot = landmarks(np.full((5, 2), 50.0))
    matrix = similarity(spot, 112, 0)
    assert np.isfinite(matrix).all()
    assert aligned_crop(smooth(), spot).shape == (112, 112, 3)


def test_a_face_that_lies_on_the_template_is_cut_out_as_it_is() -> None:
    image = smooth()
    crop = aligned_crop(image, placed(1.0, 0, 60, 40))
    assert np.abs(crop.astype(int) - image[40:152, 60:172]).max() <= 1


def test_a_turned_face_is_turned_back() -> None:
    image = smooth(300, 300)
    upright = aligned_crop(image, placed(1.0, 0, 90, 90))
    turned = np.ascontiguousarray(np.rot90(image, -1))  # clockwise
    points = np.array(placed(1.0, 0, 90, 90))
    lying = landmarks(np.column_stack([299 - points[:, 1], points[:, 0]]))
    assert np.abs(aligned_crop(turned, lying).astype(int) - upright).max() <= 2


def test_margin_shows_more_around_the_face() -> None:
    image = np.zeros((400, 400, 3), np.uint8)
    image[100:212, 100:212] = 255
    face = placed(1.0, 0, 100, 100)
    assert aligned_crop(image, face, 112, 0.0).min() > 200
    wide = aligned_crop(image, face, 112, 0.5)
    assert wide[56, 56].tolist() == [255, 255, 255]
    assert wide[5, 5].tolist() == [0, 0, 0]
    assert (wide[:, :, 0] > 128).mean() == pytest.approx(0.25, abs=0.02)


def test_beyond_the_photo_its_edge_goes_on() -> None:
    image = np.full((60, 60, 3), (10, 120, 230), np.uint8)
    crop = aligned_crop(image, placed(1.0, 0, -30, -30))
    assert (crop == (10, 120, 230)).all()


@pytest.mark.parametrize("scale", [1.5, 2.0, 3.7, 9.0])
def test_a_large_face_is_averaged_and_stays_in_place(scale: float) -> None:
    small = smooth(160, 160)
    large = cv2.resize(small, None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC)
    # Pixel centres: a point at p in the small picture is at scale * (p + 1/2) - 1/2.
    points = (np.array(placed(1.0, 0, 20, 20)) + 0.5) * scale - 0.5
    found = aligned_crop(np.asarray(large, np.uint8), landmarks(points))
    assert np.abs(found.astype(int) - aligned_crop(small, placed(1.0, 0, 20, 20))).max() <= 6


def test_fine_detail_of_a_large_face_becomes_grey_and_not_a_pattern() -> None:
    checks = np.indices((900, 900)).sum(axis=0) % 2 * 255
    image = np.dstack([checks] * 3).astype(np.uint8)
    crop = aligned_crop(image, placed(6.3, 7, 60, 60))
    assert crop.std() < 8
    assert crop.mean() == pytest.approx(127.5, abs=3)


def test_a_box_of_the_crops_size_is_cut_out_exactly() -> None:
    image = smooth()
    assert (box_crop(image, Box(30, 20, 126, 116), 96, 0.0) == image[20:116, 30:126]).all()


def test_a_box_is_padded_to_a_square_around_its_middle() -> None:
    image = np.zeros((200, 200, 3), np.uint8)
    image[60:140, 80:120] = 255  # 40 wide, 80 high
    crop = box_crop(image, Box(80, 60, 120, 140), 80, 0.0)
    assert (crop[:, 20:60] == 255).all()
    assert (crop[:, :20] == 0).all()
    assert (crop[:, 60:] == 0).all()


def test_a_boxs_margin_is_of_its_longer_side() -> None:
    image = np.zeros((400, 400, 3), np.uint8)
    image[150:250, 150:250] = 255
    crop = box_crop(image, Box(150, 150, 250, 250), 150, 0.25)
    assert (crop[:, :, 0] > 128).sum() == 100 * 100


@settings(max_examples=60, deadline=None)
@given(
    st.tuples(st.integers(1, 40), st.integers(1, 40)),
    st.lists(st.floats(-200, 200), min_size=4, max_size=4),
    st.lists(st.floats(-300, 300), min_size=10, max_size=10),
    st.sampled_from([1, 16, 112]),
)
def test_no_face_is_too_odd_to_be_cut_out(
    shape: tuple[int, int], corners: list[float], points: list[float], size_px: int
) -> None:
    image = np.full((*shape, 3), 77, np.uint8)
    face = landmarks(np.reshape(points, (5, 2)))
    for crop in (
        aligned_crop(image, face, size_px),
        box_crop(image, Box(*corners), size_px, 0.3),
    ):
        assert crop.shape == (size_px, size_px, 3)
        assert (crop == 77).all()


@pytest.mark.parametrize("quarters", range(4))
def test_a_lying_crop_is_stood_up(quarters: int) -> None:
    crop = smooth(64, 64)
    upright = placed(0.5, 0, 32, 32)
    lying = upright.turned(90 * quarters, 64, 64)
    assert np.array_equal(stood_up(np.rot90(crop, -quarters), lying), crop)


@pytest.mark.parametrize("degrees", [-55, 0, 55])
def test_a_face_that_leans_by_itself_is_left_alone(degrees: float) -> None:
    crop = smooth(64, 64)
    assert np.array_equal(stood_up(crop, placed(0.5, degrees, 32, 32)), crop)
