from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from facegui.detection.view import Found, Span, View, spans
from facegui.domain.geometry import Box, Landmarks, Point

WIDTH, HEIGHT = 40, 24


def picture() -> np.ndarray:
    """Every pixel says where it is: red is x, green is y."""
    image = np.zeros((HEIGHT, WIDTH, 3), np.uint8)
    image[..., 0], image[..., 1] = np.meshgrid(np.arange(WIDTH), np.arange(HEIGHT))
    return image


def found(box: Box) -> Found:
    corner, other = Point(box.x1, box.y1), Point(box.x2, box.y2)
    return Found(box, Landmarks(corner, other, Point(*box.centre), corner, other), 0.9)


def pixel(x: int, y: int) -> Found:
    return found(Box(x, y, x + 1, y + 1))


@given(
    quarters=st.integers(0, 3),
    border=st.integers(0, 5),
    across=st.tuples(st.integers(0, 10), st.integers(12, 24)),
    down=st.tuples(st.integers(0, 10), st.integers(12, 24)),
    place=st.tuples(st.integers(0, 60), st.integers(0, 60)),
)
def test_every_pixel_of_a_view_knows_its_place_in_the_picture(
    quarters: int,
    border: int,
    across: tuple[int, int],
    down: tuple[int, int],
    place: tuple[int, int],
) -> None:
    view = View.of(picture()).framed(border).turned(quarters).cut(Span(*across), Span(*down))
    x, y = place[0] % view.size[0], place[1] % view.size[1]
    box = view.in_picture(pixel(x, y), 1000, 1000).box
    red, green, _ = view.pixels[y, x].tolist()
    framed = box.area == 0  # what lies in the frame lies outside of the picture
    if not framed and box.x1 < WIDTH and box.y1 < HEIGHT:
        assert (box.x1, box.y1, box.x2, box.y2) == (red, green, red + 1, green + 1)


@given(
    scale=st.floats(0.05, 3),
    quarters=st.integers(0, 3),
    width=st.integers(1, 300),
    height=st.integers(1, 300),
)
def test_all_of_a_view_is_all_of_the_picture(
    scale: float, quarters: int, width: int, height: int
) -> None:
    view = View.of(np.zeros((height, width, 3), np.uint8)).resized(scale).turned(quarters)
    box = view.in_picture(found(Box(0, 0, *view.size)), width, height).box
    assert (box.x1, box.y1, box.x2, box.y2) == pytest.approx((0, 0, width, height))


@pytest.mark.parametrize("quarters", [0, 1, 2, 3])
def test_landmarks_go_where_their_box_goes(quarters: int) -> None:
    view = View.of(picture()).turned(quarters)
    face = view.in_picture(found(Box(2, 3, 8, 11)), WIDTH, HEIGHT)
    box, marks = face.box, face.landmarks
    assert {marks.right_eye.x, marks.left_eye.x} == {box.x1, box.x2}
    assert {marks.right_eye.y, marks.left_eye.y} == {box.y1, box.y2}
    assert marks.nose == box.centre
    assert face.score == 0.9


def test_a_turn_is_clockwise() -> None:
    view = View.of(picture()).turned(1)
    assert view.size == (HEIGHT, WIDTH)
    assert view.pixels[0, -1].tolist() == [0, 0, 0]  # the top left corner is at the top right
    assert view.pixels[0, 0].tolist() == [0, HEIGHT - 1, 0]


def test_boxes_end_where_the_picture_ends() -> None:
    view = View.of(picture()).framed(5)
    box = view.in_picture(found(Box(0, 0, 20, 20)), WIDTH, HEIGHT).box
    assert box == Box(0, 0, 15, 15)


@pytest.mark.parametrize("size", [(1, 1), (1, 3000), (3000, 1)])
def test_nothing_is_reduced_to_nothing(size: tuple[int, int]) -> None:
    view = View.of(np.zeros((*size, 3), np.uint8)).resized(0.01)
    assert min(view.size) == 1


def test_what_is_not_changed_is_not_copied() -> None:
    view = View.of(picture())
    assert view.resized(1.0) is view
    assert view.turned(0) is view


@given(length=st.integers(1, 9000), longest=st.integers(500, 1200), overlap=st.integers(0, 400))
def test_spans_cover_everything_and_overlap(length: int, longest: int, overlap: int) -> None:
    found = spans(length, longest, overlap)
    assert found[0].start == 0
    assert found[-1].end == length
    assert all(1 <= span.end - span.start <= longest for span in found)
    assert all(a.end - b.start >= overlap for a, b in pairwise(found))
    if len(found) > 1:  # one fewer would not reach
        fewer = len(found) - 1
        assert fewer * longest - (fewer - 1) * overlap < length


def test_a_picture_of_two_and_a_half_thousand_pixels_takes_three_spans() -> None:
    assert spans(2560, 1088, 160) == [Span(0, 960), Span(800, 1760), Span(1600, 2560)]
