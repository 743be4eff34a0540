"""A video among the files: who is in it, from when to when, with one name for each face."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from facegui.domain.control import NullControl
from facegui.domain.errors import ImageError, OwnerError
from facegui.domain.recognition import RecognisedPhoto
from facegui.services.recognising.recognise import (
    RecogniseReport,
    RecogniseRequest,
    load_picture,
    recognise_photos,
)
from facegui.services.recognising.video_files import frame_at, is_video, looks_like_video
from facegui.services.tools import Tools
from tests.fakes.bundles import write_colour_bundle
from tests.fakes.control import RecordingControl
from tests.fakes.faces import fake_tools, picture
from tests.fakes.videos import BLUE, GREEN, RED, write_avi

FPS = 8.0


@pytest.fixture
def tools() -> Iterator[Tools]:
    made = fake_tools()
    yield made
    made.close()


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    return write_colour_bundle(tmp_path / "people.facebundle", {"Ruth": RED, "Gretel": GREEN})


@pytest.fixture
def film(tmp_path: Path) -> Path:
    """Ruth for two seconds, then nobody for two, then Gretel and a stranger for one."""
    frames = [picture((10 + n, 40, RED)) for n in range(16)]
    frames += [picture() for _ in range(16)]
    frames += [picture((20, 40, GREEN), (100, 40, BLUE)) for _ in range(8)]
    return write_avi(tmp_path / "film.avi", frames, FPS)


def recognise(
    tools: Tools, bundle: Path, *paths: Path, control: RecordingControl | None = None
) -> RecogniseReport:
    return recognise_photos(tools, RecogniseRequest(bundle, paths), control or NullControl())


def told(video: RecognisedPhoto) -> list[tuple[str | None, float, float]]:
    return [
        (face.identity.name, face.appearance.first_s, face.appearance.last_s)
        for face in video.faces
        if face.appearance is not None
    ]


def test_everybody_is_named_once_with_the_times(tools: Tools, bundle: Path, film: Path) -> None:
    (video,) = recognise(tools, bundle, film).photos
    assert (video.path, video.error, video.width, video.height) == (str(film), None, 160, 96)
    assert video.duration_s == pytest.approx(4.75)
    (ruth, *others) = told(video)
    assert ruth == ("Ruth", 0.0, pytest.approx(1.75))
    assert sorted(others, key=str) == [
        ("Gretel", pytest.approx(4.0), pytest.approx(4.75)),
        (None, pytest.approx(4.0), pytest.approx(4.75)),
    ]


def test_the_box_is_that_of_the_best_moment(tools: Tools, bundle: Path, film: Path) -> None:
    (video,) = recognise(tools, bundle, film).photos
    ruth = video.faces[0]
    assert ruth.appearance is not None
    best = ruth.appearance.moments[ruth.appearance.best]
    assert (best.box, best.time_s) == (ruth.box, ruth.appearance.best_s)
    assert ruth.appearance.at(best.time_s) is best
    assert ruth.appearance.at(0.123) is None
    assert ruth.appearance.agreement == pytest.approx(1)


def test_photos_come_first_and_a_video_of_another_name_is_told_by_its_content(
    tools: Tools, bundle: Path, film: Path, tmp_path: Path
) -> None:
    from PIL import Image

    album = tmp_path / "album"
    album.mkdir()
    film.rename(album / "a.jpg")
    Image.fromarray(picture((10, 40, RED))).save(album / "b.png")
    Image.fromarray(picture((10, 40, GREEN))).save(album / "c.png")
    (album / "c.png").rename(album / "c.mp4")
    report = recognise(tools, bundle, album)
    assert [Path(photo.path).name for photo in report.photos] == ["b.png", "c.mp4", "a.jpg"]
    assert [photo.duration_s is None for photo in report.photos] == [True, True, False]


def test_damaged_videos_are_results_with_a_reason(
    tools: Tools, bundle: Path, tmp_path: Path
) -> None:
    (tmp_path / "empty.mp4").touch()
    (tmp_path / "head.mp4").write_bytes(b"\0\0\0\x18ftypisom" + bytes(600))
    (tmp_path / "noise.mp4").write_bytes(b"noise" * 200)
    damaged = [tmp_path / f"{name}.mp4" for name in ("empty", "head", "noise")]
    report = recognise(tools, bundle, *damaged)
    assert len(report.photos) == 3
    told = {Path(photo.path).stem: photo.error for photo in report.photos}
    assert "is empty" in (told["empty"] or "")
    for name in ("head", "noise"):
        assert "can be played" in (told[name] or "")


def test_stop_keeps_who_was_seen_by_then(tools: Tools, bundle: Path, film: Path) -> None:
    control = RecordingControl(stop_when=lambda control: len(control.progress) >= 5)
    report = recognise(tools, bundle, film, control=control)
    assert report.stopped
    assert [name for name, *_ in told(report.photos[0])] == ["Ruth"]


def test_a_face_of_a_single_frame_is_a_false_find(
    tools: Tools, bundle: Path, tmp_path: Path
) -> None:
    frames = [picture() for _ in range(16)]
    frames[4] = picture((10, 40, RED))
    (video,) = recognise(tools, bundle, write_avi(tmp_path / "blink.avi", frames, FPS)).photos
    assert video.faces == ()


def test_a_face_that_stays_is_asked_about_a_bounded_number_of_times(tmp_path: Path) -> None:
    from facegui.domain.training import Preprocessing
    from facegui.services.recognising.video_files import MOST_VIEWS, video_faces
    from tests.fakes.faces import SquareFinder

    frames = [picture((10, 40, RED)) for _ in range(80)]
    path = write_avi(tmp_path / "long.avi", frames, 2.0)
    wanted = Preprocessing("embedding", 0, 0.0)
    found = video_faces(path, SquareFinder(), wanted, lambda _now, _all: True)
    (face,) = found.faces
    assert len(face.moments) == 80
    assert MOST_VIEWS / 2 <= len(face.views) == len(found.inputs) <= MOST_VIEWS
    assert face.views[0] is face.moments[0]
    assert face.views[-1].time_s > 35  # to the end, not only the beginning


class TestFrames:
    @pytest.fixture
    def ramp(self, tmp_path: Path) -> Path:
        frames = [np.full((48, 64, 3), 4 * n, np.uint8) for n in range(60)]
        return write_avi(tmp_path / "ramp.avi", frames, 10.0)

    @pytest.mark.parametrize("number", [0, 3, 25, 59])
    def test_the_frame_of_a_time(self, ramp: Path, number: int) -> None:
        assert frame_at(ramp, number / 10).mean() == pytest.approx(4 * number, abs=2)

    def test_reduced_for_a_view(self, ramp: Path) -> None:
        assert load_picture(ramp, 32, 2.0).shape == (24, 32, 3)

    def test_after_its_end(self, ramp: Path) -> None:
        with pytest.raises(ImageError, match="ends before"):
            frame_at(ramp, 99.0)

    def test_of_something_else(self, tmp_path: Path) -> None:
        (tmp_path / "a.avi").write_text("no video")
        with pytest.raises(OwnerError):
            frame_at(tmp_path / "a.avi", 0.0)


def test_content_tells_a_video(film: Path, tmp_path: Path) -> None:
    heic = tmp_path / "photo.heic"
    heic.write_bytes(b"\0\0\0\x18ftypheic" + bytes(100))
    assert is_video(film)
    assert looks_like_video(film)
    assert not is_video(heic)
    assert not is_video(tmp_path)
    assert not is_video(tmp_path / "gone.mp4")
