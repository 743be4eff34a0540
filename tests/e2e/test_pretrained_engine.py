"""Pretrained networks in the real engine, with small files of random weights from a local server.

What a frozen backbone says is asked once and cached; the answers are those of the whole network.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import safetensors.numpy

from facegui.domain.control import NullControl, Stop
from facegui.domain.errors import Cancelled, EngineError
from facegui.domain.training import Augmentation, FitRequest, FitResult
from facegui.network import inception_v3, mobilenet_v2
from facegui.network.bundle import load_bundle, save_bundle
from facegui.network.infer import JOB as INFER_JOB
from facegui.network.infer import InferRequest
from facegui.network.registry import network
from facegui.services.engine import Engine
from facegui.training.assemble import assemble
from facegui.training.checkpoint import load_best, save_best
from facegui.training.fit import FINISH_JOB, FIT_JOB
from facegui.weights.keras_h5 import as_safetensors
from facegui.weights.manifest import ModelFile, Source
from facegui.weights.store import Store
from facegui.weights.unpack import as_is
from tests.fakes import pretrained_jobs
from tests.fakes.control import RecordingControl
from tests.fakes.model_server import model_server
from tests.fakes.pretrained_jobs import Asked, Lookup
from tests.fakes.shapes import NAMES, fit_request, shape_crops

pytestmark = pytest.mark.engine

NAME = "mobilenet-v2"
QUICK = replace(network(NAME).defaults, max_epochs=2, batch_size=8)
CROPS, LABELS = shape_crops(6, size=150)


def job(name: str) -> str:
    return f"{pretrained_jobs.MODULE}:{name}"


@pytest.fixture(scope="module")
def weights(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """MobileNetV2's weights (random ones) as the store has them from a server on this machine."""
    folder = tmp_path_factory.mktemp("weights")
    engine.run(job("write_random_weights"), (NAME, str(folder / "served.h5")), NullControl())
    served = (folder / "served.h5").read_bytes()
    unpack = as_safetensors(as_is, hashlib.sha256(served).hexdigest())
    wanted = unpack(folder / "served.h5")
    with model_server() as server:
        model = ModelFile(
            name=NAME,
            title="Random weights",
            file_name="random.safetensors",
            sha256=hashlib.sha256(wanted).hexdigest(),
            size_bytes=len(wanted),
            licence="CC0-1.0",
            credit="the test",
            sources=(Source(server.serve("served.h5", served), "served.h5", len(served), unpack),),
        )
        store = Store(folder / "store", bundled=folder / "none", models={NAME: model})
        return store.path(NAME)


def request_in(folder: Path, weights: Path, **changes: object) -> FitRequest:
    config = replace(QUICK, **changes)  # type: ignore[arg-type]
    return replace(fit_request(folder, config, CROPS, LABELS), pretrained_path=str(weights))


def run(
    engine: Engine, request: FitRequest, which: str = FIT_JOB, control: object = None
) -> FitResult:
    result = engine.run(which, request, control or NullControl())  # type: ignore[arg-type]
    assert isinstance(result, FitResult)
    return result


def cached(folder: Path) -> list[Path]:
    return sorted(folder.glob("bottlenecks-*.npy"))


def looked(control: RecordingControl) -> bool:
    return any("once" in progress.label for progress in control.progress)


