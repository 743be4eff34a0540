"""Films of real people through the real models: tracks, different sharp frames, right names."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations
from pathlib import Path

import pytest

from facegui.__main__ import make_tools
from facegui.domain.control import NullControl
from facegui.domain.entities import FaceState, RgbImage
from facegui.domain.ports import ModelStore
from facegui.domain.queries import FaceFilter
from facegui.imaging.decode import decode
from facegui.services.collecting import webcam
from facegui.services.collecting.shots import difference
from facegui.services.collecting.video import (
    SAME_PERSON_COSINE,
    VideoFindings,
    VideoRequest,
    find_tracks,
)
from facegui.services.collecting.video_take import TakeRequest, take_tracks
from facegui.services.collecting.webcam import CaptureSession, Photo, capture
from facegui.services.libraries import Library, create_library
from facegui.services.scanning.scan import ScanRequest, scan
from facegui.services.tools import Tools
from tests.fakes.control import RecordingControl
from tests.fakes.films import FPS, blurred, placed, portrait, turning
from tests.fakes.videos import write_avi

pytestmark = [pytest.mark.photos, pytest.mark.models]

LEFT, RIGHT = (20, 60), (340, 60)


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with create_library(tmp_path / "films.facegui") as made:
        yield made


@pytest.fixture
def tools(models: ModelStore) -> Iterator[Tools]:
    made = make_tools()
    yield made
    made.close()


def sitter(photos: Path, number: int, hold: int = 3) -> list[RgbImage]:
    """Somebody of the ORL faces who turns through ten poses."""
    files = sorted((photos / "orl40" / f"s{number}").iterdir())
    return list(turning([portrait(decode(file).image) for file in files], hold))


def look(library: Library, tools: Tools, path: Path, frames: Sequence[RgbImage]) -> VideoFindings:
    video = write_avi(path, frames, FPS)
    return find_tracks(library, tools, VideoRequest(video), NullControl())


def test_two_people_give_two_tracks_of_sharp_different_frames_and_their_names_hold(
    library: Library, tools: Tools, photos: Path, tmp_path: Path
) -> None:
    pairs = zip(sitter(photos, 1), sitter(photos, 13), strict=True)
    frames = [placed((one, *LEFT), (other, *RIGHT)) for one, other in pairs]
    found = look(library, tools, tmp_path / "two.avi", frames)
    assert len(found.tracks) == 2
    for track in found.tracks:
        assert track.frames >= 18
        assert 3 <= len(track.shots) <= 10
        assert all(shot.sharpness >= library.limits().min_sharpness for shot in track.shots)
        assert all(difference(one, other) >= 1 for one, other in combinations(track.shots, 2))
    left = {track.number: track.shots[0].box.x1 < 320 for track in found.tracks}
    names = {number: "Left" if is_left else "Right" for number, is_left in left.items()}
    taken = take_tracks(library, TakeRequest(found, names), NullControl())
    scan(library, tools, ScanRequest(), NullControl())
    people = {person.id: person.name for person in library.people()}
    assert set(people.values()) == {"Left", "Right"}
    named = library.faces(library.face_ids(FaceFilter(named=True)))
    assert len(named) >= len(taken.added_ids)
    for face in named:
        assert face.picked
        assert people[face.person_id or 0] == ("Left" if face.box.centre[0] < 320 else "Right")
    kept = [face for face in named if face.state is FaceState.KEPT]
    assert len(kept) >= 0.6 * len(named)


def test_cuts_start_new_tracks_and_misses_do_not(
    library: Library, tools: Tools, photos: Path, tmp_path: Path
) -> None:
    first = [placed((face, *LEFT)) for face in sitter(photos, 1)[:25]]
    first[12:18] = [placed((blurred(sitter(photos, 1)[0], 25), *LEFT))] * 6
    second = [placed((face, *LEFT)) for face in sitter(photos, 13)[:25]]
    found = look(library, tools, tmp_path / "cut.avi", first + second)
    assert len(found.tracks) == 2
    one, other = found.tracks
    assert one.last_s < 2.5 <= other.first_s
    assert one.last_s > 1.8  # beyond the miss
    assert float(one.embedding @ other.embedding) < SAME_PERSON_COSINE


def test_somebody_who_comes_back_looks_like_the_same_person(
    library: Library, tools: Tools, photos: Path, tmp_path: Path
) -> None:
    there = [placed((face, *LEFT)) for face in sitter(photos, 1)[:15]]
    found = look(library, tools, tmp_path / "back.avi", [*there, *[placed()] * 20, *there])
    one, other = found.tracks
    assert float(one.embedding @ other.embedding) >= SAME_PERSON_COSINE


def test_nothing_is_taken_while_a_film_is_out_of_focus(
    library: Library, tools: Tools, photos: Path, tmp_path: Path
) -> None:
    frames = [placed((face, *LEFT)) for face in sitter(photos, 1)]
    frames[20:35] = [placed((blurred(face, 7), *LEFT)) for face in sitter(photos, 1)[20:35]]
    [track] = look(library, tools, tmp_path / "soft.avi", frames).tracks
    assert len(track.shots) >= 3
    assert not any(1.95 < shot.time_s < 3.45 for shot in track.shots)


def test_the_coach_takes_a_turning_sitter_by_itself(
    library: Library, tools: Tools, photos: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(webcam, "BURST_S", 0.0)
    frames = [placed((face, 150, 60)) for face in sitter(photos, 1, hold=12)]
    video = write_avi(tmp_path / "sitter.avi", frames, FPS)
    control = RecordingControl()
    report = capture(tools, str(video), CaptureSession(library, "Ann"), lambda _: None, control)
    assert report.ended is not None
    taken = [value for value in control.partials if isinstance(value, Photo)]
    assert len(taken) == len(report.added_ids) >= 3
    assert len({photo.place for photo in taken}) >= 3
    scan(library, tools, ScanRequest(), NullControl())
    faces = library.faces(library.face_ids(FaceFilter(named=True)))
    assert len(faces) == len(taken)
    assert all(face.state is FaceState.KEPT for face in faces)
