"""Video files that play, and all kinds that do not."""

from __future__ import annotations

import os
import threading
import time
import wave
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from facegui.collect import opencv, video
from facegui.collect.video import TimedFrame, VideoReader
from facegui.domain.errors import FaceGuiError, OwnerError, VideoEnded
from tests.fakes.videos import BLUE, GREEN, RED, plain, write_avi

PATIENCE_S = 30.0

Open = Callable[..., VideoReader]


@pytest.fixture
def opened() -> Iterator[Open]:
    """Opens videos and closes them all in the end."""
    readers: list[VideoReader] = []

    def open_it(path: Path, every_s: float = 0.2) -> VideoReader:
        readers.append(VideoReader(path, every_s))
        return readers[-1]

    yield open_it
    for reader in readers:
        reader.close()


def read_all(reader: VideoReader) -> tuple[list[TimedFrame], FaceGuiError]:
    """Every frame, and what the file ended with."""
    frames: list[TimedFrame] = []
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        try:
            frame = reader.read()
        except FaceGuiError as error:
            return frames, error
        if frame is not None:
            frames.append(frame)
    pytest.fail("neither frames nor an end")


def test_frames_come_in_order_with_their_times_and_others_are_skipped(
    tmp_path: Path, opened: Open
) -> None:
    colours = [RED] * 10 + [GREEN] * 10 + [BLUE] * 10
    path = write_avi(tmp_path / "clip.avi", [plain(colour) for colour in colours], fps=10)
    reader = opened(path, 0.5)
    frames, end = read_all(reader)
    assert isinstance(end, VideoEnded)
    assert "clip.avi" in end.message
    assert [frame.time_s for frame in frames] == pytest.approx([0, 0.5, 1.0, 1.5, 2.0, 2.5])
    for frame, colour in zip(frames, [RED, RED, GREEN, GREEN, BLUE, BLUE], strict=True):
        assert np.abs(frame.image.astype(int) - colour).max() < 12
    assert reader.duration_s == pytest.approx(3.0)
    assert not reader.cut_short


def test_every_frame_is_given_where_few_are_there(tmp_path: Path, opened: Open) -> None:
    path = write_avi(tmp_path / "slow.avi", [plain(RED)] * 4, fps=2)
    frames, _ = read_all(opened(path, 0.2))
    assert [frame.time_s for frame in frames] == pytest.approx([0, 0.5, 1.0, 1.5])


def test_nothing_is_lost_on_a_slow_reader(tmp_path: Path, opened: Open) -> None:
    """A file waits for its reader, unlike a camera."""
    path = write_avi(tmp_path / "clip.avi", [plain(RED)] * 20, fps=10)
    reader = opened(path, 0.1)
    while not reader._ready.full():
        time.sleep(0.001)
    assert len(read_all(reader)[0]) == 20


def test_the_end_is_told_again(tmp_path: Path, opened: Open) -> None:
    reader = opened(write_avi(tmp_path / "clip.avi", [plain(RED)]))
    read_all(reader)
    with pytest.raises(VideoEnded):
        reader.read()


@pytest.mark.parametrize("suffix", [".mp4", ".mkv", ".mov"])
def test_content_decides_not_the_name(tmp_path: Path, opened: Open, suffix: str) -> None:
    from facegui.imaging.cv import cv2

    path = tmp_path / f"clip{suffix}"
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"mp4v"), 25, (64, 48))
    if not writer.isOpened():
        pytest.skip(f"this OpenCV writes no {suffix}")
    for _ in range(25):
        writer.write(plain(RED)[:, :, ::-1])
    writer.release()
    renamed = path.rename(tmp_path / "clip.txt")
    frames, end = read_all(opened(renamed, 0.2))
    assert len(frames) == 5
    assert isinstance(end, VideoEnded)


