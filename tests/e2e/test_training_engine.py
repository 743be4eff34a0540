"""Real networks, trained in the real engine, on crops that take seconds to learn."""

from __future__ import annotations

import dataclasses
import itertools
import os
import signal
import threading
import time
from pathlib import Path

import numpy as np
import pytest
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator, TensorEvent
from tensorboard.util.tensor_util import make_ndarray

from facegui.domain.control import NullControl, Stop
from facegui.domain.dataset import Subset
from facegui.domain.errors import BundleError, Cancelled, EngineError
from facegui.domain.training import (
    Augmentation,
    CurvePoint,
    FitRequest,
    FitResult,
    Schedule,
    StopReason,
    TrainConfig,
)
from facegui.network.bundle import Bundle, save_bundle
from facegui.network.infer import JOB as INFER_JOB
from facegui.network.infer import InferRequest
from facegui.network.registry import network, network_names
from facegui.recognition.recogniser import Recogniser
from facegui.services.engine import Engine
from facegui.training.assemble import assemble
from facegui.training.checkpoint import has_best
from facegui.training.fit import FINISH_JOB, FIT_JOB
from tests.fakes import tensor_jobs
from tests.fakes.control import RecordingControl
from tests.fakes.shapes import NAMES, embeddings, fit_request, shape_crops

pytestmark = pytest.mark.engine

CLASSIC = dataclasses.replace(  # what learns shapes in seconds; faces want more care
    network("classic").defaults,
    batch_size=12,
    schedule=Schedule.CONSTANT,
    warmup_epochs=0,
    weight_decay=0.0,
    label_smoothing=0.0,
    dropout=0.3,
    max_epochs=4,
    max_steps=None,
    patience=12,
    target_accuracy=0.99,
    augmentation=Augmentation(brightness=0.2, contrast=(0.6, 1.6), hue=0.04, saturation=(0.5, 1.6)),
)
HEAD = network("face-transfer").defaults
SMALL = dataclasses.replace(
    network("two-layer").defaults, batch_size=12, normalise=True, augmentation=CLASSIC.augmentation
)
FOREVER = dataclasses.replace(SMALL, max_epochs=None, patience=None)
PEOPLE = tuple(f"person {n}" for n in range(6))


def crops_request(folder: Path, config: TrainConfig) -> FitRequest:
    size = network(config.network).preprocessing.size_px
    return fit_request(folder, config, *shape_crops(12, size=size))


def head_request(folder: Path, config: TrainConfig = HEAD) -> FitRequest:
    return fit_request(folder, config, *embeddings(12, len(PEOPLE)), PEOPLE)


def run_fit(engine: Engine, request: FitRequest, control: RecordingControl) -> FitResult:
    result = engine.run(FIT_JOB, request, control)
    assert isinstance(result, FitResult)
    return result


def points_of(control: RecordingControl) -> list[CurvePoint]:
    told = [partial for partial in control.partials if isinstance(partial, tuple)]
    return list(itertools.chain.from_iterable(told))


def stop_after(step: int, stop: Stop) -> RecordingControl:
    def condition(control: RecordingControl) -> Stop:
        points = points_of(control)
        return stop if points and points[-1].step >= step else Stop.NO

    return RecordingControl(condition)


def job(name: str) -> str:
    return f"{tensor_jobs.MODULE}:{name}"


def bundle_of(request: FitRequest, result: FitResult) -> Bundle:
    return assemble(
        request,
        result,
        preprocessing=network(request.config.network).preprocessing,
        manifest_hash="ab" * 32,
        photo_sha256s=["0" * 64],
        photo_phashes=[1],
    )


