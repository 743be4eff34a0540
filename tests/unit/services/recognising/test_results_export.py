"""Tables, documents and pictures of recognised files."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from facegui.domain.control import NullControl
from facegui.domain.corrections import Truth, Verdict
from facegui.domain.entities import RgbImage
from facegui.domain.recognition import RecognisedFace, RecognisedPhoto
from facegui.services.recognising.results_export import (
    COLUMNS,
    export_annotated,
    export_csv,
    export_json,
)
from tests.fakes.control import RecordingControl
from tests.fakes.recognised import face, photo, seen, unreadable, video
from tests.fakes.videos import RED, plain, write_avi

ANN, STRANGER = face("Ann", x=60), face(None, x=10)


def table(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_text("utf-8"))))


def test_the_table_has_a_line_for_each_face(tmp_path: Path) -> None:
    out = tmp_path / "who.csv"
    film = video("film.avi", seen(ANN, 1.0, 1.25, 3.5))
    export_csv([photo("both.jpg", ANN, STRANGER), photo("sky.jpg"), unreadable("x.jpg"), film], out)
    rows = table(out)
    assert list(rows[0]) == list(COLUMNS)
    assert [(row["file"], row["face"], row["name"], row["nearest"]) for row in rows] == [
        ("/album/both.jpg", "1", "", "Ann"),  # left to right
        ("/album/both.jpg", "2", "Ann", "Ann"),
        ("/album/sky.jpg", "", "", ""),
        ("/album/x.jpg", "", "", ""),
        ("/album/film.avi", "1", "Ann", "Ann"),
    ]
    assert rows[3]["error"] == "half a photo"
    assert (rows[1]["left"], rows[1]["bottom"], rows[1]["first_s"]) == ("60.00", "44.00", "")
    assert (rows[4]["first_s"], rows[4]["last_s"], rows[4]["best_s"]) == ("1.000", "3.500", "1.000")


def test_no_cell_is_a_formula(tmp_path: Path) -> None:
    out = tmp_path / "who.csv"
    export_csv([photo("=1+1.jpg", face("@Ann", "@Ann"), folder="-x")], out)
    row = table(out)[0]
    assert row["file"].startswith("'-x/")
    assert row["name"] == "'@Ann"


def test_the_document_is_that_of_the_command_line(tmp_path: Path) -> None:
    out = tmp_path / "who.json"
    film = video("film.avi", seen(ANN, 1.0, 1.25))
    export_json([photo("a.jpg", STRANGER), film], out)
    one, other = json.loads(out.read_text("ascii"))
    assert (one["seconds"], one["faces"][0]["name"], one["faces"][0]["seen"]) == (None, None, None)
    assert other["seconds"] == 60.0
    assert other["faces"][0]["seen"] == {
        "first": 1.0,
        "last": 1.25,
        "best": 1.0,
        "frames": 2,
        "agreement": 1.0,
    }


class TestAnnotated:
    def draw(self, image: RgbImage, faces: Sequence[RecognisedFace]) -> RgbImage:
        """A white square at each box."""
        copy = image.copy()
        for one in faces:
            copy[int(one.box.y1) : int(one.box.y2), int(one.box.x1) : int(one.box.x2)] = 255
        return copy

    def saved(self, folder: Path, name: str, *faces: RecognisedFace) -> RecognisedPhoto:
        folder.mkdir(exist_ok=True)
        exif = Image.Exif()
        exif[0x010E] = "secret"
        Image.fromarray(plain((20, 30, 40), 160, 96)).save(folder / name, exif=exif, quality=95)
        return photo(name, *faces, folder=str(folder))

    def test_copies_of_full_size_without_metadata(self, tmp_path: Path) -> None:
        one = self.saved(tmp_path / "in", "a.jpg", ANN)
        before = Path(one.path).read_bytes()
        report = export_annotated([one], tmp_path / "out", self.draw, NullControl())
        assert (report.written, report.failed, report.stopped) == (1, (), False)
        with Image.open(tmp_path / "out" / "a.jpg") as image:
            assert image.size == (160, 96)
            assert not image.getexif()
            pixels = np.asarray(image)
        assert pixels[30, 70].min() > 240
        assert pixels[30, 20].max() < 60
        assert b"secret" not in (tmp_path / "out" / "a.jpg").read_bytes()
        assert Path(one.path).read_bytes() == before

    def test_nothing_is_replaced(self, tmp_path: Path) -> None:
        out = tmp_path / "out"
        out.mkdir()
        (out / "a.jpg").write_text("mine")
        photos = [
            self.saved(tmp_path / "one", "a.jpg", ANN),
            self.saved(tmp_path / "two", "A.JPG", ANN),
        ]
        export_annotated(photos, out, self.draw, NullControl())
        assert (out / "a.jpg").read_text() == "mine"
        assert len(list(out.iterdir())) == 3

    def test_a_video_gives_the_best_frame_of_everybody(self, tmp_path: Path) -> None:
        path = write_avi(tmp_path / "film.avi", [plain(RED, 160, 96)] * 30, 10.0)
        people = seen(ANN, 0.5, 1.0), seen(STRANGER, 0.5, 1.0), seen(face("Bob", "Bob"), 2.0, 2.5)
        film = RecognisedPhoto(str(path), 160, 96, None, people, 3.0)
        report = export_annotated([film], tmp_path / "out", self.draw, NullControl())
        assert report.written == 2
        assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [
            "film_000000.500.jpg",
            "film_000002.000.jpg",
        ]

    def test_a_file_that_has_gone_is_told_and_the_rest_goes_on(self, tmp_path: Path) -> None:
        photos = [photo("gone.jpg", ANN), self.saved(tmp_path / "in", "a.jpg", ANN)]
        report = export_annotated(photos, tmp_path / "out", self.draw, NullControl())
        assert report.written == 1
        assert report.failed == (("/album/gone.jpg", "the file is not there"),)

    def test_stop_keeps_what_is_written(self, tmp_path: Path) -> None:
        photos = [self.saved(tmp_path / "in", f"{n}.jpg", ANN) for n in range(5)]
        control = RecordingControl(stop_when=lambda control: len(control.progress) >= 2)
        report = export_annotated(photos, tmp_path / "out", self.draw, control)
        assert report.stopped
        assert report.written == len(list((tmp_path / "out").iterdir())) == 2


@pytest.mark.parametrize("write", [export_csv, export_json])
def test_a_place_that_cannot_be_written_is_told(write: object, tmp_path: Path) -> None:
    from facegui.domain.errors import StorageFault

    with pytest.raises(StorageFault, match="nowhere"):
        write([photo("a.jpg", ANN)], tmp_path / "nowhere" / "a.csv")  # type: ignore[operator]


def test_the_owners_word_is_the_name_and_the_models_answer_stands_beside_it(
    tmp_path: Path,
) -> None:
    named = replace(STRANGER, said=Truth(Verdict.IS, "Cid"))
    refused = replace(ANN, said=Truth(Verdict.NOT, "Ann"))
    album = [photo("both.jpg", named, refused), photo("ann.jpg", ANN)]
    export_csv(album, tmp_path / "who.csv")
    rows = table(tmp_path / "who.csv")
    assert [(row["name"], row["said"], row["answer"]) for row in rows] == [
        ("Cid", "is", ""),
        ("", "not", "Ann"),
        ("Ann", "", "Ann"),
    ]
    export_json(album, tmp_path / "who.json")
    told = json.loads((tmp_path / "who.json").read_text("utf-8"))[0]["faces"]
    assert [(one["name"], one["said"], one["answer"]) for one in told] == [
        ("Cid", {"verdict": "is", "name": "Cid"}, None),
        (None, {"verdict": "not", "name": "Ann"}, "Ann"),
    ]
