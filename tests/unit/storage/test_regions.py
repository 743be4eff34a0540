"""What lists, manifests and other programs say of photos, and what the library makes of it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from facegui.domain.entities import (
    Decision,
    Face,
    FaceProposal,
    FaceState,
    NameSource,
    PhotoStatus,
    Region,
    RegionSource,
)
from facegui.domain.geometry import Box
from facegui.domain.queries import NewPhoto
from facegui.domain.rules import Rule
from facegui.storage import Library
from tests.fakes.proposals import proposal, scanned

HERE, THERE = Box(100, 100, 200, 220), Box(400, 100, 500, 220)
LIST, MANIFEST, XMP = RegionSource.LIST, RegionSource.MANIFEST, RegionSource.XMP


def said(box: Box, name: str | None, source: RegionSource = LIST) -> Region:
    return Region(box, name, source)


def add(library: Library, *regions: Region, hint: str | None = None) -> int:
    """A photo at the one path that these tests use."""
    found = library.add_photos([NewPhoto("/a.jpg", hint, 1000, 1, regions)])
    return (found.added + found.known)[0]


def scan(library: Library, photo_id: int, *found: FaceProposal) -> list[Face]:
    library.store_scans([scanned(photo_id, found)])
    return sorted(library.faces_of_photos([photo_id])[photo_id], key=lambda face: face.box.x1)


def status(library: Library, photo_id: int) -> PhotoStatus:
    return library.photos([photo_id])[0].status


def names(library: Library) -> dict[int | None, str]:
    return {person.id: person.name for person in library.people()}


# what is said


def test_what_is_said_is_kept_in_order(library: Library) -> None:
    regions = (said(HERE, "Ann"), said(THERE, None, MANIFEST))
    photo_id = add(library, *regions)
    assert library.regions([photo_id, 99]) == {photo_id: regions}


def test_nothing_said_takes_nothing_back(library: Library) -> None:
    photo_id = add(library, said(HERE, "Ann"))
    scan(library, photo_id)
    assert add(library) == photo_id
    assert library.regions([photo_id])[photo_id] == (said(HERE, "Ann"),)
    assert status(library, photo_id) is PhotoStatus.OK


def test_news_of_a_known_photo_makes_it_pending_and_no_news_does_not(library: Library) -> None:
    photo_id = add(library, said(HERE, "Ann"))
    scan(library, photo_id)
    add(library, said(HERE, "Ann"))
    assert status(library, photo_id) is PhotoStatus.OK
    add(library, said(HERE, "Anna"))
    assert status(library, photo_id) is PhotoStatus.PENDING
    assert library.regions([photo_id])[photo_id] == (said(HERE, "Anna"),)


def test_each_source_replaces_only_what_it_said_itself(library: Library) -> None:
    photo_id = add(library, said(HERE, "Ann"), said(THERE, "Bob", MANIFEST))
    add(library, said(THERE, "Zoe"))
    assert set(library.regions([photo_id])[photo_id]) == {
        said(THERE, "Zoe"),
        said(THERE, "Bob", MANIFEST),
    }


def test_a_name_that_is_no_unicode_is_no_news_the_second_time(library: Library) -> None:
    broken = said(HERE, "Ann\udcff")
    photo_id = add(library, broken)
    scan(library, photo_id)
    add(library, broken)
    assert status(library, photo_id) is PhotoStatus.OK
    assert library.regions([photo_id])[photo_id][0].name == "Ann�"


# what a scan makes of it


@pytest.mark.parametrize("source", [LIST, MANIFEST])
def test_a_picked_face_is_named_and_stands_for_itself(
    library: Library, source: RegionSource
) -> None:
    region = said(HERE, "Ann", source)
    photo_id = add(library, region, hint="Folder")
    picked, other = scan(library, photo_id, proposal(HERE, seed=1), proposal(THERE, seed=2))
    assert not picked.picked  # nobody has brought the region and the face together
    picked, other = scan(
        library, photo_id, replace(proposal(HERE, seed=1), region=region), proposal(THERE, seed=2)
    )
    assert (picked.picked, other.picked) == (True, False)
    assert (picked.state, other.state) == (FaceState.KEPT, FaceState.REJECTED)
    assert other.failed == ("one_face",)
    assert names(library)[picked.person_id] == "Ann"
    assert picked.name_source is NameSource.LIST
    assert (other.person_id, other.name_source) == (None, None)
    values = library.rule_results([picked.id, other.id])
    assert [row[0].value for row in values.values()] == [1.0, 2.0]
    assert library.measures().values[Rule.ONE_FACE].tolist() == [1.0, 2.0]


def test_a_lone_face_that_no_region_meant_is_not_named_after_the_folder(library: Library) -> None:
    photo_id = add(library, said(HERE, "Ann"), hint="Ann")
    (face,) = scan(library, photo_id, proposal(THERE))
    assert (face.person_id, face.name_source, face.offer) == (None, None, None)
    assert library.people() == []


def test_a_list_knows_better_than_the_folder(library: Library) -> None:
    photo_id = add(library, hint="Folder")
    (face,) = scan(library, photo_id, proposal(HERE))
    assert names(library)[face.person_id] == "Folder"
    region = said(HERE, "Ann")
    add(library, region)
    (face,) = scan(library, photo_id, replace(proposal(HERE), region=region))
    assert (names(library)[face.person_id], face.name_source) == ("Ann", NameSource.LIST)


def test_a_list_that_means_another_face_takes_the_folders_name_back(library: Library) -> None:
    photo_id = add(library, hint="Folder")
    scan(library, photo_id, proposal(HERE))
    region = said(THERE, "Ann")
    add(library, region)
    here, there = scan(
        library, photo_id, proposal(HERE), replace(proposal(THERE, seed=2), region=region)
    )
    assert (here.person_id, here.name_source) == (None, None)
    assert names(library)[there.person_id] == "Ann"


def test_a_list_that_changes_its_mind_is_followed(library: Library) -> None:
    photo_id = add(library, said(HERE, "Ann"))
    scan(library, photo_id, replace(proposal(HERE), region=said(HERE, "Ann")))
    add(library, said(HERE, "Bob"))
    (face,) = scan(library, photo_id, replace(proposal(HERE), region=said(HERE, "Bob")))
    assert names(library)[face.person_id] == "Bob"


@pytest.mark.parametrize("decision", [Decision.KEEP, Decision.REJECT])
def test_a_name_that_the_owner_has_confirmed_stays(library: Library, decision: Decision) -> None:
    photo_id = add(library, hint="Folder")
    (face,) = scan(library, photo_id, proposal(HERE))
    library.decide([face.id], decision)
    region = said(HERE, "Ann")
    add(library, region)
    (face,) = scan(library, photo_id, replace(proposal(HERE), region=region))
    assert names(library)[face.person_id] == "Folder"
    assert face.picked


@pytest.mark.parametrize("name", ["Bob", None])
def test_the_owners_own_name_or_none_stays(library: Library, name: str | None) -> None:
    region = said(HERE, "Ann")
    photo_id = add(library, region)
    (face,) = scan(library, photo_id, replace(proposal(HERE), region=region))
    library.assign([face.id], name)
    (face,) = scan(library, photo_id, replace(proposal(HERE), region=region))
    assert face.name_source is NameSource.OWNER
    assert names(library).get(face.person_id) == name


def test_an_ignored_face_gets_no_name_from_a_list(library: Library) -> None:
    region = said(HERE, "Ann")
    photo_id = add(library)
    (face,) = scan(library, photo_id, proposal(HERE))
    library.decide([face.id], Decision.IGNORE)
    add(library, region)
    (face,) = scan(library, photo_id, replace(proposal(HERE), region=region))
    assert face.person_id is None


def test_what_other_programs_say_is_only_offered(library: Library) -> None:
    photo_id = add(library, hint="Folder")
    region = said(HERE, "Ann", XMP)
    (face,) = scan(library, photo_id, replace(proposal(HERE), region=region))
    assert (face.offer, face.person_id, face.name_source) == ("Ann", None, None)
    assert not face.picked
    one, two = scan(
        library, photo_id, replace(proposal(HERE), region=region), proposal(THERE, seed=2)
    )
    assert one.failed == two.failed == ("one_face",)
    assert library.people() == []


# measures


def test_every_new_measure_comes_back_as_it_was_taken(library: Library) -> None:
    measures = {
        "chroma": 12.5,
        "chroma_spread": 3.25,
        "sunglasses": 0.75,
        "smile": 0.5,
        "eyes_closed": 0.125,
        "mouth_open": 0.25,
        "presence": 0.875,
    }
    (face,) = scan(library, add(library), replace(proposal(), **measures))
    assert {name: getattr(face, name) for name in measures} == measures
    table = library.measures().values
    assert [
        table[rule][0]
        for rule in (Rule.GREYSCALE, Rule.SUNGLASSES, Rule.SMILE, Rule.EYES, Rule.MOUTH)
    ] == [3.25, 0.75, 0.5, 0.125, 0.25]
    assert table[Rule.OCCLUSION][0] == 0.875
    assert (table[Rule.DARK][0], table[Rule.BRIGHT][0]) == (120.0, 120.0)
    assert face.failed == ("sunglasses",)


def test_what_was_not_measured_is_none_and_fails_nothing(library: Library) -> None:
    photo_id = add(library)
    scan(library, photo_id, replace(proposal(), sunglasses=0.9))
    (face,) = scan(library, photo_id, proposal())  # a scan that could not measure it this time
    assert (face.sunglasses, face.smile, face.presence) == (None, None, None)
    assert face.failed == ()
