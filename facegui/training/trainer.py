"""The training loop of one run.

Our own rather than Keras' ``fit``: a point for every batch, a stop looked for between any two
batches, in validation too, and no callback costs. Engine process only.
"""

from __future__ import annotations

import math
import time
from pathlib import Path

import numpy as np

from facegui.domain.control import Control, Progress, Stop
from facegui.domain.errors import Cancelled, Diverged
from facegui.domain.text import tr
from facegui.domain.training import (
    Balance,
    CurvePoint,
    FitRequest,
    Guesses,
    Schedule,
    StopReason,
)
from facegui.network.model import tensors_of
from facegui.training.checkpoint import Best, is_better, save_best
from facegui.training.clock import Clock
from facegui.training.data import TrainingData, class_weights, sampler, spread_over_people
from facegui.training.learner import Learner
from facegui.training.pace import pace
from facegui.training.record import Record
from facegui.training.schedule import LearningRate, step_limit
from facegui.training.snapshot import Snapshot, SnapshotFile, Standing

WATCHED = 48
"""Validation crops whose guesses are told after every epoch."""

_PAUSE_LOOK_S = 0.05


class Trainer:
    """A model on its way: `run` it once, then its best weights are in the run folder.

    Args:
        start: what an earlier run of the same request left; it goes on from there.

    Attributes:
        step: batches done.
        best: the best validation so far, or None before the first.
    """

    def __init__(
        self,
        request: FitRequest,
        learner: Learner,
        data: TrainingData,
        control: Control,
        start: Snapshot | None = None,
    ) -> None:
        config = request.config
        self.step = 0
        self.best: Best | None = None
        beat = pace(config, len(data.train))
        self._rows, self.epoch_steps = beat.rows, beat.epoch_steps
        self.model, self.infer = learner.model, learner.infer
        self._config = config
        self._data = data
        self._control = control
        self._run_dir = Path(request.run_dir)
        self._limit = step_limit(config, self.epoch_steps)
        self._rate = LearningRate(config, self.epoch_steps)
        self._watched = spread_over_people(data.labels, data.validation, WATCHED)
        self._sampler = sampler(data, config)
        self._train_step = learner.step
        if config.balance is Balance.WEIGHTS:
            self._train_step.weigh(class_weights(data))
        self._snapshots = SnapshotFile(self._run_dir)
        self._clock = Clock()
        self._start = start
        if start is not None:
            self._restore(start)

    @property
    def epoch(self) -> int:
        """Passes begun."""
        return math.ceil(self.step / self.epoch_steps)

    def run(self) -> tuple[StopReason, list[CurvePoint]]:
        """Train until the config or the owner says enough; why, and the whole curve.

        Raises:
            Cancelled: discarded, or stopped before the first batch.
            Diverged: the loss is no number any more.
        """
        self._clock = Clock(0.0 if self._start is None else self._start.standing.seconds)
        with Record(self._run_dir, self._limit or 0, self._control, self._start) as record:
            if self._start is None:
                record.board.graph(self._train_step.compiled)
            reason = None
            while reason is None:
                if stop := self._heed_owner(record):
                    self._rescue(stop)
                    reason = StopReason.OWNER
                else:
                    reason = self._advance(record)
                    if reason is None and self.step % self.epoch_steps == 0 and self._snapshots.due:
                        self._save_snapshot(record)
            return reason, record.points

    def _heed_owner(self, record: Record) -> Stop:
        """What the owner wants now; as long as that is a pause, wait."""
        stop = self._control.cancelled()
        if stop is Stop.PAUSE:
            self._tell(tr("Pausing: writing down where it stands"))  # takes a large network seconds
            self._save_snapshot(record)
            self._tell(tr("Paused"))
            with self._clock.stopped():
                while (stop := self._control.cancelled()) is Stop.PAUSE:
                    time.sleep(_PAUSE_LOOK_S)
        return stop

    def _tell(self, label: str) -> None:
        self._control.report(Progress(self.step, self._limit or 0, label))

    def _save_snapshot(self, record: Record) -> None:
        standing = Standing(
            step=self.step,
            epoch=self.epoch,
            seconds=self._clock.seconds,
            best=self.best,
            rate_scale=self._rate.scale,
            rate_lowered_at=self._rate.lowered_at,
            order=self._sampler.state(),
        )
        self._snapshots.save(standing, self._train_step.variables(), record.points)

    def _restore(self, start: Snapshot) -> None:
        standing = start.standing
        self.step, self.best = standing.step, standing.best
        self._rate.scale, self._rate.lowered_at = standing.rate_scale, standing.rate_lowered_at
        self._sampler.restore(standing.order)
        self._train_step.restore(start.variables)

    def _advance(self, record: Record) -> StopReason | None:
        """One batch, and the validation when it ends an epoch; why to stop now, or None."""
        rate = self._rate.at(self.step + 1, self._clock.seconds)
        loss, accuracy = self._train_on_batch(rate)
        validated, over = None, self._limit_reached()
        if over or self.step % self.epoch_steps == 0:
            validated = self._validate(over)
        record.add(
            CurvePoint(
                step=self.step,
                epoch=self.epoch,
                loss=loss,
                accuracy=accuracy,
                validation_loss=validated.loss if validated else None,
                validation_accuracy=validated.accuracy if validated else None,
                seconds=self._clock.seconds,
                learning_rate=rate,
            )
        )
        if validated is None:
            return None
        if record.board.due:
            record.board.inside(self.step, self.model.weights, self._train_step.shown)
        return self._judge(validated) or over

    def _limit_reached(self) -> StopReason | None:
        """Which limit of the config has been reached, if any."""
        if self.step == self._limit:
            return StopReason.LIMIT
        most = self._config.max_seconds
        return StopReason.TIME if most is not None and self._clock.seconds >= most else None

    def _train_on_batch(self, rate: float) -> tuple[float, float]:
        self.step += 1
        rows = self._sampler.batch(self._rows)
        seed = np.array([self._config.seed, self.step], np.int32)
        loss, accuracy = self._train_step(
            self._data.inputs[rows], self._data.labels[rows], seed, rate
        )
        self._require_number(loss, rate)
        return loss, accuracy

    def _require_number(self, loss: float, rate: float) -> None:
        if not math.isfinite(loss):
            raise Diverged(
                tr(
                    "Training went astray: at batch {step} the loss is no number any more. Most "
                    "likely the learning rate, {rate}, is too high.",
                    step=f"{self.step:,}",
                    rate=f"{rate:.3g}",
                ),
                tr("Go on, or train again, with a lower learning rate."),
            )

    def _validate(self, over: StopReason | None = None) -> Best | None:
        """Measure the model, and keep its weights if they are the best; None when discarded.

        Args:
            over: the limit that this is the end by, if it is.
        """
        annealed = over is not None and self._config.schedule is Schedule.COSINE
        with self._train_step.averaged():
            now = self._measure()
            if now is not None and is_better(now, self.best, annealed=annealed):
                self.best = now
                save_best(self._run_dir, tensors_of(self.model), now)
        return now

    def _measure(self) -> Best | None:
        """The model on the whole validation set, unaugmented; None when discarded meanwhile."""
        rows = self._data.validation
        own, right, guesses = [], [], []
        for at, (_, probabilities) in self.infer.batches(self._data.inputs, rows):
            if self._control.cancelled() is Stop.DISCARD:
                return None
            label = tr("Validating, epoch {n}", n=self.epoch)
            self._tell(label)
            labels = self._data.labels[at]
            own.append(probabilities[np.arange(len(at)), labels])
            right.append(probabilities.argmax(axis=1) == labels)
            guesses.append(probabilities[np.isin(at, self._watched)])
        self._control.partial(
            Guesses(self.step, self.epoch, tuple(self._watched.tolist()), np.concatenate(guesses))
        )
        certain = np.finfo(np.float32).tiny  # so that a flat zero costs 87 nats, not infinity
        loss = float(-np.log(np.maximum(np.concatenate(own), certain)).mean())
        accuracy = float(np.concatenate(right).mean())
        self._require_number(loss, self._rate.at(self.step, self._clock.seconds))
        return Best(self.step, self.epoch, loss, accuracy, self._clock.seconds)

    def _judge(self, now: Best) -> StopReason | None:
        """Whether validation says to stop; if not, whether to go on more slowly."""
        best = self.best or now
        target, patience = self._config.target_accuracy, self._config.patience
        if target is not None and now.accuracy >= target:
            return StopReason.TARGET
        if patience is not None and now.epoch - best.epoch >= patience:
            return StopReason.CONVERGED
        self._rate.heed(now.epoch, best.epoch)
        return None

    def _rescue(self, stop: Stop) -> None:
        """Make sure that there is something to keep, or say that there is not."""
        if stop is Stop.DISCARD or self.step == 0:
            raise Cancelled
        if self.best is None and self._validate() is None:
            raise Cancelled
