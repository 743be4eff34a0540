"""Wrong names: found where networks and neighbours both doubt them, and counted once mended."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from facegui.domain.control import NullControl
from facegui.domain.dataset import Split
from facegui.domain.entities import Decision
from facegui.services.judging.judge import RunResults, read_results
from facegui.services.judging.mislabels import (
    Fixes,
    Mislabel,
    fixes_between,
    fixes_since,
    mislabels,
    run_before,
)
from facegui.services.judging.out_of_fold import OutOfFoldRequest, check_every_face
from facegui.services.libraries import Library
from facegui.services.reviewing.gallery import Gallery
from facegui.services.runs.records import RunRecord
from tests.fakes.finished_run import finished_run
from tests.fakes.people_library import SWAPPED, people_library
from tests.fakes.trainer import FakeTrainer


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with people_library(tmp_path) as library:
        yield library


@pytest.fixture
def checked(library: Library) -> RunResults:
    record = finished_run(library)
    tools = SimpleNamespace(trainer=FakeTrainer())
    check_every_face(library, tools, OutOfFoldRequest(record, 3), NullControl())
    return read_results(library, record)


def people(library: Library) -> dict[int, str]:
    return {person.id: person.name for person in library.people()}


def found(library: Library, results: RunResults) -> list[Mislabel]:
    return mislabels(results, Gallery.read(library))


def test_a_swapped_name_is_found_with_both_reasons(library: Library, checked: RunResults) -> None:
    (one,) = found(library, checked)
    names = people(library)
    assert one.face_id == SWAPPED
    assert (names[one.person_id], one.said, names[one.like_id]) == ("Ann", "Bob", "Bob")
    assert one.probability < 0.1
    assert one.said_probability > 0.9
    assert one.own < 0.3 < one.other
    assert one.near


def test_nothing_is_listed_before_every_face_was_checked(
    library: Library, checked: RunResults
) -> None:
    assert found(library, replace(checked, out_of_fold=None)) == []


def test_the_networks_alone_are_not_believed(library: Library, checked: RunResults) -> None:
    assert checked.out_of_fold is not None
    upside_down = replace(checked, out_of_fold=1 - checked.out_of_fold)
    assert found(library, upside_down) == []


def test_the_neighbours_alone_are_not_believed(library: Library, checked: RunResults) -> None:
    sure = np.eye(2, dtype=np.float32)[checked.truth]
    assert found(library, replace(checked, out_of_fold=sure)) == []


def test_a_name_given_half_as_much_as_usual_is_doubted(
    library: Library, checked: RunResults
) -> None:
    said = np.tile(np.array((0.95, 0.05), np.float32), (len(checked.items), 1))
    said[checked.truth == 1] = (0.05, 0.95)
    row = next(n for n, item in enumerate(checked.items) if item.face_id == SWAPPED)
    said[row] = (0.6, 0.4)
    assert found(library, replace(checked, out_of_fold=said)) == []
    said[row] = (0.41, 0.4)  # of more than two, as if the rest went to others
    assert [one.face_id for one in found(library, replace(checked, out_of_fold=said))] == [SWAPPED]


@pytest.mark.parametrize("how", ["move", "affirm", "reject"])
def test_what_the_owner_has_answered_leaves_and_comes_back_with_undo(
    library: Library, checked: RunResults, how: str
) -> None:
    (one,) = found(library, checked)
    match how:
        case "move":
            library.assign([SWAPPED], "Bob")
        case "affirm":
            library.affirm([SWAPPED], one.person_id)
        case "reject":
            library.decide([SWAPPED], Decision.REJECT)
    assert found(library, checked) == []
    library.undo()
    assert [again.face_id for again in found(library, checked)] == [SWAPPED]


def test_people_may_have_other_names_by_now(library: Library, checked: RunResults) -> None:
    ann = next(number for number, name in people(library).items() if name == "Ann")
    library.rename_person(ann, "Anna")
    assert [one.face_id for one in found(library, checked)] == [SWAPPED]


class TestFixes:
    def test_of_the_library_since_the_run(self, library: Library) -> None:
        record = finished_run(library)
        assert fixes_since(library, record) == Fixes(0, 0)
        library.assign([SWAPPED], "Bob")
        library.decide([1], Decision.REJECT)
        assert fixes_since(library, record) == Fixes(renamed=1, gone=1)
        assert fixes_since(library, record).count == 2
        library.undo()
        library.undo()
        assert fixes_since(library, record) == Fixes(0, 0)

    def test_faces_that_came_since_the_run(self, library: Library) -> None:
        record = finished_run(library)
        library.assign([9, 10], "Ann")
        library.assign([11, 12], "Cid")  # whom the run does not know
        assert fixes_since(library, record) == Fixes(renamed=0, gone=0, added=2)
        later = finished_run(library)
        assert fixes_between(library, record, later).added == 4

    def test_a_face_whose_photo_has_gone_is_not_waiting(self, library: Library) -> None:
        record = finished_run(library)
        library.assign([9, 10], "Ann")
        Path(library.photos([library.faces([9])[0].photo_id])[0].path).unlink()
        assert fixes_since(library, record).added == 1

    def test_a_cap_adds_nothing(self, library: Library) -> None:
        record = finished_run(library, Split(test=0.0, cap=2))
        assert fixes_since(library, record) == Fixes(0, 0)
        assert fixes_between(library, record, finished_run(library)).added == 0

    def test_of_one_run_since_the_last(self, library: Library) -> None:
        first = finished_run(library)
        library.assign([SWAPPED], "Bob")
        second = finished_run(library)
        assert fixes_between(library, first, second) == Fixes(renamed=1, gone=0)

    def test_a_person_with_a_new_name_is_no_fix(self, library: Library) -> None:
        record = finished_run(library)
        library.rename_person(
            next(n for n, name in people(library).items() if name == "Ann"), "Anna"
        )
        assert fixes_since(library, record) == Fixes(0, 0)

    def test_the_run_before_is_of_the_same_network(self, library: Library) -> None:
        first = finished_run(library)
        second = finished_run(library)
        assert run_before(library, first) is None
        assert run_before(library, second) == first
        other: RunRecord = replace(second, config=replace(second.config, network="classic"))
        assert run_before(library, other) is None
