"""COCO and labelme: what counts, what is refused, and where the message points."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from facegui.collect.manifest import Manifest
from facegui.collect.manifest_json import read_json
from facegui.domain.entities import RegionSource
from facegui.domain.errors import OwnerError
from facegui.domain.geometry import Box


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("a.jpg", "b.jpg"):
        (tmp_path / name).write_bytes(b"123")
    return tmp_path


def coco(**changes: Any) -> dict[str, Any]:
    whole: dict[str, Any] = {
        "images": [
            {"id": 1, "file_name": "a.jpg", "width": 640, "height": 480},
            {"id": 2, "file_name": "b.jpg", "width": 640, "height": 480},
        ],
        "annotations": [
            {"id": 1, "image_id": 1, "category_id": 7, "bbox": [10, 20, 30, 40.5]},
            {"id": 2, "image_id": 1, "category_id": 8, "bbox": [100, 20, 30, 40]},
        ],
        "categories": [{"id": 7, "name": "Ann"}, {"id": 8, "name": "face"}],
    }
    return whole | changes


def labelme(**changes: Any) -> dict[str, Any]:
    whole: dict[str, Any] = {
        "version": "5.5.0",
        "shapes": [{"label": "Ann", "shape_type": "rectangle", "points": [[50, 60], [10, 20]]}],
        "imagePath": "a.jpg",
        "imageData": None,
        "imageWidth": 640,
        "imageHeight": 480,
    }
    return whole | changes


def read(folder: Path, content: Any) -> Manifest:
    data = content if isinstance(content, bytes) else json.dumps(content).encode()
    return read_json(data, folder / "list.json")


def test_coco_gives_boxes_with_names(folder: Path) -> None:
    found = read(folder, coco())
    first, second = found.photos
    assert found.problems == ()
    assert first.path == str(folder / "a.jpg")
    assert [(r.name, r.box, r.source) for r in first.regions] == [
        ("Ann", Box(10, 20, 40, 60.5), RegionSource.MANIFEST),
        (None, Box(100, 20, 130, 60), RegionSource.MANIFEST),
    ]
    assert (second.regions, second.person) == ((), None)
    assert found.faces == 2


def test_ids_may_be_texts(folder: Path) -> None:
    found = read(
        folder,
        coco(
            images=[{"id": "x", "file_name": "a.jpg"}],
            annotations=[{"image_id": "x", "category_id": "p", "bbox": [1, 1, 9, 9]}],
            categories=[{"id": "p", "name": "Ann"}],
        ),
    )
    assert found.photos[0].regions[0].name == "Ann"


@pytest.mark.parametrize("state", ["rejected", "ignored"])
def test_what_its_own_program_did_not_keep_is_left_out(folder: Path, state: str) -> None:
    annotation = coco()["annotations"][0] | {"attributes": {"state": state}}
    found = read(folder, coco(annotations=[annotation]))
    assert (found.faces, found.problems) == (0, ())


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"bbox": [1, 2, 3]}, "there should be 4 numbers"),
        ({"bbox": [1, 2, 3, "4"]}, "there should be 4 numbers"),
        ({"bbox": [1, 2, 3, True]}, "there should be 4 numbers"),
        ({"bbox": None}, "there should be 4 numbers"),
        ({"bbox": [1, 2, 0, 9]}, "the box is empty"),
        ({"bbox": [1, 2, -5, 9]}, "the box is empty"),
        ({"bbox": [1, 2, 1e300, 9]}, "beyond all bounds"),
        ({"bbox": [10**400, 2, 3, 9]}, "beyond all bounds"),
        ({"category_id": 99}, "there is no category 99"),
        ({"category_id": None}, "category_id is missing"),
        ({"image_id": True}, "image_id is missing"),
        ({"iscrowd": 1}, "a crowd"),
    ],
)
def test_a_bad_annotation_is_told_by_its_number(
    folder: Path, changes: dict[str, Any], why: str
) -> None:
    good, other = coco()["annotations"]
    found = read(folder, coco(annotations=[good, other | changes]))
    assert found.faces == 1
    (problem,) = found.problems
    assert problem.place == "list.json, annotations[1]"
    assert why in problem.reason


def test_other_bad_elements_are_told_too(folder: Path) -> None:
    found = read(
        folder,
        coco(
            images=[7, {"id": 1}, {"id": 2, "file_name": "gone.jpg"}, *coco()["images"][:1]],
            categories=[{"id": 7, "name": "Ann"}, {"id": 8, "name": " "}, []],
        ),
    )
    places = [problem.place for problem in found.problems]
    assert places == [
        "list.json, categories[1]",
        "list.json, categories[2]",
        "list.json, annotations[1]",
        "list.json, images[0]",
        "list.json, images[1]",
        "list.json, images[2]",
    ]
    assert [Path(photo.path).name for photo in found.photos] == ["a.jpg"]


def test_annotations_of_no_image_and_boxes_outside(folder: Path) -> None:
    outside = {"image_id": 1, "category_id": 7, "bbox": [900, 900, 50, 50]}
    orphan = {"image_id": 5, "category_id": 7, "bbox": [1, 1, 50, 50]}
    found = read(folder, coco(annotations=[outside, orphan]))
    assert len(found.photos) == 2
    assert [problem.reason for problem in found.problems] == [
        "a box lies outside the picture",
        "annotations of an image that is not listed: 5",
    ]


@pytest.mark.parametrize(
    ("shape", "box"),
    [
        ({"shape_type": "rectangle", "points": [[50, 60], [10, 20]]}, Box(10, 20, 50, 60)),
        ({"shape_type": "polygon", "points": [[10, 20], [50, 30], [30, 60]]}, Box(10, 20, 50, 60)),
        ({"points": [[10, 20], [50, 30], [30, 60]]}, Box(10, 20, 50, 60)),
        ({"shape_type": "circle", "points": [[30, 40], [30, 60]]}, Box(10, 20, 50, 60)),
    ],
)
def test_labelme_shapes_count_by_the_box_around_them(
    folder: Path, shape: dict[str, Any], box: Box
) -> None:
    (photo,) = read(folder, labelme(shapes=[{"label": "Ann"} | shape])).photos
    assert [(r.name, r.box) for r in photo.regions] == [("Ann", box)]


@pytest.mark.parametrize(
    ("shape", "why"),
    [
        ({"shape_type": "point", "points": [[1, 2]]}, "a point is no box"),
        ({"shape_type": "rectangle", "points": [[1, 2]]}, "too few points"),
        ({"shape_type": "rectangle", "points": [[1, 2], [3]]}, "there should be 2 numbers"),
        ({"shape_type": ["x"], "points": []}, "is no box"),
        ({"label": 5}, "label is missing"),
        ({"label": "  "}, "no name"),
        ({"points": [[1000, 1000], [1010, 1010]]}, "outside the picture"),
    ],
)
def test_a_bad_shape_is_told_by_its_number(folder: Path, shape: dict[str, Any], why: str) -> None:
    good = labelme()["shapes"][0]
    found = read(folder, labelme(shapes=[good, good | shape]))
    assert found.faces == 1
    assert found.problems[0].place == "list.json, shapes[1]"
    assert why in found.problems[0].reason


def test_a_labelme_file_whose_photo_is_gone(folder: Path) -> None:
    found = read(folder, labelme(imagePath="gone.jpg"))
    assert found.photos == ()
    assert "gone.jpg" in found.problems[0].reason


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"[]",
        b"{}",
        b"{",
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"shapes": NaN}',
        b'{"images": [], "annotations": []}',
        b'{"images": 1, "annotations": [], "categories": []}',
        b'"' + b"9" * 50,
        b"9" * 5000,
    ],
)
def test_what_is_no_list_is_refused_by_name(folder: Path, data: bytes) -> None:
    with pytest.raises(OwnerError, match=r"list\.json"):
        read(folder, data)


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["id", "bbox", "image_id", "category_id", "name", "file_name", "attributes"]
            ),
            inner,
            max_size=6,
        )
    ),
    max_leaves=12,
)


@given(st.lists(values, max_size=3), st.lists(values, max_size=3), st.lists(values, max_size=3))
def test_whatever_the_elements_are_they_are_reported(
    images: list[Any], annotations: list[Any], categories: list[Any]
) -> None:
    content = {"images": images, "annotations": annotations, "categories": categories}
    try:
        found = read(Path("/no/such/folder"), content)
    except OwnerError:  # an infinity that JSON cannot hold
        return
    assert found.photos == ()


@given(st.lists(values, max_size=4), values, values)
def test_whatever_the_shapes_are_they_are_reported(
    shapes: list[Any], path: Any, width: Any
) -> None:
    content = {"shapes": shapes, "imagePath": path, "imageWidth": width, "imageHeight": width}
    try:
        found = read(Path("/no/such/folder"), content)
    except OwnerError:
        return
    assert found.photos == ()
    assert found.problems
