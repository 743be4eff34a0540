"""The blendshape network against TensorFlow Lite's own interpreter."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from facegui.detection.blendshapes import _INPUT, Blendshapes, Expression
from facegui.domain.errors import ModelUnavailable
from facegui.domain.ports import ModelStore

NETWORK = "face_blendshapes.tflite"
TFLITE = """
import sys
import numpy as np
import tensorflow as tf

model, faces, out = sys.argv[1:]
network = tf.lite.Interpreter(model)
network.allocate_tensors()
told = []
for face in np.load(faces):
    network.set_tensor(network.get_input_details()[0]["index"], face[None])
    network.invoke()
    told.append(network.get_tensor(network.get_output_details()[0]["index"]).ravel())
np.save(out, told)
"""


@pytest.fixture(scope="module")
def blendshapes(models: ModelStore) -> Blendshapes:
    return Blendshapes(models.path("face-landmarker"))


def faces(count: int = 8) -> NDArray[np.float64]:
    """Places like those of landmarks: as wide as high, some hundred pixels."""
    return np.random.default_rng(5).normal(200, 60, (count, 478, 2))


def values(expression: Expression) -> tuple[float, float, float]:
    return expression.smile, expression.eyes_closed, expression.mouth_open


def test_the_landmarks_it_takes_are_in_order_and_once_each() -> None:
    assert len(_INPUT) == 146
    assert (np.diff(_INPUT) > 0).all()
    assert _INPUT[-1] == 477


def test_where_the_face_is_and_how_large_does_not_matter(blendshapes: Blendshapes) -> None:
    for face in faces(3):
        expected = values(blendshapes.expression(face))
        assert values(blendshapes.expression(face * 3.7 - 1000)) == pytest.approx(
            expected, abs=1e-3
        )


def test_all_is_between_0_and_1(blendshapes: Blendshapes) -> None:
    for face in faces():
        assert all(0 <= value <= 1 for value in values(blendshapes.expression(face)))


@pytest.mark.engine
def test_it_computes_what_tensorflow_lite_does(
    blendshapes: Blendshapes, models: ModelStore, tmp_path: Path
) -> None:
    with zipfile.ZipFile(models.path("face-landmarker")) as task:
        task.extract(NETWORK, tmp_path)
    shown, told = tmp_path / "faces.npy", tmp_path / "shapes.npy"
    np.save(shown, faces()[:, _INPUT].astype(np.float32))
    command = [sys.executable, "-c", TFLITE, str(tmp_path / NETWORK), str(shown), str(told)]
    subprocess.run(command, check=True, capture_output=True, timeout=240)
    for face, shapes in zip(faces(), np.load(told), strict=True):
        assert shapes.shape == (52,)
        expected = ((shapes[44] + shapes[45]) / 2, min(shapes[9], shapes[10]), shapes[25])
        assert values(blendshapes.expression(face)) == pytest.approx(expected, abs=1e-4)


@pytest.mark.parametrize("members", [{}, {NETWORK: b"x"}, {NETWORK: bytes(4_000_000)}])
def test_an_archive_of_another_kind_is_refused(tmp_path: Path, members: dict[str, bytes]) -> None:
    path = tmp_path / "a.task"
    with zipfile.ZipFile(path, "w") as file:
        for name, data in members.items():
            file.writestr(name, data)
    with pytest.raises(ModelUnavailable, match=r"a\.task"):
        Blendshapes(path)
