"""What a tile says, read from a real library: names, offers, verdicts; only what is asked for."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from facegui.domain.entities import Decision, FaceState, PhotoStatus
from facegui.domain.queries import FaceFilter, PhotoFilter
from facegui.domain.rules import Limits, Rule
from facegui.gui.review.overview import read_overview
from facegui.gui.review.tiles import FaceTile, face_tiles, photo_tiles
from facegui.services.libraries import Library
from tests.fakes.review_library import LEFT, RIGHT, review_library


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with review_library(tmp_path) as made:
        yield made


def one(library: Library, wanted: FaceFilter) -> FaceTile:
    face_id = library.face_ids(wanted)[0]
    return face_tiles(library, [face_id])[face_id]


def group(library: Library) -> int:
    return next(n for n in library.photo_ids() if len(library.faces_of_photos([n])[n]) == 2)


def test_a_lone_face_has_its_folders_name(library: Library) -> None:
    tile = one(library, FaceFilter(states=(FaceState.KEPT,)))
    assert tile.person is not None
    assert tile.title == tile.person.name == "Ann"
    assert tile.offer is None
    assert tile.verdict == "passes every rule"
    assert tile.failed == ()


def test_a_turned_face_says_by_how_much(library: Library) -> None:
    tile = one(library, FaceFilter(failing=Rule.PAN))
    assert tile.state is FaceState.REJECTED
    assert [(r.rule, r.value, r.limit) for r in tile.failed] == [(Rule.PAN, 31.0, 20.0)]
    assert tile.verdict == "pan 31° > 20°"


def test_the_folders_name_is_offered_to_the_face_of_a_group_that_looks_so(library: Library) -> None:
    best, other = photo_tiles(library, [group(library)])[group(library)].faces
    assert (best.face.box, other.face.box) == (LEFT, RIGHT)
    assert (best.title, best.offer) == ("folder: Ann?", "Ann")
    assert (other.title, other.offer) == ("", None)
    assert best.verdict == "2 faces in photo"


def test_more_reasons_are_counted(library: Library) -> None:
    library.set_limits(Limits(max_pan_deg=1.0, max_roll_deg=0.5))
    tile = one(library, FaceFilter(named=True))
    assert tile.verdict == "roll 1° > 0.5° +1"
    assert tile.reasons == ["roll 1° > 0.5°", "pan 2° > 1°"]


@pytest.mark.parametrize(
    ("decision", "text", "state"),
    [
        (Decision.KEEP, "kept by you", FaceState.KEPT),
        (Decision.REJECT, "rejected by you", FaceState.REJECTED),
        (Decision.IGNORE, "ignored", FaceState.IGNORED),
    ],
)
def test_the_owners_word_stands_before_the_rules(
    library: Library, decision: Decision, text: str, state: FaceState
) -> None:
    turned = library.face_ids(FaceFilter(failing=Rule.PAN))[0]
    library.decide([turned], decision)
    tile = face_tiles(library, [turned])[turned]
    assert (tile.verdict, tile.state) == (text, state)


def test_a_name_taken_away_is_not_offered_again_but_undo_offers_it(library: Library) -> None:
    face_id = library.faces_of_photos([group(library)])[group(library)][0].id
    library.assign([face_id], None)
    assert face_tiles(library, [face_id])[face_id].title == ""
    library.undo()
    assert face_tiles(library, [face_id])[face_id].title == "folder: Ann?"


def test_tiles_of_photos_that_show_nothing(library: Library) -> None:
    ids = library.photo_ids(PhotoFilter(statuses=(PhotoStatus.BROKEN, PhotoStatus.PENDING)))
    tiles = photo_tiles(library, ids)
    assert {tile.photo.status for tile in tiles.values()} == {
        PhotoStatus.BROKEN,
        PhotoStatus.PENDING,
    }
    assert all(tile.faces == () for tile in tiles.values())


def test_what_is_gone_is_left_out(library: Library) -> None:
    face_id = library.face_ids()[0]
    assert list(face_tiles(library, [face_id, 9999])) == [face_id]
    assert face_tiles(library, []) == {}
    assert photo_tiles(library, [9999]) == {}


def test_the_overview_agrees_with_its_parts(library: Library) -> None:
    overview = read_overview(library)
    assert overview.counts == library.counts()
    assert [person.name for person in overview.people] == ["Ann", "Bob"]
    kept = sum(counts.kept for counts in overview.person_counts.values())
    assert kept == overview.counts.kept - overview.counts.unnamed_kept
    assert overview.reasons == {Rule.ONE_FACE: 2, Rule.PAN: 2}


def test_a_person_named_twice_in_a_photo_is_told_on_both_faces(library: Library) -> None:
    photo = group(library)
    ids = [face.id for face in library.faces_of_photos([photo])[photo]]
    library.assign(ids[:1], "Ann")
    assert face_tiles(library, ids)[ids[0]].verdict == "kept by you"
    library.assign(ids, "Ann")
    tiles = face_tiles(library, ids)
    assert {tiles[n].verdict for n in ids} == {"twice in this photo"}
    assert set(ids) == set(library.face_ids(FaceFilter(conflict=True)))
    library.decide(ids[1:], Decision.IGNORE)
    assert [tile.verdict for tile in face_tiles(library, ids).values()] == [
        "kept by you",
        "ignored",
    ]
