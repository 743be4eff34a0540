"""The file a network starts from: fetched before anything else, or told why it cannot be had."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest

from facegui.domain.control import Control, NullControl
from facegui.domain.errors import ModelUnavailable
from facegui.domain.training import FitRequest
from facegui.services.learning.networks import default_config
from facegui.services.learning.pretrained import pretrained_path
from facegui.services.learning.train import TrainRequest, train
from tests.fakes.trainer import FakeTrainer
from tests.fakes.training_library import FakeLibrary


class OneFile:
    """A model store; *asked* are the names."""

    def __init__(self, path: Path | None) -> None:
        self.asked: list[str] = []
        self._path = path

    def path(self, name: str, control: Control | None = None) -> Path:
        self.asked.append(name)
        if self._path is None:
            raise ModelUnavailable("It is not on this machine.", "Put it into the folder x.")
        return self._path


@pytest.fixture
def library(tmp_path: Path) -> FakeLibrary:
    library = FakeLibrary(tmp_path / "library")
    for name in ("Ada", "Tom"):
        library.add(name, 10, folder=tmp_path / "photos", alike=0.8)
    return library


@pytest.mark.parametrize("name", ["mobilenet-v2", "inception-v3"])
def test_the_networks_own_file_is_asked_for(name: str, tmp_path: Path) -> None:
    models = OneFile(tmp_path / "weights")
    tools = SimpleNamespace(models=models)
    found = pretrained_path(tools, default_config(name), NullControl())  # type: ignore[arg-type]
    assert found == str(tmp_path / "weights")
    assert models.asked == [name]


def test_networks_that_start_from_nothing_ask_for_nothing() -> None:
    tools = SimpleNamespace()
    assert pretrained_path(tools, default_config("classic"), NullControl()) is None  # type: ignore[arg-type]


def test_what_works_without_the_file_is_told() -> None:
    tools = SimpleNamespace(models=OneFile(None))
    with pytest.raises(ModelUnavailable) as caught:
        pretrained_path(tools, default_config("inception-v3"), NullControl())  # type: ignore[arg-type]
    assert caught.value.message == "It is not on this machine."
    assert caught.value.remedy.startswith("Put it into the folder x. Face transfer")


def test_a_training_without_its_file_ends_before_it_begins(library: FakeLibrary) -> None:
    trainer = FakeTrainer()
    tools = SimpleNamespace(trainer=trainer, models=OneFile(None))
    request = TrainRequest(default_config("mobilenet-v2"))
    with pytest.raises(ModelUnavailable):
        train(library, tools, request, NullControl())  # type: ignore[arg-type]
    assert trainer.jobs == []
    assert not library.cache_dir.exists()  # no crop was cut for nothing


def test_the_engine_is_told_where_the_file_is(library: FakeLibrary, tmp_path: Path) -> None:
    library.write_photos()
    seen: list[FitRequest] = []

    class Watched(FakeTrainer):
        def run(self, job: str, request: object, control: Control) -> object:
            assert isinstance(request, FitRequest)
            seen.append(request)
            raise ModelUnavailable("enough seen")

    tools = SimpleNamespace(trainer=Watched(), models=OneFile(tmp_path / "weights"))
    request = TrainRequest(default_config("mobilenet-v2"))
    with pytest.raises(ModelUnavailable, match="enough seen"):
        train(library, tools, request, NullControl())  # type: ignore[arg-type]
    assert seen[0].pretrained_path == str(tmp_path / "weights")
