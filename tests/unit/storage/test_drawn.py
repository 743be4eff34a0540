"""Boxes that the owner draws, moves and deletes: undoable, and out of reach of scans."""

from __future__ import annotations

import dataclasses

import pytest

from facegui.domain.entities import Decision, Face
from facegui.domain.errors import LibraryError
from facegui.domain.geometry import Box, Pose
from facegui.storage import Library
from facegui.storage.drawn import strangers
from tests.fakes.library_dump import dump
from tests.fakes.proposals import proposal, scanned

HERE, THERE, AWAY = Box(100, 100, 200, 220), Box(400, 100, 500, 220), Box(500, 400, 600, 520)
HEAD = Box(80, 60, 220, 240)  # around HERE, with hair and chin: an overlap of 0.48


def faces_of(library: Library, photo_id: int) -> list[Face]:
    return sorted(library.faces_of_photos([photo_id])[photo_id], key=lambda face: face.id)


@pytest.fixture
def photo_id(library: Library) -> int:
    """A scanned photo in Ann's folder with one face."""
    (added,) = library.add_photos([("/photos/1.jpg", "Ann", 1, 1)]).added
    library.store_scans([scanned(added, [proposal(HERE)])])
    return added


def test_a_drawn_face_is_kept_with_all_its_measures(library: Library, photo_id: int) -> None:
    shown = proposal(THERE, seed=7, sharpness=12.0, score=0.4)
    change = library.draw_face(photo_id, shown)
    assert change.entry is not None
    assert change.photo_ids == (photo_id,)
    _, face = faces_of(library, photo_id)
    assert face.id in change.face_ids
    assert (face.box, face.landmarks, face.sharpness) == (THERE, shown.landmarks, 12.0)
    assert (face.decision, face.drawn, face.found) == (Decision.KEEP, True, None)
    assert library.embeddings([face.id])[0].tolist() == shown.embedding.tolist()


def test_another_face_counts_in_its_photo(library: Library, photo_id: int) -> None:
    library.draw_face(photo_id, proposal(THERE))
    first, _ = faces_of(library, photo_id)
    assert first.failed == ("one_face",)
    library.undo()
    (first,) = faces_of(library, photo_id)
    assert first.failed == ()


def test_nothing_is_drawn_on_a_photo_that_is_gone(library: Library, photo_id: int) -> None:
    with pytest.raises(LibraryError, match="no longer"):
        library.draw_face(photo_id + 1, proposal(THERE))
    assert library.history() == []


@pytest.mark.parametrize("box", [HERE, HEAD, Box(110, 105, 205, 222)])
def test_drawn_over_a_known_face_that_one_gets_the_box(
    library: Library, photo_id: int, box: Box
) -> None:
    (was,) = faces_of(library, photo_id)
    library.decide([was.id], Decision.IGNORE)
    start = dump(library)
    change = library.draw_face(photo_id, proposal(box, seed=7))
    assert change.entry is not None
    assert "known already" in change.entry.label
    assert change.face_ids == (was.id,)
    (face,) = faces_of(library, photo_id)
    assert (face.id, face.box, face.found) == (was.id, box, HERE)
    assert (face.decision, face.person_id) == (Decision.KEEP, was.person_id)
    assert library.embeddings([face.id])[0].tolist() == proposal(seed=7).embedding.tolist()
    library.undo()
    assert _rows(dump(library)) == _rows(start)


def test_drawn_beside_or_far_around_a_known_face_it_is_another(
    library: Library, photo_id: int
) -> None:
    library.draw_face(photo_id, proposal(Box(190, 100, 290, 220)))
    library.draw_face(photo_id, proposal(Box(0, 0, 400, 400)))
    assert len(faces_of(library, photo_id)) == 3


def test_of_two_known_faces_the_one_most_alike_gets_the_box(
    library: Library, photo_id: int
) -> None:
    library.store_scans([scanned(photo_id, [proposal(HERE), proposal(Box(150, 100, 250, 220))])])
    first, second = faces_of(library, photo_id)
    library.draw_face(photo_id, proposal(Box(140, 100, 240, 220)))
    boxes = {face.id: face.box for face in faces_of(library, photo_id)}
    assert boxes == {first.id: first.box, second.id: Box(140, 100, 240, 220)}


def test_a_moved_face_keeps_name_decision_and_offer(library: Library, photo_id: int) -> None:
    (face,) = faces_of(library, photo_id)
    library.assign([face.id], "Bob", keep=False)
    library.decide([face.id], Decision.REJECT)
    library.move_face(face.id, proposal(THERE, seed=3, pose=Pose(4, 5, 6)))
    (moved,) = faces_of(library, photo_id)
    assert (moved.id, moved.box, moved.pose) == (face.id, THERE, Pose(4, 5, 6))
    assert (moved.decision, moved.drawn, moved.found) == (Decision.REJECT, True, HERE)
    names = {person.id: person.name for person in library.people()}
    assert names[moved.person_id or 0] == "Bob"
    assert library.embeddings([face.id])[0].tolist() == proposal(seed=3).embedding.tolist()


def test_where_a_scan_had_found_it_is_remembered_over_many_moves(
    library: Library, photo_id: int
) -> None:
    (face,) = faces_of(library, photo_id)
    library.move_face(face.id, proposal(THERE))
    library.move_face(face.id, proposal(AWAY))
    (moved,) = faces_of(library, photo_id)
    assert (moved.box, moved.found) == (AWAY, HERE)


