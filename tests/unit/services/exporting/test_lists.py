"""Lists for other programs: what they hold, that they read back the same, that nothing is lost."""

from __future__ import annotations

import csv
import json
import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from facegui.domain.control import NullControl, Stop
from facegui.domain.entities import Decision, Face
from facegui.domain.errors import Cancelled, OwnerError, StorageFault
from facegui.domain.queries import FaceFilter
from facegui.services.collecting.manifests import ManifestRequest, import_manifest
from facegui.services.exporting.lists import export_coco, export_csv, export_labelme
from facegui.services.libraries import Library, create_library
from tests.fakes.control import RecordingControl
from tests.fakes.square_library import scan_squares, square_library

HERE = NullControl()
Named = dict[tuple[str, int], str | None]


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with square_library(tmp_path) as made:
        yield made


def coco(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path.read_bytes())
    return found


def named(library: Library) -> Named:
    """Each face by photo and left edge, with its name."""
    names = {person.id: person.name for person in library.people()}
    photos = {photo.id: photo for photo in library.photos(library.photo_ids())}
    return {
        (photos[face.photo_id].path, round(face.box.x1)): names.get(face.person_id or 0)
        for face in library.faces(library.face_ids())
    }


def reimported(library: Library, tmp_path: Path, listing: Path) -> Library:
    fresh = create_library(tmp_path / "Fresh.facegui")
    report = import_manifest(fresh, ManifestRequest((listing,)), HERE)
    assert report.problems == ()
    scan_squares(fresh)
    return fresh


def test_csv_is_the_classic_list(library: Library, tmp_path: Path) -> None:
    out = tmp_path / "faces.csv"
    report = export_csv(library, out, HERE)
    with out.open(newline="", encoding="utf-8") as file:
        rows = list(csv.reader(file))
    assert rows == [
        ["path", "name", "label"],
        ["photos/Ann/1.png", "Ann", "0"],
        ["photos/Ann/2.png", "Ann", "0"],
        ["photos/Bob/1.png", "Bob", "1"],
        ["photos/Bob/2.png", "Bob", "1"],
        ["photos/Group/both.png", "Ann", "0"],
        ["photos/Group/both.png", "Bob", "1"],
    ]
    assert (report.photos, report.faces) == (5, Counter(Ann=3, Bob=3))


def test_paths_are_absolute_where_the_photos_lie_elsewhere(
    library: Library, tmp_path: Path
) -> None:
    out = tmp_path / "elsewhere" / "faces.csv"
    export_csv(library, out, HERE)
    assert str(tmp_path / "photos" / "Ann" / "1.png") in out.read_text()


def test_csv_reads_back_for_everybody_alone_on_a_photo(library: Library, tmp_path: Path) -> None:
    out = tmp_path / "faces.csv"
    export_csv(library, out, HERE)
    with create_library(tmp_path / "Fresh.facegui") as fresh:
        report = import_manifest(fresh, ManifestRequest((out,)), HERE)
        scan_squares(fresh)
        assert [problem.place for problem in report.problems] == ["faces.csv, line 7"]
        alone = {key: name for key, name in named(library).items() if "Group" not in key[0]}
        assert {key: named(fresh)[key] for key in alone} == alone


@pytest.mark.parametrize("kind", ["coco", "labelme"])
def test_boxes_and_names_read_back_the_same(library: Library, tmp_path: Path, kind: str) -> None:
    out = tmp_path / ("faces.json" if kind == "coco" else "labelme")
    if kind == "coco":
        export_coco(library, out, HERE, everything=False)
    else:
        export_labelme(library, out, HERE)
    with reimported(library, tmp_path, out) as fresh:
        assert named(fresh) == named(library)
        assert len(named(fresh)) == 6
        assert all(face.picked for face in fresh.faces(fresh.face_ids()))


def test_a_list_can_move_together_with_its_photos(library: Library, tmp_path: Path) -> None:
    export_coco(library, tmp_path / "photos" / "faces.json", HERE, everything=False)
    moved = Path(shutil.move(tmp_path / "photos", tmp_path / "moved"))
    with create_library(tmp_path / "Fresh.facegui") as fresh:
        report = import_manifest(fresh, ManifestRequest((moved / "faces.json",)), HERE)
    assert (len(report.added_ids), report.faces, report.problems) == (5, 6, ())


def test_coco_holds_what_its_format_asks_for(library: Library, tmp_path: Path) -> None:
    out = tmp_path / "faces.json"
    export_coco(library, out, HERE, everything=False)
    content = coco(out)
    images = {image["id"]: image for image in content["images"]}
    categories = {category["id"]: category for category in content["categories"]}
    assert [category["name"] for category in content["categories"]] == ["face", "Ann", "Bob"]
    assert len({annotation["id"] for annotation in content["annotations"]}) == 6
    for annotation in content["annotations"]:
        image = images[annotation["image_id"]]
        left, top, width, height = annotation["bbox"]
        assert left >= 0
        assert top >= 0
        assert left + width <= image["width"]
        assert top + height <= image["height"]
        assert annotation["area"] == pytest.approx(width * height, abs=0.1)
        keypoints = categories[annotation["category_id"]]["keypoints"]
        assert len(annotation["keypoints"]) == 3 * len(keypoints) == 15
        assert annotation["num_keypoints"] == 5
        assert annotation["iscrowd"] == 0
        assert annotation["attributes"]["state"] == "kept"
        assert {"score", "roll", "pan", "tilt"} <= annotation["attributes"].keys()


