"""KerasTuner in the real engine: it proposes, is stopped, and keeps what it began with."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from facegui.domain.control import Stop
from facegui.domain.search import SearchJob, SearchResult, Trial, Tunable
from facegui.domain.training import Optimizer
from facegui.services.engine import Engine
from facegui.services.learning.networks import default_config
from facegui.training.search import SEARCH_JOB
from tests.fakes.control import RecordingControl
from tests.fakes.shapes import embeddings, fit_request

pytestmark = pytest.mark.engine

CONFIG = replace(default_config("face-transfer"), max_epochs=3)


def job(folder: Path, **changes: object) -> SearchJob:
    request = fit_request(folder, CONFIG, *embeddings(6, 3))
    kinds = (Tunable.LEARNING_RATE, Tunable.OPTIMIZER, Tunable.BATCH_SIZE, Tunable.DROPOUT)
    return replace(SearchJob(request, kinds, {}, seconds=240.0, trials=4), **changes)


def searched(engine: Engine, asked: SearchJob, control: RecordingControl) -> SearchResult:
    found = engine.run(SEARCH_JOB, asked, control)
    assert isinstance(found, SearchResult)
    return found


def test_so_many_trials(engine: Engine, tmp_path: Path) -> None:
    control = RecordingControl()
    found = searched(engine, job(tmp_path), control)
    assert [trial.number for trial in found.trials] == [1, 2, 3, 4]
    assert [part for part in control.partials if isinstance(part, Trial)] == list(found.trials)
    first, *others = (trial.config for trial in found.trials)
    assert first == CONFIG
    rate = CONFIG.learning_rate
    for config in others:
        assert rate / 10 <= config.learning_rate <= min(rate * 10, 1.0)
        assert config.optimizer in Optimizer
        assert config.batch_size in (16, 32, 64, 128)
        assert replace(CONFIG, seed=config.seed).max_epochs == config.max_epochs
    assert len(set(others)) == 3
    assert found.best.loss == min(t.loss for t in found.trials if t.loss is not None)
    assert not list(tmp_path.glob("trial-*"))


def test_stop_keeps_the_trials_that_are_done(engine: Engine, tmp_path: Path) -> None:
    def after_two(control: RecordingControl) -> Stop:
        trials = [part for part in control.partials if isinstance(part, Trial)]
        return Stop.KEEP if len(trials) >= 2 else Stop.NO

    found = searched(engine, job(tmp_path, trials=None), RecordingControl(after_two))
    assert 2 <= len(found.trials) <= 3


def test_its_time_is_over(engine: Engine, tmp_path: Path) -> None:
    found = searched(engine, job(tmp_path, seconds=0.0), RecordingControl())
    assert [trial.config for trial in found.trials] == [CONFIG]
