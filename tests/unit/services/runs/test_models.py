"""Which of two models is used: the one in use, or the one that has just been trained."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from facegui.domain.control import NullControl
from facegui.services.learning.networks import default_config
from facegui.services.learning.train import TrainReport, TrainRequest, train
from facegui.services.libraries import Library
from facegui.services.runs.models import active_model, judge, list_models, model_path, publish
from facegui.services.runs.records import list_runs
from tests.fakes.bundles import write_colour_bundle
from tests.fakes.finished import METRICS, RECORD
from tests.fakes.trainer import FakeTrainer
from tests.fakes.training_library import FakeLibrary
from tests.fakes.videos import GREEN, RED


@pytest.fixture
def library(tmp_path: Path) -> Library:
    """One that uses a model of Ada and Zoë: right on 97.5 %, learned from 70 faces."""
    fake = FakeLibrary(tmp_path)
    fake.models_dir.mkdir()
    write_colour_bundle(fake.models_dir / "1.facebundle", {"Ada": RED, "Zoë": GREEN})
    return cast("Library", fake)


@pytest.mark.parametrize(
    ("accuracy", "faces", "used"),
    [(0.98, 7, True), (0.975, 70, True), (0.975, 71, True), (0.975, 69, False), (0.6, 700, False)],
)
def test_a_worse_one_is_not_used(
    library: Library, accuracy: float, faces: int, *, used: bool
) -> None:
    new = replace(
        RECORD,
        people=("Ada", "Zoë"),
        accuracy=accuracy,
        metrics=replace(METRICS, train_count=faces),
    )
    choice = judge(library, new)
    assert choice.used is used
    if not used:
        assert "2026-11-22" in choice.reason
        assert "(Face transfer, 97.5%) stays" in choice.reason


@pytest.mark.parametrize("people", [("Ada",), ("Ada", "Tom"), ("Ada", "Tom", "Zoë")])
def test_one_of_other_people_is_used_and_says_so(library: Library, people: tuple[str, ...]) -> None:
    choice = judge(library, replace(RECORD, people=people, accuracy=0.1))
    assert choice.used
    assert "other people" in choice.reason


# What a training does with it


def trained(library: FakeLibrary) -> TrainReport:
    request = TrainRequest(default_config("face-transfer"))
    return train(
        cast("Library", library), SimpleNamespace(trainer=FakeTrainer()), request, NullControl()
    )


@pytest.fixture
def grown(tmp_path: Path) -> FakeLibrary:
    library = FakeLibrary(tmp_path)
    for name in ("Ada", "Zoë"):
        library.add(name, 10, alike=0.85)
    return library


def test_a_worse_model_is_kept_with_its_run_until_the_owner_wants_it(grown: FakeLibrary) -> None:
    first = trained(grown)
    assert first.choice.used
    grown.change_face(1, person_id=None)
    grown.change_face(2, person_id=None)
    second = trained(grown)
    library = cast("Library", grown)
    assert not second.choice.used
    assert second.bundle.parent == library.runs_dir / second.record.id
    assert list_models(library) == [first.bundle]
    assert active_model(library) == first.bundle
    assert list_runs(library)[0].bundle == str(second.bundle)
    publish(library, second.record)
    assert active_model(library) == model_path(library, second.record.id)


def test_one_that_is_as_good_replaces_it(grown: FakeLibrary) -> None:
    trained(grown)
    second = trained(grown)
    assert second.choice.used
    assert active_model(cast("Library", grown)) == second.bundle
