"""Fetching over HTTP: resumed, bounded, stopped at once, and passed over when silent."""

from __future__ import annotations

from pathlib import Path

import pytest

from facegui.domain.control import Control, NullControl
from facegui.domain.errors import Cancelled
from facegui.weights.download import SourceFailed, from_url
from tests.fakes.control import RecordingControl
from tests.fakes.model_server import ModelServer

DATA = bytes(range(256)) * 400  # 102,400 bytes: several chunks
SILENCE_S = 0.4


def fetch(url: str, part: Path, control: Control | None = None, limit: int = len(DATA)) -> None:
    control = control or NullControl()
    from_url(url, part, limit_bytes=limit, control=control, label="Fetching", silence_s=SILENCE_S)


@pytest.fixture
def part(tmp_path: Path) -> Path:
    return tmp_path / "model.part0"


def test_fetches_whole_file_with_progress(server: ModelServer, part: Path) -> None:
    control = RecordingControl()
    fetch(server.serve("model", DATA), part, control)
    assert part.read_bytes() == DATA
    done = [progress.done for progress in control.progress]
    assert done == sorted(done)
    assert done[-1] == len(DATA)
    assert {progress.total for progress in control.progress} == {len(DATA)}


def test_continues_a_part(server: ModelServer, part: Path) -> None:
    part.write_bytes(DATA[:50_000])
    fetch(server.serve("model", DATA), part)
    assert part.read_bytes() == DATA
    assert server.ranges == ["bytes=50000-"]


def test_starts_over_where_the_server_knows_no_ranges(server: ModelServer, part: Path) -> None:
    part.write_bytes(b"x" * 50_000)
    fetch(server.serve("model", DATA, ranged=False), part)
    assert part.read_bytes() == DATA


@pytest.mark.parametrize("length", [len(DATA), len(DATA) + 10])
def test_starts_over_when_the_part_is_as_long_as_the_file(
    server: ModelServer, part: Path, length: int
) -> None:
    part.write_bytes(b"x" * length)
    fetch(server.serve("model", DATA), part)
    assert part.read_bytes() == DATA
    assert server.ranges == [f"bytes={length}-", ""]


def test_refuses_a_part_that_was_not_asked_for(server: ModelServer, part: Path) -> None:
    part.write_bytes(DATA[:1000])
    with pytest.raises(SourceFailed, match="not asked for"):
        fetch(server.serve_wrong_part("model", DATA), part)
    assert part.read_bytes() == DATA[:1000]


def test_silence_is_passed_over_and_the_part_kept(server: ModelServer, part: Path) -> None:
    sent = 16_384 * 2
    with pytest.raises(SourceFailed, match=r"silent|timed out"):
        fetch(server.serve_then_hang("model", DATA, sent), part)
    assert part.read_bytes() == DATA[:sent]


def test_silence_before_the_first_byte(server: ModelServer, part: Path) -> None:
    with pytest.raises(SourceFailed, match=r"silent|timed out"):
        fetch(server.serve_then_hang("model", DATA, 0), part)


def test_a_broken_connection_keeps_the_part(server: ModelServer, part: Path) -> None:
    with pytest.raises(SourceFailed):
        fetch(server.serve_broken_off("model", DATA, 40_000), part)
    kept = part.read_bytes()
    assert kept
    assert kept == DATA[: len(kept)]
    fetch(server.serve("model", DATA), part)
    assert part.read_bytes() == DATA


def test_stop_keeps_the_part(server: ModelServer, part: Path) -> None:
    control = RecordingControl(stop_when=lambda it: len(it.progress) >= 2)
    with pytest.raises(Cancelled):
        fetch(server.serve("model", DATA), part, control)
    assert 0 < part.stat().st_size < len(DATA)


def test_stop_while_nothing_comes(server: ModelServer, part: Path) -> None:
    polls = iter([False, False, True])
    control = RecordingControl(stop_when=lambda _: next(polls))
    with pytest.raises(Cancelled):
        fetch(server.serve_then_hang("model", DATA, 0), part, control)


@pytest.mark.parametrize("status", [403, 404, 416, 500])
def test_refusal_by_status(server: ModelServer, part: Path, status: int) -> None:
    with pytest.raises(SourceFailed, match=str(status)):
        fetch(server.serve_status("model", status), part)
    assert not part.exists()


def test_announced_too_large_is_refused_before_it_is_written(
    server: ModelServer, part: Path
) -> None:
    with pytest.raises(SourceFailed, match="more than the 1000 expected"):
        fetch(server.serve("model", DATA), part, limit=1000)
    assert not part.exists()


def test_endless_response_is_cut_off(server: ModelServer, part: Path) -> None:
    with pytest.raises(SourceFailed, match="more than"):
        fetch(server.serve_endless("model"), part, limit=200_000)
    assert part.stat().st_size < 300_000


def test_follows_a_redirect(server: ModelServer, part: Path) -> None:
    fetch(server.serve_status("old", 302, server.serve("new", DATA)), part)
    assert part.read_bytes() == DATA


@pytest.mark.parametrize("target", ["loop", "file:///etc/hostname"])
def test_refuses_redirects_in_circles_or_to_files(
    server: ModelServer, part: Path, target: str
) -> None:
    location = server.url + target if target == "loop" else target
    with pytest.raises(SourceFailed):
        fetch(server.serve_status("loop", 302, location), part)
    assert len(server.ranges) <= 7


def test_nobody_there(part: Path) -> None:
    with pytest.raises(SourceFailed, match="refused"):
        fetch("http://127.0.0.1:9/model", part)
