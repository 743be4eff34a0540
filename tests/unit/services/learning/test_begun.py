"""The folder of a run at work: held, found, and removed when nothing is worth keeping."""

from __future__ import annotations

from pathlib import Path

import pytest

from facegui.domain.dataset import DatasetManifest, Split
from facegui.domain.errors import Cancelled, DatasetError, StorageFault
from facegui.services.learning import begun as begun_module
from facegui.services.learning.begun import (
    RunBegun,
    at_work,
    is_at_work,
    read_begun,
    run_folder,
    write_begun,
)
from facegui.services.learning.networks import default_config
from facegui.services.runs.records import RECORD_NAME
from facegui.training.checkpoint import FILE_NAME as WEIGHTS_NAME
from facegui.training.snapshot import FILE_NAME as SNAPSHOT_NAME
from tests.fakes.training_library import FakeLibrary

BEGUN = RunBegun(
    "2026-11-22T14:22:33+00:00",
    default_config("classic"),
    Split(),
    "/photos/\udcff.facebundle",
    publish=False,
    warnings=("Zoë has few faces",),
    why="killed",
    diverged=True,
)


@pytest.fixture
def library(tmp_path: Path) -> FakeLibrary:
    return FakeLibrary(tmp_path)


def ending(library: FakeLibrary, error: BaseException, *files: str) -> Path:
    """A run that wrote *files* and ended with *error*."""
    folders = []

    def run() -> None:
        with run_folder(library, "classic") as folder:
            folders.append(folder)
            (folder / "tensorboard").mkdir()
            for name in files:
                (folder / name).write_bytes(b"x")
            raise error

    with pytest.raises(type(error)):
        run()
    return folders[0]


def test_there_and_back(tmp_path: Path) -> None:
    manifest = DatasetManifest(("Ada", "Zoë"), (), Split(), 7)
    write_begun(tmp_path, BEGUN, manifest)
    assert read_begun(tmp_path) == BEGUN
    assert (tmp_path / "manifest.json").read_text() == manifest.canonical_json


@pytest.mark.parametrize("text", [None, "", "{}", "[3]"])
def test_what_is_no_request(tmp_path: Path, text: str | None) -> None:
    if text is not None:
        (tmp_path / "request.json").write_text(text)
    assert read_begun(tmp_path) is None


@pytest.mark.parametrize("files", [(SNAPSHOT_NAME,), (WEIGHTS_NAME,), (RECORD_NAME,)])
def test_what_got_somewhere_stays_when_it_fails(
    library: FakeLibrary, files: tuple[str, ...]
) -> None:
    assert ending(library, KeyError(), *files).is_dir()


def test_what_got_nowhere_goes(library: FakeLibrary) -> None:
    assert not ending(library, KeyError()).exists()


def test_what_is_discarded_goes(library: FakeLibrary) -> None:
    assert not ending(library, Cancelled(), SNAPSHOT_NAME, WEIGHTS_NAME).exists()


def test_held_as_long_as_it_is_at_work(library: FakeLibrary) -> None:
    with run_folder(library, "classic") as folder:
        assert is_at_work(folder)
    assert not is_at_work(folder)
    assert list(folder.iterdir()) == []


def test_a_lock_that_nobody_holds_means_a_kill(tmp_path: Path) -> None:
    (tmp_path / "at-work.lock").write_bytes(b"")
    assert not is_at_work(tmp_path)
    with at_work(tmp_path):
        assert is_at_work(tmp_path)


def test_one_at_a_time(library: FakeLibrary, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(begun_module, "_LOOKED_AT_S", 0.01)
    with (
        run_folder(library, "classic") as folder,
        pytest.raises(DatasetError, match="already"),
        at_work(folder),
    ):
        pass
    assert folder.is_dir()


def test_a_folder_that_cannot_be_made(library: FakeLibrary) -> None:
    library.runs_dir.write_text("in the way")
    with pytest.raises(StorageFault), run_folder(library, "classic"):
        pass