@pytest.fixture(scope="module")
def trained(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> tuple[FitRequest, object]:
    """A classic network that knows the shapes, and the control that watched."""
    request = crops_request(tmp_path_factory.mktemp("classic"), CLASSIC)
    control = RecordingControl()
    return request, (run_fit(engine, request, control), control)


def test_classic_learns_shapes(trained: tuple[FitRequest, tuple[FitResult, object]]) -> None:
    _, (result, _) = trained
    metrics = result.metrics
    assert metrics.validation_accuracy >= 0.9
    assert metrics.stopped_by in {StopReason.TARGET, StopReason.LIMIT}
    assert (metrics.train_count, metrics.validation_count) == (24, 12)
    assert 0 < metrics.best_step <= metrics.steps == result.curve[-1].step
    best = result.curve[metrics.best_step - 1]
    assert best.validation_loss == metrics.validation_loss


def test_a_point_for_every_batch(
    trained: tuple[FitRequest, tuple[FitResult, RecordingControl]],
) -> None:
    _, (result, control) = trained
    assert tuple(points_of(control)) == result.curve
    assert [point.step for point in result.curve] == list(range(1, len(result.curve) + 1))
    assert all(np.isfinite(point.loss) and 0 <= point.accuracy <= 1 for point in result.curve)
    validated = [point.step for point in result.curve if point.validation_loss is not None]
    assert validated == list(range(8, len(result.curve) + 1, 8))
    assert control.progress[-1].done > 0


def test_features_and_probabilities_of_every_item(
    trained: tuple[FitRequest, tuple[FitResult, object]],
) -> None:
    request, (result, _) = trained
    features = np.load(result.features_path)
    probabilities = np.load(result.probabilities_path)
    assert features.shape == (36, 1024)
    assert probabilities.shape == (36, 3)
    assert features.dtype == probabilities.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(features, axis=1), 1, atol=1e-5)
    np.testing.assert_allclose(probabilities.sum(axis=1), 1, atol=1e-5)
    held_out = np.array([side is Subset.VALIDATION for side in request.subsets])
    right = probabilities[held_out].argmax(axis=1) == np.array(request.labels)[held_out]
    assert right.mean() == pytest.approx(result.metrics.validation_accuracy)


def test_mirrored_crops_get_the_same_answer(
    trained: tuple[FitRequest, tuple[FitResult, object]], engine: Engine, tmp_path: Path
) -> None:
    request, (result, _) = trained
    bundle = bundle_of(request, result)
    save_bundle(tmp_path / "m", bundle)
    crops, _ = shape_crops(4)
    answers = [
        engine.run(INFER_JOB, InferRequest(str(tmp_path / "m"), bundle.sha256, way), NullControl())
        for way in (crops, np.ascontiguousarray(crops[:, :, ::-1]))
    ]
    for one, other in zip(*answers, strict=True):  # type: ignore[call-overload]
        np.testing.assert_allclose(one, other, atol=1e-5)


def tf_scalar(event: TensorEvent) -> float:
    return float(make_ndarray(event.tensor_proto))


def test_tensorboard_logs_are_written(
    trained: tuple[FitRequest, tuple[FitResult, object]],
) -> None:
    request, (result, _) = trained
    logs = Path(request.run_dir) / "tensorboard"
    train, validation = (
        EventAccumulator(str(logs / side), {"tensors": 0}) for side in ("train", "validation")
    )
    train.Reload()
    validation.Reload()
    losses = {event.step: tf_scalar(event) for event in train.Tensors("loss")}
    assert losses == pytest.approx({point.step: point.loss for point in result.curve}, rel=1e-5)
    checked = [point for point in result.curve if point.validation_loss is not None]
    assert [event.step for event in validation.Tensors("accuracy")] == [p.step for p in checked]
    tags = train.Tags()
    assert tags["graph"]
    assert {"crops", "conv1/kernel", "people/bias", "learning rate"} <= set(tags["tensors"])


def test_bundle_recognises_in_an_engine(
    trained: tuple[FitRequest, tuple[FitResult, object]], engine: Engine, tmp_path: Path
) -> None:
    request, (result, _) = trained
    bundle = bundle_of(request, result)
    path = tmp_path / "shapes"
    save_bundle(path, bundle)
    recogniser = Recogniser.load(path, lambda: engine)
    crops, labels = shape_crops(10, seed=5)
    found = recogniser.identify(crops)
    right = [one.candidate == NAMES[label] for one, label in zip(found, labels, strict=True)]
    assert np.mean(right) >= 0.85
    inputs = np.load(request.inputs_path)
    answer = engine.run(INFER_JOB, InferRequest(str(path), bundle.sha256, inputs), NullControl())
    assert isinstance(answer, tuple)
    np.testing.assert_allclose(answer[1], np.load(result.probabilities_path), atol=1e-5)


def test_a_bundle_replaced_meanwhile_is_refused(
    trained: tuple[FitRequest, tuple[FitResult, object]], engine: Engine, tmp_path: Path
) -> None:
    request, (result, _) = trained
    bundle = bundle_of(request, result)
    save_bundle(tmp_path / "m", bundle)
    crops, _ = shape_crops(1)
    with pytest.raises(BundleError, match="changed"):
        engine.run(INFER_JOB, InferRequest(str(tmp_path / "m"), "e" * 64, crops), NullControl())