def test_a_face_that_a_rescan_dropped_cannot_be_moved(library: Library, photo_id: int) -> None:
    (face,) = faces_of(library, photo_id)
    library.store_scans([scanned(photo_id, [])])
    with pytest.raises(LibraryError, match="no longer"):
        library.move_face(face.id, proposal(THERE))


def test_deleting_removes_what_only_the_owner_knew(library: Library, photo_id: int) -> None:
    library.draw_face(photo_id, proposal(THERE))
    found, own = faces_of(library, photo_id)
    library.delete_faces([found.id, own.id])
    (left,) = faces_of(library, photo_id)
    assert (left.id, left.decision) == (found.id, Decision.IGNORE)
    assert len(library.history()) == 2


def test_a_moved_face_is_ignored_rather_than_deleted(library: Library, photo_id: int) -> None:
    (face,) = faces_of(library, photo_id)
    library.move_face(face.id, proposal(THERE))
    library.delete_faces([face.id])
    (left,) = faces_of(library, photo_id)
    assert left.decision is Decision.IGNORE


def test_deleting_takes_along_what_was_answered_about_the_face(
    library: Library, photo_id: int
) -> None:
    library.draw_face(photo_id, proposal(THERE))
    _, own = faces_of(library, photo_id)
    (ann,) = library.people()
    library.refuse([own.id], ann.id)
    before = dump(library)
    library.delete_faces([own.id])
    assert [answer for answer in library.answers() if answer.face_id == own.id] == []
    library.undo()
    steps = [line for line in dump(library) if "journal" not in line and "Delete" not in line]
    assert steps == [line for line in before if "journal" not in line]


def test_everything_can_be_undone_and_done_again(library: Library, photo_id: int) -> None:
    start = dump(library)
    (face,) = faces_of(library, photo_id)
    library.draw_face(photo_id, proposal(THERE, seed=8))
    _, own = faces_of(library, photo_id)
    library.move_face(face.id, proposal(AWAY, seed=9))
    library.move_face(own.id, proposal(HEAD, seed=10))
    library.delete_faces([own.id, face.id])
    end = dump(library)
    for _ in range(4):
        assert library.undo() is not None
    assert _rows(dump(library)) == _rows(start)
    for _ in range(4):
        assert library.redo() is not None
    assert dump(library) == end


def _rows(lines: list[str]) -> list[str]:
    """Without the journal, and without the counters of ids given."""
    return [
        line
        for line in lines
        if line.startswith("INSERT") and "journal" not in line and "sqlite_sequence" not in line
    ]


# a rescan


@pytest.mark.parametrize("again", [THERE, Box(410, 105, 505, 222), HEAD])
def test_a_rescan_leaves_a_drawn_face_as_it_is(library: Library, photo_id: int, again: Box) -> None:
    library.draw_face(photo_id, proposal(THERE, seed=8, sharpness=3.0))
    before = faces_of(library, photo_id)[1]
    library.store_scans([scanned(photo_id, [proposal(HERE), proposal(again, sharpness=99.0)])])
    after = next(face for face in faces_of(library, photo_id) if face.id == before.id)
    assert dataclasses.replace(after, failed=()) == dataclasses.replace(before, failed=())
    assert library.embeddings([after.id])[0].tolist() == proposal(seed=8).embedding.tolist()


def test_a_rescan_does_not_double_a_face_drawn_loosely(library: Library, photo_id: int) -> None:
    (face,) = faces_of(library, photo_id)
    library.move_face(face.id, proposal(HEAD))
    library.store_scans([scanned(photo_id, [proposal(HERE)])])
    (after,) = faces_of(library, photo_id)
    assert (after.id, after.box) == (face.id, HEAD)


def test_a_rescan_does_not_move_a_box_back(library: Library, photo_id: int) -> None:
    (face,) = faces_of(library, photo_id)
    library.move_face(face.id, proposal(AWAY))
    library.store_scans([scanned(photo_id, [proposal(HERE)])])
    (after,) = faces_of(library, photo_id)
    assert (after.id, after.box, after.found) == (face.id, AWAY, HERE)


def test_a_rescan_that_sees_nothing_keeps_boxes_that_were_moved(
    library: Library, photo_id: int
) -> None:
    (face,) = faces_of(library, photo_id)
    library.move_face(face.id, proposal(AWAY))
    library.store_scans([scanned(photo_id, [])])
    assert [after.id for after in faces_of(library, photo_id)] == [face.id]


def test_undone_after_a_rescan_a_move_goes_back_for_good(library: Library, photo_id: int) -> None:
    (face,) = faces_of(library, photo_id)
    library.move_face(face.id, proposal(AWAY))
    library.store_scans([scanned(photo_id, [proposal(HERE)])])
    library.undo()
    (back,) = faces_of(library, photo_id)
    assert (back.box, back.drawn, back.found) == (HERE, False, None)
    library.store_scans([scanned(photo_id, [proposal(Box(105, 100, 205, 220))])])
    (after,) = faces_of(library, photo_id)
    assert after.box.x1 == 105


def test_a_drawn_box_stands_for_one_of_the_faces_in_it() -> None:
    inside = Box(110, 100, 160, 190)
    both = [proposal(HERE, seed=1), proposal(inside, seed=2)]
    assert strangers([HERE], both) == [both[1]]


def test_a_wide_box_around_a_group_stands_for_nobody_in_it() -> None:
    crowd = [proposal(HERE), proposal(THERE)]
    assert strangers([Box(0, 0, 800, 600)], crowd) == crowd
