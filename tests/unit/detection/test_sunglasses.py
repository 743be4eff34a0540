"""The network on drawn faces; real ones are tried in tests/e2e."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from facegui.detection.sunglasses import Sunglasses, below_eyes
from facegui.domain.errors import ModelUnavailable
from facegui.domain.ports import ModelStore
from facegui.imaging.cv import cv2

BELOW_EYES = {229: (32, 58), 230: (37, 60), 231: (42, 60), 232: (46, 58)}
CHEEKS = {50: (28, 80), 101: (38, 75), 205: (36, 84), 118: (33, 72)}
MIRRORED = {
    229: 449, 230: 450, 231: 451, 232: 452, 50: 280, 101: 330, 205: 425, 118: 347,
}  # fmt: skip


def landmarks() -> NDArray[np.float64]:
    points = np.full((478, 2), 56.0)
    for number, (x, y) in {**BELOW_EYES, **CHEEKS}.items():
        points[number] = x, y
        points[MIRRORED[number]] = 111 - x, y
    return points


def skin(level: int = 170) -> NDArray[np.uint8]:
    return np.full((112, 112, 3), level, np.uint8)


def with_glasses(level: int = 20) -> NDArray[np.uint8]:
    crop = skin()
    cv2.rectangle(crop, (18, 42), (94, 66), (level,) * 3, -1)
    return crop


class Answer:
    """Stands in for the network; remembers what it was shown."""

    def __init__(self, logit: float) -> None:
        self.logit = logit
        self.shown: list[NDArray[np.float32]] = []

    def setInput(self, blob: NDArray[np.float32]) -> None:  # noqa: N802 - OpenCV's name
        self.shown.append(blob)

    def forward(self) -> NDArray[np.float32]:
        return np.array([[self.logit]], np.float32)


def network(logit: float, monkeypatch: pytest.MonkeyPatch) -> tuple[Sunglasses, Answer]:
    answer = Answer(logit)
    monkeypatch.setattr(cv2.dnn, "readNetFromONNX", lambda *_: answer)
    return Sunglasses(Path("any.onnx")), answer


def test_bare_eyes_are_as_bright_as_the_cheeks() -> None:
    assert below_eyes(skin(), landmarks()) == pytest.approx(1)
    assert below_eyes(skin(0), landmarks()) == pytest.approx(1)
    assert below_eyes(with_glasses(), landmarks()) < 0.3


def test_bright_eyes_are_answered_without_the_network(monkeypatch: pytest.MonkeyPatch) -> None:
    glasses, answer = network(-9, monkeypatch)
    assert glasses.probability(skin(), landmarks()) == 0
    assert answer.shown == []


@pytest.mark.parametrize(("logit", "probability"), [(-4, 0.982), (0, 0.5), (4, 0.018)])
def test_dark_eyes_are_the_networks_to_judge(
    logit: float, probability: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    glasses, answer = network(logit, monkeypatch)
    assert glasses.probability(with_glasses(), landmarks()) == pytest.approx(probability, abs=1e-3)
    (shown,) = answer.shown
    assert shown.shape == (1, 3, 160, 160)
    assert shown.min() == pytest.approx(20 / 127.5 - 1, abs=0.01)
    assert shown.max() == pytest.approx(170 / 127.5 - 1, abs=0.01)


def test_red_comes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    glasses, answer = network(0, monkeypatch)
    crop = with_glasses()
    crop[..., 0] += 50
    glasses.probability(crop, landmarks())
    red, green, blue = answer.shown[0][0]
    assert red.mean() > green.mean() + 0.3
    assert green.mean() == pytest.approx(blue.mean())


def test_landmarks_beyond_the_crop_count_at_its_edge() -> None:
    points = landmarks()
    points[229], points[280] = (-40, 300), (900, -5)
    assert below_eyes(skin(), points) == pytest.approx(1)


def test_the_real_network_is_read_and_answers(models: ModelStore) -> None:
    glasses = Sunglasses(models.path("sunglasses"))
    assert 0 <= glasses.probability(with_glasses(), landmarks()) <= 1


@pytest.mark.parametrize("content", [b"", b"not a network"])
def test_a_file_that_is_no_network_is_refused(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "net.onnx"
    path.write_bytes(content)
    with pytest.raises(ModelUnavailable, match=r"net\.onnx"):
        Sunglasses(path)
