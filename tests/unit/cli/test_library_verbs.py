"""sample, import, scan, duplicates and export, on a real library with a stand-in for the models."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from facegui.cli import main
from facegui.domain.control import Control
from facegui.domain.detection import DetectOptions
from facegui.domain.entities import Analysis, FaceProposal, PhotoHashes, RgbImage
from facegui.domain.geometry import Box, Pose
from facegui.domain.ports import Picture
from facegui.domain.rules import Rule
from facegui.imaging.picture import picture_of
from facegui.services.libraries import open_library
from tests.fakes.faces import fake_tools
from tests.fakes.proposals import proposal


class Analyser:
    """Two faces in a wide picture, else one; turned too far in a dark one."""

    version = "fake-1"

    def __init__(self, options: DetectOptions) -> None:
        self.options = options

    def analyse(self, image: RgbImage | Picture) -> Analysis:
        image = picture_of(image).at_least(1)
        seed = int(image.sum())
        pose = Pose(1.0, 35.25, 3.0) if image.mean() < 40 else Pose(1.0, 2.0, 3.0)
        places = [10, 110] if image.shape[1] > 2 * image.shape[0] else [10]
        boxes = [Box(x, 10, x + 50, 70) for x in places]
        return Analysis(tuple(self._face(box, seed + int(box.x1), pose) for box in boxes))

    def measure_at(self, image: RgbImage, box: Box) -> FaceProposal | None:
        return None

    def _face(self, box: Box, seed: int, pose: Pose) -> FaceProposal:
        plain, mirror = np.random.default_rng(seed).integers(0, 2**63, 2).tolist()
        return replace(proposal(box, seed=seed, pose=pose), hashes=PhotoHashes(plain, mirror))


class Models:
    """A store that has everything."""

    def list(self) -> Sequence[object]:
        return ()

    def path(self, name: str, control: Control | None = None) -> Path:
        return Path(name)


class Cli:
    """Runs command lines in this process; ``document`` is what the last one printed."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys
        self.out = self.err = ""

    def __call__(self, *arguments: object) -> int:
        status = main.run(
            [str(argument) for argument in arguments],
            lambda: fake_tools(models=Models(), analyser=Analyser),
            lambda library, *, sample: pytest.fail("opened the window"),
            lambda: None,
        )
        self.out, self.err = self._capsys.readouterr()
        return status

    @property
    def document(self) -> dict[str, list[dict[str, object]]]:
        found: dict[str, list[dict[str, object]]] = json.loads(self.out)
        return found


