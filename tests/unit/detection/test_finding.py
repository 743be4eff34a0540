from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from facegui.detection.finding import FaceSearch, certainty, in_middle, merged
from facegui.detection.view import Found, Span, spans
from facegui.domain.detection import VIDEO, DetectOptions
from facegui.domain.entities import RgbImage
from facegui.domain.geometry import Box, Landmarks, Point
from tests.fakes.detectors import SquareDetector, draw

UPRIGHT = [(0.3, 0.3), (0.7, 0.3), (0.5, 0.5), (0.3, 0.8), (0.7, 0.8)]


def dark(width: int, height: int) -> RgbImage:
    return np.full((height, width, 3), 20, np.uint8)


def face(x: float, y: float, side: float, score: float = 0.9, turn_deg: float = 0) -> Found:
    turn = np.exp(1j * np.radians(turn_deg))
    points = [((u - 0.5) + (v - 0.5) * 1j) * turn * side for u, v in UPRIGHT]
    marks = (Point(x + side / 2 + p.real, y + side / 2 + p.imag) for p in points)
    return Found(Box(x, y, x + side, y + side), Landmarks(*marks), score)


def search(
    image: RgbImage, options: DetectOptions | None = None
) -> tuple[Sequence[Found], int, SquareDetector]:
    detector = SquareDetector()
    seen = FaceSearch(detector, options or DetectOptions()).find(image)  # type: ignore[arg-type]
    return seen.faces, seen.rotation, detector


def same_places(faces: Sequence[Found], boxes: Sequence[Box], least: float = 0.6) -> bool:
    """Whether each box has one face, and no face is left over."""
    left = list(faces)
    for box in boxes:
        best = max(left, key=lambda face: face.box.iou(box), default=None)
        if best is None or best.box.iou(box) < least:
            return False
        left.remove(best)
    return not left


# One look is enough


def test_a_photo_with_one_sure_face_is_looked_at_once() -> None:
    image = dark(600, 400)
    box = draw(image, 200, 100, 150)
    faces, rotation, detector = search(image)
    assert same_places(faces, [box])
    assert rotation == 0
    assert detector.looks == [(600, 400)]


def test_the_first_look_is_at_a_reduced_picture() -> None:
    image = dark(4000, 3000)
    box = draw(image, 1000, 500, 1200)
    faces, _, detector = search(image)
    assert same_places(faces, [box])
    assert detector.looks == [(640, 480)]


def test_video_gets_one_look_whatever_is_in_it() -> None:
    image = dark(4000, 3000)
    for x in range(100, 3900, 300):
        draw(image, x, 500, 60)
    _, rotation, detector = search(image, VIDEO)
    assert detector.looks == [(640, 480)]
    assert rotation == 0


# Small faces


def crowd(width: int, height: int, side: int, step: int) -> tuple[RgbImage, list[Box]]:
    image = dark(width, height)
    boxes = [
        draw(image, x, y, side)
        for y in range(5, height - side, step)
        for x in range(7, width - side, step)
    ]
    return image, boxes


@pytest.mark.parametrize("side", [50, 60, 90, 150, 230])
def test_small_faces_of_a_large_photo_are_found_once_each(side: int) -> None:
    image, boxes = crowd(4000, 3000, side, 2 * side + 31)
    faces, _, _ = search(image)
    assert same_places(faces, boxes)


@pytest.mark.parametrize("side", [30, 35])
def test_faces_that_leave_no_hint_in_the_first_look_leave_one_in_the_second(side: int) -> None:
    image, boxes = crowd(4000, 3000, side, 8 * side)
    faces, _, detector = search(image)
    assert same_places(faces, boxes)
    assert (1280, 960) in detector.looks


def test_a_large_photo_without_faces_is_never_searched_in_tiles() -> None:
    _, _, detector = search(dark(4000, 3000), DetectOptions(turned=False))
    assert detector.looks == [(640, 480), (1280, 960)]


def test_without_a_closer_look_they_are_not_found() -> None:
    image, _ = crowd(4000, 3000, 60, 151)
    faces, _, detector = search(image, DetectOptions(closest_px=0, turned=False))
    assert not faces
    assert len(detector.looks) == 1


