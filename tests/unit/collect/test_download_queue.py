"""Downloads against a server that misbehaves in every way there is."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from facegui.collect.download import USER_AGENT, Limits
from facegui.collect.download_queue import CLOSE_S, DownloadQueue, Finished
from facegui.domain.errors import StorageFault
from facegui.domain.web_list import FetchResult
from tests.fakes.photo_server import (
    ELSEWHERE,
    MD5,
    OWN_ADDRESS,
    PHOTO,
    TORTURE,
    PhotoServer,
    photo_server,
)

ROOT = Path(__file__).parents[3]
LIMITS = Limits(
    max_bytes=2**20,
    total_s=4.0,
    silence_s=1.0,
    backoff_s=0.05,
    per_host=16,
    give_up_after=1000,
    allowed=frozenset({OWN_ADDRESS}),
)


@pytest.fixture(scope="module")
def server() -> Iterator[PhotoServer]:
    with photo_server() as running:
        yield running


@pytest.fixture
def fresh_server() -> Iterator[PhotoServer]:
    with photo_server() as running:
        yield running


def fetch_all(folder: Path, urls: dict[str, str | None], limits: Limits) -> dict[str, Finished]:
    queue = DownloadQueue(folder, limits)
    finished: dict[str, Finished] = {}
    try:
        for url, md5 in urls.items():
            queue.add(url, md5)
        while len(queue):
            for one in queue.poll(0.1):
                assert one.url not in finished
                finished[one.url] = one
    finally:
        queue.close()
    return finished


@pytest.fixture(scope="module")
def tortured(server: PhotoServer, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Finished]:
    urls = dict.fromkeys([server.url + path for path in TORTURE], MD5)
    return fetch_all(tmp_path_factory.mktemp("torture"), urls, LIMITS)


@pytest.mark.parametrize("path", TORTURE)
def test_each_misbehaviour_comes_to_what_it_should(
    server: PhotoServer, tortured: dict[str, Finished], path: str
) -> None:
    result, requests = TORTURE[path]
    found = tortured[server.url + path]
    assert found.result is result, found.reason
    if path not in {"good", "hop/4"}:  # where others lead to as well
        assert server.asked["/" + path] == requests
    assert bool(found.reason) == (result is not FetchResult.DONE)
    assert found.reason.isprintable()  # some of them quote the server
    assert (found.file is not None) == (result in {FetchResult.DONE, FetchResult.QUARANTINED})


def test_what_is_kept_is_the_picture_and_nothing_else_is_left(
    server: PhotoServer, tortured: dict[str, Finished]
) -> None:
    kept = [one for one in tortured.values() if one.result is FetchResult.DONE]
    assert kept
    for one in kept:
        assert one.file is not None
        assert (one.file.read_bytes(), one.format) == (PHOTO, "JPEG")
    files = {one.file for one in tortured.values() if one.file is not None}
    folder = next(iter(files)).parent
    assert set(folder.iterdir()) == files


def test_nothing_was_asked_of_other_addresses_and_the_agent_is_named(
    server: PhotoServer, tortured: dict[str, Finished]
) -> None:
    assert "/secret" not in server.asked
    assert server.agents == {USER_AGENT}
    assert USER_AGENT.startswith("FaceGUI/")


def test_an_address_that_is_not_public_is_refused(tmp_path: Path) -> None:
    found = fetch_all(tmp_path, dict.fromkeys(ELSEWHERE), LIMITS)
    assert {one.result for one in found.values()} == {FetchResult.REFUSED}


def test_without_leave_this_machine_is_refused_as_well(
    fresh_server: PhotoServer, tmp_path: Path
) -> None:
    limits = replace(LIMITS, allowed=frozenset())
    url = fresh_server.url + "good"
    assert fetch_all(tmp_path, {url: None}, limits)[url].result is FetchResult.REFUSED
    assert not fresh_server.asked


def test_a_server_that_is_not_there_is_unreachable(tmp_path: Path) -> None:
    with photo_server() as gone:
        url = gone.url + "good"
    assert fetch_all(tmp_path, {url: None}, LIMITS)[url].result is FetchResult.UNREACHABLE


def test_a_server_asked_to_wait_is_asked_again_only_then(
    fresh_server: PhotoServer, tmp_path: Path
) -> None:
    url = fresh_server.url + "429-once"
    others = [f"{fresh_server.url}photo/{n}" for n in range(3)]
    found = fetch_all(tmp_path, dict.fromkeys([url, *others]), replace(LIMITS, per_host=1))
    assert {one.result for one in found.values()} == {FetchResult.DONE}
    first, second = fresh_server.at["/429-once"]
    assert second - first >= 1.0
    # the whole server is given a rest, not only that address
    assert min(fresh_server.at[f"/photo/{n}"][0] for n in range(3)) - first >= 1.0


@pytest.mark.parametrize("per_host", [1, 3])
def test_a_server_sees_no_more_at_once_than_its_share(
    fresh_server: PhotoServer, tmp_path: Path, per_host: int
) -> None:
    fresh_server.pause_s = 0.05
    urls = [f"{fresh_server.url}photo/{n}" for n in range(12)]
    with photo_server() as other:
        more = [f"{other.url}photo/{n}" for n in range(4)]
        found = fetch_all(
            tmp_path, dict.fromkeys([*urls, *more]), replace(LIMITS, per_host=per_host)
        )
        assert other.asked.total() == 4
    assert {one.result for one in found.values()} == {FetchResult.DONE}
    assert fresh_server.most_at_once <= per_host
    assert fresh_server.asked.total() == 12


def test_no_more_photos_at_a_time_than_there_are_threads(
    fresh_server: PhotoServer, tmp_path: Path
) -> None:
    fresh_server.pause_s = 0.05
    urls = [f"{fresh_server.url}photo/{n}" for n in range(8)]
    fetch_all(tmp_path, dict.fromkeys(urls), replace(LIMITS, threads=2))
    assert fresh_server.most_at_once <= 2


def test_a_dead_server_is_not_asked_for_everything_it_had(tmp_path: Path) -> None:
    with photo_server() as gone:
        urls = [f"{gone.url}photo/{n}" for n in range(40)]
    limits = replace(LIMITS, per_host=1, give_up_after=3)
    found = fetch_all(tmp_path, dict.fromkeys(urls), limits)
    assert {one.result for one in found.values()} == {FetchResult.UNREACHABLE}
    assert sum("not tried" in one.reason for one in found.values()) == 37


@pytest.mark.parametrize("path", ["hang", "drip", "drip-head", "stall", "endless"])
def test_stop_ends_whatever_is_going_on(
    fresh_server: PhotoServer, tmp_path: Path, path: str
) -> None:
    limits = replace(LIMITS, total_s=600.0, silence_s=600.0, max_bytes=2**50)
    queue = DownloadQueue(tmp_path, limits)
    queue.add(fresh_server.url + path, None)
    deadline = time.monotonic() + 30
    while not fresh_server.asked and time.monotonic() < deadline:
        queue.poll(0.05)
    before = {thread for thread in threading.enumerate() if "facegui-download" in thread.name}
    assert before
    queue.close()
    deadline = time.monotonic() + 30  # far beyond what `close` waits, far below the time-outs
    while any(thread.is_alive() for thread in before) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not any(thread.is_alive() for thread in before)
    assert CLOSE_S < 2


def test_a_disk_that_refuses_ends_the_download_with_a_message(
    fresh_server: PhotoServer, tmp_path: Path
) -> None:
    with pytest.raises(StorageFault):
        fetch_all(tmp_path / "not there", {fresh_server.url + "good": None}, LIMITS)


_BOMB = """
import sys
from pathlib import Path
import facegui.imaging.decode
import requests
from facegui.collect.download import FetchFailed, Limits, Transfer
from facegui.collect.download_address import session
from tests.fakes.memory import peak_kb

limits = Limits(allowed=frozenset({"127.0.0.1"}))
Transfer(sys.argv[1] + "good", limits).run(Path(sys.argv[3]))
before = peak_kb()
try:
    Transfer(sys.argv[1] + sys.argv[2], limits).run(Path(sys.argv[3]))
except FetchFailed as failed:
    print(failed.result.value, peak_kb() - before)
"""


@pytest.mark.parametrize("path", ["bomb", "endless"])
def test_a_bomb_stays_small_in_memory(fresh_server: PhotoServer, tmp_path: Path, path: str) -> None:
    file = tmp_path / "photo"
    output = subprocess.run(
        [sys.executable, "-c", _BOMB, fresh_server.url, path, str(file)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    result, grown_kb = output.split()
    assert result == FetchResult.TOO_LARGE.value
    assert int(grown_kb) < 50 * 1024
    assert file.stat().st_size <= Limits().max_bytes