@pytest.fixture
def cli(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Cli:
    monkeypatch.setenv("FACEGUI_LANGUAGE", "en")
    return Cli(capsys)


def picture(path: Path, *, seed: int, width: int = 120, level: int = 255) -> Path:
    """A photo of noise; nothing alike for two seeds."""
    path.parent.mkdir(parents=True, exist_ok=True)
    noise = np.random.default_rng(seed).integers(0, level, (12, width // 10, 3), np.uint8)
    Image.fromarray(noise).resize((width, 120)).save(path)
    return path


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    """Two people, a group picture, a picture of nobody's, a broken file and a text."""
    folder = tmp_path / "photos"
    for number in range(3):
        picture(folder / "Anna" / f"{number}.png", seed=number)
        picture(folder / "Ben" / f"{number}.png", seed=10 + number)
    picture(folder / "Ben" / "turned.png", seed=20, level=60)
    picture(folder / "Ben" / "group.png", seed=21, width=300)
    picture(folder / "alone.png", seed=30)
    (folder / "Anna" / "broken.jpg").write_bytes(b"\xff\xd8\xff\xe0 half a photo")
    (folder / "Anna" / "notes.txt").write_text("not a photo")
    return folder


@pytest.fixture
def library(cli: Cli, photos: Path, tmp_path: Path) -> Path:
    path = tmp_path / "L.facegui"
    assert cli("import", path, photos) == 0
    return path


def test_import_makes_the_library_and_names_people_after_folders(
    cli: Cli, photos: Path, tmp_path: Path
) -> None:
    path = tmp_path / "new" / "L"
    assert cli("import", path, photos, "--json") == 0
    assert cli.document == {
        "library": str(path),
        "added": 11,
        "known": 0,
        "faces": 0,
        "skipped": [],
    }
    with open_library(path) as library:
        hints = {
            Path(photo.path).relative_to(photos).as_posix(): photo.person_hint
            for photo in library.photos(library.photo_ids())
        }
    assert hints["Anna/0.png"] == "Anna"
    assert hints["Ben/group.png"] == "Ben"
    assert hints["alone.png"] is None


def test_import_again_finds_everything_known(cli: Cli, photos: Path, library: Path) -> None:
    assert cli("import", library, photos, "--json") == 0
    assert cli.document["added"] == 0
    assert cli.document["known"] == 11


def test_import_person_names_them_all(cli: Cli, photos: Path, tmp_path: Path) -> None:
    path = tmp_path / "L"
    assert cli("import", path, photos / "alone.png", photos / "Ben", "--person", "Zoe") == 0
    with open_library(path) as library:
        assert {photo.person_hint for photo in library.photos(library.photo_ids())} == {"Zoe"}


def test_import_goes_on_past_a_path_that_is_not_there(
    cli: Cli, photos: Path, tmp_path: Path
) -> None:
    missing = tmp_path / "nowhere"
    assert cli("import", tmp_path / "L", missing, photos / "Ben", "--json") == 1
    assert cli.document["added"] == 5
    assert [item["path"] for item in cli.document["skipped"]] == [str(missing)]


def test_import_of_nothing_leaves_no_library(cli: Cli, tmp_path: Path) -> None:
    assert cli("import", tmp_path / "L", tmp_path / "nowhere") == 1
    assert "nowhere" in cli.err
    assert not (tmp_path / "L").exists()


def test_relative_paths_become_absolute(
    cli: Cli, photos: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert cli("import", "L", "photos", "--json") == 0
    assert cli.document["library"] == str(tmp_path / "L")
    assert cli("scan", "L", "--json") == 1
    assert all(Path(str(photo["path"])).is_absolute() for photo in cli.document["photos"])


def by_name(document: dict[str, list[dict[str, object]]]) -> dict[str, dict[str, object]]:
    return {Path(str(photo["path"])).name: photo for photo in document["photos"]}


def test_scan_tells_about_the_whole_library_and_fails_for_broken_files(
    cli: Cli, photos: Path, library: Path
) -> None:
    assert cli("scan", library, "--json") == 1
    assert set(cli.document) == {"photos"}
    assert len(cli.document["photos"]) == 11
    found = by_name(cli.document)
    for photo in found.values():
        assert set(photo) == {"path", "status", "reason", "faces"}
        assert (photo["reason"] is None) == (photo["status"] == "ok")
    assert found["broken.jpg"]["status"] == "broken"
    assert found["notes.txt"]["status"] == "unsupported"
    assert found["broken.jpg"]["faces"] == []
    assert "Scanning" in cli.err


def test_scan_tells_each_face_with_every_rule(cli: Cli, library: Path) -> None:
    cli("scan", library, "--json")
    found = by_name(cli.document)
    (turned,) = found["turned.png"]["faces"]  # type: ignore[misc]
    measures = {"sharpness", "brightness", "contrast", "chroma", "chroma_spread"} | {
        *("sunglasses", "smile", "eyes_closed", "mouth_open", "presence"),
    }
    assert set(turned) == {"box", "score", "pose", "kept", "rules"} | measures
    assert turned["box"] == [10, 10, 60, 70]
    assert turned["pose"] == {"roll": 1.0, "pan": 35.25, "tilt": 3.0}
    assert turned["kept"] is False
    rules = {rule["rule"]: rule for rule in turned["rules"]}
    assert list(rules) == [rule.value for rule in Rule]
    assert (turned["brightness"], turned["sunglasses"]) == (120.0, None)
    assert rules["sunglasses"]["value"] is None
    assert rules["pan"] == {"rule": "pan", "value": 35.25, "limit": 20.0, "passed": False}
    assert rules["duplicate"]["value"] is None
    assert [name for name, rule in rules.items() if not rule["passed"]] == ["pan"]
    assert [face["kept"] for face in found["group.png"]["faces"]] == [False, False]  # type: ignore[union-attr]


def test_scan_again_tells_what_went_missing(cli: Cli, photos: Path, library: Path) -> None:
    cli("scan", library)
    (photos / "Anna" / "0.png").unlink()
    assert cli("scan", library, "--json") == 1
    statuses = {str(photo["path"]): photo["status"] for photo in cli.document["photos"]}
    assert statuses[str(photos / "Anna" / "0.png")] == "missing"
    assert statuses[str(photos / "Ben" / "0.png")] == "ok"


def test_scan_of_sound_photos_is_status_0(cli: Cli, photos: Path, tmp_path: Path) -> None:
    cli("import", tmp_path / "B", photos / "Ben")
    assert cli("scan", tmp_path / "B") == 0
    assert cli.out == "5 photos scanned, 5 in the library, 0 cannot be used, 6 faces, 3 kept.\n"


def test_scan_text_names_each_file_that_cannot_be_used(
    cli: Cli, photos: Path, library: Path
) -> None:
    assert cli("scan", library) == 1
    lines = cli.out.splitlines()
    assert lines[0].startswith(f"{photos / 'Anna' / 'broken.jpg'}: ")
    assert lines[1].startswith(f"{photos / 'Anna' / 'notes.txt'}: ")
    assert lines[2].startswith("11 photos scanned, 11 in the library, 2 cannot be used")


@pytest.mark.parametrize("verb", ["scan", "duplicates"])
def test_a_library_that_is_not_there_is_refused(cli: Cli, tmp_path: Path, verb: str) -> None:
    assert cli(verb, tmp_path / "none", "--json") == 1
    assert set(cli.document) == {"error", "remedy"}
    assert str(tmp_path / "none") in cli.err
    assert not (tmp_path / "none").exists()


def test_duplicates_of_an_exact_copy(cli: Cli, photos: Path, library: Path) -> None:
    original, copy = photos / "Anna" / "1.png", photos / "Anna" / "copy.png"
    copy.write_bytes(original.read_bytes())
    cli("import", library, photos)
    cli("scan", library)
    assert cli("duplicates", library, "--json") == 0
    (group,) = cli.document["groups"]
    assert set(group) == {"keep", "files"}
    files = {file["path"]: file for file in group["files"]}  # type: ignore[attr-defined]
    assert set(files) == {str(original), str(copy)}
    assert group["keep"] in files
    for file in files.values():
        assert file == {"path": file["path"], "distance": 0, "mirrored": False}


def test_duplicates_text(cli: Cli, photos: Path, library: Path) -> None:
    original, copy = photos / "Anna" / "1.png", photos / "Anna" / "copy.png"
    copy.write_bytes(original.read_bytes())
    cli("import", library, photos)
    cli("scan", library)
    assert cli("duplicates", library) == 0
    keep, other, summary = cli.out.splitlines()
    assert {keep, other.split(maxsplit=1)[1]} == {str(original), str(copy)}
    assert other.split(maxsplit=1)[0] == "0"
    assert summary == "1 group of copies."


def test_distance_is_the_librarys_from_then_on(cli: Cli, library: Path) -> None:
    cli("scan", library)
    assert cli("duplicates", library, "--distance", 3) == 0
    with open_library(library) as opened:
        assert opened.limits().duplicate_distance == 3


def test_export_writes_crops_and_lists(cli: Cli, library: Path, tmp_path: Path) -> None:
    cli("scan", library)
    out = tmp_path / "out"
    assert cli("export", library, out, "--json") == 0
    document = cli.document
    assert set(document) == {"out", "people", "training", "validation", "skipped", "warnings"}
    assert document["out"] == str(out)
    assert document["people"] == ["Anna", "Ben"]
    assert document["training"] + document["validation"] == 6  # type: ignore[operator]
    lines = (out / "training_file.txt").read_text().splitlines()
    assert len(lines) == document["training"]
    path, name, label = lines[0].split(",")
    assert Path(path).parent == out / "training"
    assert (name, label) in {("Anna", "0"), ("Ben", "1")}
    with Image.open(path) as crop:
        assert crop.size == (96, 96)


def test_export_does_not_overwrite(cli: Cli, library: Path, tmp_path: Path) -> None:
    cli("scan", library)
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "mine.txt").write_text("mine")
    assert cli("export", library, tmp_path / "out") == 1
    assert (tmp_path / "out" / "mine.txt").read_text() == "mine"


def test_import_of_lists(cli: Cli, photos: Path, tmp_path: Path) -> None:
    listing = photos / "list.csv"
    listing.write_text("alone.png,Zoë,0\ngone.png,Zoë,0\n", encoding="utf-8")
    assert cli("import", tmp_path / "L", listing, photos / "Ben", "--json") == 1
    assert (cli.document["added"], cli.document["faces"]) == (6, 0)
    assert [item["path"] for item in cli.document["skipped"]] == ["list.csv, line 2"]
    with open_library(tmp_path / "L") as library:
        photo = library.photo_by_path(str(photos / "alone.png"))
        assert photo is not None
        assert photo.person_hint == "Zoë"


def test_a_list_and_person_do_not_go_together(cli: Cli, photos: Path, tmp_path: Path) -> None:
    (photos / "list.csv").write_text("alone.png,Zoë\n", encoding="utf-8")
    assert cli("import", tmp_path / "L", photos / "list.csv", "--person", "Bob") == 2
    assert not (tmp_path / "L").exists()


@pytest.mark.parametrize(
    ("kind", "out", "photos_out"),
    [("csv", "f.csv", 6), ("coco", "f.json", 7), ("labelme", "f", 7), ("folders", "f", 6)],
)
def test_export_in_other_formats_comes_back(
    cli: Cli, library: Path, tmp_path: Path, kind: str, out: str, photos_out: int
) -> None:
    cli("scan", library)
    assert cli("export", library, tmp_path / out, "--format", kind, "--json") == 0
    document = cli.document
    assert (document["format"], document["people"]) == (kind, ["Anna", "Ben"])
    assert document["photos"] == photos_out
    paths = sorted((tmp_path / out).glob("*.json")) if kind == "labelme" else [tmp_path / out]
    assert cli("import", tmp_path / "Back", *paths, "--json") == 0
    assert cli.document["added"] == photos_out


def test_export_to_an_unlikely_name_is_refused(cli: Cli, library: Path, tmp_path: Path) -> None:
    cli("scan", library)
    assert cli("export", library, tmp_path / "photo.png", "--format", "csv") == 1
    assert ".csv" in cli.err
