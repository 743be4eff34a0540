from __future__ import annotations

import contextlib
import sqlite3

import pytest

from facegui.domain.entities import (
    Decision,
    DuplicateGroup,
    DuplicateMember,
    Face,
    FaceState,
    PhotoHashes,
)
from facegui.domain.geometry import Box, Pose
from facegui.domain.queries import FaceFilter, FaceOrder
from facegui.domain.rules import Limits, Rule
from facegui.storage import Library
from tests.fakes.proposals import proposal, scanned


def all_faces(library: Library) -> list[Face]:
    return library.faces(library.face_ids(FaceFilter(order=FaceOrder.ADDED)))


def ledger_rows(library: Library) -> list[tuple[int, str, float, float]]:
    with contextlib.closing(sqlite3.connect(library.path / "library.sqlite3")) as connection:
        return connection.execute("SELECT * FROM ledger ORDER BY face_id, rule").fetchall()


@pytest.fixture
def turned(library: Library) -> tuple[Library, int]:
    """One photo with one small face that is turned by 30 degrees; its photo's id."""
    (photo_id,) = library.add_photos([("/a.jpg", None, 1, 1)]).added
    face = proposal(Box(0, 0, 20, 50), pose=Pose(0, -30, 5))
    library.store_scans([scanned(photo_id, [face])])
    return library, photo_id


def test_the_ledger_has_rule_value_and_limit_of_failed_rules_only(
    turned: tuple[Library, int],
) -> None:
    library, _ = turned
    (face,) = all_faces(library)
    assert face.failed == ("pan", "size")
    assert face.state is FaceState.REJECTED
    assert ledger_rows(library) == [(face.id, "pan", 30.0, 20.0), (face.id, "size", 20.0, 32.0)]


def test_rule_results_tell_of_every_rule(turned: tuple[Library, int]) -> None:
    library, _ = turned
    (face,) = all_faces(library)
    results = library.rule_results([face.id])[face.id]
    assert [result.rule for result in results] == list(Rule)
    assert [r.rule.value for r in results if not r.passed] == list(face.failed)
    pan = next(result for result in results if result.rule is Rule.PAN)
    assert (pan.value, pan.limit) == (30.0, 20.0)
    assert library.rule_results([9999]) == {}


def test_moving_a_limit_judges_everybody_and_can_be_undone(turned: tuple[Library, int]) -> None:
    library, photo_id = turned
    (face,) = all_faces(library)
    before = ledger_rows(library)
    change = library.set_limits(Limits(max_pan_deg=40, min_size_px=10))
    assert change.limits_changed
    assert (change.face_ids, change.photo_ids) == ((face.id,), (photo_id,))
    assert all_faces(library)[0].state is FaceState.KEPT
    assert ledger_rows(library) == []
    assert library.limits().max_pan_deg == 40
    undone = library.undo()
    assert undone is not None
    assert undone.face_ids == (face.id,)
    assert undone.limits_changed
    assert ledger_rows(library) == before
    assert library.limits() == Limits()


def test_the_owners_word_wins_over_the_rules(turned: tuple[Library, int]) -> None:
    library, _ = turned
    (face,) = all_faces(library)
    library.decide([face.id], Decision.KEEP)
    (kept,) = all_faces(library)
    assert kept.state is FaceState.KEPT
    assert kept.failed == ("pan", "size")
    library.decide([face.id], Decision.UNDECIDED)
    assert all_faces(library)[0].state is FaceState.REJECTED


def test_two_faces_fail_until_one_is_ignored(library: Library) -> None:
    (photo_id,) = library.add_photos([("/a.jpg", None, 1, 1)]).added
    library.store_scans([scanned(photo_id, [proposal(), proposal(Box(400, 0, 500, 100))])])
    one, two = all_faces(library)
    assert one.failed == two.failed == ("one_face",)
    change = library.decide([two.id], Decision.IGNORE)
    assert change.face_ids == (one.id, two.id)
    after, ignored = all_faces(library)
    assert after.failed == ()
    assert after.state is FaceState.KEPT
    assert ignored.state is FaceState.IGNORED
    undone = library.undo()
    assert undone is not None
    assert undone.face_ids == (one.id, two.id)
    assert all_faces(library)[0].failed == ("one_face",)