def test_face_transfer_head_in_engine_and_in_numpy_agree(engine: Engine, tmp_path: Path) -> None:
    request = head_request(tmp_path / "run")
    result = run_fit(engine, request, RecordingControl())
    assert result.metrics.validation_accuracy == 1.0
    inputs = np.load(request.inputs_path)
    np.testing.assert_allclose(np.load(result.features_path), inputs, atol=1e-6)
    bundle = bundle_of(request, result)
    save_bundle(tmp_path / "m", bundle)
    recogniser = Recogniser.load(tmp_path / "m", pytest.fail)
    found = recogniser.identify(inputs)
    scores = np.array([[one.scores[name] for name in PEOPLE] for one in found])
    np.testing.assert_allclose(scores, np.load(result.probabilities_path), atol=1e-5)
    assert np.mean([one.name is not None for one in found]) >= 0.97


def test_same_seed_same_run(engine: Engine, tmp_path: Path) -> None:
    config = dataclasses.replace(SMALL, max_steps=3, seed=3)
    curves = []
    for name in ("one", "two"):
        request = crops_request(tmp_path / name, config)
        curve = run_fit(engine, request, RecordingControl()).curve
        curves.append([dataclasses.replace(point, seconds=0.0) for point in curve])
    assert curves[0] == curves[1]
    other = dataclasses.replace(config, seed=4)
    curve = run_fit(engine, crops_request(tmp_path / "3", other), RecordingControl()).curve
    assert [point.loss for point in curve] != [point.loss for point in curves[0]]


def test_a_network_used_again_is_as_new(engine: Engine, tmp_path: Path) -> None:
    """For other faces than it has just learned, in a training that draws at random."""
    config = dataclasses.replace(HEAD, max_steps=5, dropout=0.5)
    request = head_request(tmp_path / "new", config)
    run_fit(engine, head_request(tmp_path / "other", HEAD), RecordingControl())
    new = run_fit(engine, request, RecordingControl())
    swapped = dataclasses.replace(request, run_dir=str(tmp_path), subsets=request.subsets[::-1])
    run_fit(engine, swapped, RecordingControl())
    again = run_fit(engine, dataclasses.replace(request, run_dir=str(tmp_path)), RecordingControl())
    assert [point.loss for point in again.curve] == [point.loss for point in new.curve]


def test_crops_are_changed_before_they_are_learned_from(engine: Engine, tmp_path: Path) -> None:
    config = dataclasses.replace(SMALL, max_steps=1)
    darker = Augmentation(flip=False, contrast=(0.0, 0.0))
    losses = set()
    for number, change in enumerate((Augmentation(flip=False), CLASSIC.augmentation, darker)):
        request = crops_request(
            tmp_path / str(number), dataclasses.replace(config, augmentation=change)
        )
        losses.add(run_fit(engine, request, RecordingControl()).curve[0].loss)
    assert len(losses) == 3


def test_stops_when_validation_stops_improving(engine: Engine, tmp_path: Path) -> None:
    config = dataclasses.replace(HEAD, max_epochs=None, patience=3, learning_rate=5.0)
    metrics = run_fit(engine, head_request(tmp_path, config), RecordingControl()).metrics
    assert metrics.stopped_by is StopReason.CONVERGED
    assert metrics.steps - metrics.best_step == 3 * 8


def test_stops_at_the_limit_in_steps(engine: Engine, tmp_path: Path) -> None:
    config = dataclasses.replace(HEAD, max_steps=11)
    result = run_fit(engine, head_request(tmp_path, config), RecordingControl())
    assert result.metrics.stopped_by is StopReason.LIMIT
    assert (result.metrics.steps, result.metrics.epochs) == (11, 2)
    assert result.curve[-1].validation_loss is not None


def test_stop_and_keep(engine: Engine, tmp_path: Path) -> None:
    control = stop_after(2, Stop.KEEP)
    result = run_fit(engine, crops_request(tmp_path, FOREVER), control)
    assert result.metrics.stopped_by is StopReason.OWNER
    assert result.metrics.steps >= 2
    assert np.load(result.probabilities_path).shape == (36, 3)


def test_discard(engine: Engine, tmp_path: Path) -> None:
    with pytest.raises(Cancelled):
        run_fit(engine, crops_request(tmp_path, FOREVER), stop_after(2, Stop.DISCARD))


def test_stop_before_the_first_batch_keeps_nothing(engine: Engine, tmp_path: Path) -> None:
    control = RecordingControl(lambda _: Stop.KEEP)
    with pytest.raises((Cancelled, EngineError)):
        run_fit(engine, crops_request(tmp_path, FOREVER), control)
    assert not has_best(tmp_path)


