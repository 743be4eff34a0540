"""Searching settings as a use case: what the engine is asked, and what is remembered."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from facegui.domain.control import Control, NullControl, Stop
from facegui.domain.dataset import Split, Subset
from facegui.domain.errors import DatasetError, EngineError
from facegui.domain.search import SearchJob, SearchResult, Trial, Tunable
from facegui.domain.training import TrainConfig
from facegui.services.learning.networks import default_config
from facegui.services.learning.search import SearchRequest, last_search, search, tunables, with_best
from facegui.training.search import SEARCH_JOB
from tests.fakes.control import RecordingControl
from tests.fakes.training_library import FakeLibrary

CONFIG = default_config("face-transfer")
REQUEST = SearchRequest(CONFIG, Split(), (Tunable.LEARNING_RATE,), 60.0)
TRIALS = (
    Trial(1, CONFIG, 0.5, 0.75, 1.0),
    Trial(2, replace(CONFIG, learning_rate=0.5), None, 0.0, 0.5),
    Trial(3, replace(CONFIG, learning_rate=0.02), 0.25, 0.875, 1.5),
)


class Engine:
    """Answers with `TRIALS`; looks at what it is asked while its files are there."""

    def run(self, job: str, request: object, _control: Control) -> object:
        assert job == SEARCH_JOB
        assert isinstance(request, SearchJob)
        self.asked = request
        self.inputs = np.load(request.fit.inputs_path)
        return SearchResult(TRIALS)


@pytest.fixture
def library(tmp_path: Path) -> FakeLibrary:
    made = FakeLibrary(tmp_path)
    for name in ("Ada", "Tom"):
        made.add(name, 10)
    return made


def test_what_is_asked_and_remembered(library: FakeLibrary) -> None:
    engine = Engine()
    assert last_search(library, "face-transfer") is None
    result = search(library, SimpleNamespace(trainer=engine), REQUEST, NullControl())
    assert result.best is TRIALS[2]
    asked = engine.asked
    assert (asked.tunables, asked.seconds) == ((Tunable.LEARNING_RATE,), 60.0)
    assert asked.fit.subsets.count(Subset.TEST) == 4  # there, but not looked at
    assert engine.inputs.shape == (20, 128)
    assert set(asked.augmentations) == {"none", "classic", "strong"}
    assert not Path(asked.fit.inputs_path).exists()
    assert last_search(library, "face-transfer") == result
    assert last_search(library, "classic") is None


class Pondering:
    """Hands over two trials, and has to be ended after a stop."""

    def run(self, _job: str, _request: object, control: Control) -> object:
        for trial in TRIALS[:2]:
            control.partial(trial)
        raise EngineError("The engine did not stop in time.", "")


@pytest.mark.parametrize("stop", [Stop.KEEP, Stop.NO, Stop.DISCARD])
def test_an_engine_that_ponders_too_long(library: FakeLibrary, stop: Stop) -> None:
    control = RecordingControl(lambda _: stop)
    control.cancelled = lambda: stop  # type: ignore[method-assign]
    tools = SimpleNamespace(trainer=Pondering())
    if stop is not Stop.KEEP:
        with pytest.raises(EngineError):
            search(library, tools, REQUEST, control)
        return
    assert search(library, tools, REQUEST, control).trials == TRIALS[:2]
    assert last_search(library, "face-transfer") is not None


def test_too_few_people(tmp_path: Path) -> None:
    with pytest.raises(DatasetError):
        search(FakeLibrary(tmp_path), SimpleNamespace(trainer=Engine()), REQUEST, NullControl())


def test_what_another_version_wrote_is_forgotten(library: FakeLibrary) -> None:
    library.set_setting("search.classic", "{}")
    assert last_search(library, "classic") is None


def test_a_network_on_embeddings_has_no_crops_to_change() -> None:
    assert Tunable.AUGMENTATION not in tunables("face-transfer")
    assert tunables("classic") == tuple(Tunable)


def test_the_best_settings_keep_the_owners_rules() -> None:
    mine = TrainConfig("classic", seed=5, max_epochs=9, patience=None, max_seconds=60.0)
    found = Trial(2, TrainConfig("classic", learning_rate=0.25, max_epochs=3), 0.1, 1.0, 1.0)
    assert with_best(mine, found) == replace(mine, learning_rate=0.25)
