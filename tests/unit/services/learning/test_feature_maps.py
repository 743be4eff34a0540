"""What is asked of the engine for the feature maps of a crop, and when nothing is."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from facegui.domain.control import NullControl
from facegui.domain.dataset import DatasetItem, Subset
from facegui.domain.errors import BundleError, DatasetError, ImageError
from facegui.domain.training import TrainConfig
from facegui.network.registry import network_names
from facegui.services.learning.feature_maps import feature_maps, why_no_maps
from facegui.services.learning.watched import WatchedRun
from facegui.training.checkpoint import FILE_NAME
from facegui.training.look import LOOK_JOB, LookRequest
from tests.fakes.faces import fake_tools
from tests.fakes.training_library import FakeLibrary


class Engine:
    """Writes down what it is asked."""

    def __init__(self) -> None:
        self.asked: list[LookRequest] = []

    def run(self, job: str, request: Any, control: object) -> object:
        assert job == LOOK_JOB
        self.asked.append(request)
        return "maps"

    def close(self) -> None:
        pass


@pytest.fixture
def engine() -> Engine:
    return Engine()


@pytest.fixture
def run(tmp_path: Path) -> WatchedRun:
    library = FakeLibrary(tmp_path)
    (face,) = library.faces(library.add("Anna", 1, folder=tmp_path))
    library.write_photos()
    path = str(tmp_path / f"{face.photo_id}.png")
    item = DatasetItem(
        face.id, face.photo_id, path, "", face.box, face.landmarks, 0, 1, Subset.VALIDATION
    )
    (tmp_path / FILE_NAME).touch()
    np.save(tmp_path / "inputs.npy", np.full((1, 96, 96, 3), 7, np.uint8))
    config = TrainConfig("classic")
    return WatchedRun(config, ("Anna", "Ben"), (item,), tmp_path, tmp_path / "inputs.npy", None)


def ask(engine: Engine, run: WatchedRun, layer: str | None = None) -> LookRequest:
    tools = replace(fake_tools(), inference=engine)
    assert feature_maps(tools, run, 0, layer, NullControl()) == "maps"
    return engine.asked[-1]


def test_a_run_that_goes_on_is_asked_by_its_checkpoint(engine: Engine, run: WatchedRun) -> None:
    asked = ask(engine, run, "conv2")
    assert (asked.weights, asked.classes, asked.layer) == (str(run.folder), 2, "conv2")
    assert asked.config is run.config
    assert asked.crop.shape == (96, 96, 3)
    assert asked.crop.max() == 7


def test_nothing_is_asked_before_the_first_weights(engine: Engine, run: WatchedRun) -> None:
    (run.folder / FILE_NAME).unlink()
    with pytest.raises(DatasetError, match="first epoch"):
        ask(engine, run)
    assert engine.asked == []


def test_without_its_array_the_crop_is_cut_anew(engine: Engine, run: WatchedRun) -> None:
    asked = ask(engine, replace(run, inputs=None))
    assert asked.crop.shape == (96, 96, 3)
    assert asked.crop.std() > 10, "the photo is noise, the array was plain"


def test_a_photo_that_has_gone_is_told(engine: Engine, run: WatchedRun) -> None:
    Path(run.items[0].path).unlink()
    with pytest.raises(ImageError):
        ask(engine, replace(run, inputs=None))


def test_a_model_that_has_gone_is_told(engine: Engine, run: WatchedRun, tmp_path: Path) -> None:
    with pytest.raises(BundleError):
        ask(engine, replace(run, inputs=None, bundle=tmp_path / "gone.facebundle"))


def test_networks_on_embeddings_have_no_filters() -> None:
    without = [name for name in network_names() if why_no_maps(TrainConfig(name))]
    assert without == ["face-transfer"]
    assert "no feature maps" in why_no_maps(TrainConfig("face-transfer"))
