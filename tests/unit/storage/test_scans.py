from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from facegui.domain.entities import Decision, Face, FaceState, NameSource, PhotoStatus
from facegui.domain.geometry import Box
from facegui.domain.queries import FaceFilter
from facegui.domain.rules import Limits
from facegui.storage import Library
from facegui.storage.scans import SAME_FACE_IOU, match
from tests.fakes.library_dump import dump
from tests.fakes.proposals import proposal, scanned

HERE, THERE = Box(100, 100, 200, 220), Box(400, 100, 500, 220)


def moved(box: Box, by: float) -> Box:
    return Box(box.x1 + by, box.y1, box.x2 + by, box.y2)


def add(library: Library, hint: str | None, *boxes: Box) -> tuple[int, list[Face]]:
    """A scanned photo and its faces in the order of *boxes*."""
    path = f"/photos/{len(library.photo_ids())}.jpg"
    (photo_id,) = library.add_photos([(path, hint, 1, 1)]).added
    library.store_scans([scanned(photo_id, [proposal(box, seed=n) for n, box in enumerate(boxes)])])
    return photo_id, faces_of(library, photo_id)


def faces_of(library: Library, photo_id: int) -> list[Face]:
    return sorted(library.faces_of_photos([photo_id])[photo_id], key=lambda face: face.id)


def test_the_lone_face_of_a_hinted_photo_gets_the_folders_name(library: Library) -> None:
    _, (face,) = add(library, "Ann", HERE)
    (ann,) = library.people()
    assert (ann.name, face.person_id, face.name_source) == ("Ann", ann.id, NameSource.FOLDER)
    assert face.decision is Decision.UNDECIDED


def test_several_faces_stay_unnamed_and_create_nobody(library: Library) -> None:
    _, faces = add(library, "Ann", HERE, THERE)
    assert {(face.person_id, face.name_source) for face in faces} == {(None, None)}
    assert library.people() == []


def test_a_face_next_to_an_ignored_one_is_alone(library: Library) -> None:
    photo_id, (_, other) = add(library, "Ann", HERE, THERE)
    library.decide([other.id], Decision.IGNORE)
    library.store_scans([scanned(photo_id, [proposal(HERE), proposal(THERE)])])
    one, two = faces_of(library, photo_id)
    assert one.name_source is NameSource.FOLDER
    assert one.failed == ()
    assert (two.decision, two.person_id) == (Decision.IGNORE, None)


def test_a_rescan_measures_anew_under_the_old_id(library: Library) -> None:
    photo_id, (old,) = add(library, None, HERE)
    again = proposal(moved(HERE, 10), seed=5, sharpness=7.0, detector="fake-2")
    library.store_scans([scanned(photo_id, [again])])
    (new,) = faces_of(library, photo_id)
    assert new.id == old.id
    assert (new.box, new.sharpness, new.detector) == (again.box, 7.0, "fake-2")
    assert library.embeddings([new.id])[0].tolist() == again.embedding.tolist()


@pytest.mark.parametrize("decision", [Decision.KEEP, Decision.REJECT, Decision.IGNORE])
def test_decisions_survive_a_rescan_that_finds_the_face(
    library: Library, decision: Decision
) -> None:
    photo_id, (face,) = add(library, "Ann", HERE)
    library.decide([face.id], decision)
    library.store_scans([scanned(photo_id, [proposal(moved(HERE, 10))])])
    (after,) = faces_of(library, photo_id)
    assert (after.id, after.decision) == (face.id, decision)
    assert after.person_id == face.person_id


@pytest.mark.parametrize("decision", [Decision.KEEP, Decision.REJECT, Decision.IGNORE])
def test_decided_faces_survive_a_rescan_that_misses_them(
    library: Library, decision: Decision
) -> None:
    photo_id, (face,) = add(library, "Ann", HERE)
    library.decide([face.id], decision)
    library.store_scans([scanned(photo_id, [proposal(THERE)])])
    assert [after.decision for after in faces_of(library, photo_id)] == [
        decision,
        Decision.UNDECIDED,
    ]


def test_a_name_from_the_owner_survives_and_one_from_the_folder_does_not(library: Library) -> None:
    first, (named,) = add(library, "Ann", HERE)
    second, (hinted,) = add(library, "Ann", HERE)
    library.assign([named.id], "Bob", keep=False)
    library.store_scans([scanned(first, []), scanned(second, [])])
    (kept,) = faces_of(library, first)
    assert (kept.id, kept.name_source, kept.decision) == (
        named.id, NameSource.OWNER, Decision.UNDECIDED,
    )  # fmt: skip
    assert faces_of(library, second) == []
    assert hinted.person_id is not None


