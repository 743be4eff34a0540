from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from facegui.detection import analyser as module
from facegui.detection import measuring
from facegui.detection.analyser import LocalAnalyser, LocalFinder
from facegui.detection.blendshapes import Expression
from facegui.detection.finding import Sighting
from facegui.detection.landmarks import CanonicalFace, FaceMesh
from facegui.detection.view import Found
from facegui.domain.detection import VIDEO, DetectOptions
from facegui.domain.entities import Embedding, PhotoHashes, RgbImage
from facegui.domain.geometry import Box, Landmarks, Point
from facegui.imaging.align import TEMPLATE, aligned_crop
from facegui.imaging.quality import measure

CORNERS = np.array([(0, 0, -1), (1, 0, 0), (0, 1, 0), (-1, -1, 0)], float)
IRISES_NOSE_MOUTH = [468, 473, 1, 61, 291]


def face(x: float, score: float) -> Found:
    points = (Point(px + x, py + 20) for px, py in TEMPLATE)
    return Found(Box(x + 20, 40, x + 92, 130), Landmarks(*points), score)


class FakeSearch:
    """Two faces, in a picture that lies on its side, unless told not to turn it."""

    def __init__(self, model: Path, options: DetectOptions) -> None:
        assert model == Path("/models/yunet")
        self.options = options

    def find(self, image: RgbImage) -> Sighting:
        rotation = 90 if self.options.turned else 0
        return Sighting((face(10, 0.9), face(150, 0.8)), rotation)


class FakeEmbedder:
    def __init__(self, model: Path) -> None:
        assert model == Path("/models/sface")

    def embed(self, image: RgbImage, landmarks: Landmarks) -> Embedding:
        vector = np.zeros(128, np.float32)
        vector[int(landmarks.nose.x) % 128] = 1
        return vector


class FakeLandmarker:
    def __init__(self, model: Path) -> None:
        assert model == Path("/models/face-landmarker")
        self.canonical = CanonicalFace(np.arange(100, 104), CORNERS, np.ones(4))

    def measure(self, image: RgbImage, landmarks: Landmarks) -> FaceMesh:
        points = np.zeros((478, 3))
        points[100:104] = CORNERS * 50 + 3
        points[IRISES_NOSE_MOUTH, :2] = np.asarray(landmarks) + 2  # a little off the detector's
        return FaceMesh(points, presence=0.75)


class FakeBlendshapes:
    def __init__(self, model: Path) -> None:
        assert model == Path("/models/face-landmarker")

    def expression(self, points: NDArray[np.float64]) -> Expression:
        assert points[IRISES_NOSE_MOUTH] == pytest.approx(TEMPLATE)  # the head stands upright
        return Expression(smile=0.1, eyes_closed=0.2, mouth_open=0.3)


class FakeSunglasses:
    def __init__(self, model: Path) -> None:
        assert model == Path("/models/sunglasses")

    def probability(self, crop: RgbImage, points: NDArray[np.float64]) -> float:
        assert crop.shape == (112, 112, 3)
        assert points[IRISES_NOSE_MOUTH] == pytest.approx(TEMPLATE)
        return 0.4


@dataclass
class File:
    name: str
    path: Path | None


