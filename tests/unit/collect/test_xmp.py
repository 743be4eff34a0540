"""Face regions of other programs: every way of writing them, every orientation, junk."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from facegui.collect.xmp import MAX_PACKET_BYTES, MAX_REGIONS, regions_in, regions_of
from facegui.domain.entities import Region, RegionSource
from facegui.domain.geometry import Box
from facegui.imaging.pixels import turn
from tests.fakes.xmp_packets import (
    HEAD,
    TAIL,
    Face,
    microsoft,
    mwg_attributes,
    mwg_elements,
    packet,
)

ADA = Face(0.25, 0.4, 0.1, 0.2, "Ada Lovelace")
BOB = Face(0.75, 0.6, 0.2, 0.3, "Børge")
SIZE = (1000, 500)


def near(box: Box) -> object:
    return pytest.approx((box.x1, box.y1, box.x2, box.y2), abs=0.01)


def corners(region: Region) -> tuple[float, ...]:
    box = region.box
    return (box.x1, box.y1, box.x2, box.y2)


@pytest.mark.parametrize(
    "written",
    [
        mwg_elements([ADA, BOB]),
        mwg_attributes([ADA, BOB]),
        mwg_elements([ADA, BOB], schema="acdsee-rs"),
        microsoft([ADA, BOB]),
        mwg_attributes([ADA, BOB], SIZE) + microsoft([ADA, BOB]),  # digiKam writes both
    ],
    ids=["elements", "attributes", "acdsee", "microsoft", "both"],
)
def test_every_way_of_writing_gives_the_same_two_faces(written: str) -> None:
    found = regions_in(packet(written), *SIZE, 1)
    assert [(r.name, r.source) for r in found] == [
        ("Ada Lovelace", RegionSource.XMP),
        ("Børge", RegionSource.XMP),
    ]
    assert corners(found[0]) == near(Box(200, 150, 300, 250))
    assert corners(found[1]) == near(Box(650, 225, 850, 375))


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("says", ["stored", "nothing", "shown"])
def test_areas_lie_where_the_decoder_turns_the_pixels(orientation: int, says: str) -> None:
    stored = np.zeros((40, 100, 3), np.uint8)
    stored[4:12, 10:30] = 255
    shown = turn(stored, orientation)
    height, width = shown.shape[:2]
    ys, xs = np.nonzero(shown[:, :, 0])
    expected = Box(xs.min(), ys.min(), xs.max() + 1, ys.max() + 1)
    on_stored = Face(0.2, 0.2, 0.2, 0.2, "Ada")
    middle = expected.centre
    on_shown = Face(
        middle[0] / width,
        middle[1] / height,
        expected.width / width,
        expected.height / height,
        "Ada",
    )
    sideways = orientation > 4  # only then can the dimensions tell the two pictures apart
    face = on_shown if says == "shown" and sideways else on_stored
    applied = {"stored": (100, 40), "nothing": None, "shown": (width, height)}[says]

    (found,) = regions_in(packet(mwg_elements([face], applied)), width, height, orientation)

    assert corners(found) == near(expected)


def test_dimensions_of_a_smaller_version_tell_as_well() -> None:
    face = Face(0.2, 0.3, 0.1, 0.1, "Ada")
    shown = regions_in(packet(mwg_elements([face], (300, 400))), 3000, 4000, 6)
    assert corners(shown[0]) == near(Box(450, 1000, 750, 1400))


def test_only_faces_are_taken() -> None:
    kinds = ["Pet", "Focus", "BarCode", "Face", ""]
    faces = [Face(0.1 + n / 6, 0.5, 0.1, 0.1, kind or "none", kind) for n, kind in enumerate(kinds)]
    found = regions_in(packet(mwg_elements(faces)), *SIZE, 1)
    assert [region.name for region in found] == ["Face", "none"]


def test_a_face_without_a_name_is_a_place() -> None:
    (found,) = regions_in(packet(mwg_elements([ADA._replace(name="")])), *SIZE, 1)
    assert found.name is None


def test_a_name_comes_from_the_other_schema_where_one_has_none() -> None:
    written = mwg_elements([ADA._replace(name="")]) + microsoft([ADA])
    (found,) = regions_in(packet(written), *SIZE, 1)
    assert found.name == "Ada Lovelace"


@pytest.mark.parametrize("name", ["a\tb", "x" * 201, " \n "])
def test_what_cannot_be_a_name_is_none(name: str) -> None:
    (found,) = regions_in(packet(mwg_elements([ADA._replace(name=name)])), *SIZE, 1)
    assert found.name is None


@pytest.mark.parametrize(
    "face",
    [
        Face(0.5, 0.5, 0.0, 0.1),
        Face(0.5, 0.5, -0.1, 0.1),
        Face(5.0, 5.0, 0.1, 0.1),
        Face(float("nan"), 0.5, 0.1, 0.1),
        Face(0.5, float("inf"), 0.1, 0.1),
        Face(0.5, 0.5, 1e-9, 1e-9),
    ],
)
def test_an_area_that_is_none_is_passed_over(face: Face) -> None:
    found = regions_in(packet(mwg_elements([face, ADA]), microsoft([face])), *SIZE, 1)
    assert [region.name for region in found] == ["Ada Lovelace"]


def test_a_rectangle_over_the_edge_is_cut() -> None:
    (found,) = regions_in(packet(mwg_elements([Face(0.0, 0.0, 0.2, 0.2, "A")])), *SIZE, 1)
    assert corners(found) == near(Box(0, 0, 100, 50))


def test_pixels_as_unit_are_not_taken_for_fractions() -> None:
    written = mwg_attributes([ADA]).replace("normalized", "pixel")
    assert regions_in(packet(written), *SIZE, 1) == ()


BILLION = (
    "<?xml version='1.0'?><!DOCTYPE x [<!ENTITY a 'aaaaaaaaaa'>"
    + "".join(f"<!ENTITY {chr(98 + n)} '{f'&{chr(97 + n)};' * 10}'>" for n in range(9))
    + "]><x>&j;</x>"
)
OUTSIDE = "<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><x>&e;</x>"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\0" * 50,
        b"<x>",
        b"<a></b>",
        b"\xff\xfe\x00",
        BILLION.encode(),
        OUTSIDE.encode(),
        b"<?xml version='1.0' encoding='no-such'?><x/>",
        packet(mwg_elements([ADA]))[:-40],
        b"<x>" * 20_000,
        HEAD.encode(),
    ],
)
def test_damage_and_hostility_count_as_absent(data: bytes) -> None:
    assert regions_in(data, *SIZE, 1) == ()


def test_a_huge_packet_is_passed_over() -> None:
    padded = packet(mwg_elements([ADA])) + b" " * MAX_PACKET_BYTES
    assert regions_in(padded, *SIZE, 1) == ()


def test_padding_and_nul_bytes_around_the_packet_do_not_matter() -> None:
    assert len(regions_in(b"\n" + packet(mwg_elements([ADA])) + b"  \0\0", *SIZE, 1)) == 1


def test_no_more_regions_than_the_limit() -> None:
    faces = [
        Face((n % 40 + 0.5) / 40, (n // 40 + 0.5) / 40, 0.02, 0.02) for n in range(MAX_REGIONS * 2)
    ]
    assert len(regions_in(packet(mwg_elements(faces)), 4000, 4000, 1)) == MAX_REGIONS


values = st.one_of(st.floats(width=32), st.integers(), st.text(max_size=8))


@given(st.lists(st.tuples(values, values, values, values), max_size=4), st.integers(1, 8), values)
def test_whatever_stands_in_the_fields_boxes_stay_inside(
    areas: list[tuple[object, ...]], orientation: int, applied: object
) -> None:
    def safe(value: object) -> str:
        text = "".join(c for c in str(value) if c.isprintable())
        return text.replace("&", "").replace("<", "").replace("'", "")

    faces = [Face(*(safe(value) for value in area)) for area in areas]  # type: ignore[arg-type]
    written = packet(mwg_attributes(faces, (safe(applied), 10)))  # type: ignore[arg-type]
    for region in regions_in(written, 640, 480, orientation):
        assert 0 <= region.box.x1 < region.box.x2 <= 640
        assert 0 <= region.box.y1 < region.box.y2 <= 480


@given(st.binary(max_size=300))
def test_any_bytes_are_survived(data: bytes) -> None:
    regions_in(data, 10, 10, 1)
    regions_in(HEAD.encode() + data + TAIL.encode(), 10, 10, 6)


# Sidecars


@pytest.mark.parametrize("name", ["photo.jpg.xmp", "photo.xmp"])
def test_a_sidecar_is_read(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(packet(mwg_elements([ADA])))
    (found,) = regions_of(tmp_path / "photo.jpg", None, *SIZE, 1)
    assert found.name == "Ada Lovelace"


def test_the_sidecar_goes_before_the_packet_inside(tmp_path: Path) -> None:
    (tmp_path / "photo.jpg.xmp").write_bytes(packet(mwg_elements([ADA._replace(name="New")])))
    (tmp_path / "photo.xmp").write_bytes(packet(mwg_elements([ADA._replace(name="Adobe")])))
    inside = packet(mwg_elements([ADA._replace(name="Old"), BOB]))
    found = regions_of(tmp_path / "photo.jpg", inside, *SIZE, 1)
    assert [region.name for region in found] == ["New", "Børge"]


def test_a_sidecar_that_is_no_file_or_too_large_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "a.jpg.xmp").mkdir()
    (tmp_path / "b.jpg.xmp").write_bytes(b" " * (MAX_PACKET_BYTES + 1))
    for name in ("a.jpg", "b.jpg", "c.jpg"):
        assert regions_of(tmp_path / name, None, *SIZE, 1) == ()


def test_picasa_is_read_last(tmp_path: Path) -> None:
    (tmp_path / ".picasa.ini").write_text(
        "[Contacts2]\nab12=Picasa's Ada;;\n[photo.jpg]\nfaces=rect64(33334ccc4ccc8000),ab12\n"
    )
    inside = packet(mwg_elements([ADA._replace(name="")]))
    (found,) = regions_of(tmp_path / "photo.jpg", inside, *SIZE, 1)
    assert found.name == "Picasa's Ada"
