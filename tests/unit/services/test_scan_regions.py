"""A scan heeds what manifests and other programs say of a photo."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from facegui.domain.control import NullControl
from facegui.domain.entities import Face, NameSource, Region, RegionSource
from facegui.domain.geometry import Box
from facegui.domain.queries import NewPhoto
from facegui.services.libraries import Library, create_library
from facegui.services.scanning.scan import ScanRequest, scan
from facegui.services.tools import Tools
from tests.fakes.analysers import SquareAnalyser
from tests.fakes.faces import fake_tools, picture
from tests.fakes.xmp_packets import Face as Drawn
from tests.fakes.xmp_packets import mwg_elements, packet

RED, BLUE = (250, 20, 20), (20, 20, 250)
LEFT, RIGHT = Box(10, 20, 50, 60), Box(90, 20, 130, 60)


@pytest.fixture
def tools() -> Iterator[Tools]:
    made = fake_tools(analyser=SquareAnalyser)
    yield made
    made.close()


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with create_library(tmp_path / "Mine.facegui") as made:
        yield made


def both(path: Path, **options: object) -> Path:
    """A photo with a face at `LEFT` and one at `RIGHT`."""
    Image.fromarray(picture((10, 20, RED), (90, 20, BLUE), side=40)).save(path, **options)
    return path


def add(library: Library, path: Path, *regions: Region, hint: str | None = None) -> int:
    status = path.stat()
    row = NewPhoto(str(path), hint, status.st_size, status.st_mtime_ns, regions)
    found = library.add_photos([row])
    return (found.added + found.known)[0]


def faces(library: Library, photo_id: int) -> list[Face]:
    return sorted(library.faces_of_photos([photo_id])[photo_id], key=lambda face: face.box.x1)


def test_a_manifest_names_its_face_among_several(
    library: Library, tools: Tools, tmp_path: Path
) -> None:
    said = Region(RIGHT, "Bob", RegionSource.MANIFEST)
    photo = add(library, both(tmp_path / "both.png"), said)
    scan(library, tools, ScanRequest(), NullControl())
    left, right = faces(library, photo)
    (bob,) = library.people()
    assert (right.person_id, right.name_source, right.picked) == (bob.id, NameSource.LIST, True)
    assert (left.person_id, left.picked) == (None, False)


def test_a_photos_own_metadata_only_offers(library: Library, tools: Tools, tmp_path: Path) -> None:
    image = picture((10, 20, RED), (90, 20, BLUE), side=40)
    height, width = image.shape[:2]
    drawn = Drawn(30 / width, 40 / height, 50 / width, 50 / height, "Ada")
    path = both(tmp_path / "both.tif", tiffinfo={700: packet(mwg_elements([drawn]))})
    photo = add(library, path)
    scan(library, tools, ScanRequest(), NullControl())
    left, right = faces(library, photo)
    assert (left.offer, left.person_id, right.offer) == ("Ada", None, None)


def test_a_sidecar_counts_too(library: Library, tools: Tools, tmp_path: Path) -> None:
    path = both(tmp_path / "both.png")
    height, width = picture().shape[:2]
    drawn = Drawn(110 / width, 40 / height, 40 / width, 40 / height, "Bob")
    (tmp_path / "both.png.xmp").write_bytes(packet(mwg_elements([drawn])))
    photo = add(library, path)
    scan(library, tools, ScanRequest(), NullControl())
    assert [face.offer for face in faces(library, photo)] == [None, "Bob"]


class MissesTheLeft(SquareAnalyser):
    """Finds nothing in the left half by itself."""

    def analyse(self, image):  # type: ignore[no-untyped-def]
        whole = super().analyse(image)
        kept = tuple(face for face in whole.faces if face.box.x1 > 60)
        return type(whole)(kept, whole.rotation)

    def measure_at(self, image, box):  # type: ignore[no-untyped-def]
        whole = SquareAnalyser.analyse(self, image)
        return next((face for face in whole.faces if face.box.iou(box) > 0), None)


def test_a_face_that_only_the_manifest_knows_is_measured(library: Library, tmp_path: Path) -> None:
    tools = fake_tools(analyser=MissesTheLeft)
    said = Region(LEFT, "Ada", RegionSource.MANIFEST)
    photo = add(library, both(tmp_path / "both.png"), said)
    scan(library, tools, ScanRequest(), NullControl())
    tools.close()
    assert [face.picked for face in faces(library, photo)] == [True, False]
