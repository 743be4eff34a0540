"""The real detector on real photos: turned ones, large ones, and what the closer look adds."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from facegui.detection.analyser import LocalAnalyser, LocalFinder
from facegui.detection.view import Found
from facegui.domain.detection import VIDEO, DetectOptions
from facegui.domain.entities import PhotoHashes, RgbImage
from facegui.domain.geometry import Box
from facegui.domain.ports import ModelStore
from facegui.imaging.decode import decode

pytestmark = [pytest.mark.models, pytest.mark.photos]


@pytest.fixture(scope="module")
def finder(models: ModelStore) -> LocalFinder:
    return LocalFinder(models)


def turned(image: RgbImage, quarters: int) -> RgbImage:
    """*image* turned clockwise."""
    return np.ascontiguousarray(np.rot90(image, -quarters))


def portraits(photos: Path, every: int) -> list[Path]:
    truth = json.loads((photos / "messy/truth.json").read_text("utf-8"))
    originals = [
        photos / "messy/photos" / name
        for name, entry in truth.items()
        if entry["kind"] in ("original", "group")
    ]
    others = [*(photos / "lfw10").rglob("*.jpg"), *(photos / "celeb5").rglob("*.jpg")]
    return sorted([*originals, *others])[::every]


def test_turned_photos_are_known_and_upright_ones_left_alone(
    finder: LocalFinder, photos: Path
) -> None:
    files = portraits(photos, 9)
    assert len(files) > 40
    right = 0
    for file in files:
        image = decode(file).image
        assert finder.look(image).rotation == 0, file
        quarters = 1 + files.index(file) % 3
        rotation = finder.look(turned(image, quarters)).rotation
        assert rotation in (0, (360 - 90 * quarters) % 360), file  # never a wrong side
        right += rotation != 0
    assert right / len(files) >= 0.98


def test_photos_without_faces_are_left_alone(finder: LocalFinder, photos: Path) -> None:
    truth = json.loads((photos / "messy/truth.json").read_text("utf-8"))
    empty = [name for name, entry in truth.items() if entry["kind"] == "no_face"]
    assert len(empty) == 10
    seen = [finder.look(decode(photos / "messy/photos" / name).image) for name in empty]
    assert {one.rotation for one in seen} == {0}
    assert sum(len(one.faces) for one in seen) <= 1  # the painting on a wall


@pytest.mark.parametrize("quarters", [1, 2, 3])
def test_faces_of_a_turned_photo_are_the_same_faces(
    models: ModelStore, photos: Path, quarters: int
) -> None:
    analyser = LocalAnalyser(models, hash_crop=lambda crop: PhotoHashes(0, 0))
    for file in sorted((photos / "lfw10").rglob("*.jpg"))[quarters::25]:
        image = decode(file).image
        face = analyser.analyse(image).faces[0]
        other = analyser.analyse(turned(image, quarters)).faces[0]
        assert float(face.embedding @ other.embedding) > 0.9
        angles = (face.pose.roll, face.pose.pan, face.pose.tilt)
        assert (other.pose.roll, other.pose.pan, other.pose.tilt) == pytest.approx(angles, abs=4)
        box = face.box
        sides = sorted((box.width, box.height)), sorted((other.box.width, other.box.height))
        assert sides[0] == pytest.approx(sides[1], rel=0.15)


def recall(found: Sequence[Found], truth: Sequence[Box]) -> float:
    left = list(found)
    hits = 0
    for box in truth:
        best = max(left, key=lambda face: face.box.iou(box), default=None)
        if best is not None and best.box.iou(box) >= 0.4:
            left.remove(best)
            hits += 1
    return hits / len(truth)


def test_small_faces_of_a_large_photo_need_the_closer_look(
    models: ModelStore, finder: LocalFinder, photos: Path
) -> None:
    """Photos side by side, as a large group photo: most faces are tiny in the first look."""
    folder = photos / "detection/boxes"
    listed = json.loads((folder / "truth.json").read_text("utf-8"))["images"]
    sheet = np.full((2400, 3200, 3), 128, np.uint8)
    truth: list[Box] = []
    entries = [entry for entry in listed if entry["file"].startswith(("dlib", "cmumit"))]
    for place, entry in enumerate(entries[:16]):
        x, y = place % 4 * 800, place // 4 * 600
        image = decode(folder / entry["file"]).image[:600, :800]
        sheet[y : y + image.shape[0], x : x + image.shape[1]] = image
        inside = [box for box in entry["boxes"] if box[2] < 800 and box[3] < 600]
        truth += [Box(a + x, b + y, c + x, d + y) for a, b, c, d in inside]
    assert len(truth) > 60
    once = recall(LocalFinder(models, VIDEO).find(sheet), truth)
    closely = recall(finder.find(sheet), truth)
    assert once < 0.6
    assert closely > 0.85
    turned_sheet = turned(sheet, 1)
    seen = finder.look(turned_sheet)
    assert seen.rotation == 270
    assert all(face.box.x2 <= 2400 and face.box.y2 <= 3200 for face in seen.faces)


def test_strictness_and_smallest_face_only_leave_out(models: ModelStore, photos: Path) -> None:
    file = photos / "detection/boxes/cmumit/hendrix1-bigger.jpg"
    image = decode(file).image
    lenient = LocalFinder(models, DetectOptions(min_score=0.3)).find(image)
    for score in (0.6, 0.7, 0.9):
        strict = LocalFinder(models, DetectOptions(min_score=score)).find(image)
        assert list(strict) == [face for face in lenient if face.score >= score]
    large = LocalFinder(models, DetectOptions(smallest_face_px=60)).find(image)
    assert all(min(face.box.width, face.box.height) >= 60 for face in large)
