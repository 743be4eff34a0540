"""The live job against scripted cameras, and against a real stream."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from facegui.domain.control import Control, NullControl
from facegui.domain.errors import CameraError, CameraStalled, VideoEnded
from facegui.services.recognising import live_finding, live_source
from facegui.services.recognising.live import LiveReport, LiveRequest, live
from facegui.services.recognising.live_source import LiveProblem
from facegui.services.recognising.live_watch import LiveFrame
from tests.fakes.control import RecordingControl
from tests.fakes.faces import NoModels, fake_tools, picture, square
from tests.fakes.frames import ScriptedSource, Step
from tests.fakes.videos import BLUE, RED, mjpeg_server

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
    monkeypatch.setattr(live_source, "FIRST_RETRY_S", 0.01)
    monkeypatch.setattr(live_source, "LONGEST_RETRY_S", 0.03)
    monkeypatch.setattr(live_source, "_WAIT_STEP_S", 0.005)
    monkeypatch.setattr(live_finding, "WHOLE_EVERY_S", 0.0)
    monkeypatch.setattr(live_finding, "EMPTY_EVERY_S", 0.0)
    monkeypatch.setattr(live_finding, "_SLOWEST_SHARE", 0.0)


def test_every_frame_is_shown_with_its_boxes_until_the_end_of_the_file() -> None:
    cameras = Cameras([ONE, None, TWO, VideoEnded("clip.avi has ended.")])
    report, frames = run(cameras, NullControl())
    assert report == LiveReport(2, "clip.avi has ended.")
    assert [len(frame.faces) for frame in frames] == [1, 2]
    seen, blue = frames[1].faces[1], square(100, 30)
    assert (seen.box, seen.landmarks, seen.identity) == (blue.box, blue.landmarks, None)
    assert frames[0].image is ONE
    assert frames[0].taken_at < frames[1].taken_at
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
    monkeypatch.setattr(live_source, "FIRST_RETRY_S", 3600.0)
    monkeypatch.setattr(live_source, "LONGEST_RETRY_S", 3600.0)
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
