"""YuNet and SFace on pictures that need no photo; real faces are tried in tests/e2e."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from facegui.detection.analyser import LocalFinder
from facegui.detection.sface import SFace
from facegui.detection.yunet import YuNet
from facegui.domain.errors import ModelUnavailable
from facegui.domain.geometry import Landmarks, Point
from facegui.domain.ports import ModelStore
from facegui.imaging.align import TEMPLATE
from facegui.imaging.cv import cv2

FACE = Landmarks(*(Point(x + 40, y + 30) for x, y in TEMPLATE))


def noise(height: int = 200, width: int = 220) -> np.ndarray:
    rng = np.random.default_rng(3)
    return rng.integers(0, 255, (height, width, 3), np.uint8)


@pytest.fixture(scope="module")
def embedder(models: ModelStore) -> SFace:
    return SFace(models.path("sface"))


@pytest.mark.parametrize("shape", [(1, 1), (1, 20000), (20000, 1), (3, 2), (480, 640), (2000, 31)])
def test_nothing_is_found_where_nothing_is(models: ModelStore, shape: tuple[int, int]) -> None:
    seen = LocalFinder(models).look(np.full((*shape, 3), 90, np.uint8))
    assert (seen.faces, seen.rotation) == ((), 0)


def test_an_embedding_is_a_unit_vector(embedder: SFace) -> None:
    vector = embedder.embed(noise(), FACE)
    assert vector.shape == (128,)
    assert vector.dtype == np.float32
    assert np.linalg.norm(vector) == pytest.approx(1, abs=1e-5)


@pytest.mark.parametrize("scale", [0.5, 1.0, 2.6])
def test_embedding_is_opencvs_own_alignment_and_feature(
    embedder: SFace, models: ModelStore, scale: float
) -> None:
    size = (round(220 * scale), round(200 * scale))
    image = np.asarray(cv2.resize(noise(), size, interpolation=cv2.INTER_CUBIC), np.uint8)
    face = Landmarks(*(Point(x * scale, y * scale) for x, y in FACE))
    reference = cv2.FaceRecognizerSF.create(str(models.path("sface")), "")
    row = np.array([[0, 0, 1, 1, *np.ravel(face), 1]], np.float32)
    bgr = cv2.cvtColor(image, cv2.COLOR_RGB2BGR)
    feature = reference.feature(reference.alignCrop(bgr, row))[0]
    expected = feature / np.linalg.norm(feature)
    assert float(embedder.embed(image, face) @ expected) > 0.999


def test_red_and_blue_are_not_mixed_up(embedder: SFace) -> None:
    image = noise()
    image[..., 0] //= 4
    same = embedder.embed(image, FACE)
    swapped = embedder.embed(np.ascontiguousarray(image[..., ::-1]), FACE)
    assert float(same @ swapped) < 0.99


@pytest.mark.parametrize("make", [SFace, YuNet])
@pytest.mark.parametrize("content", [b"", b"not a network"])
def test_a_file_that_is_no_network_is_refused(
    make: Callable[[Path], object], content: bytes, tmp_path: Path
) -> None:
    path = tmp_path / "net.onnx"
    path.write_bytes(content)
    with pytest.raises(ModelUnavailable, match=r"net\.onnx") as caught:
        make(path)
    assert caught.value.remedy


def test_a_finder_needs_the_embedder_only_to_embed() -> None:
    asked: list[str] = []

    class Nothing:
        def path(self, name: str, control: object = None) -> None:
            asked.append(name)
            raise LookupError(name)

    finder = LocalFinder(Nothing())  # type: ignore[arg-type]
    assert asked == []
    with pytest.raises(LookupError):
        finder.find(noise())
    assert asked == ["yunet"]
