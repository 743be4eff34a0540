"""Regions of other programs on real photos with the real models: found on the right face."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from facegui.__main__ import make_tools
from facegui.domain.control import NullControl
from facegui.domain.entities import Face, Region, RegionSource
from facegui.domain.queries import NewPhoto
from facegui.services.libraries import Library, create_library
from facegui.services.scanning.scan import ScanRequest, scan
from facegui.services.tools import Tools
from tests.fakes.xmp_packets import Face as Drawn
from tests.fakes.xmp_packets import mwg_attributes, packet

pytestmark = [pytest.mark.models, pytest.mark.photos]

ORIENTATION = 0x0112
# How a picture that is to be shown upright is stored for an EXIF orientation.
STORED = {1: None, 3: Image.Transpose.ROTATE_180, 6: Image.Transpose.ROTATE_90}


@pytest.fixture
def tools() -> Iterator[Tools]:
    made = make_tools()
    yield made
    made.close()


@pytest.fixture
def group(photos: Path, tmp_path: Path) -> Path:
    """Three people side by side."""
    people = sorted((photos / "lfw10").iterdir())[:3]
    pictures = [
        np.asarray(Image.open(sorted(person.iterdir())[0]).convert("RGB").resize((250, 250)))
        for person in people
    ]
    path = tmp_path / "group.png"
    Image.fromarray(np.concatenate(pictures, axis=1)).save(path)
    return path


def scanned(
    folder: Path, tools: Tools, path: Path, *regions: Region
) -> tuple[list[Face], dict[int, str]]:
    """The faces of one photo from left to right, and everybody's name."""
    library: Library
    with create_library(folder / f"{path.stem}.facegui") as library:
        status = path.stat()
        row = NewPhoto(str(path), None, status.st_size, status.st_mtime_ns, regions)
        library.add_photos([row])
        scan(library, tools, ScanRequest(), NullControl())
        found = library.faces(library.face_ids())
        names = {person.id: person.name for person in library.people()}
    return sorted(found, key=lambda face: face.box.centre[0]), names


@pytest.mark.parametrize("orientation", STORED)
def test_names_are_offered_to_the_faces_they_were_drawn_around(
    tools: Tools, group: Path, tmp_path: Path, orientation: int
) -> None:
    upright = Image.open(group)
    turn = STORED[orientation]
    stored = upright if turn is None else upright.transpose(turn)
    drawn = []
    for number in range(3):  # around each head with room, as people draw
        x, y, w, h = (number + 0.5) / 3, 0.5, 0.5 / 3, 0.6
        place = {1: (x, y, w, h), 3: (1 - x, 1 - y, w, h), 6: (y, 1 - x, h, w)}[orientation]
        drawn.append(Drawn(*place, f"Person {number}"))
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    path = tmp_path / f"o{orientation}.jpg"
    stored.save(path, quality=95, exif=exif, xmp=packet(mwg_attributes(drawn, stored.size)))

    faces, _ = scanned(tmp_path, tools, path)

    offered = [face.offer for face in faces if face.offer is not None]
    assert offered == ["Person 0", "Person 1", "Person 2"]
    assert all(face.person_id is None for face in faces)


def test_a_manifest_names_one_of_several_and_only_that(
    tools: Tools, group: Path, tmp_path: Path
) -> None:
    plain, _ = scanned(tmp_path, tools, group)
    middle = min(plain, key=lambda face: abs(face.box.centre[0] - 375))
    listed = tmp_path / "listed.png"
    listed.write_bytes(group.read_bytes())
    said = Region(middle.box.scaled(1.0), "The one", RegionSource.MANIFEST)
    faces, names = scanned(tmp_path, tools, listed, said)
    assert [names.get(face.person_id or 0) for face in faces].count("The one") == 1
    (picked,) = [face for face in faces if face.picked]
    assert picked.box.iou(middle.box) > 0.9
