"""What is measured of real faces: colour, sunglasses, expression, and faces that are pointed at.

The photos named here were looked at one by one; what they show is what the tests say.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pytest

from facegui.detection.analyser import LocalAnalyser
from facegui.detection.view import View
from facegui.domain.detection import DetectOptions
from facegui.domain.entities import FaceProposal, PhotoHashes, RgbImage
from facegui.domain.geometry import Box
from facegui.domain.ports import ModelStore
from facegui.imaging.cv import cv2
from facegui.imaging.decode import decode

pytestmark = [pytest.mark.models, pytest.mark.photos]

SPREAD_OF_COLOUR = 2.0
SUNGLASSES = (
    "messy/photos/Will Smith/028.jpg",
    "messy/photos/Will Smith/033.jpg",
    "lfw10/Arnold_Schwarzenegger/Arnold_Schwarzenegger_0008.jpg",
    "detection/counts/images/17.jpg",
    "detection/counts/images/18.jpg",
    "detection/counts/images/4.jpg",
    "detection/counts/overlap/3.jpg",
)
SMILE = ("s22/7", "s22/5", "s5/7")
GRAVE = ("s11/8", "s38/4", "s29/5", "s38/10")
SHUT = ("s8/7", "s11/9", "s11/4", "s36/5")
WIDE = ("s29/10", "s29/3", "s29/8", "s8/4")
OPEN_MOUTH = ("messy/photos/Will Smith/021.jpg", "lfw10/Tony_Blair/Tony_Blair_0003.jpg")
SHUT_MOUTH = ("messy/photos/Angelina Jolie/img_94152665.jpg",)


@pytest.fixture(scope="module")
def analyser(models: ModelStore) -> LocalAnalyser:
    return LocalAnalyser(models, hash_crop=lambda crop: PhotoHashes(0, 0))


def largest(analyser: LocalAnalyser, image: RgbImage) -> FaceProposal:
    return max(analyser.analyse(image).faces, key=lambda face: face.box.area)


def orl(photos: Path, names: Iterable[str]) -> list[RgbImage]:
    """ORL faces three times as large, with room around them."""
    images = []
    for name in names:
        image = decode(photos / f"orl40/{name}.pgm").image
        large = cv2.resize(image, None, fx=3, fy=3, interpolation=cv2.INTER_CUBIC)
        framed = cv2.copyMakeBorder(large, *(60,) * 4, cv2.BORDER_REPLICATE)
        images.append(np.asarray(framed, np.uint8))
    return images


def named(photos: Path, kinds: set[str]) -> list[Path]:
    truth = json.loads((photos / "messy/truth.json").read_text("utf-8"))
    return [
        photos / "messy/photos" / name
        for name, entry in truth.items()
        if entry.get("edit", entry["kind"]) in kinds
    ]


def test_grey_and_sepia_copies_have_no_spread_of_colour_and_colour_photos_do(
    analyser: LocalAnalyser, photos: Path
) -> None:
    for path in named(photos, {"grey", "sepia"}):
        face = largest(analyser, decode(path).image)
        assert face.chroma_spread is not None
        assert face.chroma_spread < SPREAD_OF_COLOUR, path
    for path in [*sorted((photos / "lfw10").rglob("*_0002.jpg")), *named(photos, {"tint"})]:
        face = largest(analyser, decode(path).image)
        assert face.chroma_spread is not None
        assert face.chroma_spread > SPREAD_OF_COLOUR, path


def test_dark_glasses_are_seen(analyser: LocalAnalyser, photos: Path) -> None:
    for name in SUNGLASSES:
        faces = analyser.analyse(decode(photos / name).image).faces
        assert max(face.sunglasses or 0 for face in faces) > 0.5, name


def test_bare_eyes_and_spectacles_are_no_sunglasses(analyser: LocalAnalyser, photos: Path) -> None:
    names = [f"s{person}/{photo}" for person in range(1, 41) for photo in (1, 6)]
    images = orl(photos, names)
    images += [decode(path).image for path in sorted((photos / "lfw10").rglob("*_0004.jpg"))]
    worn = [largest(analyser, image).sunglasses for image in images]
    assert len(worn) == 90
    assert sum(value is not None and value > 0.5 for value in worn) == 0
    assert None not in worn


@pytest.mark.parametrize(
    ("measure", "high", "low", "least", "most"),
    [("smile", SMILE, GRAVE, 0.9, 0.1), ("eyes_closed", SHUT, WIDE, 0.5, 0.1)],
)
def test_expressions_of_orl_faces(
    analyser: LocalAnalyser,
    photos: Path,
    measure: str,
    high: tuple[str, ...],
    low: tuple[str, ...],
    least: float,
    most: float,
) -> None:
    for image in orl(photos, high):
        assert getattr(largest(analyser, image), measure) > least
    for image in orl(photos, low):
        assert getattr(largest(analyser, image), measure) < most


def test_an_open_mouth_is_told_from_a_shut_one(analyser: LocalAnalyser, photos: Path) -> None:
    opened = [largest(analyser, decode(photos / name).image).mouth_open for name in OPEN_MOUTH]
    shut = [largest(analyser, decode(photos / name).image).mouth_open for name in SHUT_MOUTH]
    assert min(value or 0 for value in opened) > 0.4
    assert max(value if value is not None else 1 for value in shut) < 0.1


def test_measures_are_the_same_in_a_photo_on_its_side(
    analyser: LocalAnalyser, photos: Path
) -> None:
    for image in orl(photos, ("s22/7", "s11/9")):
        upright = largest(analyser, image)
        turned = analyser.analyse(np.ascontiguousarray(np.rot90(image)))
        assert turned.rotation == 90
        (face,) = turned.faces
        for name in ("smile", "eyes_closed", "mouth_open", "presence"):
            assert getattr(face, name) == pytest.approx(getattr(upright, name), abs=0.15), name


@pytest.mark.parametrize("quarters", [0, 1, 2, 3])
def test_a_face_pointed_at_is_measured_though_the_detector_must_not_see_it(
    models: ModelStore, analyser: LocalAnalyser, photos: Path, quarters: int
) -> None:
    blind = LocalAnalyser(
        models, DetectOptions(min_score=1.1), hash_crop=lambda crop: PhotoHashes(0, 0)
    )
    for path in sorted((photos / "lfw10").rglob("*_0001.jpg"))[:8]:
        image = decode(path).image
        seen = largest(analyser, image)
        view = View.of(image).turned(quarters)
        there = np.linalg.inv(view.back) @ np.array(
            [(seen.box.x1, seen.box.x2), (seen.box.y1, seen.box.y2), (1, 1)]
        )
        drawn = Box(*there[:2].min(axis=1).tolist(), *there[:2].max(axis=1).tolist())
        room = 0.15 * drawn.width  # people draw boxes with hair and chin
        loose = Box(drawn.x1 - room, drawn.y1 - room, drawn.x2 + room, drawn.y2 + room)
        assert blind.analyse(view.pixels).faces == ()
        found = blind.measure_at(view.pixels, loose)
        assert found is not None, path
        assert found.box.iou(drawn) > 0.5
        assert found.pose.roll == pytest.approx(seen.pose.roll, abs=6)
        assert float(found.embedding @ seen.embedding) > 0.7


def test_where_no_face_is_none_is_measured(analyser: LocalAnalyser, photos: Path) -> None:
    found = 0
    for path in named(photos, {"no_face"}):
        image = decode(path).image
        height, width = image.shape[:2]
        boxes = [Box(0, 0, width, height), Box(width / 4, height / 4, width / 2, height / 2)]
        found += sum(analyser.measure_at(image, box) is not None for box in boxes)
    assert found <= 1


MEASURE = """
import sys
from facegui.detection.analyser import LocalAnalyser
from facegui.duplicates.hashing import photo_hashes
from facegui.imaging.decode import decode
from facegui.weights import Store

(face,) = LocalAnalyser(Store(), hash_crop=photo_hashes).analyse(decode(sys.argv[1]).image).faces
assert None not in (face.sunglasses, face.smile, face.presence, face.chroma), face
print(*sorted({"tensorflow", "keras", "onnx", "h5py"} & set(sys.modules)))
"""


def test_measuring_imports_none_of_what_trains_or_converts(photos: Path) -> None:
    photo = photos / "messy/photos/Will Smith/028.jpg"
    command = [sys.executable, "-c", MEASURE, str(photo)]
    done = subprocess.run(command, check=True, capture_output=True, text=True, timeout=240)
    assert done.stdout.strip() == ""