def first_face(library: Library) -> Face:
    return library.faces(library.face_ids())[0]


def test_faces_that_are_not_kept_come_only_when_asked_for(library: Library, tmp_path: Path) -> None:
    library.decide([first_face(library).id], Decision.REJECT)
    out = tmp_path / "faces.json"
    export_coco(library, out, HERE, everything=False)
    assert len(coco(out)["annotations"]) == 5
    export_coco(library, out, HERE, everything=True)
    states = Counter(a["attributes"]["state"] for a in coco(out)["annotations"])
    assert states == Counter(kept=5, rejected=1)


def test_a_face_without_a_name_is_a_face(library: Library, tmp_path: Path) -> None:
    library.assign([first_face(library).id], None)
    out = tmp_path / "faces.json"
    export_coco(library, out, HERE, everything=False)
    assert Counter(a["category_id"] for a in coco(out)["annotations"]) == Counter(
        {3: 3, 2: 2, 1: 1}
    )
    with reimported(library, tmp_path, out) as fresh:
        assert Counter(named(fresh).values()) == Counter({"Bob": 3, "Ann": 2, None: 1})


def test_labelme_files_have_safe_names_of_their_own(library: Library, tmp_path: Path) -> None:
    out = tmp_path / "labelme"
    export_labelme(library, out, HERE)
    assert sorted(path.name for path in out.iterdir()) == [
        "1 (2).json",
        "1.json",
        "2 (2).json",
        "2.json",
        "both.json",
    ]
    both = json.loads((out / "both.json").read_bytes())
    assert [shape["label"] for shape in both["shapes"]] == ["Ann", "Bob"]
    assert both["imagePath"] == str(tmp_path / "photos" / "Group" / "both.png")
    assert (both["imageWidth"], both["imageHeight"], both["imageData"]) == (160, 96, None)


@pytest.mark.parametrize("name", ["photo.png", "faces", "list.json"])
def test_csv_does_not_replace_what_is_called_otherwise(
    library: Library, tmp_path: Path, name: str
) -> None:
    (tmp_path / name).write_bytes(b"mine")
    with pytest.raises(OwnerError, match="is not the name of a list"):
        export_csv(library, tmp_path / name, HERE)
    assert (tmp_path / name).read_bytes() == b"mine"


def test_a_list_is_replaced_whole(library: Library, tmp_path: Path) -> None:
    out = tmp_path / "faces.json"
    out.write_text("x" * 100_000)
    export_coco(library, out, HERE, everything=False)
    assert len(coco(out)["images"]) == 5
    assert not list(tmp_path.glob("*.part"))


def test_a_folder_that_holds_something_is_refused(library: Library, tmp_path: Path) -> None:
    (tmp_path / "labelme").mkdir()
    (tmp_path / "labelme" / "mine.txt").touch()
    with pytest.raises(OwnerError, match="is not empty"):
        export_labelme(library, tmp_path / "labelme", HERE)


def test_stopped_nothing_is_left(library: Library, tmp_path: Path) -> None:
    stopped = RecordingControl(lambda _: Stop.KEEP)
    before = set(tmp_path.iterdir())
    for write in (
        lambda: export_csv(library, tmp_path / "a.csv", stopped),
        lambda: export_coco(library, tmp_path / "a.json", stopped, everything=False),
        lambda: export_labelme(library, tmp_path / "labelme", stopped),
    ):
        with pytest.raises(Cancelled):
            write()
    assert set(tmp_path.iterdir()) == before


def test_nothing_to_export_says_what_to_do(tmp_path: Path) -> None:
    with create_library(tmp_path / "Empty.facegui") as empty:
        with pytest.raises(OwnerError, match=r"no kept faces with a name.*Review"):
            export_csv(empty, tmp_path / "a.csv", HERE)
        with pytest.raises(OwnerError, match=r"no kept faces to export"):
            export_coco(empty, tmp_path / "a.json", HERE, everything=False)


def test_a_place_that_cannot_be_written_is_told(library: Library, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StorageFault, match="could not be written"):
        export_csv(library, tmp_path / "file" / "a.csv", HERE)


def test_names_that_a_spreadsheet_would_run_come_back(library: Library, tmp_path: Path) -> None:
    library.rename_person(library.people()[0].id, "=SUM(A1)")
    library.rename_person(library.people()[1].id, 'O"Neil, Zoë')
    out = tmp_path / "faces.csv"
    export_csv(library, out, HERE)
    assert "'=SUM(A1)" in out.read_text("utf-8")
    with create_library(tmp_path / "Fresh.facegui") as fresh:
        import_manifest(fresh, ManifestRequest((out,)), HERE)
        scan_squares(fresh)
        assert {person.name for person in fresh.people()} == {"=SUM(A1)", 'O"Neil, Zoë'}


def test_the_library_is_as_it_was(library: Library, tmp_path: Path) -> None:
    before = library.faces(library.face_ids(FaceFilter()))
    export_coco(library, tmp_path / "faces.json", HERE, everything=True)
    assert library.faces(library.face_ids(FaceFilter())) == before
