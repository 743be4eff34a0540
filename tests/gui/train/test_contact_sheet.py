"""Painting contact sheets: files that hold what they should, or none."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from pytestqt.qtbot import QtBot

from facegui.domain.dataset import DatasetItem, Subset
from facegui.domain.errors import Cancelled, StorageFault
from facegui.domain.geometry import Box
from facegui.gui.train.contact_sheet import PAGE, write_contact_sheet
from facegui.services.learning.contact_sheet import SheetFace, SheetPerson
from tests.fakes.training_library import LANDMARKS

RED = (220, 30, 40)


def person(name: str, faces: int, *, readable: bool = True) -> SheetPerson:
    image = np.full((160, 160, 3), RED, np.uint8) if readable else None
    items = (
        DatasetItem(
            number, number, f"/photos/{number}.jpg", "", Box(0, 0, 9, 9), LANDMARKS, 0, 0, side
        )
        for number, side in zip(range(faces), [*Subset] * faces, strict=False)
    )
    return SheetPerson(name, tuple(SheetFace(item, image) for item in items))


def red_share(path: Path) -> float:
    with Image.open(path) as image:
        pixels = np.asarray(image.convert("RGB")).astype(int)
    return float((np.abs(pixels - RED).max(axis=2) < 12).mean())


def test_a_pdf_of_several_pages(qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "sheet.pdf"
    people = [person("Ada", 100), person("조수미", 3)]
    assert write_contact_sheet(people, path) == [path]
    content = path.read_bytes()
    assert content.startswith(b"%PDF-")
    assert len(re.findall(rb"/Type\s*/Page\b", content)) == 2


def test_a_picture_for_each_page(qtbot: QtBot, tmp_path: Path) -> None:
    written = write_contact_sheet([person("Ada", 100), person("Tom", 3)], tmp_path / "sheet.png")
    assert [path.name for path in written] == ["sheet.png", "sheet-2.png"]
    for path in written:
        with Image.open(path) as image:
            assert image.size == (PAGE.width(), PAGE.height())
    cell = 0.0085  # of the page: 100 of them fill more than one
    assert red_share(written[0]) == pytest.approx(72 * cell, rel=0.15)
    assert red_share(written[1]) == pytest.approx(31 * cell, rel=0.15)


def test_a_face_that_cannot_be_read_has_a_frame(qtbot: QtBot, tmp_path: Path) -> None:
    (path,) = write_contact_sheet([person("Ada", 3, readable=False)], tmp_path / "sheet.png")
    assert red_share(path) == 0


@pytest.mark.parametrize("name", ["sheet.pdf", "sheet.png", "sheet.xyz"])
def test_where_nothing_can_be_written(qtbot: QtBot, tmp_path: Path, name: str) -> None:
    folder = tmp_path / "absent" if name != "sheet.xyz" else tmp_path
    with pytest.raises(StorageFault, match="sheet"):
        write_contact_sheet([person("Ada", 3)], folder / name)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["sheet.pdf", "sheet.png"])
def test_stopped_it_leaves_nothing(qtbot: QtBot, tmp_path: Path, name: str) -> None:
    def people() -> Iterator[SheetPerson]:
        yield person("Ada", 100)
        raise Cancelled

    with pytest.raises(Cancelled):
        write_contact_sheet(people(), tmp_path / name)
    assert list(tmp_path.iterdir()) == []
