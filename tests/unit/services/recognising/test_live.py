"""The live job against scripted cameras, and against a real stream."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from facegui.domain.control import Control, NullControl
from facegui.domain.entities import Frame, RgbImage
from facegui.domain.errors import CameraError, CameraStalled, VideoEnded
from facegui.domain.ports import FoundFace
from facegui.domain.recognition import Identity
from facegui.services.recognising import live as live_module
from facegui.services.recognising.live import (
    LiveFrame,
    LiveProblem,
    LiveReport,
    LiveRequest,
    SeenFace,
    live,
)
from tests.fakes.control import RecordingControl
from tests.fakes.faces import NoModels, SquareFinder, fake_tools, picture, square
from tests.fakes.frames import ScriptedSource, Step
from tests.fakes.videos import BLUE, GREEN, RED, mjpeg_server

ONE = picture((20, 30, RED))
TWO = picture((20, 30, RED), (100, 30, BLUE))


class Cameras:
    """Opens one scripted source after another."""

    def __init__(self, *scripts: Sequence[Step] | CameraError) -> None:
        self._scripts = iter(scripts)
        self.opened: list[ScriptedSource] = []
        self.specs: list[str] = []

    def __call__(self, spec: str) -> ScriptedSource:
        self.specs.append(spec)
        script = next(self._scripts, ())
        if isinstance(script, CameraError):
            raise script
        self.opened.append(ScriptedSource(script))
        return self.opened[-1]


def run(
    cameras: Cameras, control: RecordingControl | NullControl
) -> tuple[LiveReport, list[LiveFrame]]:
    tools = fake_tools(frame_source=cameras)
    frames: list[LiveFrame] = []
    report = live(tools, LiveRequest("somewhere", bundle=None), frames.append, control)
    assert all(source.closed for source in cameras.opened)
    return report, frames


@pytest.fixture(autouse=True)
def _short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live_module, "FIRST_RETRY_S", 0.01)
    monkeypatch.setattr(live_module, "LONGEST_RETRY_S", 0.03)
    monkeypatch.setattr(live_module, "_WAIT_STEP_S", 0.005)


def test_every_frame_is_shown_with_its_boxes_until_the_end_of_the_file() -> None:
    cameras = Cameras([ONE, None, TWO, VideoEnded("clip.avi has ended.")])
    report, frames = run(cameras, NullControl())
    assert report == LiveReport(2, "clip.avi has ended.")
    assert [len(frame.faces) for frame in frames] == [1, 2]
    blue = square(100, 30)
    assert frames[1].faces[1] == SeenFace(blue.box, blue.landmarks, None)
    assert frames[0].image is ONE
    assert all(frame.latency_ms >= 0 for frame in frames)
    assert cameras.specs == ["somewhere"]


def test_stopping_ends_the_job_and_closes_the_camera() -> None:
    frames: list[LiveFrame] = []
    control = RecordingControl(stop_when=lambda _: len(frames) >= 3)
    tools = fake_tools(frame_source=Cameras([ONE] * 50))
    report = live(tools, LiveRequest("0", bundle=None), frames.append, control)
    assert report == LiveReport(3, None)


def test_a_stall_is_told_once_and_the_source_stays_open() -> None:
    stall = CameraStalled("no pictures", "it goes on by itself")
    cameras = Cameras([ONE, stall, stall, stall, TWO, stall, VideoEnded("end")])
    control = RecordingControl()
    report, frames = run(cameras, control)
    assert control.partials == [LiveProblem("no pictures", "it goes on by itself", 0.0)] * 2
    assert len(frames) == 2
    assert len(cameras.opened) == 1
    assert report.ended == "end"


def test_a_camera_that_goes_away_is_told_and_opened_again() -> None:
    gone = CameraError("gone", "check its cable")
    cameras = Cameras([ONE, gone], CameraError("busy"), [TWO, VideoEnded("end")])
    control = RecordingControl()
    report, frames = run(cameras, control)
    assert [problem.message for problem in problems(control)] == ["gone", "busy"]
    assert len(frames) == 2
    assert report.frames == 2


def test_retries_come_slower_and_slower_and_start_anew_after_a_picture() -> None:
    gone = CameraError("gone")
    cameras = Cameras(gone, gone, gone, gone, [ONE, gone], gone, [VideoEnded("end")])
    control = RecordingControl()
    run(cameras, control)
    waits = [problem.retry_s for problem in problems(control)]
    assert waits == [0.01, 0.02, 0.03, 0.03, 0.01, 0.02]


def test_stopping_while_waiting_for_a_retry_needs_no_patience(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(live_module, "FIRST_RETRY_S", 3600.0)
    monkeypatch.setattr(live_module, "LONGEST_RETRY_S", 3600.0)
    control = RecordingControl(stop_when=lambda control: bool(control.partials))
    report, _ = run(Cameras(CameraError("gone")), control)
    assert report == LiveReport(0, None)


def test_boxes_alone_need_the_detector_alone() -> None:
    asked: list[str] = []

    class Store(NoModels):
        def path(self, name: str, control: Control | None = None) -> Path:
            asked.append(name)
            return super().path(name, control)

    tools = fake_tools(models=Store(), frame_source=Cameras([VideoEnded("end")]))
    live(tools, LiveRequest("0", bundle=None), lambda _: None, NullControl())
    assert asked == ["yunet"]


def problems(control: RecordingControl) -> list[LiveProblem]:
    return [value for value in control.partials if isinstance(value, LiveProblem)]


def test_a_stream_that_breaks_off_comes_back_by_itself() -> None:
    """The whole path over a real connection: frames, the drop, the refusal, frames again."""
    with mjpeg_server(ONE) as server:
        frames: list[LiveFrame] = []
        control = RecordingControl()

        def show(frame: LiveFrame) -> None:
            frames.append(frame)
            if len(frames) == 3:
                server.dropping.set()

        def stop(control: RecordingControl) -> bool:
            if control.partials:
                server.dropping.clear()
            return bool(control.partials) and len(frames) > 10

        control = RecordingControl(stop_when=stop)
        report = live(fake_tools(), LiveRequest(server.url, bundle=None), show, control)
    assert report.ended is None
    assert len(frames[-1].faces) == 1
    assert problems(control)[0].message.startswith("127.0.0.1")


def known(name: str) -> Identity:
    return Identity(name, name, 1.0, {name: 1.0}, 0.9, 0.3)


class SlowNamer:
    """Names by colour, and takes as long as the test likes."""

    def __init__(self) -> None:
        self.go = threading.Event()
        self.asked: list[FoundFace] = []

    def identify(self, image: RgbImage, faces: Sequence[FoundFace]) -> list[Identity]:
        self.asked += faces
        assert self.go.wait(10)
        names = {RED: "Red", GREEN: "Green", BLUE: "Blue"}
        found = []
        for face in faces:
            x, y = (round(value) for value in face.box.centre)
            r, g, b = (int(value) for value in image[y, x])
            found.append(known(names[r, g, b]))
        return found


class TestNaming:
    @pytest.fixture
    def namer(self) -> SlowNamer:
        return SlowNamer()

    def names(self, watcher: live_module._Watcher, image: RgbImage) -> list[str | None]:
        shown = watcher.look_at(Frame(image, time.monotonic()))
        return [face.identity and face.identity.name for face in shown.faces]

    def test_boxes_do_not_wait_for_names(self, namer: SlowNamer) -> None:
        watcher = live_module._Watcher(SquareFinder().find, namer)
        assert self.names(watcher, TWO) == [None, None]
        assert self.names(watcher, TWO) == [None, None]
        assert len(namer.asked) <= 1
        namer.go.set()
        deadline = time.monotonic() + 10
        while self.names(watcher, TWO) != ["Red", "Blue"] and time.monotonic() < deadline:
            time.sleep(0.001)
        assert self.names(watcher, TWO) == ["Red", "Blue"]
        assert [face.box.x1 for face in namer.asked[:2]] == [20, 100]  # each once, first of all
        watcher.close()

    def test_a_name_stays_with_its_face_and_goes_with_it(self, namer: SlowNamer) -> None:
        namer.go.set()
        watcher = live_module._Watcher(SquareFinder().find, namer)
        deadline = time.monotonic() + 10
        while self.names(watcher, ONE) != ["Red"] and time.monotonic() < deadline:
            time.sleep(0.001)
        assert self.names(watcher, picture((24, 30, RED))) == ["Red"]
        assert self.names(watcher, picture((100, 60, GREEN))) != ["Red"]
        watcher.close()

    def test_a_named_face_is_looked_at_again_after_a_while(
        self, namer: SlowNamer, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(live_module, "NAME_AGAIN_S", 0.0)
        namer.go.set()
        watcher = live_module._Watcher(SquareFinder().find, namer)
        deadline = time.monotonic() + 10
        while self.names(watcher, ONE) != ["Red"] and time.monotonic() < deadline:
            time.sleep(0.001)
        turned = picture((20, 30, GREEN))  # somebody else in the same place
        while self.names(watcher, turned) != ["Green"] and time.monotonic() < deadline:
            time.sleep(0.001)
        assert self.names(watcher, turned) == ["Green"]
        watcher.close()

    def test_a_fault_of_the_model_ends_the_job_and_is_not_lost(self) -> None:
        class Broken:
            def identify(self, image: RgbImage, faces: Sequence[FoundFace]) -> list[Identity]:
                raise CameraError("stands for any error")

        watcher = live_module._Watcher(SquareFinder().find, Broken())
        deadline = time.monotonic() + 10

        def watch() -> None:
            while time.monotonic() < deadline:
                self.names(watcher, ONE)

        with pytest.raises(CameraError, match="any error"):
            watch()
        watcher.close()


def test_frames_a_second_counts_what_was_shown_lately() -> None:
    watcher = live_module._Watcher(SquareFinder().find, None)
    assert [round(watcher._fps(10 + 0.05 * n)) for n in range(60)][-1] == 20
    assert watcher._fps(100.0) == 0.0
    watcher.close()
