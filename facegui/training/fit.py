"""The training jobs, run in the engine: `fit`; `resume` and `finish` for one that was killed."""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from facegui.domain.control import Control, Progress, Stop
from facegui.domain.errors import Cancelled, DatasetError, OutOfMemory
from facegui.domain.text import tr
from facegui.domain.training import CurvePoint, FitRequest, FitResult, RunMetrics, StopReason
from facegui.files import write_atomic
from facegui.network.model import Inference, restore
from facegui.network.registry import network
from facegui.network.runtime import tensorflow
from facegui.training.bottlenecks import HeadOnly, as_seen, learning_part, whole_model
from facegui.training.checkpoint import FILE_NAME, Best, load_best
from facegui.training.data import TrainingData
from facegui.training.learner import learner_for
from facegui.training.pace import pace
from facegui.training.snapshot import Snapshot, load_snapshot
from facegui.training.trainer import Trainer

if TYPE_CHECKING:
    import keras

FIT_JOB = "facegui.training.fit:fit"
RESUME_JOB = "facegui.training.fit:resume"
FINISH_JOB = "facegui.training.fit:finish"
FEATURES_NAME = "features.npy"
PROBABILITIES_NAME = "probabilities.npy"


def fit(request: FitRequest, control: Control) -> FitResult:
    """Train until validation stops improving, or as the config or the owner says.

    Hands each batch's `CurvePoint` to ``control.partial``, in a tuple. The best weights are in
    the run folder the moment they are reached.

    Raises:
        DatasetError: the items do not make a training.
        Cancelled: discarded, or stopped before the first batch.
        Diverged: the loss is no number any more.
        OutOfMemory: a batch of this size is too much.
    """
    return _fit(request, control, None)


def resume(request: FitRequest, control: Control) -> FitResult:
    """Go on with the `fit` that left its snapshot in the run folder, as if it had never ended.

    Hands the curve up to there to ``control.partial`` first.

    Raises:
        DatasetError: the snapshot is damaged, or one of another request.
        Cancelled, Diverged, OutOfMemory: as `fit`.
    """
    return _fit(request, control, load_snapshot(Path(request.run_dir)))


def _fit(request: FitRequest, control: Control, start: Snapshot | None) -> FitResult:
    tf = tensorflow()
    data = TrainingData.load(request)
    try:
        learner = learner_for(request, pace(request.config, len(data.train)).parts)
        if prepare := network(request.config.network).prepare:
            prepare(learner.whole, data.inputs, data.train)
        seen = as_seen(learner.whole, request, data, control)
        trainer = Trainer(request, learner, seen, control, start)
        reason, curve = trainer.run()
        best = _restore_best(request, learner.model)
        arrays = _outputs(learner.infer, seen, control)
    except tf.errors.ResourceExhaustedError as error:
        raise OutOfMemory(
            tr("There is not enough memory to train with batches of this size."),
            tr("Choose a smaller batch."),
        ) from error
    seconds = curve[-1].seconds if curve else 0.0
    metrics = _metrics(best, data, arrays[1], trainer.step, trainer.epoch, seconds, reason)
    return _result(request, metrics, tuple(curve), arrays)


def finish(request: FitRequest, control: Control) -> FitResult:
    """Conclude a fit that was killed, from its best weights on disk.

    The curve is that of its last snapshot; empty without one.

    Raises:
        DatasetError: it was killed before there were any.
        Cancelled: discarded.
    """
    data = TrainingData.load(request)
    model = whole_model(request)
    seen = as_seen(model, request, data, control)
    learns = learning_part(model, request.config)
    best = _restore_best(request, learns)
    arrays = _outputs(Inference(learns, request.config), seen, control)
    reason = StopReason.OWNER
    metrics = _metrics(best, data, arrays[1], best.step, best.epoch, best.seconds, reason)
    return _result(request, metrics, _curve_so_far(Path(request.run_dir)), arrays)


def _curve_so_far(run_dir: Path) -> tuple[CurvePoint, ...]:
    try:
        return load_snapshot(run_dir).curve
    except DatasetError:
        return ()


def _restore_best(request: FitRequest, model: keras.Model | HeadOnly) -> Best:
    """Give *model*, all of a network or its head, the best weights."""
    tensors, best = load_best(Path(request.run_dir))
    learned = {weight.path for weight in model.weights}
    restore(model, {name: tensors[name] for name in tensors if name in learned})
    return best


Arrays = tuple[NDArray[np.float32], NDArray[np.float32]]


def _outputs(infer: Inference, data: TrainingData, control: Control) -> Arrays:
    """Features and probabilities of every item; reports, which keeps a slow *keep* alive."""
    features, probabilities = [], []
    total = len(data.labels)
    for at, (some_features, some_probabilities) in infer.batches(data.inputs, np.arange(total)):
        if control.cancelled() is Stop.DISCARD:
            raise Cancelled
        control.report(Progress(int(at[-1]) + 1, total, tr("Measuring every crop")))
        features.append(some_features)
        probabilities.append(some_probabilities)
    return np.concatenate(features), np.concatenate(probabilities)


def _metrics(
    best: Best,
    data: TrainingData,
    probabilities: NDArray[np.float32],
    steps: int,
    epochs: int,
    seconds: float,
    reason: StopReason,
) -> RunMetrics:
    right = probabilities[data.test].argmax(axis=1) == data.labels[data.test]
    return RunMetrics(
        validation_accuracy=best.accuracy,
        validation_loss=best.loss,
        best_step=best.step,
        steps=steps,
        epochs=epochs,
        seconds=seconds,
        train_count=len(data.train),
        validation_count=len(data.validation),
        test_accuracy=float(right.mean()) if len(right) else None,
        test_count=len(right),
        stopped_by=reason,
    )


def _result(
    request: FitRequest, metrics: RunMetrics, curve: tuple[CurvePoint, ...], arrays: Arrays
) -> FitResult:
    run_dir = Path(request.run_dir)
    for name, array in zip((FEATURES_NAME, PROBABILITIES_NAME), arrays, strict=True):
        buffer = io.BytesIO()
        np.save(buffer, array, allow_pickle=False)
        write_atomic(run_dir / name, buffer.getvalue())
    return FitResult(
        metrics=metrics,
        curve=curve,
        weights_path=str(run_dir / FILE_NAME),
        features_path=str(run_dir / FEATURES_NAME),
        probabilities_path=str(run_dir / PROBABILITIES_NAME),
    )
