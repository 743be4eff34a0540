"""The capture job against scripted cameras: what it takes, keeps, and gives to the library."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from facegui.domain.control import Control, NullControl, Stop
from facegui.domain.entities import (
    Analysis,
    FaceProposal,
    Frame,
    PhotoHashes,
    RegionSource,
    RgbImage,
)
from facegui.domain.errors import CameraError, StorageFault, VideoEnded
from facegui.domain.geometry import Box, Pose
from facegui.domain.queries import NewPhoto, PhotoFilter
from facegui.files import write_atomic
from facegui.services.collecting import webcam
from facegui.services.collecting.capture import Verdict
from facegui.services.collecting.pose_map import STRAIGHT, Cell, Height, Light, Side
from facegui.services.collecting.webcam import (
    CaptureFrame,
    CaptureReport,
    CaptureSession,
    Photo,
    capture,
)
from facegui.services.libraries import Library, create_library
from facegui.services.recognising import live_source
from facegui.services.recognising.live_source import LiveProblem
from facegui.services.tools import Tools
from tests.fakes.control import RecordingControl
from tests.fakes.faces import fake_tools
from tests.fakes.frames import ScriptedSource, Step
from tests.fakes.proposals import proposal, scanned

BOX = Box(200, 100, 320, 240)
NOBODY = np.zeros((480, 640, 3), np.uint8)
TODAY = date.today().isoformat()  # noqa: DTZ011


def person(pan: float = 0.0, *, look: int = 0, sharpness: int = 40) -> RgbImage:
    """A frame that says in its first pixel how its face measures."""
    image = np.full((480, 640, 3), 90, np.uint8)
    image[0, 0] = (100 + round(pan), look, sharpness)
    return image


class ReadingAnalyser:
    """Reads what `person` wrote."""

    version = "written-1"

    def __init__(self, options: object = None) -> None:
        """Any options will do."""

    def analyse(self, image: RgbImage) -> Analysis:
        pan, look, sharpness = (int(value) for value in image[0, 0])
        if not pan:
            return Analysis(())
        made = proposal(BOX, pose=Pose(0.0, pan - 100.0, 0.0), sharpness=float(sharpness))
        bits = 0x0123_4567_89AB_CDEF * (2 * look + 1) % (1 << 64)
        return Analysis((replace(made, hashes=PhotoHashes(bits, bits)),))

    def measure_at(self, image: RgbImage, box: Box) -> FaceProposal | None:
        return next(iter(self.analyse(image).faces), None)


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first frame of a pose is taken, and a camera is tried again at once."""
    monkeypatch.setattr(webcam, "BURST_S", 0.0)
    monkeypatch.setattr(live_source, "FIRST_RETRY_S", 0.01)
    monkeypatch.setattr(live_source, "LONGEST_RETRY_S", 0.01)


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with create_library(tmp_path / "faces.facegui") as made:
        yield made


class Patient:
    """A camera that shows each picture until it has been measured, then ends."""

    def __init__(self, *steps: Step) -> None:
        self._steps = steps
        self.measured = threading.Semaphore(0)

    def open(self, _spec: str) -> ScriptedSource:
        return ScriptedSource(self._script())

    def _script(self) -> Iterator[Step]:
        for step in self._steps:
            if not isinstance(step, np.ndarray):
                yield step
                continue
            # One that began may be of the step before; when a third begins, one of this has ended.
            begun = 0
            while begun < 3:
                begun += self.measured.acquire(timeout=0.001)
                yield step
        yield VideoEnded("The film is over.")

    def analyser(self, _options: object) -> ReadingAnalyser:
        measured = self.measured

        class Telling(ReadingAnalyser):
            def analyse(self, image: RgbImage) -> Analysis:
                measured.release()
                return super().analyse(image)

        return Telling()