def test_small_faces_of_a_small_photo_are_enlarged() -> None:
    image = dark(400, 300)
    boxes = [draw(image, 50, 60, 13), draw(image, 200, 90, 13)]
    faces, _, detector = search(image)
    assert same_places(faces, boxes)
    assert (600, 450) in detector.looks


def test_the_smallest_face_says_how_closely_to_look() -> None:
    image, _ = crowd(3000, 2000, 60, 151)
    looks = {}
    for smallest in (20, 45, 60):
        _, _, detector = search(image, DetectOptions(smallest_face_px=smallest, turned=False))
        looks[smallest] = sum(width * height for width, height in detector.looks)
    assert looks[20] > looks[45] > looks[60] > 640 * 427


def test_smaller_faces_than_wanted_are_left_out() -> None:
    image = dark(600, 400)
    draw(image, 50, 50, 40)
    large = draw(image, 300, 100, 90)
    faces, _, _ = search(image, DetectOptions(smallest_face_px=41))
    assert same_places(faces, [large])


def test_no_tile_is_larger_than_memory_is_meant_for() -> None:
    image, _ = crowd(6000, 4000, 60, 400)
    _, _, detector = search(image, DetectOptions(closest_px=6000))
    assert len(detector.looks) > 10
    assert max(max(look) for look in detector.looks) <= 640


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 1500), st.integers(0, 1100), st.integers(45, 120))
def test_a_face_on_any_border_of_tiles_is_found_whole_and_once(x: int, y: int, side: int) -> None:
    image = dark(2600, 1900)
    boxes = [draw(image, 700 + x, 500 + y, side), draw(image, 20, 20, 60)]
    faces, _, _ = search(image, DetectOptions(smallest_face_px=16))
    assert same_places(faces, boxes, least=0.85)


@given(
    st.integers(600, 6000),
    st.integers(20, 400),
    st.floats(0, 1),
    st.floats(0.05, 0.8),
)
def test_every_place_is_in_the_middle_of_a_tile_that_holds_all_around_it(
    length: int, overlap: int, place: float, share: float
) -> None:
    at, half = place * length, share * overlap / 2
    tiles = [
        tile
        for tile in spans(length, 640, overlap)
        if in_middle(at - tile.start, tile, length, overlap)
    ]
    assert tiles
    for tile in tiles:
        assert tile.start <= max(0.0, at - half) + 1e-6
        assert min(float(length), at + half) <= tile.end + 1e-6


def test_neighbouring_middles_share_a_little() -> None:
    for one, other in pairwise(spans(3000, 640, 100)):
        between = (one.end + other.start) / 2
        for off in (-5, 5):
            assert in_middle(between + off - one.start, Span(*one), 3000, 100)
            assert in_middle(between + off - other.start, Span(*other), 3000, 100)


# Turned photos