class Store:
    """Has what is asked for; *sunglasses* says whether that network is there without asking."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.sunglasses = True

    def list(self) -> Sequence[File]:
        return [File("sunglasses", Path("/models/sunglasses") if self.sunglasses else None)]

    def path(self, name: str, control: object = None) -> Path:
        self.asked.append(name)
        return Path("/models") / name


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch) -> Store:
    monkeypatch.setattr(module, "YuNet", lambda path: path)
    monkeypatch.setattr(module, "FaceSearch", FakeSearch)
    monkeypatch.setattr(module, "SFace", FakeEmbedder)
    monkeypatch.setattr(measuring, "FaceLandmarker", FakeLandmarker)
    monkeypatch.setattr(measuring, "Blendshapes", FakeBlendshapes)
    monkeypatch.setattr(measuring, "Sunglasses", FakeSunglasses)
    return Store()


def photo() -> RgbImage:
    return np.random.default_rng(0).integers(0, 255, (180, 300, 3), np.uint8)


def test_making_one_loads_nothing(store: Store) -> None:
    LocalAnalyser(store, hash_crop=lambda crop: PhotoHashes(0, 0))
    LocalFinder(store)
    assert store.asked == []


def test_each_network_is_loaded_once(store: Store) -> None:
    analyser = LocalAnalyser(store, hash_crop=lambda crop: PhotoHashes(0, 0))
    analyser.analyse(photo())
    analyser.analyse(photo())
    assert sorted(set(store.asked)) == ["face-landmarker", "sface", "yunet"]
    assert len(store.asked) == 4  # two networks are in one of the files


def test_a_finder_never_needs_the_landmark_network(store: Store) -> None:
    finder = LocalFinder(store)
    found = finder.find(photo())
    assert finder.embed(photo(), found[0]).argmax() == int(found[0].landmarks.nose.x) % 128
    assert sorted(store.asked) == ["sface", "yunet"]


def test_options_reach_the_detector(store: Store) -> None:
    options = DetectOptions(side_px=320, min_score=0.9)
    finder = LocalFinder(store, options)
    assert finder._search.options == options
    assert LocalFinder(store)._search.options == DetectOptions()


def test_every_face_gets_every_measure_in_order(store: Store) -> None:
    hashed: list[RgbImage] = []

    def hash_crop(crop: RgbImage) -> PhotoHashes:
        hashed.append(crop)
        return PhotoHashes(len(hashed), 7)

    image = photo()
    proposals = LocalAnalyser(store, VIDEO, hash_crop=hash_crop).analyse(image).faces
    expected = [face(10, 0.9), face(150, 0.8)]
    assert [(p.box, p.landmarks, p.score) for p in proposals] == [
        (f.box, f.landmarks, f.score) for f in expected
    ]
    assert [p.hashes.phash for p in proposals] == [1, 2]
    for proposal, hashed_crop, found in zip(proposals, hashed, expected, strict=True):
        by_mesh = Landmarks(*(Point(x + 2, y + 2) for x, y in found.landmarks))
        assert (hashed_crop == aligned_crop(image, by_mesh)).all()
        quality = measure(aligned_crop(image, found.landmarks))
        for name in ("sharpness", "brightness", "contrast", "chroma", "chroma_spread"):
            assert getattr(proposal, name) == pytest.approx(getattr(quality, name))
        expression = (proposal.smile, proposal.eyes_closed, proposal.mouth_open)
        assert expression == (0.1, 0.2, 0.3)
        assert (proposal.presence, proposal.sunglasses) == (0.75, 0.4)
        assert (proposal.pose.roll, proposal.pose.pan, proposal.pose.tilt) == pytest.approx(
            (0, 0, 0), abs=1e-6
        )
        assert proposal.embedding.argmax() == int(found.landmarks.nose.x) % 128
        assert proposal.detector == LocalAnalyser(store, hash_crop=hash_crop).version


def test_roll_is_that_in_the_turned_picture_and_places_are_those_in_the_picture(
    store: Store,
) -> None:
    analysis = LocalAnalyser(store, hash_crop=lambda crop: PhotoHashes(0, 0)).analyse(photo())
    assert analysis.rotation == 90
    assert [face.pose.roll for face in analysis.faces] == pytest.approx([90, 90])
    assert analysis.faces[0].landmarks == face(10, 0.9).landmarks


def test_a_face_that_somebody_points_at_is_measured(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    second, box = face(150, 0.8), Box(1, 2, 3, 4)

    def find_in(image: RgbImage, where: Box, *networks: object) -> tuple[Found, int]:
        assert where == box
        return second, 90

    monkeypatch.setattr(module, "find_in", find_in)
    analyser = LocalAnalyser(store, hash_crop=lambda crop: PhotoHashes(0, 0))
    measured = analyser.measure_at(photo(), box)
    assert measured is not None
    assert (measured.box, measured.score) == (second.box, 0.8)
    assert measured.pose.roll == pytest.approx(90)
    assert measured.smile == 0.1


def test_where_there_is_no_face_none_is_measured(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "find_in", lambda *_: None)
    analyser = LocalAnalyser(store, hash_crop=lambda crop: PhotoHashes(0, 0))
    assert analyser.measure_at(photo(), Box(0, 0, 5, 5)) is None


def test_the_version_names_all_networks(store: Store) -> None:
    version = LocalAnalyser(store, hash_crop=lambda crop: PhotoHashes(0, 0)).version
    names: Sequence[str] = ("yunet", "sface", "landmarker", "face-classify")
    assert all(name in version for name in names)


def test_without_the_sunglasses_network_everything_else_is_measured(store: Store) -> None:
    store.sunglasses = False
    analyser = LocalAnalyser(store, hash_crop=lambda crop: PhotoHashes(0, 0))
    proposal = analyser.analyse(photo()).faces[0]
    assert proposal.sunglasses is None
    assert proposal.smile == 0.1
    assert proposal.detector == analyser.version
    assert "face-classify" not in analyser.version
    assert "sunglasses" not in store.asked  # nor was it fetched
