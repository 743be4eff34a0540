"""Real models on real photos: what is found, how it is measured, and that nothing is too odd."""

from __future__ import annotations

import contextlib
import json
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from facegui.detection.analyser import LocalAnalyser, LocalFinder
from facegui.detection.landmarks import FaceLandmarker
from facegui.domain.entities import FaceProposal, PhotoHashes, RgbImage
from facegui.domain.errors import ImageError
from facegui.domain.geometry import Box
from facegui.domain.ports import ModelStore
from facegui.domain.rules import Limits
from facegui.imaging.cv import cv2
from facegui.imaging.decode import decode

pytestmark = [pytest.mark.models, pytest.mark.photos]

IOU = 0.4


@pytest.fixture(scope="module")
def finder(models: ModelStore) -> LocalFinder:
    return LocalFinder(models)


@pytest.fixture(scope="module")
def analyser(models: ModelStore) -> LocalAnalyser:
    return LocalAnalyser(models, hash_crop=lambda crop: PhotoHashes(0, 0))


@pytest.fixture(scope="module")
def messy(photos: Path) -> dict[str, list[tuple[Path, dict[str, str]]]]:
    """Files of ``messy`` by what was done to them: a kind, or an edit."""
    truth = json.loads((photos / "messy/truth.json").read_text("utf-8"))
    found: dict[str, list[tuple[Path, dict[str, str]]]] = {}
    for name, entry in truth.items():
        key = entry.get("edit", entry["kind"])
        found.setdefault(key, []).append((photos / "messy/photos" / name, entry))
    return found


def best(analyser: LocalAnalyser, image: RgbImage) -> FaceProposal:
    return analyser.analyse(image).faces[0]


def enlarged(image: RgbImage) -> RgbImage:
    """An ORL face three times as large, with room around it."""
    large = cv2.resize(image, None, fx=3, fy=3, interpolation=cv2.INTER_CUBIC)
    return np.asarray(cv2.copyMakeBorder(large, 60, 60, 60, 60, cv2.BORDER_REPLICATE), np.uint8)


def test_recall_and_precision_on_cmumit(finder: LocalFinder, photos: Path) -> None:
    folder = photos / "detection/boxes"
    listed = json.loads((folder / "truth.json").read_text("utf-8"))["images"]
    hits = faces = boxes = 0
    for entry in listed:
        if not entry["file"].startswith("cmumit/"):
            continue
        left = [Box(*box) for box in entry["boxes"]]
        found = [face.box for face in finder.find(decode(folder / entry["file"]).image)]
        faces += len(left)
        boxes += len(found)
        for box in found:
            match = max(left, key=box.iou, default=None)
            if match is not None and box.iou(match) >= IOU:
                left.remove(match)
                hits += 1
    assert hits / faces >= 0.92
    assert hits / boxes >= 0.95


@pytest.mark.parametrize("prepare", [enlarged, np.asarray], ids=["enlarged", "as they are"])
def test_every_orl_face_is_found_and_sharp_enough(
    analyser: LocalAnalyser, photos: Path, prepare: object
) -> None:
    files = sorted((photos / "orl40").rglob("*.pgm"))
    assert len(files) == 400
    assert callable(prepare)
    for file in files[::5]:
        (face,) = analyser.analyse(prepare(decode(file).image)).faces
        assert face.sharpness >= Limits().min_sharpness, file
        assert min(face.box.width, face.box.height) >= Limits().min_size_px


def test_blurred_photos_fall_below_the_limit_and_originals_do_not(
    analyser: LocalAnalyser, messy: dict[str, list[tuple[Path, dict[str, str]]]]
) -> None:
    limit = Limits().min_sharpness
    blurred = [best(analyser, decode(path).image).sharpness for path, _ in messy["blur"]]
    assert max(blurred) < limit
    originals = [best(analyser, decode(path).image).sharpness for path, _ in messy["original"][::8]]
    assert np.mean(np.array(originals) >= limit) >= 0.95


def test_pose_follows_the_picture_when_it_is_mirrored_and_turned(
    analyser: LocalAnalyser, messy: dict[str, list[tuple[Path, dict[str, str]]]]
) -> None:
    mirrored, turned = [], []
    for path, _ in messy["original"][::20]:
        image = decode(path).image
        face = best(analyser, image)
        if min(face.box.width, face.box.height) < 80 or abs(face.pose.pan) > 40:
            continue
        other = best(analyser, np.ascontiguousarray(image[:, ::-1]))
        mirrored.append(
            (
                face.pose.roll + other.pose.roll,
                face.pose.pan + other.pose.pan,
                face.pose.tilt - other.pose.tilt,
            )
        )
        matrix = cv2.getRotationMatrix2D(face.box.centre, -15, 1.0)  # clockwise
        size = (image.shape[1], image.shape[0])
        leaning = np.asarray(cv2.warpAffine(image, matrix, size), np.uint8)
        turned.append(best(analyser, leaning).pose.roll - face.pose.roll)
    assert len(mirrored) >= 10
    assert np.sqrt(np.mean(np.square(mirrored), axis=0)).max() < 3
    assert np.median(turned) == pytest.approx(15, abs=2)