def test_a_name_that_the_owner_took_away_does_not_come_back(library: Library) -> None:
    photo_id, (face,) = add(library, "Ann", HERE)
    library.assign([face.id], None)
    library.store_scans([scanned(photo_id, [proposal(HERE)])])
    (after,) = faces_of(library, photo_id)
    assert after.person_id is None


def test_a_face_that_is_named_by_the_owner_keeps_the_name_over_the_hint(library: Library) -> None:
    photo_id, (face,) = add(library, "Ann", HERE)
    library.assign([face.id], "Bob")
    library.store_scans([scanned(photo_id, [proposal(HERE)])])
    (after,) = faces_of(library, photo_id)
    names = {person.id: person.name for person in library.people()}
    assert names[after.person_id or 0] == "Bob"


def test_a_rescan_of_the_same_changes_nothing(filled: Library) -> None:
    ids = filled.photo_ids()
    photos, faces = filled.photos(ids), filled.faces_of_photos(ids)
    before = dump(filled)
    vectors = {f.id: filled.embeddings([f.id])[0] for row in faces.values() for f in row}
    filled.store_scans(
        [
            dataclasses.replace(
                scanned(photo.id, hashes=photo.hashes),
                faces=tuple(
                    dataclasses.replace(
                        proposal(face.box, score=face.score),
                        landmarks=face.landmarks,
                        hashes=face.hashes,
                        embedding=vectors[face.id],
                    )
                    for face in faces[photo.id]
                ),
            )
            for photo in photos
        ]
    )
    assert dump(filled) == before


def test_a_photo_that_broke_loses_what_only_the_machine_knew(library: Library) -> None:
    photo_id, (keep, drop) = add(library, None, HERE, THERE)
    library.decide([keep.id], Decision.KEEP)
    broken = dataclasses.replace(
        scanned(photo_id), status=PhotoStatus.BROKEN, reason="truncated", hashes=None, sha256=None
    )
    library.store_scans([broken])
    assert [face.id for face in faces_of(library, photo_id)] == [keep.id]
    assert library.face_ids(FaceFilter(search=str(drop.id), photo_id=photo_id)) in ([], [keep.id])
    assert library.photos([photo_id])[0].reason == "truncated"


def test_ids_of_dropped_faces_are_never_given_again(library: Library) -> None:
    photo_id, (old,) = add(library, None, HERE)
    library.store_scans([scanned(photo_id, [])])
    library.store_scans([scanned(photo_id, [proposal(HERE)])])
    (new,) = faces_of(library, photo_id)
    assert new.id > old.id


def test_one_scan_that_fails_stores_nothing_of_its_batch(library: Library) -> None:
    ids = library.add_photos([("/a", None, 1, 1), ("/b", None, 1, 1)]).added
    before = dump(library)
    wrong = dataclasses.replace(proposal(), embedding=None)  # type: ignore[arg-type]
    with pytest.raises((TypeError, ValueError, AttributeError)):
        library.store_scans([scanned(ids[0], [proposal()]), scanned(ids[1], [wrong, object()])])  # type: ignore[list-item]
    assert dump(library) == before


def test_a_rescan_judges_with_the_limits_of_the_library(library: Library) -> None:
    photo_id, (face,) = add(library, None, HERE)
    library.set_limits(Limits(min_size_px=110))
    library.store_scans([scanned(photo_id, [proposal(Box(100, 100, 205, 220))])])
    (after,) = faces_of(library, photo_id)
    assert after.id == face.id
    assert (after.failed, after.state) == (("size",), FaceState.REJECTED)


BOXES = st.lists(
    st.builds(
        lambda x, y, w, h: Box(x, y, x + w, y + h),
        st.integers(0, 60), st.integers(0, 60), st.integers(1, 60), st.integers(1, 60),
    ),
    max_size=6,
)  # fmt: skip


@given(BOXES, BOXES)
def test_matching_is_one_to_one_above_the_threshold_and_greedy(
    old: list[Box], new: list[Box]
) -> None:
    pairs = match(old, new)
    assert len(set(pairs.values())) == len(pairs)
    assert all(new[n].iou(old[o]) >= SAME_FACE_IOU for n, o in pairs.items())
    for n, box in enumerate(new):
        for o, was in enumerate(old):
            overlap = box.iou(was)
            if overlap >= SAME_FACE_IOU and n not in pairs:
                rival = next(m for m, taken in pairs.items() if taken == o)
                assert new[rival].iou(was) >= overlap
