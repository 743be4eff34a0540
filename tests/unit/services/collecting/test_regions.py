"""Which face a rectangle means: overlap, loose drawing, one to one, what only a list knows of."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from facegui.domain.entities import FaceProposal, Region, RegionSource
from facegui.domain.geometry import Box
from facegui.services.collecting.regions import match, with_regions
from tests.fakes.proposals import proposal

FACE = Box(100, 100, 200, 220)
OTHER = Box(400, 100, 500, 220)


def nothing(_box: Box) -> FaceProposal | None:
    return None


def region(box: Box, name: str = "Ada", source: RegionSource = RegionSource.MANIFEST) -> Region:
    return Region(box, name, source)


@pytest.mark.parametrize(
    "drawn",
    [
        FACE,
        Box(80, 60, 220, 240),  # with hair and chin
        Box(60, 20, 260, 420),  # head and shoulders
        Box(140, 150, 165, 175),  # only the nose
    ],
)
def test_a_rectangle_means_the_face_it_is_drawn_around(drawn: Box) -> None:
    assert match([drawn], [OTHER, FACE]) == {0: 1}


def test_a_rectangle_beside_a_face_means_none() -> None:
    assert match([Box(210, 100, 310, 220)], [FACE, OTHER]) == {}


def test_a_loose_rectangle_around_two_faces_is_no_guess() -> None:
    assert match([Box(0, 0, 900, 900)], [FACE, OTHER]) == {}


def test_the_better_overlap_wins_and_nobody_is_taken_twice() -> None:
    exact, rough = FACE, Box(90, 80, 230, 240)
    assert match([rough, exact], [FACE]) == {1: 0}
    assert match([rough, exact], [FACE, Box(110, 90, 230, 240)]) == {1: 0, 0: 1}


boxes = st.builds(
    lambda x, y, w, h: Box(x, y, x + w, y + h),
    *(st.floats(0, 500) for _ in range(2)),
    *(st.floats(0, 300) for _ in range(2)),
)


@given(st.lists(boxes, max_size=5), st.lists(boxes, max_size=5))
def test_pairs_are_one_to_one(regions: list[Box], faces: list[Box]) -> None:
    pairs = match(regions, faces)
    assert len(set(pairs.values())) == len(pairs)
    assert all(0 <= r < len(regions) and 0 <= f < len(faces) for r, f in pairs.items())


@given(st.lists(boxes.filter(lambda box: box.area > 1), max_size=4, unique=True))
def test_exact_rectangles_find_their_faces(faces: list[Box]) -> None:
    pairs = match(faces, faces)
    assert all(faces[r].iou(faces[f]) > 0.999 for r, f in pairs.items())
    assert len(pairs) == len(faces)


def test_faces_carry_the_region_that_means_them() -> None:
    ada = region(FACE)
    found = with_regions([proposal(OTHER, seed=1), proposal(FACE, seed=2)], [ada], nothing)
    assert [face.region for face in found] == [None, ada]


def test_without_regions_the_faces_are_as_they_were() -> None:
    faces = (proposal(FACE, seed=1),)
    assert with_regions(faces, [], nothing) == faces


def test_a_face_that_was_missed_is_measured_where_the_list_says() -> None:
    asked: list[Box] = []

    def measure(box: Box) -> FaceProposal:
        asked.append(box)
        return proposal(box, seed=9)

    ada = region(FACE)
    found = with_regions([proposal(OTHER, seed=1)], [ada], measure)
    assert asked == [FACE]
    assert [face.region for face in found] == [None, ada]


def test_where_nothing_can_be_measured_nothing_is_added() -> None:
    assert len(with_regions([proposal(OTHER, seed=1)], [region(FACE)], nothing)) == 1


def test_a_measured_face_that_was_found_already_is_not_added_twice() -> None:
    found = with_regions(
        [proposal(FACE, seed=1)],
        [region(Box(300, 300, 340, 340))],
        lambda _box: proposal(Box(105, 105, 205, 225), seed=3),
    )
    assert len(found) == 1


@pytest.mark.parametrize("order", [1, -1])
def test_a_manifest_goes_before_metadata(order: int) -> None:
    said = [region(FACE, "Manifest"), region(FACE, "Metadata", RegionSource.XMP)][::order]
    (face,) = with_regions([proposal(FACE, seed=1)], said, nothing)
    assert face.region is not None
    assert face.region.name == "Manifest"


def test_metadata_of_a_face_that_a_manifest_measured_adds_nothing() -> None:
    said = [region(FACE, "Manifest"), region(FACE, "Metadata", RegionSource.XMP)]
    found = with_regions([], said, lambda box: proposal(box, seed=4))
    assert [face.region for face in found] == [said[0]]
