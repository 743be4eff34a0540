"""Undo and redo: exact, across restarts, of any row, whatever the machine writes in between."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from facegui.domain.entities import Decision, DuplicateGroup, DuplicateMember
from facegui.domain.geometry import Box
from facegui.domain.queries import Change
from facegui.domain.rules import Limits
from facegui.storage import Library, journal
from tests.fakes.library_dump import dump
from tests.fakes.proposals import proposal, scanned

PHOTOS = 5


def fill(library: Library) -> Library:
    """Five photos with one to three faces each, two of them copies."""
    files = [(f"/photos/{n}.jpg", f"Person {n % 2}", 1, 1) for n in range(PHOTOS)]
    ids = library.add_photos(files).added
    library.store_scans(
        [
            scanned(
                i, [proposal(Box(n * 300, 0, n * 300 + 100, 120), seed=n) for n in range(1 + i % 3)]
            )
            for i in ids
        ]
    )
    library.set_duplicates([DuplicateGroup(1, (DuplicateMember(1, 0), DuplicateMember(2, 5)))])
    return library


def merge(library: Library, into: int) -> None:
    """Makes the first and the last person one, called like either."""
    ids = [person.id for person in library.people()]
    library.merge_people([ids[0], ids[-1]], into=ids[0 if into % 2 else -1])


Action = Callable[[Library], object]
FACES = st.lists(st.integers(1, 9), min_size=1, max_size=9, unique=True)
NAMES = st.sampled_from(["Ann", "Bob", "Person 0", "Zoë 김", None])

ACTIONS: st.SearchStrategy[Action] = st.one_of(
    st.builds(
        lambda faces, decision: lambda lib: lib.decide(faces, decision),
        FACES, st.sampled_from(Decision),
    ),
    st.builds(
        lambda faces, name, keep: lambda lib: lib.assign(faces, name, keep=keep),
        FACES, NAMES, st.booleans(),
    ),
    st.builds(lambda name: lambda lib: lib.add_person(name), st.sampled_from(["Cy", "Di"])),
    st.builds(
        lambda i, name: lambda lib: lib.rename_person(i, name),
        st.integers(1, 3), st.uuids().map(str),
    ),
    st.builds(
        lambda i, to: lambda lib: lib.move_person(i, to), st.integers(1, 3), st.integers(0, 4)
    ),
    st.builds(lambda i: lambda lib: lib.prefer_photo(i), st.integers(1, PHOTOS)),
    st.builds(lambda i: lambda lib: lib.set_apart([(1, i)]), st.integers(2, PHOTOS)),
    st.builds(
        lambda i, faces: lambda lib: lib.keep_photos([i], faces, "Keep one"),
        st.integers(1, PHOTOS), FACES,
    ),
    st.builds(lambda n: lambda lib: merge(lib, n), st.integers(0, 3)),
    st.builds(
        lambda faces, name: lambda lib: lib.split_person(faces, name), FACES, st.uuids().map(str)
    ),
    st.builds(
        lambda i, key: lambda lib: lib.assign_key(i, key),
        st.integers(1, 3), st.sampled_from([1, 2, 9, None]),
    ),
    st.builds(lambda i: lambda lib: lib.choose_cover(i, 10 - i), st.integers(1, 3)),
    st.builds(
        lambda pan, size: lambda lib: lib.set_limits(Limits(max_faces=pan, min_size_px=size)),
        st.integers(1, 3), st.sampled_from([32.0, 110.0]),
    ),
    st.builds(
        lambda i, n: lambda lib: lib.relink_photo(i, f"/moved/{n}-{i}.jpg", n, n),
        st.integers(1, PHOTOS), st.integers(1, 3),
    ),
)  # fmt: skip


def test_a_refusal_goes_with_its_person_when_two_are_merged(tmp_path: Path) -> None:
    """Found by the walks below: the refused face is told of, though it is nobody's."""
    with Library.create(tmp_path / "X") as library:
        fill(library)
        library.split_person([1], "Somebody else")
        library.assign([1], None, keep=False)
        before = rows(library)
        ids = [person.id for person in library.people()]
        changed = library.merge_people([ids[0], ids[-1]], into=ids[-1])
        assert 1 in changed.face_ids
        library.undo()
        assert rows(library) == before