def test_a_killed_training_can_be_finished(engine: Engine, tmp_path: Path) -> None:
    request = head_request(tmp_path, dataclasses.replace(HEAD, max_epochs=None, patience=None))
    control = RecordingControl()
    raised: list[EngineError] = []

    def train() -> None:
        try:
            engine.run(FIT_JOB, request, control)
        except EngineError as error:
            raised.append(error)

    thread = threading.Thread(target=train)
    thread.start()
    while not has_best(tmp_path):
        time.sleep(0.01)
    assert engine._child is not None
    os.kill(engine._child.process.pid or 0, signal.SIGKILL)
    thread.join(30)
    assert len(raised) == 1
    finished = engine.run(FINISH_JOB, request, NullControl())
    assert isinstance(finished, FitResult)
    assert finished.metrics.stopped_by is StopReason.OWNER
    assert np.load(finished.features_path).shape == (72, 128)


def test_a_loss_that_is_no_number_is_told(engine: Engine, tmp_path: Path) -> None:
    inputs, labels = embeddings(12, len(PEOPLE))
    inputs[3] = np.nan
    request = fit_request(tmp_path, HEAD, inputs, labels, PEOPLE)
    with pytest.raises(EngineError, match="no number") as caught:
        run_fit(engine, request, RecordingControl())
    assert "learning rate" in caught.value.remedy


def test_networks_are_built_as_the_registry_tells(engine: Engine) -> None:
    found = engine.run(job("built"), 5, NullControl())
    assert isinstance(found, dict)
    told = {
        f"{name}/{preset}": (network(name), config)
        for name in network_names()
        for preset, config in network(name).presets.items()
    }
    assert found.keys() == told.keys()
    for name, (spec, config) in told.items():
        weights, (inputs, features, logits) = found[name]
        assert weights == dict(spec.tensor_shapes(config, 5)), name
        side = spec.window_px
        assert inputs == (None, *((side, side, 3) if side else spec.input_shape))
        assert features == (None, spec.feature_size)
        assert logits in {(None, 5), (None, 3, 5)}


def test_networks_side_by_side_say_the_mean_of_their_probabilities(engine: Engine) -> None:
    logits = np.random.default_rng(0).normal(size=(4, 3, 5)).astype(np.float32)
    softmax = np.exp(logits) / np.exp(logits).sum(axis=2, keepdims=True)
    found = engine.run(job("probabilities_of"), logits, NullControl())
    assert isinstance(found, tuple)
    np.testing.assert_allclose(found[0], softmax, rtol=1e-5)
    np.testing.assert_allclose(found[1], softmax.mean(axis=1), rtol=1e-5)
    each, alone = engine.run(job("probabilities_of"), logits[:, 0], NullControl())  # type: ignore[misc]
    np.testing.assert_allclose(each[:, 0], alone, rtol=1e-6)
    np.testing.assert_allclose(alone, softmax[:, 0], rtol=1e-5)


def test_weights_round_trip(engine: Engine) -> None:
    assert engine.run(job("same_seed_same_weights"), SMALL, NullControl())
    assert engine.run(job("restores_only_what_fits"), SMALL, NullControl()) == (True, True)


def test_weights_are_averaged_over_the_last_steps(engine: Engine) -> None:
    config = dataclasses.replace(HEAD, weight_average=0.4)
    found = engine.run(job("averaging"), config, NullControl())
    assert isinstance(found, list)
    expected = np.zeros((128, 3), np.float32)  # the head starts from zero
    for step, (last, mean, again) in enumerate(found, start=1):
        momentum = min(0.4, (1 + step) / (10 + step))
        expected = momentum * expected + (1 - momentum) * last
        np.testing.assert_allclose(mean, expected, atol=1e-6)
        np.testing.assert_array_equal(again, last)


def test_without_averaging_the_last_weights_count(engine: Engine) -> None:
    found = engine.run(job("averaging"), HEAD, NullControl())
    assert isinstance(found, list)
    for last, mean, again in found:
        np.testing.assert_array_equal(mean, last)
        np.testing.assert_array_equal(again, last)


def test_the_engine_does_not_load_qt(engine: Engine) -> None:
    modules = engine.run(job("loaded_modules"), None, NullControl())
    assert isinstance(modules, set)
    assert "tensorflow" in modules
    assert not any(name.split(".")[0] == "PySide6" for name in modules)
