"""Sources that work, sources that are not there, and sources that misbehave half-way."""

from __future__ import annotations

import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from facegui.collect import camera, opencv
from facegui.domain.entities import Frame
from facegui.domain.errors import CameraError, CameraStalled, VideoEnded
from facegui.domain.ports import FrameSource
from tests.fakes.videos import BLUE, GREEN, RED, mjpeg_server, plain, write_avi, write_sequence

PATIENCE_S = 10.0

Open = Callable[[str], FrameSource]


@pytest.fixture
def opened() -> Iterator[Open]:
    """Opens sources and closes them all in the end."""
    sources: list[FrameSource] = []

    def open_it(spec: str) -> FrameSource:
        sources.append(camera.open_source(spec))
        return sources[-1]

    yield open_it
    for source in sources:
        source.close()


def next_frame(source: FrameSource) -> Frame:
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        frame = source.read()
        if frame is not None:
            return frame
    pytest.fail("no frame")


def failure(source: FrameSource) -> CameraError:
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        try:
            source.read()
        except CameraError as error:
            return error
    pytest.fail("no error")


def near(frame: Frame, colour: tuple[int, int, int]) -> bool:
    """JPEG keeps a plain colour within a few steps."""
    return bool(np.abs(frame.image.astype(int) - colour).max() < 12)


def test_a_video_file_gives_rgb_frames_and_then_says_that_it_ended(
    tmp_path: Path, opened: Open
) -> None:
    source = opened(str(write_avi(tmp_path / "clip.avi", [plain(RED)] * 3)))
    frame = next_frame(source)
    assert frame.image.shape == (48, 64, 3)
    assert frame.image.dtype == np.uint8
    assert near(frame, RED)
    ended = failure(source)
    assert isinstance(ended, VideoEnded)
    assert "clip.avi" in ended.message


def test_the_last_frame_is_seen_before_the_end(tmp_path: Path, opened: Open) -> None:
    source = opened(str(write_avi(tmp_path / "clip.avi", [plain(GREEN)])))
    source._thread.join(PATIENCE_S)  # type: ignore[attr-defined]  # played to its end, unread
    assert near(next_frame(source), GREEN)
    assert isinstance(failure(source), VideoEnded)


def test_a_file_plays_at_its_own_pace(tmp_path: Path, opened: Open) -> None:
    source = opened(str(write_avi(tmp_path / "clip.avi", [plain(RED)] * 40, fps=20)))
    taken = [next_frame(source).taken_at for _ in range(5)]
    assert taken[-1] - taken[0] > 0.75 * 4 / 20  # four periods, not as fast as it decodes


def test_a_slow_reader_gets_the_newest_frame(tmp_path: Path, opened: Open) -> None:
    frames = [plain(RED)] * 8 + [plain(BLUE)]
    source = opened(str(write_avi(tmp_path / "clip.avi", frames, fps=100)))
    source._thread.join(PATIENCE_S)  # type: ignore[attr-defined]
    assert near(next_frame(source), BLUE)


def test_an_image_sequence_is_a_video(tmp_path: Path, opened: Open) -> None:
    source = opened(write_sequence(tmp_path, [plain(GREEN)] * 2))
    assert near(next_frame(source), GREEN)
    assert isinstance(failure(source), VideoEnded)


def test_grey_and_deep_pictures_become_rgb(tmp_path: Path, opened: Open) -> None:
    from facegui.imaging.cv import cv2

    cv2.imwrite(str(tmp_path / "deep_0.png"), np.full((20, 30), 200 * 257, np.uint16))
    frame = next_frame(opened(str(tmp_path / "deep_%01d.png")))
    assert frame.image.shape == (20, 30, 3)
    assert near(frame, (200, 200, 200))


@pytest.mark.parametrize("spec", ["", "  ", "nowhere.avi", "/nowhere/seq_%04d.jpg", "-1"])
def test_what_is_not_there_is_refused_at_once(spec: str) -> None:
    with pytest.raises(CameraError) as caught:
        camera.open_source(spec)
    assert caught.value.remedy


