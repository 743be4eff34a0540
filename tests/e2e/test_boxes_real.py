"""Boxes drawn on a real photo with the real models: measured, kept, and left alone by a rescan."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from facegui.__main__ import make_tools
from facegui.domain.control import NullControl
from facegui.domain.entities import Decision, Face
from facegui.domain.geometry import Box
from facegui.domain.ports import ModelStore
from facegui.services.collecting.photos import ImportRequest, import_photos
from facegui.services.libraries import Library, create_library
from facegui.services.reviewing.faces import BoxMeasurer
from facegui.services.scanning.scan import ScanRequest, scan
from facegui.services.tools import Tools

pytestmark = [pytest.mark.photos, pytest.mark.models]

GROUP = "messy/photos/Natalie Portman/dl_94855077.jpg"
CLOTH = Box(14, 355, 106, 449)
"""A jacket, next to the face above it."""


@pytest.fixture
def tools(models: ModelStore) -> Iterator[Tools]:
    made = make_tools()
    yield made
    made.close()


@pytest.fixture
def library(photos: Path, tmp_path: Path, tools: Tools) -> Iterator[Library]:
    """One photo of six faces, scanned."""
    (tmp_path / "photos").mkdir()
    shutil.copy(photos / GROUP, tmp_path / "photos")
    with create_library(tmp_path / "real.facegui") as made:
        import_photos(made, ImportRequest((tmp_path / "photos",)), NullControl())
        scan(made, tools, ScanRequest(), NullControl())
        yield made


def faces_of(library: Library) -> list[Face]:
    (photo_id,) = library.photo_ids()
    return sorted(library.faces_of_photos([photo_id])[photo_id], key=lambda face: face.id)


def loosened(box: Box) -> Box:
    """As a person draws a head: with hair and chin."""
    across, down = box.width / 5, box.height / 5
    return Box(box.x1 - across, box.y1 - down, box.x2 + across, box.y2 + down)


def test_boxes_as_people_draw_them_measure_the_same_faces(library: Library, tools: Tools) -> None:
    (photo,) = library.photos(library.photo_ids())
    measurer = BoxMeasurer(library, tools)
    found = faces_of(library)
    assert len(found) == 6
    for face in found:
        measured = measurer.measure(photo, loosened(face.box))
        assert measured.made_out
        likeness = float(measured.face.embedding @ library.embeddings([face.id])[0])
        assert likeness > 0.9
        assert measured.face.pose.pan == pytest.approx(face.pose.pan, abs=5)


def test_a_rescan_keeps_what_was_drawn_and_moved_and_doubles_nothing(
    library: Library, tools: Tools
) -> None:
    (photo,) = library.photos(library.photo_ids())
    measurer = BoxMeasurer(library, tools)
    first = faces_of(library)[0]
    library.move_face(first.id, measurer.measure(photo, loosened(first.box)).face)
    nobody = measurer.measure(photo, CLOTH)
    assert not nobody.made_out
    library.draw_face(photo.id, nobody.face)
    before = faces_of(library)
    scan(library, tools, ScanRequest(rescan=True), NullControl())
    after = faces_of(library)
    assert [(f.id, f.box, f.decision) for f in after] == [(f.id, f.box, f.decision) for f in before]
    assert (after[-1].decision, after[-1].box) == (Decision.KEEP, CLOTH)
    assert library.undo() is not None
    assert library.undo() is not None
    assert faces_of(library)[0].box == first.box