def test_copies_of_a_photo_have_nearly_the_same_embedding(
    finder: LocalFinder, messy: dict[str, list[tuple[Path, dict[str, str]]]], photos: Path
) -> None:
    for path, entry in messy["jpeg40"] + messy["brighter"]:
        pair = []
        for file in (path, photos / "messy/photos" / entry["of"]):
            image = decode(file).image
            pair.append(finder.embed(image, finder.find(image)[0]))
        assert float(pair[0] @ pair[1]) > 0.8, path


def test_people_are_told_apart(
    finder: LocalFinder, messy: dict[str, list[tuple[Path, dict[str, str]]]]
) -> None:
    vectors, names = [], []
    for path, entry in messy["original"][::6]:
        image = decode(path).image
        found = finder.find(image)
        if len(found) == 1:
            vectors.append(finder.embed(image, found[0]))
            names.append(entry["person"])
    similar = np.array(vectors) @ np.array(vectors).T
    same = np.equal.outer(names, names)
    others = ~np.eye(len(names), dtype=bool)
    assert similar[same & others].mean() > similar[~same].mean() + 0.3
    np.fill_diagonal(similar, -1)
    nearest = [names[i] for i in similar.argmax(axis=1)]
    assert np.mean([a == b for a, b in zip(nearest, names, strict=True)]) > 0.95


def test_the_landmark_network_knows_a_face_from_its_surroundings(
    models: ModelStore, finder: LocalFinder, messy: dict[str, list[tuple[Path, dict[str, str]]]]
) -> None:
    landmarker = FaceLandmarker(models.path("face-landmarker"))
    sure = []
    for path, _ in messy["original"][::25]:
        image = decode(path).image
        face = finder.find(image)[0]
        mesh = landmarker.measure(image, face.landmarks)
        sure.append(mesh.presence > 0.5)
        inside = (mesh.points[:, 0] > face.box.x1 - face.box.width / 2) & (
            mesh.points[:, 0] < face.box.x2 + face.box.width / 2
        )
        assert inside.all()
    assert np.mean(sure) > 0.9


def test_boxes_stay_inside_the_photo(
    finder: LocalFinder, messy: dict[str, list[tuple[Path, dict[str, str]]]]
) -> None:
    for path, _ in messy["group"] + messy["crop18"]:
        image = decode(path).image
        for face in finder.find(image):
            assert 0 <= face.box.x1 < face.box.x2 <= image.shape[1]
            assert 0 <= face.box.y1 < face.box.y2 <= image.shape[0]


def test_boxes_are_in_pixels_of_the_photo_given(
    finder: LocalFinder, messy: dict[str, list[tuple[Path, dict[str, str]]]]
) -> None:
    for path, _ in messy["original"][:6]:
        image = decode(path).image
        large = np.asarray(cv2.resize(image, None, fx=4, fy=4), np.uint8)
        small = max((face.box for face in finder.find(image)), key=lambda box: box.area)
        assert max(small.scaled(4).iou(face.box) for face in finder.find(large)) > 0.75


def test_broken_files_say_why(messy: dict[str, list[tuple[Path, dict[str, str]]]]) -> None:
    reasons: Counter[str] = Counter()
    for edit in ("empty", "html", "truncated"):
        for path, _ in messy[edit]:
            with pytest.raises(ImageError) as caught:
                decode(path)
            assert not caught.value.unsupported
            reasons[caught.value.reason] += 1
    assert sorted(reasons.values()) == [6, 6, 6]


def test_every_file_of_formats_is_decoded_or_refused(photos: Path) -> None:
    files = [path for path in sorted((photos / "formats").rglob("*")) if path.is_file()]
    assert len(files) > 600
    decoded = 0
    for path in files:
        with contextlib.suppress(ImageError):
            picture = decode(path)
            assert picture.image.shape == (picture.height, picture.width, 3)
            assert picture.image.dtype == np.uint8
            decoded += 1
    assert decoded > 450


def test_the_same_picture_in_each_orientation_decodes_the_same(photos: Path) -> None:
    folder = photos / "formats/exif_orientation"
    groups: dict[str, list[RgbImage]] = {}
    for path in sorted(folder.glob("*.jpg")):
        groups.setdefault(path.stem.rpartition("_")[0], []).append(decode(path).image)
    assert groups
    for images in groups.values():
        assert len({image.shape for image in images}) == 1
        smallest = [cv2.resize(image, (16, 16), interpolation=cv2.INTER_AREA) for image in images]
        spread = np.ptp(np.array(smallest, int), axis=0)
        assert np.median(spread) < 60
