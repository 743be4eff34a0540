"""The whole program is killed while it trains, and goes on when it is started again."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest

from facegui.__main__ import make_tools
from facegui.domain.control import NullControl
from facegui.services.collecting.photos import ImportRequest, import_photos
from facegui.services.learning.interrupted import interrupted_runs
from facegui.services.libraries import create_library, open_library
from facegui.services.runs.records import list_runs, read_curve
from facegui.services.scanning.scan import ScanRequest, scan
from facegui.training.snapshot import FILE_NAME as SNAPSHOT_NAME

pytestmark = [pytest.mark.photos, pytest.mark.models, pytest.mark.engine]

EPOCHS = 8
FACEGUI = (sys.executable, "-m", "facegui")


@pytest.fixture
def library(photos: Path, models: object, tmp_path: Path) -> Path:
    path = tmp_path / "Five.facegui"
    with create_library(path) as library:
        folder = photos / "celeb5" / "train"
        import_photos(library, ImportRequest((folder,)), NullControl())
        tools = make_tools()
        scan(library, tools, ScanRequest(), NullControl())
        tools.close()
    return path


def test_killed_and_resumed(library: Path) -> None:
    asked = ("train", str(library), "--network", "classic", "--epochs", str(EPOCHS))
    with subprocess.Popen([*FACEGUI, *asked], stderr=subprocess.DEVNULL) as process:
        while not list(library.glob(f"runs/*/{SNAPSHOT_NAME}")):
            assert process.poll() is None
            time.sleep(0.005)
        process.kill()
    with open_library(library) as opened:
        deadline = time.monotonic() + 60  # the engine goes as soon as it sees that it is alone
        while not (runs := interrupted_runs(opened)):
            assert time.monotonic() < deadline
            time.sleep(0.05)
        (run,) = runs
        assert run.step > 0
        assert run.accuracy is not None
        assert list_runs(opened) == []
    resumed = subprocess.run(
        [*FACEGUI, "train", str(library), "--resume", "--json"],
        check=True,
        capture_output=True,
        timeout=250,
    )
    told = json.loads(resumed.stdout)
    assert told["run"] == run.id
    assert told["epochs"] == EPOCHS
    with open_library(library) as opened:
        assert [record.id for record in list_runs(opened)] == [run.id]
        curve = read_curve(opened, run.id)
        assert [point.step for point in curve] == list(range(1, told["metrics"]["steps"] + 1))
        assert interrupted_runs(opened) == []
