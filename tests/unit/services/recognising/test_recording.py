"""Snapshots and videos of the live picture become whole files."""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from facegui.domain.entities import RgbImage
from facegui.domain.errors import StorageFault
from facegui.imaging import video_file
from facegui.imaging.cv import cv2
from facegui.imaging.decode import decode
from facegui.imaging.video_file import VideoFile
from facegui.services.recognising import recording
from facegui.services.recognising.recording import FPS, Recorder, save_snapshot
from tests.fakes.videos import BLUE, RED, plain

MOMENT = datetime(2026, 11, 23, 12, 30, 5, tzinfo=UTC)


def pictures_in(path: Path) -> list[RgbImage]:
    capture = cv2.VideoCapture(str(path), cv2.CAP_FFMPEG)
    found = []
    while True:
        there, picture = capture.read()
        if not there:
            capture.release()
            return found
        found.append(picture[:, :, ::-1])


def record(folder: Path, times: list[float], picture: RgbImage) -> recording.Recorded:
    recorder = Recorder(folder, MOMENT)
    for taken_at in times:
        while recorder._pictures.full():
            pass
        recorder.offer(taken_at, lambda: picture)
    return recorder.finish()


def test_a_snapshot_is_a_jpeg_named_after_its_moment(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "folder"
    paths = [save_snapshot(folder, plain(RED), MOMENT) for _ in range(2)]
    assert [path.name for path in paths] == [
        "FaceGUI 2026-11-23 12.30.05.jpg",
        "FaceGUI 2026-11-23 12.30.05 (2).jpg",
    ]
    assert np.abs(decode(paths[0]).image.astype(int) - RED).max() < 12


def test_where_nothing_can_be_written_the_owner_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StorageFault, match="file"):
        save_snapshot(tmp_path / "file", plain(RED), MOMENT)
    outcome = record(tmp_path / "file", [0.0], plain(RED))
    assert outcome.path is None
    assert isinstance(outcome.failure, StorageFault)


def test_a_recording_plays_as_fast_as_it_was(tmp_path: Path) -> None:
    outcome = record(tmp_path, [n / 10 for n in range(11)], plain(BLUE))  # ten a second
    assert outcome.path is not None
    assert (outcome.frames, outcome.dropped, outcome.failure) == (11, 0, None)
    found = pictures_in(outcome.path)
    assert len(found) == pytest.approx(FPS + 1, abs=1)
    assert np.abs(found[-1].astype(int) - BLUE).max() < 25
    assert [path.name for path in tmp_path.iterdir()] == [outcome.path.name]


def test_a_faster_source_loses_pictures_and_a_silent_one_makes_no_long_still(
    tmp_path: Path,
) -> None:
    fast = record(tmp_path, [n / 100 for n in range(101)], plain(RED))
    assert fast.path is not None
    assert len(pictures_in(fast.path)) == pytest.approx(FPS + 1, abs=1)
    silent = record(tmp_path, [0.0, 60.0, 60.2], plain(RED))
    assert silent.path is not None
    assert len(pictures_in(silent.path)) < FPS


def test_a_disk_that_is_too_slow_costs_pictures_and_nobody_waits(tmp_path: Path) -> None:
    go = threading.Event()
    recorder = Recorder(tmp_path, MOMENT)

    def slow() -> RgbImage:
        assert go.wait(10)
        return plain(RED)

    for number in range(50):
        recorder.offer(number / FPS, slow)
    go.set()
    outcome = recorder.finish()
    assert outcome.path is not None
    assert outcome.dropped >= 50 - recording._WAITING - 1
    assert outcome.frames + outcome.dropped == 50
    recorder.offer(9.0, slow)  # too late: nothing happens


def test_a_recording_without_pictures_leaves_no_file(tmp_path: Path) -> None:
    outcome = Recorder(tmp_path / "none", MOMENT).finish()
    assert (outcome.path, outcome.failure) == (None, None)
    assert not (tmp_path / "none").exists()


def test_pictures_of_another_and_of_odd_size_are_made_to_fit(tmp_path: Path) -> None:
    with VideoFile(tmp_path / "odd", (65, 49), FPS) as video:
        video.write(plain(RED, 65, 49))
        video.write(plain(RED, 128, 96))
    assert [picture.shape for picture in pictures_in(video.path)] == [(48, 64, 3)] * 2


def test_the_last_format_is_taken_where_no_other_plays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(video_file, "_FORMATS", ((".mp4", "none"), (".avi", "MJPG")))
    video_file._best_format.cache_clear()
    with VideoFile(tmp_path / "film", (64, 48), FPS) as video:
        video.write(plain(RED))
    video_file._best_format.cache_clear()
    assert video.path.name == "film.avi"
    assert len(pictures_in(video.path)) == 1
