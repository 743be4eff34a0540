"""Importing lists into a library: who is named, what the owner said stays, what is told."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from facegui.domain.control import NullControl, Stop
from facegui.domain.entities import PhotoStatus
from facegui.domain.errors import Cancelled, OwnerError
from facegui.services.collecting.manifests import (
    ManifestReport,
    ManifestRequest,
    import_manifest,
    is_manifest,
    read_manifest,
)
from facegui.services.collecting.photos import ImportRequest, import_photos
from facegui.services.libraries import Library, create_library
from tests.fakes.control import RecordingControl
from tests.fakes.square_library import scan_squares, write_square


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    for number in (1, 2):
        write_square(tmp_path / "photos" / f"{number}.png", "Ann")
    write_square(tmp_path / "photos" / "both.png", "Ann", "Bob")
    return tmp_path / "photos"


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with create_library(tmp_path / "Mine.facegui") as made:
        yield made


def load(library: Library, *paths: Path) -> ManifestReport:
    return import_manifest(library, ManifestRequest(paths), NullControl())


def listing(folder: Path, text: str, name: str = "list.csv") -> Path:
    (folder / name).write_text(text, encoding="utf-8")
    return folder / name


def coco_of_both(folder: Path, name: str = "faces.json") -> Path:
    content = {
        "images": [{"id": 1, "file_name": "both.png"}],
        "categories": [{"id": 1, "name": "Bob"}],
        "annotations": [{"id": 1, "image_id": 1, "category_id": 1, "bbox": [85, 12, 50, 55]}],
    }
    return listing(folder, json.dumps(content), name)


def names(library: Library) -> dict[str, list[str | None]]:
    """The names of each photo's faces, left to right."""
    people = {person.id: person.name for person in library.people()}
    return {
        Path(photo.path).name: [
            people.get(face.person_id or 0)
            for face in sorted(
                library.faces_of_photos([photo.id])[photo.id], key=lambda face: face.box.x1
            )
        ]
        for photo in library.photos(library.photo_ids())
    }


def test_a_csv_names_whole_photos(library: Library, photos: Path) -> None:
    report = load(library, listing(photos, "path,name,label\n1.png,Zoë,0\n2.png,김,1\n"))
    assert (len(report.added_ids), report.known, report.problems) == (2, 0, ())
    scan_squares(library)
    assert names(library) == {"1.png": ["Zoë"], "2.png": ["김"]}


def test_boxes_name_one_of_several_faces(library: Library, photos: Path) -> None:
    report = load(library, coco_of_both(photos))
    assert report.faces == 1
    scan_squares(library)
    assert names(library) == {"both.png": [None, "Bob"]}


def test_a_list_brings_news_of_photos_that_are_known(library: Library, photos: Path) -> None:
    import_photos(library, ImportRequest((photos / "both.png",)), NullControl())
    scan_squares(library)
    report = load(library, coco_of_both(photos))
    assert (report.added_ids, report.known) == ((), 1)
    assert library.photos(library.photo_ids())[0].status is PhotoStatus.PENDING
    scan_squares(library)
    assert names(library) == {"both.png": [None, "Bob"]}
    load(library, coco_of_both(photos))  # no news this time
    assert library.photos(library.photo_ids())[0].status is PhotoStatus.OK


def test_what_the_owner_said_stays(library: Library, photos: Path) -> None:
    import_photos(library, ImportRequest((photos / "both.png",)), NullControl())
    scan_squares(library)
    right = max(library.faces(library.face_ids()), key=lambda face: face.box.x1)
    library.assign([right.id], "Robert")
    load(library, coco_of_both(photos))
    scan_squares(library)
    assert names(library) == {"both.png": [None, "Robert"]}


def test_many_lists_and_a_folder_of_labelme_files(library: Library, photos: Path) -> None:
    folder = photos / "labels"
    folder.mkdir()
    for number in (1, 2):
        shape = {"label": f"P{number}", "shape_type": "rectangle", "points": [[20, 20], [60, 60]]}
        content = {"shapes": [shape], "imagePath": f"../{number}.png"}
        listing(folder, json.dumps(content), f"{number}.json")
    report = load(library, folder, coco_of_both(photos))
    assert (len(report.added_ids), report.faces) == (3, 3)
    scan_squares(library)
    assert names(library) == {"1.png": ["P1"], "2.png": ["P2"], "both.png": [None, "Bob"]}


def test_json_is_known_by_content_too(library: Library, photos: Path) -> None:
    assert load(library, coco_of_both(photos, "faces.txt")).faces == 1


def test_reading_alone_changes_nothing(library: Library, photos: Path) -> None:
    found = read_manifest(ManifestRequest((coco_of_both(photos),)), NullControl())
    assert len(found.photos) == 1
    assert library.counts().photos == 0


def test_no_list_is_refused_by_name(library: Library, photos: Path, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    for path, why in (
        (tmp_path / "gone.csv", r"gone\.csv cannot be read"),
        (tmp_path / "empty", r"There is no list in .*empty"),
        (listing(photos, "{}", "x.json"), r"x\.json is neither"),
    ):
        with pytest.raises(OwnerError, match=why):
            load(library, path)


def test_a_list_that_is_too_large_or_no_file_is_refused(
    library: Library, photos: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = listing(photos, "1.png,Ann\n")
    monkeypatch.setattr("facegui.collect.manifest.MAX_BYTES", 5)
    with pytest.raises(OwnerError, match="is larger than"):
        load(library, path)
    import os

    os.mkfifo(photos / "pipe.csv")
    with pytest.raises(OwnerError, match="is not a file"):
        load(library, photos / "pipe.csv")


def test_stop_keeps_what_is_added(
    library: Library, photos: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("facegui.services.collecting.manifests._BATCH", 1)
    control = RecordingControl(lambda heard: Stop.KEEP if heard.partials else Stop.NO)
    request = ManifestRequest((listing(photos, "1.png,Ann\n2.png,Ann\n"),))
    report = import_manifest(library, request, control)
    assert (len(report.added_ids), report.stopped) == (1, True)
    assert library.counts().photos == 1


def test_stopped_while_reading_nothing_is_added(library: Library, photos: Path) -> None:
    request = ManifestRequest((listing(photos, "1.png,Ann\n"),))
    with pytest.raises(Cancelled):
        import_manifest(library, request, RecordingControl(lambda _: Stop.KEEP))
    assert library.counts().photos == 0


@pytest.mark.parametrize(
    ("name", "is_list"), [("a.csv", True), ("a.JSON", True), ("a.jpg", False), ("a", False)]
)
def test_lists_are_known_by_their_names(name: str, is_list: bool) -> None:
    assert is_manifest(Path(name)) is is_list