@pytest.mark.parametrize("quarters", [1, 2, 3])
@pytest.mark.parametrize("size", [(600, 400), (92, 112), (4000, 3000)])
def test_a_turned_photo_is_known_and_its_boxes_are_where_they_were(
    quarters: int, size: tuple[int, int]
) -> None:
    image = dark(*size)
    side = min(size) // 3
    box = draw(image, size[0] // 2, size[1] // 4, side, quarters)
    faces, rotation, _ = search(image)
    assert rotation == (360 - 90 * quarters) % 360
    assert same_places(faces, [box])
    eyes, mouth = faces[0].landmarks.right_eye, faces[0].landmarks.right_mouth
    if quarters == 2:
        assert eyes.y > mouth.y
    else:
        assert (eyes.x > mouth.x) == (quarters == 1)


def test_small_faces_of_a_turned_photo_are_looked_at_closely_too() -> None:
    image = dark(3000, 2000)
    boxes = [draw(image, 400, 300, 500, 3), draw(image, 2100, 1500, 55, 3)]
    boxes.append(draw(image, 2000, 300, 120, 3))
    faces, rotation, _ = search(image)
    assert rotation == 90
    assert same_places(faces, boxes)


def test_an_upside_down_guess_does_not_pass_for_a_sure_face() -> None:
    image = dark(300, 300)
    draw(image, 100, 100, 80, 2)
    unsure, rotation, _ = search(image, DetectOptions(turned=False))
    assert (unsure[0].score, rotation) == (0.85, 0)
    sure, rotation, _ = search(image)
    assert (sure[0].score, rotation) == (0.95, 180)


def test_a_photo_without_faces_gets_three_small_looks_more() -> None:
    _, rotation, detector = search(dark(1200, 900))
    assert rotation == 0
    assert detector.looks[0] == (640, 480)
    assert len(detector.looks) == 4
    assert max(max(look) for look in detector.looks[1:]) <= 322


@pytest.mark.parametrize("size", [(1, 1), (1, 20000), (20000, 1), (2, 3)])
def test_odd_shapes_have_no_faces_and_do_no_harm(size: tuple[int, int]) -> None:
    faces, rotation, _ = search(dark(*size))
    assert not faces
    assert rotation == 0


@pytest.mark.parametrize(
    ("turn_deg", "quarters", "counts"),
    [(0, 0, True), (40, 0, True), (-40, 0, True), (60, 0, False), (90, 3, True), (90, 1, False),
     (180, 2, True), (-90, 1, True), (-135, 1, True), (-145, 1, False)],
)  # fmt: skip
def test_only_upright_faces_speak_for_a_side(turn_deg: float, quarters: int, counts: bool) -> None:
    assert (certainty([face(0, 0, 50, 0.8, turn_deg)], quarters) == 0.8) is counts


def test_the_best_face_speaks_for_its_photo() -> None:
    assert certainty([]) == 0
    assert certainty([face(0, 0, 9, 0.5), face(50, 0, 9, 0.7), face(99, 0, 9, 0.9, 90)]) == 0.7


# Strictness


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000), st.floats(0.3, 0.99), st.floats(0.3, 0.99))
def test_strict_finds_what_lenient_finds_less_what_scores_lower(
    seed: int, one: float, other: float
) -> None:
    rng = np.random.default_rng(seed)
    image = dark(700, 500)
    for _ in range(4):
        x, y, side = rng.integers(0, 600), rng.integers(0, 400), rng.integers(8, 90)
        draw(image, int(x), int(y), int(side), int(rng.integers(0, 4)))
    claims = [
        face(float(x), float(y), float(side), float(score))
        for x, y, side, score in zip(
            rng.uniform(0, 400, 12),
            rng.uniform(0, 300, 12),
            rng.uniform(10, 80, 12),
            rng.uniform(0.3, 0.99, 12),
            strict=True,
        )
    ]
    low, high = sorted((one, other))

    def found(min_score: float) -> tuple[Sequence[Found], int]:
        detector = SquareDetector(lambda _image: claims)
        options = DetectOptions(min_score=min_score)
        seen = FaceSearch(detector, options).find(image)  # type: ignore[arg-type]
        return seen.faces, seen.rotation

    lenient, strict = found(low), found(high)
    assert strict == (tuple(f for f in lenient[0] if f.score >= high), lenient[1])


# Merging


def test_the_surer_of_two_boxes_on_one_face_stays() -> None:
    sure, unsure = face(3, 3, 50, 0.9), face(0, 0, 50, 0.8)
    assert merged([unsure, sure]) == [sure]


def test_a_face_in_a_face_is_none() -> None:
    large, mole = face(0, 0, 200, 0.9), face(60, 80, 20, 0.8)
    assert merged([mole, large]) == [large]


def test_neighbours_both_stay() -> None:
    pair = [face(0, 0, 50, 0.9), face(45, 0, 50, 0.8)]
    assert merged(pair) == pair


boxes = st.tuples(st.floats(0, 300), st.floats(0, 300), st.floats(5, 120), st.floats(0.3, 1)).map(
    lambda t: face(*t)
)


@given(st.lists(boxes, max_size=12))
def test_merging_keeps_the_best_and_no_two_that_overlap_much(faces: list[Found]) -> None:
    kept = merged(faces)
    assert merged(kept) == kept
    assert [f.score for f in kept] == sorted((f.score for f in kept), reverse=True)
    assert all(a.box.iou(b.box) <= 0.3 for n, a in enumerate(kept) for b in kept[:n])
    if faces:
        assert kept[0].score == max(f.score for f in faces)
