"""Groups as a view shows them: labels that contradict each other, and rules for the keeper."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from facegui.domain.entities import Decision, DuplicateGroup, DuplicateMember, PhotoHashes
from facegui.domain.geometry import Box, Pose
from facegui.services.copies.duplicates import keep_best, name_group
from facegui.services.copies.view import CopyGroup, KeeperRule, copy_groups, kept_by
from facegui.services.libraries import Library, create_library
from tests.fakes.library_dump import dump
from tests.fakes.proposals import proposal, scanned

NAMES = ("a", "b", "c")


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with create_library(tmp_path / "Mine.facegui") as made:
        yield made


def filled(library: Library, people: Sequence[Sequence[str | None]]) -> CopyGroup:
    """One group; for each of its photos, who its faces are."""
    files = [(f"/p/{name}.jpg", None, 1, 1) for name in NAMES[: len(people)]]
    ids = list(library.add_photos(files).added)
    boxes = [Box(200 * n, 0, 200 * n + 100, 100) for n in range(4)]
    library.store_scans(
        [
            scanned(photo, [proposal(box, seed=photo) for box, _ in zip(boxes, who, strict=False)])
            for photo, who in zip(ids, people, strict=True)
        ]
    )
    faces = library.faces_of_photos(ids)
    for photo, who in zip(ids, people, strict=True):
        for face, name in zip(sorted(faces[photo], key=lambda f: f.box.x1), who, strict=True):
            if name:
                library.assign([face.id], name)
    members = tuple(DuplicateMember(photo, n) for n, photo in enumerate(ids))
    library.set_duplicates([DuplicateGroup(ids[0], members)])
    (group,) = copy_groups(library)
    return group


@pytest.mark.parametrize(
    ("people", "expected"),
    [
        ([["Ann"], ["Bob"]], {"Ann", "Bob"}),
        ([["Ann"], ["Ann"], ["Bob"]], {"Ann", "Bob"}),
        ([["Ann"], ["Ann"]], set()),
        ([["Ann"], [None]], set()),
        ([["Ann"], []], set()),
        ([["Ann", "Bob"], ["Ann", "Bob"]], set()),
        ([["Ann", "Bob"], ["Bob"]], set()),
        ([["Ann", "Bob"], ["Ann", "Cid"]], {"Bob", "Cid"}),
        ([["Ann", None], ["Bob", None]], set()),
        ([["Ann", None], ["Bob"], ["Cid"]], {"Bob", "Cid"}),
    ],
)
def test_one_face_under_two_names_is_a_conflict(
    library: Library, people: list[list[str | None]], expected: set[str]
) -> None:
    assert set(filled(library, people).conflict) == expected


@pytest.mark.parametrize("decision", [Decision.REJECT, Decision.IGNORE])
def test_a_face_that_counts_for_nothing_contradicts_nobody(
    library: Library, decision: Decision
) -> None:
    group = filled(library, [["Ann"], ["Bob"]])
    library.decide([group.members[1].faces[0].id], decision)
    assert copy_groups(library)[0].conflict == ()
    library.undo()
    assert copy_groups(library)[0].conflict == ("Ann", "Bob")


def test_naming_the_group_settles_it_in_one_step(library: Library) -> None:
    group = filled(library, [["Ann"], ["Bob"], [None]])
    name_group(library, group, "Bob")
    (settled,) = copy_groups(library)
    assert settled.conflict == ()
    assert len({face.person_id for m in settled.members for face in m.faces}) == 1
    library.undo()
    assert set(copy_groups(library)[0].conflict) == {"Ann", "Bob"}


def test_who_is_who_among_several_faces_is_left_open(library: Library) -> None:
    group = filled(library, [["Ann", "Bob"], ["Ann", "Cid"]])
    assert group.lone_faces == ()
    assert name_group(library, group, "Ann").entry is None


@pytest.fixture
def measured(library: Library) -> Library:
    """Three copies, each the best by one measure: large and old, sharp, frontal."""
    files = [
        (f"/p/{name}.jpg", "Ann", 9, when) for name, when in zip(NAMES, (1, 2, 3), strict=True)
    ]
    ids = list(library.add_photos(files).added)
    faces = [
        proposal(pose=Pose(9, 9, 9), sharpness=40),
        proposal(pose=Pose(5, -8, 5), sharpness=70),
        proposal(pose=Pose(1, 2, -1), sharpness=20),
    ]
    scans = [
        scanned(photo, [face], hashes=PhotoHashes(0xFFFF_FFFF << n, n))
        for n, (photo, face) in enumerate(zip(ids, faces, strict=True))
    ]
    sizes = [(2000, 1500), (800, 600), (640, 480)]
    library.store_scans(
        [
            replace(scan, width=w, height=h, mtime_ns=10 + n)
            for n, (scan, (w, h)) in enumerate(zip(scans, sizes, strict=True))
        ]
    )
    members = tuple(DuplicateMember(photo, 2 * n) for n, photo in enumerate(ids))
    library.set_duplicates([DuplicateGroup(ids[0], members)])
    return library


WORDS = {
    KeeperRule.BEST: "best",
    KeeperRule.LARGEST: "largest",
    KeeperRule.SHARPEST: "sharpest",
    KeeperRule.FRONTAL: "most frontal",
    KeeperRule.OLDEST: "oldest",
}


@pytest.mark.parametrize(
    ("rule", "kept"),
    [
        (KeeperRule.BEST, "p/a.jpg"),
        (KeeperRule.LARGEST, "p/a.jpg"),
        (KeeperRule.SHARPEST, "p/b.jpg"),
        (KeeperRule.FRONTAL, "p/c.jpg"),
        (KeeperRule.OLDEST, "p/a.jpg"),
    ],
)
def test_a_rule_chooses_and_its_step_does_what_it_showed(
    measured: Library, rule: KeeperRule, kept: str
) -> None:
    (group,) = copy_groups(measured)
    before = dump(measured)
    shown = kept_by(group, rule)
    assert dump(measured) == before
    assert shown.keeper.name == kept
    assert [m.is_keeper for m in shown.members] == [True, False, False]
    assert shown.keeper.distance == 0
    assert {m.photo.id for m in shown.members} == {m.photo.id for m in group.members}
    assert shown.key == group.key

    label = keep_best(measured, [group], rule).entry.label  # type: ignore[union-attr]
    assert label == f"Keep the {WORDS[rule]} of 1 group of copies"

    (after,) = copy_groups(measured)
    assert after.keeper.name == kept
    assert after.decided
    assert not after.keeper.rejected
    measured.undo()
    assert copy_groups(measured) == [group]


def test_one_rule_after_another(measured: Library) -> None:
    """The keeper of the second rule was a copy under the first, and comes back."""
    for rule, kept in ((KeeperRule.SHARPEST, "p/b.jpg"), (KeeperRule.FRONTAL, "p/c.jpg")):
        keep_best(measured, copy_groups(measured), rule)
        (group,) = copy_groups(measured)
        assert group.keeper.name == kept
        assert [member.rejected for member in group.members] == [False, True, True]


def test_photos_without_a_face_are_neither_sharp_nor_frontal(library: Library) -> None:
    group = filled(library, [[], ["Ann"]])
    assert group.members[0].turn_deg is None
    for rule in (KeeperRule.SHARPEST, KeeperRule.FRONTAL):
        assert kept_by(group, rule).keeper.name == "p/b.jpg"


def two_copies(
    library: Library, photos: tuple[int, int], faces: tuple[int, int], *, mirrored: bool = False
) -> CopyGroup:
    """A group of two photos, by the hashes of the photos and of a face in each."""
    ids = library.add_photos([("/p/a.jpg", None, 1, 2), ("/p/b.jpg", None, 1, 1)]).added
    library.store_scans(
        [
            scanned(
                photo,
                [replace(proposal(sharpness=10.0 * photo), hashes=PhotoHashes(face, ~face & ALL))],
                hashes=PhotoHashes(whole, ~whole & ALL),
            )
            for photo, whole, face in zip(ids, photos, faces, strict=True)
        ]
    )
    members = (DuplicateMember(ids[0], 0), DuplicateMember(ids[1], 5, mirrored))
    library.set_duplicates([DuplicateGroup(ids[0], members)])
    (group,) = copy_groups(library)
    return group


ALL = (1 << 64) - 1
HALF = 0xFFFF_FFFF


@pytest.mark.parametrize(
    ("photos", "faces", "mirrored", "expected"),
    [
        ((HALF, HALF ^ 0b11), (HALF, HALF ^ 0b1111), False, (2, False)),
        ((HALF, HALF ^ 0xFFFF), (HALF, HALF ^ 0b1), False, (1, True)),
        ((HALF, HALF ^ 0b1), (HALF, HALF ^ 0b1), False, (1, False)),
        ((HALF, ~HALF & ALL ^ 0b111), (HALF, HALF), True, (3, False)),
    ],
)
def test_two_copies_are_as_far_apart_whichever_is_kept(
    library: Library,
    photos: tuple[int, int],
    faces: tuple[int, int],
    *,
    mirrored: bool,
    expected: tuple[int, bool],
) -> None:
    group = two_copies(library, photos, faces, mirrored=mirrored)
    other = kept_by(group, KeeperRule.SHARPEST)
    assert other.keeper.photo.id == group.members[1].photo.id
    for seen in (group, other):
        assert (seen.members[1].distance, seen.members[1].by_face) == expected
        assert seen.members[1].mirrored == mirrored
    library.prefer_photo(other.keeper.photo.id)
    kept = copy_groups(library)[0].members[1]
    assert (kept.photo.id, kept.distance, kept.by_face, kept.mirrored) == (
        group.keeper.photo.id,
        *expected,
        mirrored,
    )
