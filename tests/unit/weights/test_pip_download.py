"""Fetching through pip, with a stand-in for pip."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from facegui.domain.control import Control, NullControl, Progress
from facegui.domain.errors import Cancelled
from facegui.weights import pip_download
from facegui.weights.download import SourceFailed
from facegui.weights.pip_download import from_pip, pip_command
from tests.fakes import fake_pip
from tests.fakes.control import RecordingControl


@pytest.fixture
def wheels(tmp_path: Path) -> Path:
    folder = tmp_path / "wheels"
    folder.mkdir()
    (folder / "small_pkg-1.0-py3-none-any.whl").write_bytes(b"the wheel")
    return folder


def download(
    wheels: Path,
    mode: str = "good",
    requirement: str = "small-pkg==1.0",
    *,
    control: Control | None = None,
    silence_s: float = 60.0,
) -> Path:
    part = wheels.parent / "model.part1"
    from_pip(
        requirement,
        part,
        pip=(sys.executable, str(fake_pip.__file__), str(wheels), mode),
        control=control or NullControl(),
        label="Fetching",
        silence_s=silence_s,
    )
    return part


def left_behind(wheels: Path) -> list[str]:
    return sorted(path.name for path in wheels.parent.iterdir())


def test_takes_the_wheel_and_nothing_else(wheels: Path) -> None:
    control = RecordingControl()
    assert download(wheels, control=control).read_bytes() == b"the wheel"
    assert left_behind(wheels) == ["model.part1", "wheels"]
    call = (wheels / "calls.txt").read_text()
    assert call.startswith("download --no-deps --only-binary :all: ")
    assert call.endswith(" small-pkg==1.0\n")
    assert Progress(1, 2, "Fetching") in control.progress


def test_says_what_pip_said(wheels: Path) -> None:
    with pytest.raises(SourceFailed, match="No matching distribution"):
        download(wheels, "fail")
    assert left_behind(wheels) == ["wheels"]


def test_no_wheel_is_a_failure(wheels: Path) -> None:
    with pytest.raises(SourceFailed, match="0 wheels"):
        download(wheels, requirement="other==1.0")


def test_stop_ends_pip_and_tidies_up(wheels: Path) -> None:
    def called(_: RecordingControl) -> bool:
        return (wheels / "calls.txt").exists()

    with pytest.raises(Cancelled):
        download(wheels, "hang", control=RecordingControl(called))
    assert left_behind(wheels) == ["wheels"]


def test_a_pip_that_says_nothing_is_ended(wheels: Path) -> None:
    with pytest.raises(SourceFailed, match="silent"):
        download(wheels, "hang", silence_s=0.3)


def test_no_pip_here(wheels: Path) -> None:
    with pytest.raises(SourceFailed, match="no pip"):
        from_pip("a==1", wheels / "part", pip=None, control=NullControl(), label="")


def test_frozen_app_has_no_pip(monkeypatch: pytest.MonkeyPatch) -> None:
    assert pip_command() == (sys.executable, "-m", "pip")
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert pip_command() is None


@pytest.mark.parametrize(
    ("version", "raw"), [("23.3.2", False), ("24.0", False), ("24.1b1", True), ("26.1", True)]
)
def test_progress_only_where_pip_has_it(
    monkeypatch: pytest.MonkeyPatch, version: str, raw: bool
) -> None:
    monkeypatch.setattr(pip_download.importlib.metadata, "version", lambda _: version)
    assert (pip_download._progress_option() == ["--progress-bar", "raw"]) is raw
