"""Looking for better hyper-parameters with KerasTuner, within a time. Engine process only.

KerasTuner's Bayesian optimisation (O'Malley et al., https://keras.io/keras_tuner) proposes; each
trial is a training like any other, judged by its validation loss. The first trial is that of the
settings to start from, so that nothing worse can win.
"""

from __future__ import annotations

import shutil
import time
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from facegui.domain.control import Control, Progress, Relay, Stop, unheard
from facegui.domain.errors import Cancelled, Diverged, OutOfMemory
from facegui.domain.search import SearchJob, SearchResult, Trial, Tunable
from facegui.domain.text import tr
from facegui.domain.training import Optimizer, TrainConfig
from facegui.network.runtime import tensorflow
from facegui.training.fit import fit

SEARCH_JOB = "facegui.training.search:search"
MOST_TRIALS = 500
FASTER, SMALLER = 10.0, 0.1
"""How far the learning rate may go from where it stands."""

BATCHES = (16, 32, 64, 128)


def search(job: SearchJob, control: Control) -> SearchResult:
    """Try settings until the time is over, or the owner says enough; hands over each `Trial`.

    Raises:
        DatasetError: the items do not make a training.
        Cancelled: discarded, or stopped before the first trial was done.
        Diverged, OutOfMemory: the settings to start from do not train.
    """
    tensorflow()
    trials = _Trials(job, control)
    trials.run(job.fit.config)
    if trials.enough or not job.tunables:
        return SearchResult(tuple(trials.done))
    try:
        _tuner(trials, job).search(verbose=0)
    except _over():
        pass
    if control.cancelled() is Stop.DISCARD:
        raise Cancelled
    return SearchResult(tuple(trials.done))


class _Trials:
    """Runs one training after another and keeps what came of them."""

    def __init__(self, job: SearchJob, control: Control) -> None:
        self.done: list[Trial] = []
        self._job = job
        self._control = control
        self._end = time.monotonic() + job.seconds

    @property
    def enough(self) -> bool:
        """Whether no trial should begin any more."""
        left = self._job.trials is None or len(self.done) < self._job.trials
        return bool(self._control.cancelled()) or time.monotonic() >= self._end or not left

    def run(self, config: TrainConfig) -> float:
        """The best validation loss of a training with *config*; infinite if it went astray.

        Raises:
            Cancelled: discarded, or stopped before its first batch.
            Diverged, OutOfMemory: it is the first trial.
        """
        number, begun = len(self.done) + 1, time.monotonic()
        folder = Path(self._job.fit.run_dir) / f"trial-{number}"
        folder.mkdir()
        left = max(self._end - begun, 1.0)
        limited = replace(config, max_seconds=min(left, config.max_seconds or left))
        request = replace(self._job.fit, config=limited, run_dir=str(folder))
        loss, accuracy = None, 0.0
        try:
            heard = Relay(self._control, report=lambda _: self._tell(number), partial=unheard)
            metrics = fit(request, heard).metrics
            loss, accuracy = metrics.validation_loss, metrics.validation_accuracy
        except (Diverged, OutOfMemory):
            if number == 1:
                raise
        finally:
            shutil.rmtree(folder, ignore_errors=True)
        trial = Trial(number, config, loss, accuracy, time.monotonic() - begun)
        self.done.append(trial)
        self._control.partial(trial)
        return float("inf") if loss is None else loss

    def _tell(self, number: int) -> None:
        left = max(round(self._end - time.monotonic()), 0)
        label = tr("Trial {n}, {seconds} s left", n=number, seconds=left)
        self._control.report(Progress(number - 1, self._job.trials or 0, label))


def _space(job: SearchJob) -> Any:
    """What may change, and how far."""
    import keras_tuner

    space, config, wanted = keras_tuner.HyperParameters(), job.fit.config, set(job.tunables)
    if Tunable.LEARNING_RATE in wanted:
        rate = config.learning_rate
        space.Float(
            "learning_rate", rate * SMALLER, min(rate * FASTER, 1.0), sampling="log", default=rate
        )
    if Tunable.OPTIMIZER in wanted:
        names = [optimizer.value for optimizer in Optimizer]
        space.Choice("optimizer", names, default=config.optimizer.value)
    if Tunable.BATCH_SIZE in wanted:
        space.Choice("batch_size", list(BATCHES))
    if Tunable.DROPOUT in wanted:
        space.Float("dropout", 0.0, 0.7, step=0.1)
    if Tunable.WEIGHT_DECAY in wanted:
        space.Float("weight_decay", 1e-5, 1e-1, sampling="log")
    if Tunable.LABEL_SMOOTHING in wanted:
        space.Float("label_smoothing", 0.0, 0.2, step=0.05)
    if Tunable.AUGMENTATION in wanted:
        space.Choice("augmentation", list(job.augmentations))
    return space


def _configured(job: SearchJob, values: dict[str, Any]) -> TrainConfig:
    """The settings to start from, with what the tuner proposes."""
    kinds: dict[str, Any] = {"optimizer": Optimizer, "augmentation": job.augmentations.__getitem__}
    changes = {name: kinds.get(name, _tidy)(value) for name, value in values.items()}
    return replace(job.fit.config, **changes)


def _tidy(value: Any) -> Any:
    return round(value, 6) if isinstance(value, float) else value


@cache
def _over() -> type[Exception]:
    """What ends a search; KerasTuner takes every other exception for a trial that failed."""
    import keras_tuner

    class Over(keras_tuner.errors.FatalError):  # type: ignore[misc]
        pass

    return Over


def _tuner(trials: _Trials, job: SearchJob) -> Any:
    """KerasTuner's, which takes two seconds to import, with trials of ours."""
    import keras_tuner

    class Tuner(keras_tuner.Tuner):  # type: ignore[misc]
        def __init__(self) -> None:
            oracle = keras_tuner.oracles.BayesianOptimizationOracle(
                objective=keras_tuner.Objective("loss", "min"),
                max_trials=job.trials or MOST_TRIALS,
                hyperparameters=_space(job),
                tune_new_entries=False,
                seed=job.fit.config.seed,
                max_retries_per_trial=0,
            )
            super().__init__(
                oracle=oracle,
                directory=job.fit.run_dir,
                project_name="keras-tuner",
                overwrite=True,
            )

        def run_trial(self, trial: Any, *_args: Any, **_kwargs: Any) -> dict[str, float]:
            if trials.enough:
                raise _over()
            try:
                loss = trials.run(_configured(job, trial.hyperparameters.values))
            except Cancelled as error:
                raise _over() from error
            if loss == float("inf"):
                raise keras_tuner.errors.FailedTrialError
            return {"loss": loss}

        def on_trial_begin(self, trial: Any) -> None:
            """Print nothing."""

        def on_trial_end(self, trial: Any) -> None:
            self.oracle.end_trial(trial)

    return Tuner()
