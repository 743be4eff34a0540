"""Photos on their way through a scan: bounded, in spite of stops, kills and slow disks."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from facegui.domain.control import NullControl
from facegui.domain.detection import DetectOptions
from facegui.domain.entities import Analysis, Photo, PhotoStatus, RgbImage, ScannedPhoto
from facegui.domain.geometry import Box
from facegui.domain.ports import Picture
from facegui.imaging.picture import picture_of
from facegui.services.collecting.photos import ImportRequest, import_photos
from facegui.services.libraries import create_library, open_library
from facegui.services.scanning import scan_flow as module
from facegui.services.scanning.scan import ScanRequest, scan
from facegui.services.scanning.scan_flow import ScanFlow
from facegui.services.scanning.scan_photo import PhotoFile, read_photo
from tests.fakes.analysers import SquareAnalyser
from tests.fakes.faces import fake_tools, picture

WAIT_S = 60.0


class Watched:
    """An analyser that looks at every pixel, waits at a gate, and counts who is there."""

    version = "watched-1"
    gate = threading.Event()
    lock = threading.Lock()
    inside = most_inside = 0
    arrived = threading.Semaphore(0)

    @classmethod
    def reset(cls) -> None:
        cls.gate = threading.Event()
        cls.arrived = threading.Semaphore(0)
        cls.inside = cls.most_inside = 0

    def analyse(self, image: RgbImage | Picture) -> Analysis:
        picture_of(image).at_least(1)
        with self.lock:
            Watched.inside += 1
            Watched.most_inside = max(self.inside, self.most_inside)
        self.arrived.release()
        assert self.gate.wait(WAIT_S)
        with self.lock:
            Watched.inside -= 1
        return Analysis(())

    def measure_at(self, image: RgbImage, box: Box) -> None:
        return None


@pytest.fixture(autouse=True)
def _gate() -> Iterator[None]:
    Watched.reset()
    yield
    Watched.gate.set()


def rows(folder: Path, count: int, *, size_bytes: int | None = None, side: int = 32) -> list[Photo]:
    folder.mkdir(exist_ok=True)
    photos = []
    for number in range(count):
        path = folder / f"{number:03d}.png"
        Image.fromarray(np.full((side, side, 3), number % 256, np.uint8)).save(path)
        size = path.stat().st_size if size_bytes is None else size_bytes
        status = PhotoStatus.PENDING
        photos.append(
            Photo(number, str(path), None, status, None, 0, 0, size, 0, None, None, preferred=False)
        )
    return photos


def all_of(flow: ScanFlow) -> list[ScannedPhoto]:
    results: list[ScannedPhoto] = []
    while not flow.done:
        results += flow.take(0.1)
    return results


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Ids of the photos whose files have been read, in order."""
    seen: list[int] = []

    def noted(photo: Photo) -> PhotoFile:
        seen.append(photo.id)
        return read_photo(photo)

    monkeypatch.setattr(module, "read_photo", noted)
    return seen


def test_every_photo_comes_out_once(tmp_path: Path) -> None:
    Watched.gate.set()
    photos = rows(tmp_path, 50)
    with ScanFlow(photos, {}, Watched, threads=3) as flow:
        results = all_of(flow)
    assert sorted(row.photo_id for row in results) == list(range(50))
    assert all(row.status is PhotoStatus.OK for row in results)


def test_all_threads_work_at_a_time_and_files_are_read_ahead_in_order(
    tmp_path: Path, reads: list[int]
) -> None:
    photos = rows(tmp_path, 60)
    with ScanFlow(photos, {}, Watched, threads=2) as flow:
        for _ in range(2):
            assert Watched.arrived.acquire(timeout=WAIT_S)
        assert flow.take(0.05) == []
        Watched.gate.set()
        all_of(flow)
    assert Watched.most_inside == 2
    assert reads == list(range(60))


def test_no_more_photos_are_on_their_way_than_the_threads_need(
    tmp_path: Path, reads: list[int]
) -> None:
    photos = rows(tmp_path, 60)
    with ScanFlow(photos, {}, Watched, threads=2) as flow:
        for _ in range(2):
            assert Watched.arrived.acquire(timeout=WAIT_S)
        flow.take(0.2)
        assert len(reads) <= 2 * module.AHEAD_PER_THREAD
        Watched.gate.set()
        all_of(flow)


