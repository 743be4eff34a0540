"""Exports written by the real engine and loaded by the programs that they are for."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from facegui import Recognizer
from facegui.__main__ import make_tools
from facegui.domain.control import NullControl
from facegui.domain.errors import BundleError
from facegui.domain.model_export import Agreement, ModelFormat
from facegui.domain.ports import ModelStore
from facegui.network.bundle import Bundle, load_bundle, save_bundle
from facegui.network.export.compare import Answered, Faces
from facegui.network.export.job import JOB, ExportJob
from facegui.recognition.recogniser import Recogniser
from facegui.services.engine import Engine
from facegui.services.exporting.model_faces import as_sent
from facegui.services.exporting.model_papers import write_papers
from tests.fakes.faces import fake_tools
from tests.fakes.random_bundles import make_bundle

pytestmark = pytest.mark.engine

SIDE_PX = {"two-layer": 28, "modern": 128, "face-transfer": 112}


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    engine = Engine("test")
    engine.warm()
    yield engine
    engine.close()


def sound(name: str) -> Bundle:
    """A random bundle that can be asked, and that knows some faces and not others."""
    made = make_bundle(name, threshold=0.0)
    weights = {
        key: np.abs(tensor) + np.float32(0.5) if "variance" in key else tensor
        for key, tensor in made.weights.items()
    }
    return replace(made, weights=weights)


def blobs(side: int, count: int = 6) -> list[np.ndarray]:
    """Smooth coloured patches, as far as JPEG leaves them alone."""
    from facegui.imaging.cv import cv2

    random = np.random.default_rng(1)
    small = random.integers(0, 256, (count, 4, 4, 3), np.uint8)
    return [cv2.resize(each, (side, side), interpolation=cv2.INTER_CUBIC) for each in small]


def exported(engine: Engine, folder: Path, name: str, kind: ModelFormat) -> tuple[Faces, Agreement]:
    """A random model of the network *name* in *folder*, and what it was compared on."""
    path = folder / "m.facebundle"
    save_bundle(path, sound(name))
    tools = make_tools() if name == "face-transfer" else fake_tools()
    try:
        recogniser = Recogniser.load(path, lambda: engine)
        faces = as_sent(blobs(SIDE_PX[name]), tools, recogniser, NullControl())
        embeds = recogniser.preprocessing.kind == "embedding"
        sface = str(tools.models.path("sface")) if embeds else None
    finally:
        tools.close()
    out = folder / "out"
    out.mkdir()
    job = ExportJob(str(path), recogniser.bundle.sha256, sface, kind, str(out), faces)
    agreement = engine.run(JOB, job, NullControl())
    assert isinstance(agreement, Agreement)
    write_papers(out, kind, recogniser.bundle, path, agreement)
    return faces, agreement


@pytest.mark.parametrize("kind", [ModelFormat.SAVED_MODEL, ModelFormat.TFLITE])
def test_a_network_that_learned_from_photos_says_the_same(
    engine: Engine, tmp_path: Path, kind: ModelFormat
) -> None:
    faces, agreement = exported(engine, tmp_path, "modern", kind)
    assert agreement.same_name == agreement.faces == len(faces.jpegs)
    assert agreement.most_off < 1e-4
    assert (tmp_path / "out" / "labels.txt").read_text("utf-8").endswith("unknown\n")


def test_onnx_runtime_says_the_same(engine: Engine, tmp_path: Path) -> None:
    import onnxruntime

    faces, _ = exported(engine, tmp_path, "modern", ModelFormat.ONNX)
    session = onnxruntime.InferenceSession(str(tmp_path / "out" / "model.onnx"))
    person, scores = session.run(["person", "scores"], {"faces": faces.crops})
    np.testing.assert_array_equal(person, faces.truth.person)
    np.testing.assert_allclose(scores, faces.truth.scores, atol=1e-4)
    labels = json.loads(session.get_modelmeta().custom_metadata_map["labels"])
    assert labels == ["Ana", "Bo", "Çelik", "unknown"]


@pytest.mark.models
def test_face_transfer_brings_its_embedding_along(
    engine: Engine, models: ModelStore, tmp_path: Path
) -> None:
    _, agreement = exported(engine, tmp_path, "face-transfer", ModelFormat.TFLITE)
    assert agreement.same_name == agreement.faces
    assert agreement.most_off < 1e-4
    assert (tmp_path / "out" / "model.tflite").stat().st_size > 30e6


def test_an_export_that_does_not_agree_is_refused(engine: Engine, tmp_path: Path) -> None:
    path = tmp_path / "m.facebundle"
    save_bundle(path, sound("two-layer"))
    recogniser = Recogniser.load(path, lambda: engine)
    faces = as_sent(blobs(28), fake_tools(), recogniser, NullControl())
    wrong = replace(faces, truth=Answered(faces.truth.person, faces.truth.scores[:, ::-1]))
    job = ExportJob(
        str(path), load_bundle(path).sha256, None, ModelFormat.TFLITE, str(tmp_path), wrong
    )
    with pytest.raises(BundleError, match="does not agree"):
        engine.run(JOB, job, NullControl())


@pytest.mark.photos
@pytest.mark.models
def test_scripts_and_other_programs_name_a_real_photo(
    photos: Path, models: ModelStore, tmp_path: Path
) -> None:
    """A made-up Face transfer model on a real face: by a call, and over HTTP until Ctrl+C."""
    photo = next(path for path in sorted((photos / "lfw10").rglob("*.jpg")))
    bundle = tmp_path / "friends.facebundle"
    save_bundle(bundle, make_bundle("face-transfer", threshold=-1.0 + 0.1))
    with Recognizer(bundle) as recognizer:
        (face, *_) = recognizer.recognize(photo)
    assert face.name in recognizer.people
    command = [sys.executable, "-m", "facegui", "serve", str(bundle), "--port", "0", "--token", "t"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as server:
        assert server.stderr is not None
        said = [server.stderr.readline() for _ in range(4)]
        address = said[1].split()[-1]
        found = asked(address, photo)
        server.send_signal(signal.SIGINT)
        assert server.wait(timeout=60) == 130
    assert found["faces"][0]["name"] == face.name
    assert found["faces"][0]["box"] == pytest.approx(face.box, abs=0.01)


def asked(address: str, photo: Path) -> dict[str, list[dict[str, object]]]:
    """The prediction for one photo."""
    from base64 import b64encode

    body = json.dumps({"instances": [{"b64": b64encode(photo.read_bytes()).decode()}]}).encode()
    request = urllib.request.Request(address, body, {"Authorization": "Bearer t"})
    with urllib.request.urlopen(request, timeout=60) as answer:
        return json.load(answer)["predictions"][0]  # type: ignore[no-any-return]