def copies(library: Library, hashes: list[PhotoHashes]) -> list[int]:
    """Scanned photos with a face each."""
    ids = library.add_photos([(f"/{n}.jpg", None, 1, 1) for n in range(len(hashes))]).added
    library.store_scans(
        [scanned(i, [proposal()], hashes=h) for i, h in zip(ids, hashes, strict=True)]
    )
    return ids


def failing_copies(library: Library) -> dict[int, float | None]:
    """Photo and distance of the faces that fail for being a copy."""
    ids = library.face_ids(FaceFilter(failing=Rule.DUPLICATE))
    values = {i: results[-1].value for i, results in library.rule_results(ids).items()}
    return {face.photo_id: values[face.id] for face in library.faces(ids)}


def test_copies_fail_but_for_the_keeper(library: Library) -> None:
    a, b, c, d = copies(library, [PhotoHashes(n, n) for n in range(4)])
    group = DuplicateGroup(a, (DuplicateMember(a, 0), DuplicateMember(b, 3)))
    library.set_duplicates([group])
    assert library.duplicate_groups() == [group]
    assert failing_copies(library) == {b: 3.0}
    assert library.counts().duplicate_groups == 1
    other = DuplicateGroup(c, (DuplicateMember(c, 0), DuplicateMember(d, 0, mirrored=True)))
    library.set_duplicates([other])
    assert library.duplicate_groups() == [other]
    assert failing_copies(library) == {d: 0.0}
    library.set_duplicates([])
    assert failing_copies(library) == {}


def test_the_owners_keeper_wins_and_distances_count_from_it(library: Library) -> None:
    a, b, c = copies(
        library, [PhotoHashes(0, 0xFF00), PhotoHashes(7, 0xFF00), PhotoHashes(0xF000, 15)]
    )
    members = (DuplicateMember(a, 0), DuplicateMember(b, 3), DuplicateMember(c, 4, mirrored=True))
    library.set_duplicates([DuplicateGroup(a, members)])
    change = library.prefer_photo(b)
    assert change.photo_ids == (a, b, c)
    assert library.duplicate_groups() == [
        DuplicateGroup(
            b, (DuplicateMember(a, 3), DuplicateMember(b, 0), DuplicateMember(c, 1, mirrored=True))
        )
    ]
    assert failing_copies(library) == {a: 3.0, c: 1.0}
    library.prefer_photo(c)
    assert [photo.preferred for photo in library.photos([a, b, c])] == [False, False, True]
    assert failing_copies(library) == {a: 4.0, b: 4.0}
    assert [m.mirrored for m in library.duplicate_groups()[0].members] == [True, True, False]
    library.undo()
    library.undo()
    assert failing_copies(library) == {b: 3.0, c: 4.0}
    assert library.duplicate_groups() == [DuplicateGroup(a, members)]


def test_a_copy_that_the_owner_keeps_is_kept(library: Library) -> None:
    a, b = copies(library, [PhotoHashes(0, 0), PhotoHashes(0, 0)])
    library.set_duplicates([DuplicateGroup(a, (DuplicateMember(a, 0), DuplicateMember(b, 0)))])
    face = library.faces_of_photos([b])[b][0]
    library.decide([face.id], Decision.KEEP)
    assert library.faces([face.id])[0].state is FaceState.KEPT


def test_the_ledger_is_the_same_however_it_came_about(filled: Library) -> None:
    filled.set_limits(Limits(min_sharpness=60))
    strict = ledger_rows(filled)
    filled.set_limits(Limits(min_sharpness=0))
    filled.set_limits(Limits(min_sharpness=60))
    assert ledger_rows(filled) == strict
    failed = {face.id: face.failed for face in all_faces(filled)}
    by_face: dict[int, list[str]] = {face_id: [] for face_id in failed}
    for face_id, rule, _, _ in strict:
        by_face[face_id].append(rule)
    assert {i: sorted(names) for i, names in failed.items()} == by_face
