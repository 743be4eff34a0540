"""A folder for each person: copies byte for byte, crops without secrets, names that are safe."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from facegui.domain.control import NullControl, Stop
from facegui.domain.errors import Cancelled, OwnerError
from facegui.services.exporting.folders import CROP, FoldersRequest, export_folders
from facegui.services.exporting.selection import Exported
from facegui.services.libraries import Library
from tests.fakes.control import RecordingControl
from tests.fakes.square_library import COLOURS, square_library


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with square_library(tmp_path) as made:
        yield made


def export(library: Library, out: Path, *, crops: bool = False) -> Exported:
    return export_folders(library, FoldersRequest(out, crops), NullControl())


def tree(folder: Path) -> list[str]:
    found = (path for path in folder.rglob("*") if path.is_file())
    return sorted(path.relative_to(folder).as_posix() for path in found)


def digests(folder: Path) -> dict[str, str]:
    return {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in tree(folder)}


def test_copies_are_the_same_bytes_and_originals_stay(library: Library, tmp_path: Path) -> None:
    before = digests(tmp_path / "photos")
    report = export(library, tmp_path / "out")
    assert tree(tmp_path / "out") == [
        "Ann/1.png",
        "Ann/2.png",
        "Ann/both.png",
        "Bob/1.png",
        "Bob/2.png",
        "Bob/both.png",
    ]
    copies = digests(tmp_path / "out")
    assert copies["Ann/1.png"] == before["Ann/1.png"]
    assert copies["Bob/both.png"] == before["Group/both.png"]
    assert digests(tmp_path / "photos") == before
    assert (report.photos, report.faces["Ann"], report.skipped) == (5, 3, ())


def test_crops_show_the_face_and_no_metadata(library: Library, tmp_path: Path) -> None:
    export(library, tmp_path / "out", crops=True)
    assert tree(tmp_path / "out")[2] == "Ann/both.jpg"
    for person, colour in COLOURS.items():
        if person == "Cid":
            continue
        data = (tmp_path / "out" / person / "both.jpg").read_bytes()
        assert b"secret" not in data
        with Image.open(tmp_path / "out" / person / "both.jpg") as crop:
            assert crop.size == (CROP.size_px, CROP.size_px)
            assert not crop.getexif()
            middle = crop.getpixel((CROP.size_px // 2, CROP.size_px // 2))
        assert middle == pytest.approx(colour, abs=12)


@pytest.mark.parametrize(
    ("name", "folder"),
    [("../../x", "_.._x"), ("CON", "_CON"), ("a/b", "a_b"), ("Zoë.", "Zoë"), ("..", "unnamed")],
)
@pytest.mark.parametrize("crops", [True, False])
def test_awkward_people_stay_inside(
    library: Library, tmp_path: Path, name: str, folder: str, crops: bool
) -> None:
    library.rename_person(library.people()[0].id, name)
    out = tmp_path / "out"
    export(library, out, crops=crops)
    assert len(tree(out)) == 6
    assert {path.name for path in out.iterdir()} == {folder, "Bob"}


def test_people_that_differ_in_case_only_get_folders_of_their_own(
    library: Library, tmp_path: Path
) -> None:
    library.rename_person(library.people()[0].id, "BOB")
    export(library, tmp_path / "out")
    assert {path.name for path in (tmp_path / "out").iterdir()} == {"BOB", "Bob (2)"}


def test_photos_of_one_name_do_not_overwrite_each_other(library: Library, tmp_path: Path) -> None:
    bobs = [n for n in (3, 4) for _ in library.photos([n])]
    faces = [face.id for number in bobs for face in library.faces_of_photos([number])[number]]
    library.assign(faces, "Ann")
    export(library, tmp_path / "out")
    assert [name for name in tree(tmp_path / "out") if name.startswith("Ann/")] == [
        "Ann/1 (2).png",
        "Ann/1.png",
        "Ann/2 (2).png",
        "Ann/2.png",
        "Ann/both.png",
    ]


@pytest.mark.parametrize("crops", [True, False])
def test_a_photo_that_has_gone_is_told_and_the_rest_comes(
    library: Library, tmp_path: Path, crops: bool
) -> None:
    (tmp_path / "photos" / "Ann" / "1.png").unlink()
    report = export(library, tmp_path / "out", crops=crops)
    assert [error.path.name for error in report.skipped] == ["1.png"]
    assert (report.photos, report.faces["Ann"]) == (4, 2)
    assert len(tree(tmp_path / "out")) == 5


def test_a_folder_of_the_owners_is_refused(library: Library, tmp_path: Path) -> None:
    with pytest.raises(OwnerError, match="is not empty"):
        export(library, tmp_path / "photos")
    assert len(tree(tmp_path / "photos")) == 5


@pytest.mark.parametrize("crops", [True, False])
def test_stopped_nothing_is_left(library: Library, tmp_path: Path, crops: bool) -> None:
    before = set(tmp_path.iterdir())
    control = RecordingControl(lambda _: Stop.KEEP)
    with pytest.raises(Cancelled):
        export_folders(library, FoldersRequest(tmp_path / "out", crops), control)
    assert set(tmp_path.iterdir()) == before
