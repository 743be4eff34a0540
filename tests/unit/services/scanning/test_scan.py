"""Scanning a folder of real files with a stand-in for the face models."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from facegui.domain.control import Control, NullControl, Stop
from facegui.domain.entities import Decision, Photo, PhotoStatus
from facegui.domain.errors import ModelUnavailable
from facegui.services.collecting.photos import ImportRequest, import_photos
from facegui.services.libraries import Library, create_library
from facegui.services.scanning.scan import ScanRequest, scan
from facegui.services.tools import Tools
from tests.fakes.analysers import SquareAnalyser
from tests.fakes.control import RecordingControl
from tests.fakes.faces import fake_tools, picture

RED, GREEN, BLUE = (250, 20, 20), (20, 250, 20), (20, 20, 250)


@pytest.fixture
def tools() -> Iterator[Tools]:
    made = fake_tools(analyser=SquareAnalyser)
    yield made
    made.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Ann alone, Ben alone, both together, nobody, and four files that are no photos."""
    root = tmp_path / "photos"
    pictures = {
        "Ann/alone.png": picture((20, 20, RED), side=40),
        "Ben/alone.png": picture((70, 30, BLUE), side=40),
        "Ann/both.png": picture((10, 20, RED), (90, 20, BLUE), side=40),
        "Ann/nobody.png": picture(),
    }
    for name, image in pictures.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(image).save(root / name)
    whole = (root / "Ben/alone.png").read_bytes()
    (root / "Ben/cut.png").write_bytes(whole[: len(whole) // 2])
    (root / "Ben/empty.jpg").touch()
    (root / "Ben/page.jpg").write_text("<html><body>not found</body></html>")
    (root / "Ben/notes.txt").write_text("remember the milk")
    return root


@pytest.fixture
def library(tmp_path: Path, folder: Path) -> Iterator[Library]:
    with create_library(tmp_path / "Mine.facegui") as made:
        import_photos(made, ImportRequest((folder,)), NullControl())
        yield made


def rows(library: Library) -> dict[str, Photo]:
    photos = library.photos(library.photo_ids())
    return {f"{Path(p.path).parent.name}/{Path(p.path).name}": p for p in photos}


def test_every_file_ends_with_a_status_and_a_reason(library: Library, tools: Tools) -> None:
    report = scan(library, tools, ScanRequest(), NullControl())

    found = rows(library)
    assert {name: photo.status for name, photo in found.items()} == {
        "Ann/alone.png": PhotoStatus.OK,
        "Ann/both.png": PhotoStatus.OK,
        "Ann/nobody.png": PhotoStatus.OK,
        "Ben/alone.png": PhotoStatus.OK,
        "Ben/cut.png": PhotoStatus.BROKEN,
        "Ben/empty.jpg": PhotoStatus.BROKEN,
        "Ben/page.jpg": PhotoStatus.BROKEN,
        "Ben/notes.txt": PhotoStatus.UNSUPPORTED,
    }
    assert all(
        (photo.reason is None) is (photo.status is PhotoStatus.OK) for photo in found.values()
    )
    assert (report.scanned, report.faces, report.unreadable, report.missing) == (8, 4, 4, 0)
    assert not report.stopped


def test_faces_are_measured_named_and_judged(library: Library, tools: Tools) -> None:
    scan(library, tools, ScanRequest(), NullControl())

    found, people = rows(library), {person.id: person.name for person in library.people()}
    faces = library.faces_of_photos(photo.id for photo in found.values())
    (alone,) = faces[found["Ann/alone.png"].id]
    assert people[alone.person_id] == "Ann"  # type: ignore[index]
    assert alone.failed == ()
    assert round(alone.box.x1) == 20

    both = faces[found["Ann/both.png"].id]
    assert len(both) == 2
    assert all(face.person_id is None and "one_face" in face.failed for face in both)
    assert faces[found["Ann/nobody.png"].id] == []


def test_results_and_progress_come_while_it_runs(library: Library, tools: Tools) -> None:
    control = RecordingControl()
    scan(library, tools, ScanRequest(threads=2), control)

    told = [photo_id for batch in control.partials for photo_id in batch]  # type: ignore[attr-defined]
    assert sorted(told) == sorted(library.photo_ids())
    counted = [report for report in control.progress if report.total]
    assert (counted[-1].done, counted[-1].total) == (8, 8)


def test_only_new_and_changed_photos_are_scanned_again(
    library: Library, tools: Tools, folder: Path
) -> None:
    scan(library, tools, ScanRequest(), NullControl())
    assert scan(library, tools, ScanRequest(), NullControl()).scanned == 0

    Image.fromarray(picture((20, 20, GREEN), side=40)).save(folder / "Ann" / "nobody.png")
    again = scan(library, tools, ScanRequest(), NullControl())
    assert (again.scanned, again.faces) == (1, 1)
    assert scan(library, tools, ScanRequest(rescan=True), NullControl()).scanned == 8


def test_the_owners_word_survives_a_rescan(library: Library, tools: Tools) -> None:
    scan(library, tools, ScanRequest(), NullControl())
    (face_id,) = [face.id for face in library.faces(library.face_ids()) if not face.failed][:1]
    library.assign([face_id], "Zoe")
    library.decide([face_id], Decision.REJECT)

    scan(library, tools, ScanRequest(rescan=True), NullControl())

    (face,) = library.faces([face_id])
    (zoe,) = [person.id for person in library.people() if person.name == "Zoe"]
    assert (face.decision, face.person_id) == (Decision.REJECT, zoe)


def test_a_photo_that_has_gone_is_missing_and_comes_back(
    library: Library, tools: Tools, folder: Path
) -> None:
    scan(library, tools, ScanRequest(), NullControl())
    (folder / "Ann" / "alone.png").rename(folder.parent / "elsewhere.png")

    gone = scan(library, tools, ScanRequest(), NullControl())
    photo = rows(library)["Ann/alone.png"]
    assert (gone.scanned, gone.missing, photo.status) == (1, 1, PhotoStatus.MISSING)
    assert photo.reason
    assert len(library.faces_of_photos([photo.id])[photo.id]) == 1

    (folder.parent / "elsewhere.png").rename(folder / "Ann" / "alone.png")
    assert scan(library, tools, ScanRequest(), NullControl()).scanned == 1
    assert rows(library)["Ann/alone.png"].status is PhotoStatus.OK


@pytest.mark.parametrize("how", [Stop.KEEP, Stop.DISCARD])
def test_a_stop_keeps_what_was_scanned_and_the_next_scan_does_the_rest(
    library: Library, tools: Tools, how: Stop
) -> None:
    control = RecordingControl(lambda control: how if control.partials else Stop.NO)
    first = scan(library, tools, ScanRequest(threads=1), control)
    rest = scan(library, tools, ScanRequest(), NullControl())

    assert first.scanned + rest.scanned == 8
    assert library.counts().pending == 0


def test_pipes_never_hang_a_scan(library: Library, tools: Tools, folder: Path) -> None:
    (folder / "Ann" / "alone.png").unlink()
    os.mkfifo(folder / "Ann" / "alone.png")
    report = scan(library, tools, ScanRequest(), NullControl())
    assert rows(library)["Ann/alone.png"].status is PhotoStatus.UNSUPPORTED
    assert report.scanned == 8


class WithoutSunglasses:
    """A `ModelStore` on a machine without a network, which has what scanning cannot do without."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def path(self, name: str, control: Control | None = None) -> Path:
        self.asked.append(name)
        if name == "sunglasses":
            raise ModelUnavailable("not here", "connect to the internet")
        return Path(name)


def test_a_scan_goes_on_without_the_sunglasses_network_and_says_so_once(library: Library) -> None:
    store = WithoutSunglasses()
    tools = fake_tools(analyser=SquareAnalyser, models=store)
    report = scan(library, tools, ScanRequest(), NullControl())
    tools.close()
    assert report.faces == 4
    assert len(report.unmeasured) == 1
    assert "Sunglasses" in report.unmeasured[0]
    assert store.asked.count("sunglasses") == 1


def test_a_scan_with_every_network_has_nothing_to_say_of_them(
    library: Library, tools: Tools
) -> None:
    assert scan(library, tools, ScanRequest(), NullControl()).unmeasured == ()