@given(st.lists(ACTIONS, max_size=12), st.data())
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_walk_through_history_shows_the_state_it_stands_at(
    actions: list[Action], data: st.DataObject
) -> None:
    with (
        tempfile.TemporaryDirectory() as folder,
        Library.create(Path(folder) / "X") as library,
    ):
        fill(library)
        states = [rows(library)]
        for action in actions:
            action(library)
            if rows(library) != states[-1]:
                states.append(rows(library))
        place = len(states) - 1
        for back in data.draw(st.lists(st.booleans(), max_size=20)):
            moved = library.undo() if back else library.redo()
            step = -1 if back else 1
            if moved is None:
                assert place == (0 if back else len(states) - 1)
            else:
                place += step
            assert rows(library) == states[place]
        library.check()


def rows(library: Library) -> list[str]:
    """The dump without the journal and the counters that only grow."""
    return [
        line
        for line in dump(library)
        if line.startswith("INSERT INTO") and "journal" not in line and "sequence" not in line
    ]


def hundred_steps(library: Library) -> Iterator[Change]:
    """Twenty-five kinds of step, four times each."""
    for n in range(4):
        face, other = 1 + n, 1 + (n + 4) % 9
        yield library.decide([face], Decision.REJECT)
        yield library.decide([face, other], Decision.IGNORE)
        yield library.decide(range(1, 10), Decision.KEEP if n % 2 else Decision.UNDECIDED)
        yield library.assign([face, other], f"Name {n}")
        yield library.assign([other], None)
        yield library.set_limits(Limits(min_sharpness=40.0 + n))
        yield library.rename_person(1, f"Renamed {n}")
        yield library.add_person(f"Twin {n}")
        twin = library.people()[-1].id
        yield library.assign([face], f"Twin {n}")
        yield library.set_person_limits(twin, {"min_size_px": 90.0 + n})
        yield library.colour_person(twin, f"#10203{n}")
        yield library.choose_cover(twin, face)
        yield library.assign_key(twin, 1)
        yield library.move_person(twin, 0)
        yield library.merge_people([1, twin], into=twin)
        yield library.split_person([face], f"Split {n}")
        yield library.refuse([other], 1)
        yield library.affirm([other], 1)
        yield library.prefer_photo(1 + n % 2)
        yield library.relink_photo(3, f"/elsewhere/{n}.jpg", 5, 5)
        drawn = library.draw_face(4, proposal(Box(400, 300, 450 + n, 380), seed=60 + n))
        yield drawn
        yield library.move_face(other, proposal(Box(10, 300, 60 + n, 380), seed=70 + n))
        yield library.delete_faces(drawn.face_ids[-1:])
        yield library.set_apart([(2, 3 + n % 3)] if n % 2 else [(1, 3 + n % 3)])
        yield library.decide([face], Decision.REJECT if n % 2 else Decision.IGNORE)


def test_a_hundred_undos_and_a_hundred_redos_leave_an_identical_library(library: Library) -> None:
    fill(library)
    before = rows(library)
    assert [change.entry for change in hundred_steps(library)].count(None) == 0
    assert len(library.history(limit=1000)) == 100
    after = dump(library)
    for _ in range(100):
        assert library.undo() is not None
    assert library.undo() is None
    assert rows(library) == before
    assert len(library.history(limit=1000)) == 100
    for _ in range(100):
        assert library.redo() is not None
    assert library.redo() is None
    assert dump(library) == after


def test_history_survives_a_restart(tmp_path: Path) -> None:
    with Library.create(tmp_path / "X") as library:
        fill(library)
        library.decide([1, 2], Decision.REJECT, "one")
        library.decide([3], Decision.KEEP, "two")
        library.undo()
    with Library.open(tmp_path / "X") as library:
        assert [(e.label, e.undone) for e in library.history()] == [("two", True), ("one", False)]
        redone = library.redo()
        assert redone is not None
        assert redone.entry is not None
        assert (redone.entry.label, redone.entry.undone) == ("two", False)
        assert library.faces([3])[0].decision is Decision.KEEP
        library.undo()
        library.undo()
        assert {face.decision for face in library.faces([1, 2, 3])} == {Decision.UNDECIDED}


def test_a_new_step_drops_what_could_have_been_redone(library: Library) -> None:
    fill(library)
    library.decide([1], Decision.REJECT, "one")
    library.decide([2], Decision.REJECT, "two")
    library.undo()
    library.decide([3], Decision.REJECT, "three")
    assert library.redo() is None
    assert [entry.label for entry in library.history()] == ["three", "one"]


def test_a_step_that_changes_nothing_keeps_what_can_be_redone(library: Library) -> None:
    fill(library)
    library.decide([1], Decision.REJECT)
    library.undo()
    library.decide([1], Decision.UNDECIDED)
    assert library.redo() is not None


