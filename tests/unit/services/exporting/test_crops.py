"""Exporting: the classic lists and crops, safe names, and never over something of the owner's."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from PIL import Image

from facegui.domain.control import NullControl, Stop
from facegui.domain.errors import Cancelled, OwnerError
from facegui.services.exporting.crops import ExportReport, ExportRequest, export_dataset
from tests.fakes.control import RecordingControl
from tests.fakes.training_library import FakeLibrary

AWKWARD = ("../../x", "a/b", "=cmd()", "Zoë, “Z”", "zoë, “z”", "CON", "김", "x" * 300, "..")


@pytest.fixture
def library(tmp_path: Path) -> FakeLibrary:
    library = FakeLibrary(tmp_path / "library")
    library.add("Ada", 10, folder=tmp_path / "photos")
    library.add("Bob", 10, folder=tmp_path / "photos")
    library.write_photos()
    return library


def export(library: FakeLibrary, out: Path) -> ExportReport:
    return export_dataset(library, ExportRequest(out), NullControl())


def rows(listing: Path) -> list[list[str]]:
    with listing.open(newline="", encoding="utf-8") as file:
        return list(csv.reader(file))


def test_crops_and_lists(library: FakeLibrary, tmp_path: Path) -> None:
    out = tmp_path / "deep" / "out"
    report = export(library, out)
    assert (report.train, report.validation, report.skipped) == (14, 6, ())
    assert sorted(path.name for path in out.iterdir()) == [
        "training",
        "training_file.txt",
        "validate",
        "validate_file.txt",
    ]
    for folder, listing, count in (
        ("training", "training_file.txt", 14),
        ("validate", "validate_file.txt", 6),
    ):
        listed = rows(out / listing)
        assert len(listed) == count
        assert {Path(row[0]) for row in listed} == set((out / folder).iterdir())
        assert {(name, number) for _, name, number in listed} == {("Ada", "0"), ("Bob", "1")}


def test_crops_are_96_pixels_without_any_metadata(library: FakeLibrary, tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x010E] = "a secret"
    exif[0x8825] = {1: "N", 2: (52.0, 30.0, 0.0)}
    library.change_photo(1, path=str(tmp_path / "photos" / "with exif.jpg"), sha256=None)
    Image.new("RGB", (112, 112), "red").save(tmp_path / "photos" / "with exif.jpg", exif=exif)
    export(library, tmp_path / "out")
    crops = list((tmp_path / "out").rglob("*.jpg"))
    assert len(crops) == 20
    for path in crops:
        with Image.open(path) as crop:
            assert crop.size == (96, 96)
            assert not crop.getexif()
            assert set(crop.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


def test_awkward_names_stay_inside_and_apart(tmp_path: Path) -> None:
    library = FakeLibrary(tmp_path / "library")
    for name in AWKWARD:
        library.add(name, 2, folder=tmp_path / "photos")
    library.write_photos()
    out = tmp_path / "out"
    export(library, out)
    listed = rows(out / "training_file.txt") + rows(out / "validate_file.txt")
    files = [Path(row[0]) for row in listed]
    assert len(set(files)) == len({str(path).casefold() for path in files}) == 18
    assert all(path.resolve().is_relative_to(out.resolve()) and path.is_file() for path in files)
    told = {row[1] for row in listed}
    assert told == {f"'{name}" if name == "=cmd()" else name for name in AWKWARD}
    assert {int(row[2]) for row in listed} == set(range(len(AWKWARD)))


def test_an_earlier_export_is_replaced(library: FakeLibrary, tmp_path: Path) -> None:
    out = tmp_path / "out"
    export(library, out)
    library.add("Eve", 4, folder=tmp_path / "photos")
    library.write_photos()
    report = export(library, out)
    assert report.people == ("Ada", "Bob", "Eve")
    assert len(list(out.rglob("*.jpg"))) == 24
    assert {path.name for path in tmp_path.iterdir()} == {"photos", "out"}


def foreign_file(out: Path) -> Path:
    return out / "notes.txt"


def foreign_crop(out: Path) -> Path:
    return out / "training" / "mine.jpg"


@pytest.mark.parametrize("place", [foreign_file, foreign_crop])
def test_what_is_not_ours_is_not_touched(
    library: FakeLibrary, tmp_path: Path, place: object
) -> None:
    out = tmp_path / "out"
    export(library, out)
    mine = place(out)
    mine.write_text("mine")
    before = sorted(out.rglob("*"))
    with pytest.raises(OwnerError, match="not empty") as caught:
        export(library, out)
    assert "new folder" in caught.value.remedy
    assert mine.read_text() == "mine"
    assert sorted(out.rglob("*")) == before


def test_a_file_in_the_way(library: FakeLibrary, tmp_path: Path) -> None:
    (tmp_path / "out").write_text("a file")
    with pytest.raises(OwnerError):
        export(library, tmp_path / "out")


def test_an_empty_folder_is_welcome(library: FakeLibrary, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    assert export(library, tmp_path / "out").train == 14


def test_unreadable_photos_are_passed_over_and_told(library: FakeLibrary, tmp_path: Path) -> None:
    (tmp_path / "photos" / "3.png").unlink()
    report = export(library, tmp_path / "out")
    assert report.train + report.validation == 19
    assert [error.path.name for error in report.skipped] == ["3.png"]


def test_stopping_leaves_nothing(library: FakeLibrary, tmp_path: Path) -> None:
    control = RecordingControl(lambda seen: Stop.KEEP if seen.progress else Stop.NO)
    with pytest.raises(Cancelled):
        export_dataset(library, ExportRequest(tmp_path / "out"), control)
    assert {path.name for path in tmp_path.iterdir()} == {"photos"}
