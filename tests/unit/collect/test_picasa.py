"""Picasa's notes in a folder: rectangles without leading zeros, contacts, damage."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from facegui.collect.picasa import FILE_NAME, picasa_regions
from facegui.domain.geometry import Box

INI = """[Picasa]
name=Holidays
[Contacts2]
8e62b2035b74b477=Zoë Müller;zoe@example.org;
d04ca592f8868c2=Old Format
1111111111111111=;;
[Beach.JPG]
star=yes
faces=rect64(40008000c000c000),8e62b2035b74b477;rect64(1000200030004000),d04ca592f8868c2
rotate=rotate(0)
[unknown.jpg]
faces=rect64(40008000c000c000),ffffffffffffffff;rect64(000020003000),1111111111111111
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / FILE_NAME).write_text(INI, encoding="utf-8")
    return tmp_path


def test_names_come_from_the_contacts(folder: Path) -> None:
    found = picasa_regions(folder / "Beach.JPG", 65535, 65535, 1)
    assert [region.name for region in found] == ["Zoë Müller", "Old Format"]
    assert found[0].box == Box(0x4000, 0x8000, 0xC000, 0xC000)
    assert found[1].box == Box(0x1000, 0x2000, 0x3000, 0x4000)


def test_the_case_of_a_file_name_does_not_matter(folder: Path) -> None:
    assert len(picasa_regions(folder / "beach.jpg", 100, 100, 1)) == 2


def test_leading_zeros_are_restored_and_nobody_has_no_name(folder: Path) -> None:
    found = picasa_regions(folder / "unknown.jpg", 65535, 65535, 1)
    assert [region.name for region in found] == [None, None]
    assert found[1].box == Box(0, 0, 0x2000, 0x3000)


def test_rectangles_lie_on_the_stored_picture(folder: Path) -> None:
    (found, _) = picasa_regions(folder / "Beach.JPG", 65535, 65535, 6)
    assert found.box == Box(65535 - 0xC000, 0x4000, 65535 - 0x8000, 0xC000)


def test_a_change_of_the_file_is_seen(folder: Path) -> None:
    picasa_regions(folder / "Beach.JPG", 100, 100, 1)
    (folder / FILE_NAME).write_text("[Beach.JPG]\n")
    assert picasa_regions(folder / "Beach.JPG", 100, 100, 1) == []


def test_no_file_no_faces(tmp_path: Path) -> None:
    assert picasa_regions(tmp_path / "a.jpg", 10, 10, 1) == []


@pytest.mark.parametrize(
    "faces", ["rect64(),1", "rect64(zz),1", "rect32(1234),1", "rect64(ffff0000ffff0000),12", ";;;"]
)
def test_damaged_entries_are_passed_over(tmp_path: Path, faces: str) -> None:
    (tmp_path / FILE_NAME).write_text(f"[a.jpg]\nfaces={faces}\n")
    assert picasa_regions(tmp_path / "a.jpg", 100, 100, 1) == []


@given(st.binary(max_size=400))
def test_any_bytes_are_survived(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    folder = tmp_path_factory.mktemp("picasa")
    (folder / FILE_NAME).write_bytes(b"[a.jpg]\nfaces=rect64(" + data)
    for region in picasa_regions(folder / "a.jpg", 100, 100, 5):
        assert region.box == region.box.clipped(100, 100)
