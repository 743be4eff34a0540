"""An engine that trains in numpy: the head of Face transfer is each person's mean embedding."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from facegui.domain.control import Control, Progress, Stop
from facegui.domain.dataset import Subset
from facegui.domain.errors import Cancelled, EngineError
from facegui.domain.training import CurvePoint, FitRequest, FitResult, RunMetrics, StopReason
from facegui.network.face_transfer import HEAD_BIAS, HEAD_KERNEL
from facegui.training.calibrate import prototypes
from facegui.training.checkpoint import FILE_NAME, Best, save_best
from facegui.training.fit import FINISH_JOB, FIT_JOB, RESUME_JOB
from facegui.training.snapshot import SnapshotFile, Standing, has_snapshot, load_snapshot

SHARPNESS = 20.0


@dataclass
class FakeTrainer:
    """Implements what `Tools.trainer` is asked for, in this process.

    Attributes:
        steps: batches of a run; one epoch is five.
        before_end: called with the run folder when the batches are done; may raise.
        jobs: names of the jobs asked for.
        requests: what they were asked.
    """

    steps: int = 10
    before_end: Callable[[Path], None] | None = None
    warmed: int = 0

    def __post_init__(self) -> None:
        self.jobs: list[str] = []
        self.requests: list[FitRequest] = []

    def warm(self, control: Control | None = None) -> None:
        self.warmed += 1

    def close(self) -> None:
        pass

    def run(self, job: str, request: object, control: Control) -> object:
        assert isinstance(request, FitRequest)
        self.jobs.append(job)
        self.requests.append(request)
        run_dir = Path(request.run_dir)
        earlier = load_snapshot(run_dir).curve if has_snapshot(run_dir) else ()
        if job == FINISH_JOB:
            return _result(request, earlier, StopReason.OWNER)
        if job == FIT_JOB:
            earlier = ()
        else:
            assert job == RESUME_JOB
            control.partial(earlier)
        curve, reason = self._learn(request, earlier, control)
        if self.before_end is not None:
            self.before_end(Path(request.run_dir))
        return _result(request, tuple(curve), reason)

    def _learn(
        self, request: FitRequest, earlier: tuple[CurvePoint, ...], control: Control
    ) -> tuple[list[CurvePoint], StopReason]:
        curve = list(earlier)
        for step in range(len(earlier) + 1, self.steps + 1):
            stop = control.cancelled()
            if stop is Stop.DISCARD or (stop and not curve):
                raise Cancelled
            if stop:
                return curve, StopReason.OWNER
            checked = step % 5 == 0
            validation = (1.0 / step, step / self.steps) if checked else (None, None)
            point = CurvePoint(
                step, (step - 1) // 5 + 1, 2.0 / step, 0.5, *validation, step / 10, 0.01
            )
            curve.append(point)
            _save_head(request, step)
            if checked:
                _save_snapshot(request, curve)
            control.partial((point,))
            control.report(Progress(step, self.steps, "Training"))
        return curve, StopReason.CONVERGED


def killed(_run_dir: Path) -> None:
    """For ``before_end``: what a killed engine looks like from outside."""
    raise EngineError("killed", "try again")


def _data(request: FitRequest) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    inputs = np.load(request.inputs_path, allow_pickle=False)
    flat = inputs.reshape(len(inputs), -1)[:, :128].astype(np.float32)
    flat /= np.linalg.norm(flat, axis=1, keepdims=True)
    return (
        flat,
        np.asarray(request.labels),
        np.array([side is not Subset.TRAIN for side in request.subsets]),
    )


def _save_head(request: FitRequest, step: int) -> None:
    features, labels, held_out = _data(request)
    centres = prototypes(features[~held_out], labels[~held_out], len(request.class_names))
    tensors = {
        HEAD_KERNEL: np.ascontiguousarray(SHARPNESS * centres.T, np.float32),
        HEAD_BIAS: np.zeros(len(request.class_names), np.float32),
    }
    save_best(Path(request.run_dir), tensors, Best(step, 1, 0.1, 1.0, step / 10))


def _save_snapshot(request: FitRequest, curve: list[CurvePoint]) -> None:
    last = curve[-1]
    best = Best(last.step, last.epoch, 0.1, last.validation_accuracy or 0.0, last.seconds)
    standing = Standing(last.step, last.epoch, last.seconds, best, 1.0, 0, {})
    SnapshotFile(Path(request.run_dir)).save(standing, {}, curve)


def _result(request: FitRequest, curve: tuple[CurvePoint, ...], reason: StopReason) -> FitResult:
    features, labels, held_out = _data(request)
    centres = prototypes(features[~held_out], labels[~held_out], len(request.class_names))
    scores = np.exp(SHARPNESS * features @ centres.T)
    probabilities = (scores / scores.sum(axis=1, keepdims=True)).astype(np.float32)
    right = probabilities.argmax(axis=1) == labels
    tested = np.array([side is Subset.TEST for side in request.subsets])
    run_dir = Path(request.run_dir)
    np.save(run_dir / "features.npy", features)
    np.save(run_dir / "probabilities.npy", probabilities)
    metrics = RunMetrics(
        validation_accuracy=float(right[held_out & ~tested].mean()),
        validation_loss=0.1,
        best_step=len(curve),
        steps=len(curve),
        epochs=len(curve) // 5,
        seconds=len(curve) / 10,
        train_count=int((~held_out).sum()),
        validation_count=int((held_out & ~tested).sum()),
        test_accuracy=float(right[tested].mean()) if tested.any() else None,
        test_count=int(tested.sum()),
        stopped_by=reason,
    )
    return FitResult(
        metrics,
        curve,
        str(run_dir / FILE_NAME),
        str(run_dir / "features.npy"),
        str(run_dir / "probabilities.npy"),
    )
