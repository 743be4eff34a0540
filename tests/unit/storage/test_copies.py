"""What the owner says of copies holds at once, is undone whole, and outlives every regrouping."""

from __future__ import annotations

import pytest

from facegui.domain.entities import Decision, DuplicateGroup, DuplicateMember, PhotoHashes
from facegui.storage import Library
from tests.fakes.library_dump import dump
from tests.fakes.proposals import proposal, scanned

PHOTOS = 6


@pytest.fixture
def copied(library: Library) -> Library:
    """Photos 1 to 4 are one group, 5 and 6 another; each has a face."""
    ids = library.add_photos([(f"/p/{n}.jpg", None, 1, 1) for n in range(PHOTOS)]).added
    assert list(ids) == [1, 2, 3, 4, 5, 6]
    scan(library)
    group(library)
    return library


def scan(library: Library) -> None:
    library.store_scans(
        [scanned(n, [proposal(seed=n)], hashes=PhotoHashes(n, n)) for n in range(1, PHOTOS + 1)]
    )


def group(library: Library) -> None:
    one = DuplicateGroup(1, tuple(DuplicateMember(n, n - 1) for n in (1, 2, 3, 4)))
    library.set_duplicates([one, DuplicateGroup(5, (DuplicateMember(5, 0), DuplicateMember(6, 2)))])


def members(library: Library) -> list[list[int]]:
    return [[m.photo_id for m in found.members] for found in library.duplicate_groups()]


def failing(library: Library) -> set[int]:
    faces = library.faces(library.face_ids())
    return {face.photo_id for face in faces if "duplicate" in face.failed}


def test_a_photo_set_apart_leaves_its_group_and_the_rule_lets_it_pass(copied: Library) -> None:
    assert failing(copied) == {2, 3, 4, 6}
    change = copied.set_apart([(3, 1), (3, 2), (4, 3)])

    assert members(copied) == [[1, 2, 4], [5, 6]]
    assert failing(copied) == {2, 4, 6}
    assert change.photo_ids == (1, 2, 3, 4)
    assert change.copies_changed
    assert not change.limits_changed
    assert change.entry is not None
    assert change.entry.label == "4 photos are no duplicates"
    assert copied.photos_apart() == {(1, 3), (2, 3), (3, 4)}


def test_a_group_splits_in_two_with_a_keeper_each(copied: Library) -> None:
    copied.set_apart([(1, 3), (1, 4), (2, 3), (2, 4)])
    first, second, _ = copied.duplicate_groups()
    assert (first.keeper_id, second.keeper_id) == (1, 3)
    assert [m.photo_id for m in second.members] == [3, 4]
    assert second.members[0].distance == 0
    assert failing(copied) == {2, 4, 6}


def test_a_pair_alone_is_no_group_any_more(copied: Library) -> None:
    copied.set_apart([(5, 6)])
    assert members(copied) == [[1, 2, 3, 4]]
    assert 6 not in failing(copied)


def test_it_outlives_rescans_and_regroupings(copied: Library) -> None:
    copied.set_apart([(1, 2), (5, 6)])
    for _ in range(2):
        scan(copied)
        group(copied)
    assert members(copied) == [[1, 3, 4]]


def test_undo_and_redo_leave_the_library_as_it_was(copied: Library) -> None:
    copied.set_apart([(1, 2), (5, 6)])
    after = dump(copied)
    undone = copied.undo()
    assert undone is not None
    assert undone.photo_ids == (1, 2, 5, 6)
    assert undone.copies_changed
    assert members(copied) == [[1, 2, 3, 4], [5, 6]]
    assert failing(copied) == {2, 3, 4, 6}
    assert not copied.photos_apart()
    copied.redo()
    assert dump(copied) == after


def test_what_is_apart_already_is_no_step(copied: Library) -> None:
    copied.set_apart([(1, 2)])
    assert copied.set_apart([(2, 1)]).entry is None
    assert copied.set_apart([]).entry is None


def test_another_keeper_in_one_part_leaves_the_other_part_alone(copied: Library) -> None:
    copied.set_apart([(1, 3), (1, 4), (2, 3), (2, 4)])
    copied.prefer_photo(2)
    copied.prefer_photo(4)
    assert [found.keeper_id for found in copied.duplicate_groups()] == [2, 4, 5]


def test_keepers_and_rejections_are_one_step(copied: Library) -> None:
    faces = {face.photo_id: face.id for face in copied.faces(copied.face_ids())}
    copied.decide([faces[2], faces[3]], Decision.REJECT)
    before = {face.id: face.decision for face in copied.faces(copied.face_ids())}

    change = copied.keep_photos([2, 6], [faces[1], faces[5]], "By a rule")

    decisions = {face.photo_id: face.decision for face in copied.faces(copied.face_ids())}
    assert decisions[1] is decisions[5] is decisions[3] is Decision.REJECT
    assert decisions[2] is decisions[6] is Decision.UNDECIDED
    assert [found.keeper_id for found in copied.duplicate_groups()] == [2, 6]
    assert change.entry is not None
    copied.undo()
    assert {face.id: face.decision for face in copied.faces(copied.face_ids())} == before
    assert [found.keeper_id for found in copied.duplicate_groups()] == [1, 5]