@pytest.fixture(scope="module")
def trained(
    engine: Engine, weights: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[FitRequest, FitResult]:
    request = request_in(tmp_path_factory.mktemp("run"), weights)
    return request, run(engine, request)


def test_the_file_reaches_every_layer_of_mobilenet(engine: Engine, weights: Path) -> None:
    lookup = Lookup(NAME, str(weights), CROPS[:3])
    ours, theirs = engine.run(job("maps_by_us_and_by_keras"), lookup, NullControl())  # type: ignore[misc]
    assert ours.shape == (3, mobilenet_v2.BOTTLENECK)
    assert ours.std() > 0
    np.testing.assert_allclose(ours, theirs, rtol=1e-4, atol=1e-5)


def test_the_file_reaches_every_layer_of_inception(engine: Engine, tmp_path: Path) -> None:
    path = str(tmp_path / "inception.h5")
    engine.run(job("write_random_weights"), ("inception-v3", path), NullControl())
    lookup = Lookup("inception-v3", path, CROPS[:2])
    ours, theirs = engine.run(job("maps_by_us_and_by_keras"), lookup, NullControl())  # type: ignore[misc]
    assert ours.shape == (2, inception_v3.BOTTLENECK)
    assert theirs.shape == (2, 7, 7, 768)
    places = ours.reshape(2, 3, 3, 768)
    for row, column in np.ndindex(3, 3):
        part = theirs[:, 2 * row : 2 * row + 3, 2 * column : 2 * column + 3].mean((1, 2))
        assert part.std() > 0
        np.testing.assert_allclose(places[:, row, column], part, rtol=1e-4, atol=1e-5)


def test_the_answers_are_those_of_the_whole_network(
    engine: Engine, trained: tuple[FitRequest, FitResult]
) -> None:
    request, result = trained
    asked = Asked(NAME, len(NAMES), request.run_dir, CROPS)
    features, probabilities = engine.run(job("answers_of_the_whole"), asked, NullControl())  # type: ignore[misc]
    np.testing.assert_allclose(np.load(result.features_path), features, atol=1e-4)
    np.testing.assert_allclose(np.load(result.probabilities_path), probabilities, atol=1e-4)


def test_the_bundle_has_all_it_needs(
    engine: Engine, trained: tuple[FitRequest, FitResult], tmp_path: Path
) -> None:
    request, result = trained
    bundle = assemble(
        request,
        result,
        preprocessing=network(NAME).preprocessing,
        manifest_hash="ab" * 32,
        photo_sha256s=["0" * 64],
        photo_phashes=[1],
    )
    path = tmp_path / "m"
    save_bundle(path, bundle)
    assert load_bundle(path).sha256 == bundle.sha256
    assert 14e6 < path.stat().st_size < 15e6
    asked = InferRequest(str(path), bundle.sha256, CROPS)
    answer = engine.run(INFER_JOB, asked, NullControl())
    assert isinstance(answer, tuple)
    np.testing.assert_allclose(answer[1], np.load(result.probabilities_path), atol=1e-4)


def test_the_backbone_is_left_as_it_came(
    trained: tuple[FitRequest, FitResult], weights: Path
) -> None:
    kept, _ = load_best(Path(trained[0].run_dir))
    came = safetensors.numpy.load_file(weights)
    assert kept.keys() - came.keys() == {
        "dense1/kernel", "dense1/bias", "people/kernel", "people/bias"
    }  # fmt: skip
    for name, tensor in came.items():
        np.testing.assert_array_equal(kept[name], tensor)


def test_crops_are_looked_at_once(engine: Engine, weights: Path, tmp_path: Path) -> None:
    first, again = RecordingControl(), RecordingControl()
    request = request_in(tmp_path, weights)
    results = [run(engine, request, control=control) for control in (first, again)]
    assert (looked(first), looked(again)) == (True, False)
    assert results[0].metrics.validation_loss == results[1].metrics.validation_loss
    (path,) = cached(tmp_path)
    assert np.load(path).shape == (len(CROPS), 2 * mobilenet_v2.BOTTLENECK)
    alone = RecordingControl()
    run(engine, request_in(tmp_path, weights, augmentation=Augmentation(flip=False)), control=alone)
    assert looked(alone)
    assert {np.load(path).shape[1] for path in cached(tmp_path)} == {1280, 2560}
    other = RecordingControl()
    changed = fit_request(tmp_path, QUICK, CROPS[::-1].copy(), LABELS)
    run(engine, replace(changed, pretrained_path=str(weights)), control=other)
    assert looked(other)
    assert len(cached(tmp_path)) == 3


def test_other_changes_of_crops_go_through_the_whole_network(
    engine: Engine, weights: Path, tmp_path: Path
) -> None:
    change = Augmentation(brightness=0.1)
    request = request_in(tmp_path, weights, augmentation=change, max_steps=2)
    result = run(engine, request)
    assert result.metrics.steps == 2
    assert cached(tmp_path) == []
    kept, _ = load_best(tmp_path)
    came = safetensors.numpy.load_file(weights)
    assert all(np.array_equal(kept[name], came[name]) for name in came)


def test_the_last_blocks_learn_when_asked(engine: Engine, weights: Path, tmp_path: Path) -> None:
    request = request_in(tmp_path, weights, fine_tune_blocks=1, max_steps=2, learning_rate=0.01)
    run(engine, request)
    assert cached(tmp_path) == []
    kept, _ = load_best(tmp_path)
    came = safetensors.numpy.load_file(weights)
    changed = {name for name in came if not np.array_equal(kept[name], came[name])}
    assert changed == {"Conv_1/kernel"}  # not the statistics after it


@pytest.mark.parametrize("name", [NAME, "inception-v3"])
def test_blocks_are_counted_from_the_end(engine: Engine, name: str) -> None:
    module = {NAME: mobilenet_v2, "inception-v3": inception_v3}[name]
    head = {"dense1/kernel", "dense1/bias", "people/kernel", "people/bias"}
    for count in (0, 2, 99):
        found = engine.run(job("trainable"), (name, count), NullControl())
        blocks = module.blocks()[-count:] if count else ()
        assert found == head | {f"{layer.name}/kernel" for block in blocks for layer in block}


@pytest.mark.parametrize("stop", [Stop.KEEP, Stop.DISCARD])
def test_a_stop_while_the_backbone_looks_keeps_nothing(
    engine: Engine, weights: Path, tmp_path: Path, stop: Stop
) -> None:
    control = RecordingControl(lambda it: stop if looked(it) else Stop.NO)
    crops, labels = shape_crops(200, size=150)
    request = replace(fit_request(tmp_path, QUICK, crops, labels), pretrained_path=str(weights))
    with pytest.raises((Cancelled, EngineError)):  # ended by force on a machine that is busy
        engine.run(FIT_JOB, request, control)
    assert cached(tmp_path) == []


def test_a_killed_training_is_finished_from_its_head(
    engine: Engine, trained: tuple[FitRequest, FitResult], weights: Path, tmp_path: Path
) -> None:
    """Of its best weights only the head is on disk; with the backbone they are a whole network."""
    kept, best = load_best(Path(trained[0].run_dir))
    request = request_in(tmp_path, weights)
    head = {name: kept[name] for name in kept if name.startswith(("dense1", "people"))}
    save_best(tmp_path, head, best)
    result = run(engine, request, FINISH_JOB)
    whole, _ = load_best(tmp_path)
    assert whole.keys() == kept.keys()
    before = np.load(trained[1].probabilities_path)
    np.testing.assert_allclose(np.load(result.probabilities_path), before, atol=1e-5)


@pytest.mark.models
def test_the_real_weights_tell_shapes_apart(engine: Engine, tmp_path: Path) -> None:
    real = Store().path(NAME)
    crops, labels = shape_crops(12, size=150)
    request = replace(
        fit_request(tmp_path, replace(QUICK, max_epochs=10), crops, labels),
        pretrained_path=str(real),
    )
    assert run(engine, request).metrics.validation_accuracy >= 0.9
