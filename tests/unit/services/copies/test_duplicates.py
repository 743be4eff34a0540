"""Copies in a library: found, judged by the rule, decided by the owner, undone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from facegui.domain.control import NullControl
from facegui.domain.entities import Decision, PhotoHashes
from facegui.domain.geometry import Box
from facegui.services.copies.duplicates import (
    GroupCounter,
    find_duplicates,
    is_outdated,
    keep_best,
    not_duplicates,
    set_distance,
)
from facegui.services.copies.view import copy_groups
from facegui.services.libraries import Library, create_library
from tests.fakes.library_dump import dump
from tests.fakes.proposals import proposal, scanned

SMALL, LARGE = Box(10, 10, 60, 60), Box(10, 10, 210, 210)
HASH = 0x9F41_5EE2_287D_58D2


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    """A large photo, a small one 4 bits away, one 12 bits away, and another picture."""
    with create_library(tmp_path / "Mine.facegui") as made:
        names = ("large", "small", "far", "other")
        ids = made.add_photos([(f"/photos/{name}.jpg", "Ann", 1, 1) for name in names]).added
        hashes = (HASH, HASH ^ 0b1111, HASH ^ 0xFFF, ~HASH & (1 << 64) - 1)
        boxes = (LARGE, SMALL, SMALL, LARGE)
        seeds = (0, 0, 0, 9)
        made.store_scans(
            [
                scanned(photo_id, [proposal(box, seed=seed)], hashes=PhotoHashes(bits, 5))
                for photo_id, bits, box, seed in zip(ids, hashes, boxes, seeds, strict=True)
            ]
        )
        yield made


def names(library: Library) -> list[list[str]]:
    return [[member.name for member in group.members] for group in copy_groups(library)]


def decisions(library: Library) -> dict[str, Decision]:
    faces = library.faces_of_photos(library.photo_ids())
    return {
        Path(photo.path).stem: faces[photo.id][0].decision
        for photo in library.photos(library.photo_ids())
    }


def test_the_larger_copy_is_kept_and_the_rule_rejects_the_other(library: Library) -> None:
    find_duplicates(library, 6, NullControl())

    (group,) = copy_groups(library)
    assert group.members[0].name == "photos/large.jpg"
    keeper, copy = group.members[0], group.members[1]
    assert (keeper.is_keeper, copy.is_keeper) == (True, False)
    assert "duplicate" in copy.faces[0].failed
    assert "duplicate" not in keeper.faces[0].failed
    assert not group.decided


def test_the_distance_is_the_librarys_limit_from_then_on(library: Library) -> None:
    find_duplicates(library, 2, NullControl())
    narrow = names(library)
    set_distance(library, 12)

    assert library.limits().duplicate_distance == 12
    assert sum(map(len, names(library))) >= sum(map(len, narrow))
    find_duplicates(library, None, NullControl())
    assert library.limits().duplicate_distance == 12


def test_undo_of_the_distance_is_noticed(library: Library) -> None:
    find_duplicates(library, 6, NullControl())
    set_distance(library, 12)
    assert not is_outdated(library)

    library.undo()

    assert is_outdated(library)
    find_duplicates(library, None, NullControl())
    assert not is_outdated(library)


def test_keep_best_rejects_the_copies_in_one_undoable_step(library: Library) -> None:
    find_duplicates(library, 6, NullControl())
    before = decisions(library)

    change = keep_best(library, copy_groups(library))

    assert decisions(library)["small"] is Decision.REJECT
    assert decisions(library)["large"] is Decision.UNDECIDED
    assert change.entry is not None
    assert all(group.decided for group in copy_groups(library))
    library.undo()
    assert decisions(library) == before


def test_the_owners_keeper_comes_first(library: Library) -> None:
    find_duplicates(library, 6, NullControl())
    small = next(m for m in copy_groups(library)[0].members if m.name == "photos/small.jpg")

    library.prefer_photo(small.photo.id)

    (group,) = copy_groups(library)
    assert group.keeper.name == "photos/small.jpg"
    assert "duplicate" not in group.keeper.faces[0].failed
    find_duplicates(library, None, NullControl())
    assert copy_groups(library)[0].keeper.name == "photos/small.jpg"


def test_what_is_no_duplicate_stays_so_at_any_distance_and_after_a_rescan(library: Library) -> None:
    find_duplicates(library, 12, NullControl())
    (group,) = copy_groups(library)
    assert len(group.members) == 3
    small = next(m.photo for m in group.members if m.name == "photos/small.jpg")

    not_duplicates(library, group, [small.id])

    assert names(library) == [["photos/large.jpg", "photos/far.jpg"]]
    assert is_outdated(library)
    library.store_scans([scanned(small.id, [proposal(SMALL)], hashes=small.hashes)])
    for distance in (12, 20, 6, 12):
        find_duplicates(library, distance, NullControl())
        assert all("photos/small.jpg" not in group for group in names(library))
    assert not is_outdated(library)


def test_taking_it_back_makes_them_copies_again(library: Library) -> None:
    find_duplicates(library, 12, NullControl())
    before = names(library)
    (group,) = copy_groups(library)
    not_duplicates(library, group, [member.photo.id for member in group.members])
    find_duplicates(library, None, NullControl())
    assert names(library) == []

    library.undo()

    assert is_outdated(library)
    find_duplicates(library, None, NullControl())
    assert names(library) == before


def test_counting_groups_writes_nothing_and_agrees_with_finding_them(library: Library) -> None:
    before = dump(library)
    counter = GroupCounter(library)
    counts = {distance: counter.count(distance) for distance in (0, 3, 6, 12)}
    assert dump(library) == before
    assert counts[12] == 1
    for distance, count in counts.items():
        assert len(find_duplicates(library, distance, NullControl())) == count


def test_a_library_without_photos_has_no_groups(tmp_path: Path) -> None:
    with create_library(tmp_path / "Empty.facegui") as library:
        assert find_duplicates(library, None, NullControl()) == []
        assert copy_groups(library) == []