def test_a_file_that_lost_its_end_gives_what_is_there_and_says_so(
    tmp_path: Path, opened: Open
) -> None:
    rng = np.random.default_rng(0)
    frames = [rng.integers(0, 255, (48, 64, 3), np.uint8) for _ in range(80)]
    whole = write_avi(tmp_path / "whole.avi", frames, fps=10).read_bytes()
    path = tmp_path / "part.avi"
    path.write_bytes(whole[: len(whole) // 2])
    reader = opened(path, 0.1)
    frames_read, end = read_all(reader)
    assert 10 < len(frames_read) < 60
    assert isinstance(end, VideoEnded)
    assert reader.cut_short


def test_damage_in_the_middle_is_no_crash(tmp_path: Path, opened: Open) -> None:
    rng = np.random.default_rng(0)
    frames = [rng.integers(0, 255, (48, 64, 3), np.uint8) for _ in range(40)]
    content = bytearray(write_avi(tmp_path / "whole.avi", frames).read_bytes())
    for place in rng.integers(3000, len(content), 400):
        content[place] = rng.integers(256)
    path = tmp_path / "damaged.avi"
    path.write_bytes(bytes(content))
    read_all(opened(path, 0.04))


class TestRefusal:
    def test_an_empty_file(self, tmp_path: Path) -> None:
        path = tmp_path / "empty.mp4"
        path.touch()
        with pytest.raises(OwnerError, match="is empty"):
            VideoReader(path, 0.2)

    def test_a_file_that_is_not_there_and_a_folder(self, tmp_path: Path) -> None:
        with pytest.raises(OwnerError, match="nowhere"):
            VideoReader(tmp_path / "nowhere.avi", 0.2)
        with pytest.raises(OwnerError, match="not a file"):
            VideoReader(tmp_path, 0.2)

    @pytest.mark.skipif(os.name == "nt", reason="no pipes with names")
    def test_a_pipe_is_not_waited_for(self, tmp_path: Path) -> None:
        os.mkfifo(tmp_path / "pipe.avi")
        with pytest.raises(OwnerError, match="not a file"):
            VideoReader(tmp_path / "pipe.avi", 0.2)

    @pytest.mark.parametrize(
        ("name", "content"),
        [
            ("text.avi", b"hello " * 500),  # FFmpeg would play it as a picture of letters
            ("list.m3u8", b"#EXTM3U\n#EXTINF:1,\nhttp://127.0.0.1:9/x.ts\n"),
            ("concat.avi", b"ffconcat version 1.0\nfile '/etc/hostname'\n"),
            ("photo.mp4", b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + bytes(900)),
            ("short.avi", b"R"),
        ],
    )
    def test_what_is_no_container_never_reaches_the_decoder(
        self, tmp_path: Path, name: str, content: bytes
    ) -> None:
        path = tmp_path / name
        path.write_bytes(content)
        with pytest.raises(OwnerError) as caught:
            VideoReader(path, 0.2)
        assert name in caught.value.message
        assert caught.value.remedy

    def test_sound_only(self, tmp_path: Path, opened: Open) -> None:
        path = tmp_path / "sound.avi"
        with wave.open(str(path), "wb") as sound:
            sound.setnchannels(1)
            sound.setsampwidth(2)
            sound.setframerate(8000)
            sound.writeframes(bytes(16000))
        with pytest.raises(OwnerError, match="no pictures"):
            VideoReader(path, 0.2)

    def test_a_container_with_nothing_inside(self, tmp_path: Path, opened: Open) -> None:
        path = tmp_path / "hollow.mp4"
        path.write_bytes(b"\x00\x00\x00\x18ftypisom" + bytes(2000))
        frames, end = read_all(opened(path))
        assert frames == []
        assert isinstance(end, OwnerError)
        assert "no pictures" in end.message

    def test_pictures_that_are_too_large(
        self, tmp_path: Path, opened: Open, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(video, "_MAX_PIXELS", 1000)
        path = write_avi(tmp_path / "huge.avi", [plain(RED)])
        frames, end = read_all(opened(path))
        assert frames == []
        assert "64 × 48" in str(end)
        assert "50 megapixels" in str(end)


class _Hanging:
    """A capture whose next frame never comes."""

    def __init__(self, entered: threading.Event, let_go: threading.Event) -> None:
        self._entered = entered
        self._let_go = let_go

    def isOpened(self) -> bool:  # noqa: N802 - OpenCV's name
        return True

    def get(self, _what: int) -> float:
        return 10.0

    def grab(self) -> bool:
        self._entered.set()
        self._let_go.wait(PATIENCE_S)
        return False

    def release(self) -> None:
        """Nothing is held."""


@pytest.fixture
def hanging(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """Every video hangs from now on; the event is set once one does."""
    from facegui.imaging.cv import cv2

    entered, let_go = threading.Event(), threading.Event()
    monkeypatch.setattr(cv2, "VideoCapture", lambda *_: _Hanging(entered, let_go))
    yield entered
    let_go.set()


def test_a_decoder_that_hangs_is_given_up(
    tmp_path: Path, opened: Open, hanging: threading.Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(video, "GIVE_UP_S", 0.05)
    path = tmp_path / "clip.avi"
    path.write_bytes(b"RIFF\x00\x00\x00\x00AVI LIST")
    reader = opened(path)
    frames, end = read_all(reader)
    assert frames == []
    assert "no more pictures" in str(end)


def test_closing_does_not_wait_for_a_decoder_that_hangs(
    tmp_path: Path, hanging: threading.Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opencv, "_CLOSE_WAIT_S", 0.05)
    monkeypatch.setattr(opencv.atexit, "register", lambda *_: None)
    path = tmp_path / "clip.avi"
    path.write_bytes(b"RIFF\x00\x00\x00\x00AVI LIST")
    reader = VideoReader(path, 0.2)
    assert hanging.wait(PATIENCE_S)
    reader.close()
    assert reader._thread.is_alive()


def test_a_fault_of_the_program_is_not_swallowed(
    tmp_path: Path, opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_picture: object) -> object:
        raise ZeroDivisionError

    monkeypatch.setattr(video, "to_rgb", broken)
    reader = opened(write_avi(tmp_path / "clip.avi", [plain(RED)]))

    def read_on() -> None:
        while True:
            reader.read()

    with pytest.raises(ZeroDivisionError):
        read_on()
