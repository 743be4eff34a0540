"""Recognised files sorted into folders: copies only, names that are safe, nothing replaced."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from facegui.domain.control import NullControl, Stop
from facegui.domain.errors import StorageFault
from facegui.domain.recognition import RecognisedFace, RecognisedPhoto
from facegui.services.recognising.sorting import (
    Several,
    SortReport,
    SortRequest,
    sort_into_folders,
)
from tests.fakes.control import RecordingControl
from tests.fakes.recognised import face, photo, unreadable

ANN, BOB, STRANGER = face("Ann"), face("Bob", "Bob"), face(None)


@pytest.fixture
def album(tmp_path: Path) -> Path:
    folder = tmp_path / "album"
    folder.mkdir()
    return folder


def saved(
    folder: Path, name: str, *faces: RecognisedFace, content: bytes | None = None
) -> RecognisedPhoto:
    folder.mkdir(exist_ok=True)
    (folder / name).write_bytes(name.encode() if content is None else content)
    os.utime(folder / name, (1e9, 1e9))
    return photo(name, *faces, folder=str(folder))


def sort(photos: list[RecognisedPhoto], out: Path, several: Several = Several.EACH) -> SortReport:
    return sort_into_folders(SortRequest(photos, out, several), NullControl())


def tree(folder: Path) -> list[str]:
    return sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file())


def test_everybody_gets_a_folder(album: Path, tmp_path: Path) -> None:
    photos = [
        saved(album, "ann.jpg", ANN),
        saved(album, "ann and somebody.jpg", ANN, STRANGER),
        saved(album, "both.jpg", ANN, BOB),
        saved(album, "crowd.jpg", STRANGER),
        saved(album, "sky.jpg"),
        unreadable("broken.jpg"),
    ]
    before = {name: (album / name).read_bytes() for name in tree(album)}
    report = sort(photos, tmp_path / "out")
    assert tree(tmp_path / "out") == [
        "Ann/ann and somebody.jpg",
        "Ann/ann.jpg",
        "Ann/both.jpg",
        "Bob/both.jpg",
        "No face/sky.jpg",
        "Unknown/crowd.jpg",
    ]
    assert report.copied == {"Ann": 3, "Bob": 1, "Unknown": 1, "No face": 1}
    assert report.failed == (("/album/broken.jpg", "half a photo"),)
    assert {name: (album / name).read_bytes() for name in tree(album)} == before
    assert (tmp_path / "out/Ann/ann.jpg").stat().st_mtime == 1e9


def test_several_people_may_have_a_folder_of_their_own(album: Path, tmp_path: Path) -> None:
    photos = [saved(album, "both.jpg", ANN, BOB), saved(album, "twice.jpg", ANN, ANN)]
    sort(photos, tmp_path / "out", Several.APART)
    assert tree(tmp_path / "out") == ["Ann/twice.jpg", "Several people/both.jpg"]


def test_the_same_name_out_of_two_folders_gets_a_number(album: Path, tmp_path: Path) -> None:
    photos = [
        saved(album, "1.jpg", ANN, content=b"one"),
        saved(tmp_path / "other", "1.jpg", ANN, content=b"two"),
        saved(tmp_path / "third", "1.jpg", ANN, content=b"one"),
    ]
    for _ in range(2):  # the second time all is there
        report = sort(photos, tmp_path / "out")
        files = {name: (tmp_path / "out" / name).read_bytes() for name in tree(tmp_path / "out")}
        assert files == {"Ann/1.jpg": b"one", "Ann/1 (2).jpg": b"two", "Ann/1 (3).jpg": b"one"}
    assert (report.copied.total(), report.present) == (0, 3)


def test_what_lies_there_is_never_replaced(album: Path, tmp_path: Path) -> None:
    (tmp_path / "out/Ann").mkdir(parents=True)
    (tmp_path / "out/Ann/a.jpg").write_text("mine, and longer")
    sort([saved(album, "a.jpg", ANN)], tmp_path / "out")
    assert (tmp_path / "out/Ann/a.jpg").read_text() == "mine, and longer"
    assert (tmp_path / "out/Ann/a (2).jpg").read_bytes() == b"a.jpg"


def test_bytes_decide_where_times_differ(album: Path, tmp_path: Path) -> None:
    one = saved(album, "a.jpg", ANN)
    sort([one], tmp_path / "out")
    os.utime(tmp_path / "out/Ann/a.jpg")
    assert sort([one], tmp_path / "out").present == 1
    assert tree(tmp_path / "out") == ["Ann/a.jpg"]


def test_stopped_it_goes_on_another_time(album: Path, tmp_path: Path) -> None:
    photos = [saved(album, f"{n}.jpg", ANN) for n in range(6)]
    control = RecordingControl(stop_when=lambda control: len(control.progress) > 3)
    stopped = sort_into_folders(SortRequest(photos, tmp_path / "out"), control)
    assert stopped.stopped
    assert stopped.copied == {"Ann": 3} == {"Ann": len(tree(tmp_path / "out"))}
    report = sort(photos, tmp_path / "out")
    assert (report.copied["Ann"], report.present, report.stopped) == (3, 3, False)


def test_stopped_in_the_middle_of_a_large_file_it_leaves_no_part(
    album: Path, tmp_path: Path
) -> None:
    large = saved(album, "film.avi", ANN, content=bytes(5 * 2**20))
    asked = 0

    def stop(_control: RecordingControl) -> Stop:
        nonlocal asked
        asked += 1
        return Stop.KEEP if asked > 3 else Stop.NO

    request = SortRequest([large], tmp_path / "out")
    report = sort_into_folders(request, RecordingControl(stop_when=stop))
    assert report.stopped
    assert (report.copied.total(), report.present) == (0, 0)
    assert tree(tmp_path / "out") == []


@pytest.mark.parametrize(
    ("name", "folder"),
    [
        *(("../../x", "_.._x"), ("CON", "_CON"), ("a/b", "a_b"), ("..", "unnamed")),
        ("Unknown", "Unknown (2)"),
        ("no face", "no face (2)"),
    ],
)
def test_awkward_people_stay_inside(album: Path, tmp_path: Path, name: str, folder: str) -> None:
    sort([saved(album, "a.jpg", face(name, name))], tmp_path / "out")
    assert tree(tmp_path) == sorted(["album/a.jpg", f"out/{folder}/a.jpg"])


def test_people_whose_names_differ_in_case_only_have_two_folders(
    album: Path, tmp_path: Path
) -> None:
    sort([saved(album, "a.jpg", face("ann", "ann"), ANN)], tmp_path / "out")
    assert tree(tmp_path / "out") == ["Ann/a.jpg", "ann (2)/a.jpg"]


def test_a_file_that_has_gone_is_told(album: Path, tmp_path: Path) -> None:
    one, other = saved(album, "a.jpg", ANN), saved(album, "b.jpg", ANN)
    Path(one.path).unlink()
    report = sort([one, other], tmp_path / "out")
    assert [path for path, _ in report.failed] == [one.path]
    assert tree(tmp_path / "out") == ["Ann/b.jpg"]


def test_a_place_that_cannot_be_written_is_told(album: Path, tmp_path: Path) -> None:
    (tmp_path / "out").write_text("a file")
    with pytest.raises(StorageFault):
        sort([saved(album, "a.jpg", ANN)], tmp_path / "out")