def run(
    library: Library,
    *steps: Step,
    control: Control | None = None,
    who: str = "Ann",
    prepare: Callable[[CaptureSession], None] = lambda _: None,
) -> tuple[CaptureReport, list[CaptureFrame], RecordingControl | Control]:
    """Play *steps* to a session of *who*."""
    camera = Patient(*steps)
    tools: Tools = fake_tools(analyser=camera.analyser, frame_source=camera.open)
    frames: list[CaptureFrame] = []
    control = control or RecordingControl()
    session = CaptureSession(library, who)
    prepare(session)
    try:
        report = capture(tools, "0", session, frames.append, control)
    finally:
        tools.close()
    return report, frames, control


def photos(control: object) -> list[Photo]:
    assert isinstance(control, RecordingControl)
    return [value for value in control.partials if isinstance(value, Photo)]


def paths(library: Library, ids: Sequence[int]) -> list[str]:
    return [str(Path(p.path).relative_to(library.path)) for p in library.photos(ids)]


class TestTaking:
    def test_poses_that_lack_become_files_and_photos_with_their_faces(
        self, library: Library
    ) -> None:
        report, _, control = run(library, NOBODY, person(0), person(12), person(0))
        assert report.ended == "The film is over."
        assert paths(library, report.added_ids) == [
            f"photos/Ann/webcam_{TODAY}_001.jpg",
            f"photos/Ann/webcam_{TODAY}_002.jpg",
        ]
        first, second = photos(control)
        assert first.place == (STRAIGHT, Light.FIRST)
        assert second.place == (Cell(Side.LEFT, Height.MIDDLE), Light.FIRST)
        assert first.crop.shape == (112, 112, 3)
        for photo in library.photos(report.added_ids):
            assert photo.person_hint == "Ann"
            [region] = library.regions([photo.id])[photo.id]
            assert (region.box, region.name) == (BOX, "Ann")
            assert region.source is RegionSource.MANIFEST

    def test_every_frame_is_shown_with_the_last_word_of_the_coach(self, library: Library) -> None:
        _, frames, _ = run(library, NOBODY, person(0), person(0))
        assert frames[0].coaching is None
        said = [frame.coaching for frame in frames if frame.coaching is not None]
        assert said[0].verdict is Verdict.NOBODY
        assert said[0].box is None
        assert said[-1].verdict is Verdict.COPY
        assert said[-1].box == BOX
        assert said[-1].here == (STRAIGHT, Light.FIRST)
        assert said[-1].counts == {(STRAIGHT, Light.FIRST): 1}
        assert said[-1].done == 1

    def test_the_sharpest_of_a_pose_is_taken_once_it_was_held(
        self, library: Library, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(webcam, "BURST_S", 0.4)
        sharp = person(0, sharpness=60)
        burst = webcam._Burst()
        place = (STRAIGHT, Light.FIRST)
        analyser = ReadingAnalyser()

        def offer(image: RgbImage, at: float, wanted: object = place) -> object:
            [face] = analyser.analyse(image).faces
            return burst.offer(Frame(image, at), face, wanted)  # type: ignore[arg-type]

        assert offer(person(0, sharpness=30), 0.0) is None
        assert offer(sharp, 0.2) is None
        taken = offer(person(0, sharpness=20), 0.45)
        assert isinstance(taken, tuple)
        assert taken[0] is sharp
        assert offer(sharp, 0.5) is None  # a new one begins
        assert offer(sharp, 0.7, None) is None  # and is broken off
        assert offer(person(0, sharpness=20), 1.0) is None
        assert offer(person(0, sharpness=20), 1.5) is not None

    def test_what_is_kept_in_the_library_counts(self, library: Library, tmp_path: Path) -> None:
        [photo_id] = library.add_photos([NewPhoto("/photos/1.jpg", "Ann", 1, 1)]).added
        library.store_scans([scanned(photo_id, [proposal(pose=Pose(0.0, 12.0, 0.0))])])
        _, frames, control = run(library, person(12), person(0))
        assert [photo.place[0] for photo in photos(control)] == [STRAIGHT]
        assert frames[-1].coaching is not None
        assert frames[-1].coaching.done == 2

    def test_numbers_go_on_after_those_of_before(self, library: Library) -> None:
        run(library, person(0))
        report, _, _ = run(library, person(0, look=3))
        assert paths(library, report.added_ids) == [f"photos/Ann/webcam_{TODAY}_002.jpg"]
        assert len(library.photo_ids(PhotoFilter())) == 2

    @pytest.mark.parametrize("name", ["../../x", "CON", "a/b", "아무개"])
    def test_names_stay_inside_the_library(self, library: Library, name: str) -> None:
        report, _, _ = run(library, person(0), who=name)
        [photo] = library.photos(report.added_ids)
        assert photo.person_hint == name
        assert len(Path(photo.path).resolve().relative_to(library.path / "photos").parts) == 2


class TestRemoving:
    def test_a_photo_thrown_away_leaves_nothing_and_lacks_again(self, library: Library) -> None:
        sessions: list[CaptureSession] = []

        class Remover(RecordingControl):
            def partial(self, value: object) -> None:
                super().partial(value)
                if len(self.partials) == 1:
                    assert isinstance(value, Photo)
                    sessions[0].remove(value)

        report, _, control = run(
            library, person(0), person(0), control=Remover(), prepare=sessions.append
        )
        thrown, *_kept = photos(control)
        assert not thrown.file.exists()
        assert len(photos(control)) == 2
        assert paths(library, report.added_ids) == [f"photos/Ann/webcam_{TODAY}_002.jpg"]

    def test_after_the_end_it_is_the_library_s(self, library: Library) -> None:
        sessions: list[CaptureSession] = []
        _, _, control = run(library, person(0), prepare=sessions.append)
        [photo] = photos(control)
        sessions[0].remove(photo)
        assert photo.file.exists()


class TestEnding:
    @pytest.mark.parametrize("how", [Stop.KEEP, Stop.DISCARD])
    def test_however_it_is_stopped_the_photos_are_kept(self, library: Library, how: Stop) -> None:
        control = RecordingControl(stop_when=lambda c: how if c.partials else Stop.NO)
        report, _, _ = run(library, person(0), *[person(12)] * 50, control=control)
        assert report.ended is None
        assert len(report.added_ids) >= 1

    def test_a_camera_that_goes_away_is_told_and_opened_again(self, library: Library) -> None:
        opened: list[int] = []
        lost = Patient(person(0), CameraError("gone", "plug it in"))

        def open_source(_spec: str) -> ScriptedSource:
            opened.append(1)
            return lost.open("") if len(opened) == 1 else ScriptedSource([VideoEnded("end")])

        tools = fake_tools(analyser=lost.analyser, frame_source=open_source)
        control = RecordingControl()
        report = capture(tools, "0", CaptureSession(library, "Ann"), lambda _: None, control)
        tools.close()
        assert [p.message for p in control.partials if isinstance(p, LiveProblem)] == ["gone"]
        assert len(opened) == 2
        assert len(report.added_ids) == 1

    def test_what_a_killed_session_left_is_given_with_the_next(self, library: Library) -> None:
        session = CaptureSession(library, "Ann")
        session.begin()
        [face] = ReadingAnalyser().analyse(person(0)).faces
        left = session.take(person(0), face)
        report, _, _ = run(library, person(12), person(0, look=5))
        assert str(left.file) in {photo.path for photo in library.photos(report.added_ids)}
        assert session.end() == ()  # known by now

    def test_a_full_disk_ends_it_with_a_message_and_keeps_the_rest(
        self, library: Library, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        written: list[Path] = []

        def fill_up(path: Path, content: bytes) -> None:
            if written:
                raise StorageFault("The disk is full.")
            written.append(path)
            write_atomic(path, content)

        monkeypatch.setattr(webcam, "write_atomic", fill_up)
        with pytest.raises(StorageFault, match="full"):
            run(library, person(0), person(12))
        assert len(library.photo_ids(PhotoFilter())) == 1

    def test_nothing_taken_nothing_added(self, library: Library) -> None:
        report, _, _ = run(library, NOBODY, control=NullControl())
        assert report.added_ids == ()
        assert not (library.path / "photos").exists()
