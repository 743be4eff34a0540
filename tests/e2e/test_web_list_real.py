"""A list of real group pictures from a server here: its rectangle picks the face that is named."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from facegui.__main__ import make_tools
from facegui.domain.control import NullControl
from facegui.domain.entities import FaceState
from facegui.domain.geometry import Box
from facegui.services.collecting.web_list import ALLOWED_KEY, DownloadRequest, download_list
from facegui.services.libraries import Library, create_library
from facegui.services.scanning.scan import ScanRequest, scan
from tests.fakes.photo_server import OWN_ADDRESS, PhotoServer, photo_server

pytestmark = [pytest.mark.models, pytest.mark.photos]

PICTURES = 5
LEAST_SIDE_PX = 60


@pytest.fixture
def server() -> Iterator[PhotoServer]:
    with photo_server() as running:
        yield running


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with create_library(tmp_path / "Mine.facegui") as made:
        made.set_setting(ALLOWED_KEY, [OWN_ADDRESS])
        yield made


def group_pictures(photos: Path) -> list[tuple[Path, Box]]:
    """Pictures of several people, and the face in each that is not the first of the truth."""
    folder = photos / "detection" / "boxes"
    truth = json.loads((folder / "truth.json").read_text("utf-8"))["images"]
    found = []
    for image in truth:
        boxes = [Box(*box) for box in image["boxes"]]
        if len(boxes) > 1 and min(box.width for box in boxes) >= LEAST_SIDE_PX:
            found.append((folder / image["file"], boxes[-1]))
    return found[:PICTURES]


def test_the_rectangle_picks_the_face(
    library: Library, server: PhotoServer, photos: Path, tmp_path: Path, models: object
) -> None:
    pictures = group_pictures(photos)
    assert len(pictures) == PICTURES
    rows = []
    for number, (file, box) in enumerate(pictures):
        data = file.read_bytes()
        server.files[f"/group/{number}"] = data
        rectangle = ",".join(f"{value:.0f}" for value in (box.x1, box.y1, box.x2, box.y2))
        md5 = hashlib.md5(data).hexdigest()
        rows.append(f"Ann Bee\t{number}\t{server.url}group/{number}\t{rectangle}\t{md5}")
    listing = tmp_path / "list.txt"
    listing.write_text("\n".join(rows))
    report = download_list(library, DownloadRequest((listing,)), NullControl())
    assert not report.failures
    tools = make_tools()
    try:
        scan(library, tools, ScanRequest(), NullControl())
    finally:
        tools.close()
    several = 0
    for number, (_, box) in enumerate(pictures):
        (photo,) = (
            photo
            for photo in library.photos(library.photo_ids())
            if Path(photo.path).name.startswith(f"{number:05}-")
        )
        faces = library.faces_of_photos([photo.id])[photo.id]
        several += len(faces) > 1
        (named,) = (face for face in faces if face.person_id is not None)
        assert named.box.iou(box) >= 0.3
        assert named.picked
        assert "one_face" not in named.failed
        assert all(face.state is not FaceState.KEPT for face in faces if face is not named)
    assert several == PICTURES
    assert [person.name for person in library.people()] == ["Ann Bee"]
