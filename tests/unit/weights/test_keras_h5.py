"""Keras files of different make become the same safetensors file."""

from __future__ import annotations

import hashlib
import io
from pathlib import Path

import h5py
import numpy as np
import pytest
import safetensors.numpy

from facegui.weights.keras_h5 import as_safetensors
from facegui.weights.manifest import MODELS, ModelFile, Source
from facegui.weights.store import Store
from facegui.weights.unpack import as_is
from tests.fakes.model_server import ModelServer

WEIGHTS = {
    "stem/stem/kernel:0": np.arange(6, dtype=np.float32).reshape(1, 2, 3),
    "deep/deep/depthwise_kernel:0": np.ones((3, 3, 2, 1), np.float32),
    "bn/bn/gamma:0": np.array([0.5, -2.0], np.float32),
}
HEAD = {"dense/dense/kernel:0": np.ones((2, 2), np.float32)}


def keras_file(tensors: dict[str, np.ndarray], group: str = "") -> bytes:
    buffer = io.BytesIO()
    with h5py.File(buffer, "w") as file:
        root = file.require_group(group) if group else file
        for name, tensor in tensors.items():
            root.create_dataset(name, data=tensor)
    return buffer.getvalue()


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def converted(folder: Path, data: bytes, without: frozenset[str] = frozenset()) -> bytes:
    path = folder / "weights.h5"
    path.write_bytes(data)
    return as_safetensors(as_is, sha256(data), without)(path)


def test_names_and_numbers_are_those_of_the_file(tmp_path: Path) -> None:
    found = safetensors.numpy.load(converted(tmp_path, keras_file(WEIGHTS)))
    assert set(found) == {"stem/kernel", "deep/kernel", "bn/gamma"}
    for name, tensor in WEIGHTS.items():
        layer, _, weight = name.split("/")
        wanted = "kernel" if "kernel" in weight else weight.removesuffix(":0")
        np.testing.assert_array_equal(found[f"{layer}/{wanted}"], tensor)


def test_a_whole_model_gives_the_same_bytes_as_its_weights_alone(tmp_path: Path) -> None:
    whole = keras_file(WEIGHTS | HEAD, "model_weights")
    backwards = keras_file(dict(reversed(WEIGHTS.items())))
    plain = converted(tmp_path, keras_file(WEIGHTS))
    assert converted(tmp_path, whole, frozenset({"dense"})) == plain
    assert converted(tmp_path, backwards) == plain
    assert converted(tmp_path, whole) != plain


def test_another_file_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "weights.h5"
    path.write_bytes(b"\x89HDF\r\n\x1a\n and then anything")
    with pytest.raises(ValueError, match=r"weights\.h5 does not hold the expected weights"):
        as_safetensors(as_is, sha256(b"something else"))(path)


def test_the_store_passes_over_weights_that_differ(tmp_path: Path, server: ModelServer) -> None:
    """Two sources of which the first has other numbers: the result's hash decides."""
    right, wrong = keras_file(WEIGHTS), keras_file(WEIGHTS | {"bn/bn/gamma:0": np.zeros(2, "f4")})
    wanted = converted(tmp_path, right)
    model = ModelFile(
        name="small",
        title="Small network",
        file_name="small.safetensors",
        sha256=sha256(wanted),
        size_bytes=len(wanted),
        licence="MIT",
        credit="the test",
        sources=tuple(
            Source(server.serve(name, data), name, len(data), as_safetensors(as_is, sha256(data)))
            for name, data in (("wrong.h5", wrong), ("right.h5", right))
        ),
    )
    store = Store(tmp_path / "store", bundled=tmp_path / "none", models={"small": model})
    path = store.path("small")
    assert path.read_bytes() == wanted
    assert set(safetensors.numpy.load_file(path)) == {"stem/kernel", "deep/kernel", "bn/gamma"}


@pytest.mark.models
def test_the_real_file_holds_the_whole_of_mobilenet() -> None:
    """The first numbers are those that people print who load it with Keras."""
    found = safetensors.numpy.load_file(Store().path("mobilenet-v2"))
    assert len(found) == 260
    assert sum(tensor.size for tensor in found.values()) == 2_257_984
    first = [-1.71659231e-01, -3.33731920e-01, 5.30122258e-02, -5.93232973e-21]
    assert found["Conv1/kernel"].ravel()[:4].tolist() == np.array(first, np.float32).tolist()
    assert MODELS["mobilenet-v2"].size_bytes < 10_000_000