@pytest.mark.parametrize(
    "spec", ["ftp://host/video", "file:///etc/passwd", "http://", "rtsp://:99999/x", "http://[x/"]
)
def test_addresses_of_other_kinds_are_refused(spec: str) -> None:
    with pytest.raises(CameraError, match="not an address"):
        camera.open_source(spec)


def test_a_file_that_is_no_video_says_so(tmp_path: Path, opened: Open) -> None:
    text = tmp_path / "notes.txt"
    text.write_text("not a film")
    error = failure(opened(str(text)))
    assert "notes.txt" in error.message
    assert not isinstance(error, VideoEnded | CameraStalled)


def test_an_empty_sequence_says_so(tmp_path: Path, opened: Open) -> None:
    assert "seq_%04d.jpg" in failure(opened(str(tmp_path / "seq_%04d.jpg"))).message


def test_an_absent_camera_says_so(opened: Open) -> None:
    error = failure(opened("97"))
    assert "97" in error.message
    assert "plugged in" in error.remedy


def test_an_address_nobody_answers_hides_the_password(opened: Open) -> None:
    error = failure(opened("http://owner:secret@127.0.0.1:9/video"))
    assert "127.0.0.1:9" in error.message
    assert "secret" not in str(error)


def test_a_stream_that_stalls_goes_on_over_the_same_connection(
    opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(camera, "STALLED_S", 0.3)
    with mjpeg_server(plain(BLUE)) as server:
        source = opened(server.url)
        assert near(next_frame(source), BLUE)
        server.stalled.set()
        stalled = failure(source)
        assert isinstance(stalled, CameraStalled)
        assert "127.0.0.1" in stalled.message
        server.stalled.clear()
        assert resumed(source)
        assert server.connections == 1


def resumed(source: FrameSource) -> bool:
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        try:
            if source.read() is not None:
                return True
        except CameraStalled:
            time.sleep(0.02)
    return False


def test_a_stream_that_breaks_off_has_gone_away(opened: Open) -> None:
    with mjpeg_server(plain(BLUE)) as server:
        source = opened(server.url)
        next_frame(source)
        server.dropping.set()
        error = failure(source)
    assert "gone away" in error.message
    assert not isinstance(error, VideoEnded | CameraStalled)


class HangingCapture:
    """A driver whose calls do not come back until the test lets them."""

    def __init__(self, release: threading.Event) -> None:
        self._release = release

    def isOpened(self) -> bool:  # noqa: N802 - OpenCV's name
        self._release.wait()
        return False

    def release(self) -> None:
        pass


@pytest.fixture
def hanging(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    let_go = threading.Event()
    monkeypatch.setattr(camera, "_open_capture", lambda origin: HangingCapture(let_go))
    yield
    let_go.set()


@pytest.mark.usefixtures("hanging")
def test_a_driver_that_hangs_counts_as_stalled_and_then_as_gone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(camera, "STALLED_S", 0.1)
    monkeypatch.setattr(camera, "GIVE_UP_S", 1.0)
    monkeypatch.setattr(opencv, "_CLOSE_WAIT_S", 0.1)
    source = camera.open_source("0")
    assert isinstance(failure(source), CameraStalled)
    deadline = time.monotonic() + PATIENCE_S
    while isinstance(gone := failure(source), CameraStalled):
        assert time.monotonic() < deadline
    assert not isinstance(gone, CameraStalled)
    source.close()  # comes back although the driver does not
    source.close()


def test_closing_in_the_middle_gives_the_file_back(tmp_path: Path) -> None:
    source = camera.open_source(str(write_avi(tmp_path / "clip.avi", [plain(RED)] * 100)))
    next_frame(source)
    source.close()
    assert not source._thread.is_alive()  # type: ignore[attr-defined]


def test_nothing_is_written_to_standard_error(tmp_path: Path) -> None:
    """FFmpeg and V4L2 write past Python, so only another process can tell."""
    broken = tmp_path / "broken.avi"
    whole = write_avi(tmp_path / "whole.avi", [plain(RED)] * 30).read_bytes()
    broken.write_bytes(whole[: len(whole) // 2] + b"\0" * 100)
    script = f"""
from facegui.collect.camera import open_source
from facegui.domain.errors import CameraError
for spec in ("97", {str(broken)!r}, "http://127.0.0.1:9/x", "rtsp://127.0.0.1:9/x"):
    source = open_source(spec)
    try:
        while True:
            source.read()
    except CameraError as error:
        print(error.message)
    source.close()
"""
    ran = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=True
    )
    assert ran.stderr == ""
    assert len(ran.stdout.splitlines()) == 4


def test_a_program_ends_well_while_a_stream_is_silent() -> None:
    """It leaves a thread behind in FFmpeg, which must not abort the process."""
    script = """
import sys
from facegui.collect.camera import open_source
from facegui.domain.errors import CameraStalled
source = open_source(sys.argv[1])
try:
    while True:
        source.read()
except CameraStalled as error:
    print(error.message)
source.close()
"""
    with socket.create_server(("127.0.0.1", 0)) as server:  # takes calls and says nothing
        address = f"http://127.0.0.1:{server.getsockname()[1]}/video"
        command = [sys.executable, "-c", script, address]
        ran = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert "no pictures" in ran.stdout


class TestListing:
    def node(self, root: Path, number: int, name: str | None, index: str = "0") -> None:
        folder = root / f"video{number}"
        folder.mkdir(parents=True)
        (folder / "index").write_text(index + "\n")
        if name is not None:
            (folder / "name").write_text(name + "\n")

    def test_cameras_come_in_order_with_their_names(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        root = tmp_path / "class" / "video4linux"
        self.node(root, 10, "Second camera")
        self.node(root, 2, "First camera")
        self.node(root, 3, "First camera", index="1")  # its metadata node gives no pictures
        self.node(root, 11, None)
        monkeypatch.setattr(camera, "_CAMERAS", root)
        assert camera.list_cameras() == (
            camera.Camera("2", "First camera"),
            camera.Camera("10", "Second camera"),
            camera.Camera("11", "Camera 11"),
        )

    def test_without_cameras_the_list_is_empty(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(camera, "_CAMERAS", tmp_path / "video4linux")
        assert camera.list_cameras() == ()

    def test_elsewhere_the_first_numbers_are_tried(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        class Capture:
            def __init__(self, opened: bool) -> None:
                self.isOpened = lambda: opened

            def release(self) -> None:
                released.append(self)

        released: list[Any] = []
        monkeypatch.setattr(camera, "_CAMERAS", tmp_path / "nowhere" / "video4linux")
        monkeypatch.setattr(camera, "_open_capture", lambda origin: Capture(origin.target == "1"))
        assert camera.list_cameras() == (camera.Camera("1", "Camera 1"),)
        assert len(released) == camera._PROBED_CAMERAS


class TestSize:
    def test_a_size_is_part_of_what_names_a_camera(self) -> None:
        assert camera.with_size("2", (1280, 720)) == "2@1280x720"
        assert camera.with_size("2@1280x720", None) == "2"
        assert camera.is_camera("2@1280x720")
        assert not camera.is_camera("clip.avi")

    def test_the_camera_is_asked_for_it(self, monkeypatch: pytest.MonkeyPatch) -> None:
        from facegui.imaging.cv import cv2

        asked: dict[int, float] = {}

        class Capture:
            def __init__(self, number: int) -> None:
                assert number == 2

            def set(self, what: int, value: float) -> None:
                asked[what] = value

        monkeypatch.setattr(cv2, "VideoCapture", Capture)
        camera._open_capture(camera._understand("2@1280x720"))
        assert asked[cv2.CAP_PROP_FRAME_WIDTH] == 1280
        assert asked[cv2.CAP_PROP_FRAME_HEIGHT] == 720