def test_undo_tells_the_rows_that_changed(library: Library) -> None:
    fill(library)
    done = library.assign([4], "Somebody new")
    undone = library.undo()
    assert undone is not None
    assert undone.face_ids == done.face_ids
    assert undone.photo_ids == done.photo_ids
    assert undone.person_ids == done.person_ids
    assert undone.entry is not None
    assert undone.entry.undone


def test_history_is_newest_first_and_limited(library: Library) -> None:
    fill(library)
    for n in range(5):
        library.decide([n + 1], Decision.KEEP, f"step {n}")
    assert [entry.label for entry in library.history(limit=2)] == ["step 4", "step 3"]


def test_only_so_many_steps_are_kept(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journal, "DEPTH", 3)
    fill(library)
    for n in range(6):
        library.decide([n + 1], Decision.KEEP, f"step {n}")
    assert [entry.label for entry in library.history()] == ["step 5", "step 4", "step 3"]
    with library._db.read() as connection:
        (count,) = connection.execute("SELECT count(DISTINCT step_id) FROM journal_rows").fetchone()
    assert count == 3


def test_any_row_can_be_inserted_and_deleted_vectors_included(library: Library) -> None:
    fill(library)
    before = rows(library)
    vector = library.embeddings([1]).tobytes()
    with library._step("Delete a face") as step:
        step.delete("embeddings", [1])
        step.delete("faces", [1, 12345])
    assert step.change.face_ids[0] == 1
    assert library.faces([1]) == []
    gone = rows(library)
    undone = library.undo()
    assert undone is not None
    assert 1 in undone.photo_ids
    assert rows(library) == before
    assert library.embeddings([1]).tobytes() == vector
    library.redo()
    assert rows(library) == gone
    library.check()


def test_a_drawn_face_goes_and_comes_with_its_verdict(library: Library) -> None:
    fill(library)
    with library._db.read() as connection:
        template = journal._whole_rows(connection, "faces", [1])[1]
    with library._step("Draw a face") as step:
        face_id = step.insert("faces", {**template, "id": None, "x2": template["x1"] + 5})
        step.insert("embeddings", {"id": face_id, "vector": b"\0" * 512})
    drawn = library.faces([face_id])[0]
    assert drawn.failed != ()
    done = rows(library)
    library.undo()
    assert library.faces([face_id]) == []
    library.redo()
    assert rows(library) == done
    assert library.faces([face_id]) == [drawn]


def test_a_row_that_others_need_cannot_be_deleted_by_mistake(library: Library) -> None:
    fill(library)
    before = dump(library)
    with pytest.raises(Exception, match="FOREIGN KEY"), library._step("Forgetful") as step:
        step.delete("faces", [1])
    assert dump(library) == before


def half_a_step(library: Library) -> None:
    with library._step("Half") as step:
        step.update("faces", [1, 2], {"decision": "keep"})
        raise RuntimeError("half way")


def test_an_error_inside_a_step_undoes_all_of_it(library: Library) -> None:
    fill(library)
    before = dump(library)
    with pytest.raises(RuntimeError, match="half way"):
        half_a_step(library)
    assert dump(library) == before


@pytest.mark.parametrize(
    ("table", "column"), [("journal", "label"), ("faces", "x; DROP TABLE faces"), ("x", "y")]
)
def test_only_rows_of_record_are_for_the_journal(library: Library, table: str, column: str) -> None:
    with pytest.raises(ValueError, match="not for the journal"), library._step("Bad") as step:
        step.update(table, [1], {column: 1})


def test_undo_after_a_rescan_took_the_face_away(library: Library) -> None:
    fill(library)
    library.decide([1], Decision.REJECT)
    library.decide([1], Decision.UNDECIDED)
    library.store_scans([scanned(library.photo_ids()[0])])
    (first,) = [photo.id for photo in library.photos([1])]
    library.store_scans([scanned(first)])
    assert library.faces([1]) == []
    assert library.undo() is not None
    assert library.undo() is not None
    assert library.undo() is None
    assert library.faces([1]) == []
    library.check()


def test_a_thousand_rows_at_once(library: Library) -> None:
    ids = library.add_photos([(f"/{n}.jpg", None, 1, 1) for n in range(1000)]).added
    library.store_scans([scanned(i, [proposal()]) for i in ids])
    faces = library.face_ids()
    library.decide(faces[::3], Decision.KEEP)
    before = rows(library)
    assert len(library.decide(faces, Decision.REJECT).face_ids) == 1000
    assert library.counts().rejected == 1000
    library.undo()
    assert rows(library) == before