def test_files_read_ahead_are_bounded_by_bytes(tmp_path: Path, reads: list[int]) -> None:
    photos = rows(tmp_path, 30, size_bytes=module.AHEAD_BYTES // 2)
    with ScanFlow(photos, {}, Watched, threads=2) as flow:
        for _ in range(2):
            assert Watched.arrived.acquire(timeout=WAIT_S)
        flow.take(0.2)
        assert len(reads) == 2
        Watched.gate.set()
        assert len(all_of(flow)) == 30


def test_a_file_larger_than_the_bound_goes_alone(tmp_path: Path, reads: list[int]) -> None:
    Watched.gate.set()
    photos = rows(tmp_path, 5, size_bytes=2 * module.AHEAD_BYTES)
    with ScanFlow(photos, {}, Watched, threads=2) as flow:
        assert len(all_of(flow)) == 5
    assert Watched.most_inside == 1


def test_decoded_pixels_are_bounded_by_bytes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each picture holds 3 bytes a pixel once decoded, so four of eight threads get in."""
    monkeypatch.setattr(module, "PIXEL_BYTES_PER_THREAD", 3 * 300 * 300 // 2)
    with ScanFlow(rows(tmp_path, 24, side=300), {}, Watched, threads=8) as flow:
        assert Watched.arrived.acquire(timeout=WAIT_S)
        flow.take(0.3)
        Watched.gate.set()
        assert len(all_of(flow)) == 24
    assert 1 <= Watched.most_inside <= 4


def test_a_stop_lets_go_of_what_has_not_begun(tmp_path: Path) -> None:
    with ScanFlow(rows(tmp_path, 60), {}, Watched, threads=2) as flow:
        for _ in range(2):
            assert Watched.arrived.acquire(timeout=WAIT_S)
        flow.stop()
        Watched.gate.set()
        assert 2 <= len(all_of(flow)) <= 4


def test_a_bug_in_an_analyser_ends_the_scan_and_is_told(tmp_path: Path) -> None:
    class Buggy(Watched):
        def analyse(self, image: RgbImage | Picture) -> Analysis:
            raise ZeroDivisionError

    photos = rows(tmp_path, 20)
    with pytest.raises(ZeroDivisionError), ScanFlow(photos, {}, Buggy, threads=2) as flow:
        all_of(flow)


def test_a_file_that_vanishes_meanwhile_is_missing(tmp_path: Path) -> None:
    Watched.gate.set()
    photos = rows(tmp_path, 3)
    Path(photos[1].path).unlink()
    with ScanFlow(photos, {}, Watched, threads=1) as flow:
        found = {row.photo_id: row.status for row in all_of(flow)}
    assert found == {0: PhotoStatus.OK, 1: PhotoStatus.MISSING, 2: PhotoStatus.OK}


class KillsItself(SquareAnalyser):
    """Takes its process with it, as `kill -9` does, at the picture with a green square."""

    def analyse(self, image: RgbImage | Picture) -> Analysis:
        whole = picture_of(image).at_least(1)
        if ((whole[:, :, 1] > 240) & (whole[:, :, 0] < 30)).any():
            os.kill(os.getpid(), signal.SIGKILL)
        return super().analyse(whole)


class Patient(SquareAnalyser):
    """Gives the scan time to store between photos."""

    def __init__(self, options: DetectOptions | None = None) -> None:
        super().__init__(options)
        self._pause = threading.Event()

    def analyse(self, image: RgbImage | Picture) -> Analysis:
        self._pause.wait(0.1)
        return super().analyse(image)


class PatientUntilKilled(KillsItself, Patient):
    pass


def _scan_and_be_killed(folder: str) -> None:
    tools = fake_tools(analyser=PatientUntilKilled)
    with open_library(Path(folder)) as library:
        scan(library, tools, ScanRequest(threads=1), NullControl())


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="kill -9 is POSIX")
def test_a_killed_scan_goes_on_where_it_was(tmp_path: Path) -> None:
    photos, folder = tmp_path / "photos", tmp_path / "Mine.facegui"
    photos.mkdir()
    for number in range(12):
        colour = (20, 250, 20) if number == 9 else (250, 20, 20)
        Image.fromarray(picture((20, 20, colour), side=40)).save(photos / f"{number:02d}.png")
    with create_library(folder) as library:
        import_photos(library, ImportRequest((photos,)), NullControl())

    child = multiprocessing.get_context("spawn").Process(
        target=_scan_and_be_killed, args=(str(folder),)
    )
    child.start()
    child.join(WAIT_S)
    assert child.exitcode == -signal.SIGKILL

    tools = fake_tools(analyser=SquareAnalyser)
    with open_library(folder) as library:
        before = library.counts()
        assert 0 < before.pending < 12
        report = scan(library, tools, ScanRequest(), NullControl())
        after = library.counts()
    tools.close()
    assert report.scanned == before.pending
    assert (after.pending, after.faces) == (0, 12)
