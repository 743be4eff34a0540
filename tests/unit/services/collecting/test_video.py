"""Who is in a video, with coloured squares for faces: one that lies lower looks down further."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from facegui.domain.control import Control, NullControl, Stop
from facegui.domain.entities import Analysis, RegionSource, RgbImage
from facegui.domain.errors import Cancelled, OwnerError
from facegui.domain.geometry import Pose
from facegui.domain.queries import PhotoFilter
from facegui.services.collecting import video as video_module
from facegui.services.collecting import video_take
from facegui.services.collecting.video import FoundTrack, VideoFindings, VideoRequest, find_tracks
from facegui.services.collecting.video_stage import VideoStage, clock
from facegui.services.collecting.video_take import TakeRequest, take_tracks
from facegui.services.libraries import Library, create_library
from facegui.services.tools import Tools
from tests.fakes.analysers import SquareAnalyser
from tests.fakes.control import RecordingControl
from tests.fakes.faces import Colour, fake_tools, picture
from tests.fakes.videos import BLUE, GREEN, RED, write_avi

MIDDLE = 40
"""Where a face looks straight ahead, in pixels from the top; each pixel is a degree."""


class NoddingAnalyser(SquareAnalyser):
    """Measures tilt by height: 40 pixels from the top look straight ahead."""

    def analyse(self, image: RgbImage) -> Analysis:
        faces = super().analyse(image).faces
        return Analysis(
            tuple(replace(f, pose=Pose(0.0, 0.0, MIDDLE - f.box.y1 // 1)) for f in faces)
        )


@pytest.fixture(autouse=True)
def _always_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    """A square looks the same however it nods, so looks must not decide what is measured."""
    monkeypatch.setattr(video_module, "_CHANGED_COSINE", 2.0)


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    """An empty one, where plain squares are sharp and large enough."""
    with create_library(tmp_path / "faces.facegui") as made:
        made.set_limits(replace(made.limits(), min_sharpness=0.0, min_size_px=16))
        yield made


@pytest.fixture
def tools() -> Iterator[Tools]:
    made = fake_tools(analyser=NoddingAnalyser)
    yield made
    made.close()


def film(path: Path, *frames: Sequence[tuple[int, int, Colour]], fps: float = 4) -> Path:
    """A video of squares, one frame for each that is looked at."""
    return write_avi(path, [picture(*faces) for faces in frames], fps=fps)


def look(
    library: Library, tools: Tools, path: Path, control: Control | None = None, **wanted: int
) -> VideoFindings:
    return find_tracks(library, tools, VideoRequest(path, **wanted), control or NullControl())  # type: ignore[arg-type]


def tilts(track: FoundTrack) -> list[float]:
    return [shot.pose.tilt for shot in track.shots]


def staged(library: Library) -> list[int]:
    folder = VideoStage.of(library).folder
    return sorted(int(file.stem) for file in folder.iterdir()) if folder.exists() else []


class TestFinding:
    def test_everybody_has_a_track_with_the_views_that_differ(
        self, library: Library, tools: Tools, tmp_path: Path
    ) -> None:
        heights = (40, 40, 40, 48, 48, 56, 56, 40)
        frames = [[(20, y, RED), (100, 40, BLUE)] for y in heights]
        found = look(library, tools, film(tmp_path / "two.avi", *frames))
        assert [track.number for track in found.tracks] == [1, 2]
        red, blue = found.tracks
        assert (red.frames, blue.frames) == (8, 8)
        assert (red.first_s, red.last_s) == pytest.approx((0.0, 1.75))
        assert sorted(tilts(red)) == [-16, -8, 0]
        assert tilts(blue) == [0]
        assert red.shots[0].crop.shape == (112, 112, 3)
        assert not found.cut_short
        assert not found.stopped
        assert found.seconds == pytest.approx(1.75)

    def test_the_frames_of_the_views_wait_on_the_disk_and_no_others(
        self, library: Library, tools: Tools, tmp_path: Path
    ) -> None:
        frames = [[(20, 30 + 2 * n, RED), (100, 40, BLUE)] for n in range(15)]
        found = look(library, tools, film(tmp_path / "two.avi", *frames), per_track=2)
        wanted = {round(1000 * shot.time_s) for track in found.tracks for shot in track.shots}
        assert staged(library) == sorted(wanted)
        assert max(len(track.shots) for track in found.tracks) == 2
        look(library, tools, film(tmp_path / "none.avi", [], []))
        assert staged(library) == []

    def test_what_fails_a_rule_is_not_kept(
        self, library: Library, tools: Tools, tmp_path: Path
    ) -> None:
        frames = [[(20, y, RED)] for y in (10, 10, 34, 62, 62)]  # 30 up, 6 up, 22 down
        [track] = look(library, tools, film(tmp_path / "nod.avi", *frames)).tracks
        assert tilts(track) == [6]

    def test_somebody_never_usable_or_seen_once_is_only_counted(
        self, library: Library, tools: Tools, tmp_path: Path
    ) -> None:
        away, once = (20, 5, RED), (100, 40, GREEN)
        path = film(tmp_path / "away.avi", [away], [away, once], [away])
        found = look(library, tools, path)
        assert found.tracks == ()
        assert found.unusable == 2

    def test_a_cut_to_somebody_in_the_same_place_is_a_new_track(
        self, library: Library, tools: Tools, tmp_path: Path
    ) -> None:
        frames = [[(20, 40, RED)]] * 4 + [[(20, 40, GREEN)]] * 4
        found = look(library, tools, film(tmp_path / "cut.avi", *frames))
        assert [(track.first_s, track.frames) for track in found.tracks] == [(0.0, 4), (1.0, 4)]

    def test_a_short_miss_is_survived(self, library: Library, tools: Tools, tmp_path: Path) -> None:
        frames = [[(20, 40, RED)], [(20, 40, RED)], [], [], [(24, 40, RED)]]
        found = look(library, tools, film(tmp_path / "miss.avi", *frames))
        assert [(track.frames, track.last_s) for track in found.tracks] == [(3, 1.0)]

    def test_a_face_that_does_not_change_is_measured_once_a_second(
        self, library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(video_module, "_CHANGED_COSINE", 0.95)
        measured: list[int] = []

        class Counting(NoddingAnalyser):
            def analyse(self, image: RgbImage) -> Analysis:
                measured.append(1)
                return super().analyse(image)

        tools = fake_tools(analyser=Counting)
        look(library, tools, film(tmp_path / "still.avi", *[[(20, 40, RED)]] * 12))
        assert len(measured) == 3
        tools.close()

    def test_small_faces_cost_nothing(self, library: Library, tmp_path: Path) -> None:
        def no_analyser(_options: object) -> object:
            class Never:
                def analyse(self, image: RgbImage) -> Analysis:
                    raise AssertionError

            return Never()

        tools = fake_tools(analyser=no_analyser)
        library.set_limits(replace(library.limits(), min_size_px=64))
        found = look(library, tools, film(tmp_path / "far.avi", *[[(20, 40, RED)]] * 4))
        assert found.unusable == 1
        tools.close()


class TestRunning:
    def test_progress_counts_seconds_and_tracks_come_while_it_looks(
        self, library: Library, tools: Tools, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(video_module, "_TELL_EVERY_S", 0.0)
        control = RecordingControl()
        found = look(library, tools, film(tmp_path / "a.avi", *[[(20, 40, RED)]] * 9), control)
        assert (control.progress[-1].done, control.progress[-1].total) == (2, 2)
        assert control.partials[0] == ()  # seen once so far
        last = control.partials[-1]
        assert isinstance(last, tuple)
        assert [track.number for track in last] == [track.number for track in found.tracks]

    def test_stop_keeps_what_has_been_found(
        self, library: Library, tools: Tools, tmp_path: Path
    ) -> None:
        control = RecordingControl(stop_when=lambda c: len(c.progress) >= 4)
        found = look(library, tools, film(tmp_path / "a.avi", *[[(20, 40, RED)]] * 40), control)
        assert found.stopped
        assert found.tracks[0].frames == 4
        assert not found.cut_short

    def test_stop_and_discard_leaves_nothing(
        self, library: Library, tools: Tools, tmp_path: Path
    ) -> None:
        control = RecordingControl(
            stop_when=lambda c: Stop.DISCARD if len(c.progress) >= 4 else Stop.NO
        )
        with pytest.raises(Cancelled):
            look(library, tools, film(tmp_path / "a.avi", *[[(20, 40, RED)]] * 40), control)
        assert staged(library) == []

    def test_a_file_that_is_no_video_is_refused(
        self, library: Library, tools: Tools, tmp_path: Path
    ) -> None:
        (tmp_path / "notes.avi").write_text("hello")
        with pytest.raises(OwnerError, match="notes"):
            look(library, tools, tmp_path / "notes.avi")

    def test_a_video_without_its_end_is_used_and_told(
        self, library: Library, tools: Tools, tmp_path: Path
    ) -> None:
        whole = film(tmp_path / "whole.avi", *[[(20, 40, RED)]] * 60)
        part = tmp_path / "part.avi"
        part.write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])
        found = look(library, tools, part)
        assert found.cut_short
        assert len(found.tracks) == 1


class TestTaking:
    @pytest.fixture
    def path(self, tmp_path: Path) -> Path:
        """Red nods alone; then blue comes, and both nod."""
        alone = [[(20, y, RED)] for y in (40, 40, 50)]
        both = [[(20, y, RED), (100, y, BLUE)] for y in (30, 30, 44, 44)]
        return film(tmp_path / "holiday.avi", *alone, *both)

    def test_frames_become_photos_with_names_and_regions(
        self, library: Library, tools: Tools, path: Path
    ) -> None:
        found = look(library, tools, path)
        control = RecordingControl()
        taken = take_tracks(library, TakeRequest(found, {1: "Ruth", 2: "Ben"}), control)
        photos = library.photos(taken.added_ids)
        assert control.partials == [taken.added_ids]
        files = {
            str(Path(photo.path).relative_to(library.path)): (photo, library.regions([photo.id]))
            for photo in photos
        }
        alone, regions = files["photos/Ruth/holiday_000000.500_t1.jpg"]
        assert alone.person_hint == "Ruth"
        [region] = regions[alone.id]
        assert (region.name, region.source) == ("Ruth", RegionSource.MANIFEST)
        assert (region.box.x1, region.box.y1) == pytest.approx((20, 50), abs=1)
        both, regions = files["photos/holiday/holiday_000000.750_t1_t2.jpg"]
        assert both.person_hint is None
        assert {(r.name, round(r.box.x1)) for r in regions[both.id]} == {("Ruth", 20), ("Ben", 100)}
        assert staged(library) == []

    def test_only_the_tracks_wanted_and_without_a_name_if_need_be(
        self, library: Library, tools: Tools, path: Path
    ) -> None:
        found = look(library, tools, path)
        taken = take_tracks(library, TakeRequest(found, {2: None}), NullControl())
        photos = library.photos(taken.added_ids)
        assert {Path(photo.path).parent.name for photo in photos} == {"holiday"}
        assert all(photo.person_hint is None for photo in photos)
        for photo in photos:
            [region] = library.regions([photo.id])[photo.id]
            assert region.name is None
            assert region.box.x1 == pytest.approx(100, abs=1)

    def test_taken_again_nothing_is_doubled(
        self, library: Library, tools: Tools, path: Path
    ) -> None:
        names = {1: "Ruth"}
        first = take_tracks(library, TakeRequest(look(library, tools, path), names), NullControl())
        again = take_tracks(library, TakeRequest(look(library, tools, path), names), NullControl())
        assert again.added_ids == ()
        assert again.known == len(first.added_ids)
        assert len(library.photo_ids(PhotoFilter())) == len(first.added_ids)

    def test_another_video_of_the_same_name_overwrites_nothing(
        self, library: Library, tools: Tools, path: Path, tmp_path: Path
    ) -> None:
        first = take_tracks(
            library, TakeRequest(look(library, tools, path), {1: "Ruth"}), NullControl()
        )
        (tmp_path / "other").mkdir()
        other = film(tmp_path / "other" / "holiday.avi", *[[(60, 40, GREEN)]] * 4)
        found = look(library, tools, other)
        second = take_tracks(library, TakeRequest(found, {1: "Ruth"}), NullControl())
        assert len(second.added_ids) == 1
        [photo] = library.photos(second.added_ids)
        assert photo.path.endswith("(2).jpg")
        assert set(first.added_ids).isdisjoint(second.added_ids)

    @pytest.mark.parametrize("name", ["../../x", "CON", "a/b", "  ", "name\x00"])
    def test_names_stay_inside_the_library(
        self, library: Library, tools: Tools, path: Path, name: str
    ) -> None:
        found = look(library, tools, path)
        taken = take_tracks(library, TakeRequest(found, {1: name}), NullControl())
        for photo in library.photos(taken.added_ids):
            inside = Path(photo.path).resolve().relative_to(library.path.resolve() / "photos")
            assert len(inside.parts) == 2

    def test_stop_keeps_the_photos_done_and_the_rest_can_still_be_taken(
        self, library: Library, tools: Tools, path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(video_take, "_BATCH", 1)
        found = look(library, tools, path)
        control = RecordingControl(stop_when=lambda c: bool(c.partials))
        taken = take_tracks(library, TakeRequest(found, {1: "Ruth"}), control)
        assert len(taken.added_ids) == 1
        rest = take_tracks(library, TakeRequest(found, {1: "Ruth"}), NullControl())
        assert len(rest.added_ids) == len(found.tracks[0].shots) - 1

    def test_a_cache_emptied_meanwhile_is_no_crash(
        self, library: Library, tools: Tools, path: Path
    ) -> None:
        found = look(library, tools, path)
        VideoStage.of(library).clear()
        taken = take_tracks(library, TakeRequest(found, {1: "Ruth"}), NullControl())
        assert taken.added_ids == ()


@pytest.mark.parametrize(
    ("seconds", "written"), [(0.0, "000000.000"), (62.3456, "000102.346"), (7325.0, "020205.000")]
)
def test_times_are_written_so_that_names_sort(seconds: float, written: str) -> None:
    assert clock(seconds) == written
