"""Corrections shown to the next model: fixed, still wrong, newly wrong, and what that proves."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from facegui.domain.control import NullControl
from facegui.domain.corrections import Answer, Provenance, Source, Truth, Verdict
from facegui.domain.dataset import Split, Subset
from facegui.domain.entities import Decision
from facegui.domain.errors import Cancelled
from facegui.services.judging.judge import OUT_OF_FOLD_NAME, read_results
from facegui.services.learning.networks import default_config
from facegui.services.learning.train import TrainReport, TrainRequest, train
from facegui.services.libraries import Library
from facegui.services.recognising.corrections_due import ENOUGH, Due, due
from facegui.services.recognising.corrections_replay import (
    FILE_NAME,
    Learned,
    Outcome,
    Replay,
    ReplayedFace,
    replay,
)
from tests.fakes.bundles import write_colour_bundle
from tests.fakes.control import RecordingControl
from tests.fakes.people_library import STRANGERS, SWAPPED, people_library
from tests.fakes.trainer import FakeTrainer

CID = Truth(Verdict.IS, "Cid")
BOB = Truth(Verdict.IS, "Bob")
STRANGER = Truth(Verdict.STRANGER)


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with people_library(tmp_path) as made:
        yield made


def learn(library: Library) -> TrainReport:
    request = TrainRequest(default_config("face-transfer"), Split(validation=0.3, test=0.0))
    return train(library, SimpleNamespace(trainer=FakeTrainer()), request, NullControl())


def correct(library: Library, face_id: int, truth: Truth, said: str | None, run: str) -> None:
    answer = Answer(said or "Ann", said is not None, 0.5, 0.4)
    library.correct(face_id, truth, Provenance(Source.FILE, "", "ab" * 32, run, answer))


def shown(library: Library, bundle: Path) -> Replay:
    return replay(library, SimpleNamespace(inference=None), bundle, NullControl())


def by_face(found: Replay) -> dict[int, ReplayedFace]:
    return {face.correction.face_id: face for face in found.faces}


def test_what_the_new_model_has_learned_is_fixed_and_marked_as_no_proof(library: Library) -> None:
    first = learn(library)
    for face_id in STRANGERS:
        correct(library, face_id, CID, "Ann", first.record.id)
    correct(library, SWAPPED, BOB, "Bob", first.record.id)
    second = learn(library)
    found = by_face(shown(library, second.bundle))
    assert {found[n].outcome for n in STRANGERS} == {Outcome.FIXED}
    assert {found[n].now.name for n in STRANGERS} == {"Cid"}
    assert {found[n].before.name for n in STRANGERS} == {"Ann"}
    assert found[SWAPPED].outcome is Outcome.STILL_RIGHT
    subset = {item.face_id: item.subset for item in read_results(library, second.record).items}
    marks = {Subset.TRAIN: Learned.YES, Subset.VALIDATION: Learned.CHOSEN}
    assert {n: found[n].learned for n in STRANGERS} == {n: marks[subset[n]] for n in STRANGERS}
    assert {found[n].out_of_fold for n in STRANGERS} == {None}


def test_a_stranger_whom_the_model_cannot_have_learned_is_proof(library: Library) -> None:
    first = learn(library)
    for face_id in STRANGERS:
        correct(library, face_id, STRANGER, "Ann", first.record.id)
    found = by_face(shown(library, learn(library).bundle))
    assert {found[n].learned for n in STRANGERS} == {Learned.NO}


def test_an_answer_out_of_fold_stands_beside_what_was_learned(library: Library) -> None:
    correct(library, SWAPPED, BOB, "Ann", "earlier")
    report = learn(library)
    results = read_results(library, report.record)
    row = [item.face_id for item in results.items].index(SWAPPED)
    said = np.full((len(results.items), 2), np.nan, np.float32)
    said[row] = (0.25, 0.75)
    np.save(library.runs_dir / report.record.id / OUT_OF_FOLD_NAME, said)
    (face,) = shown(library, report.bundle).faces
    assert face.out_of_fold == ("Bob", 0.75)


def test_what_a_model_in_between_had_right_is_newly_wrong(library: Library) -> None:
    correct(library, SWAPPED, BOB, "Ann", "0-before")
    good = learn(library)
    (face,) = shown(library, good.bundle).faces
    assert face.outcome is Outcome.FIXED
    library.assign([SWAPPED], "Ann")  # a wrong word about the same face, which is learned
    bad = learn(library)
    library.assign([SWAPPED], "Bob")
    strict = replace(face.now, candidate="Ann")
    kept = library.runs_dir / good.record.id / FILE_NAME
    assert '"candidate":"Bob"' in kept.read_text()
    (face,) = shown(library, bad.bundle).faces
    assert face.before.name == "Bob"
    expected = Outcome.NEWLY_WRONG if face.now.name != "Bob" else Outcome.STILL_RIGHT
    assert face.outcome is expected
    assert replace(face, now=strict).outcome is Outcome.NEWLY_WRONG
    kept.write_text("{}")  # damaged: as if it had not been replayed
    (face,) = shown(library, bad.bundle).faces
    assert face.before.name == "Ann"


def test_a_model_newer_than_the_last_replay_was_the_one_before(library: Library) -> None:
    correct(library, SWAPPED, BOB, "Ann", "0-before")
    first, second = learn(library), learn(library)
    shown(library, first.bundle)
    correct(library, SWAPPED, BOB, None, second.record.id)
    (face,) = shown(library, learn(library).bundle).faces
    assert face.before.name is None


def test_only_what_stands_is_asked(library: Library) -> None:
    report = learn(library)
    correct(library, SWAPPED, BOB, "Ann", report.record.id)
    correct(library, STRANGERS[0], STRANGER, "Ann", report.record.id)
    library.decide([SWAPPED], Decision.REJECT)
    found = shown(library, report.bundle)
    assert list(by_face(found)) == [STRANGERS[0]]
    assert found.counts.total() == 1


def test_stopping_keeps_nothing(library: Library) -> None:
    report = learn(library)
    correct(library, SWAPPED, BOB, "Ann", report.record.id)
    control = RecordingControl(stop_when=lambda _: True)
    with pytest.raises(Cancelled):
        replay(library, SimpleNamespace(inference=None), report.bundle, control)
    assert not (library.runs_dir / report.record.id / FILE_NAME).exists()


def test_a_model_from_elsewhere_can_be_asked(library: Library, tmp_path: Path) -> None:
    bundle = write_colour_bundle(tmp_path / "x.facebundle", {"A": (9, 0, 0), "B": (0, 9, 0)})
    correct(library, SWAPPED, BOB, "Ann", "0-before")
    (face,) = shown(library, bundle).faces
    assert (face.learned, face.before.name) == (Learned.NO, "Ann")


# when training again is worth it


def test_nothing_is_due_without_a_model_or_corrections(library: Library) -> None:
    correct(library, SWAPPED, BOB, "Ann", "0-before")
    assert due(library) == Due()
    with library._db.write() as connection:
        connection.execute("UPDATE corrections SET made_at = '2026-01-01T10:00:00.000+00:00'")
    learn(library)
    assert due(library) == Due()
    assert due(library).words == ""


def test_so_many_corrections_since_the_model_are_worth_it(library: Library) -> None:
    report = learn(library)
    for n, face_id in enumerate((*STRANGERS, SWAPPED, 1, 5)[:ENOUGH], start=1):
        correct(library, face_id, STRANGER, "Ann", report.record.id)
        assert due(library).corrections == n
        assert due(library).worth is (n == ENOUGH)
    assert "5 corrections since the model in use was trained" in due(library).words
    library.undo()
    assert not due(library).worth


def test_a_nod_to_the_models_answer_is_nothing_to_learn(library: Library) -> None:
    report = learn(library)
    correct(library, STRANGERS[0], STRANGER, None, report.record.id)
    correct(library, 1, Truth(Verdict.IS, "Ann"), "Ann", report.record.id)
    assert due(library).corrections == 0


def test_somebody_new_with_faces_enough_is_worth_it(library: Library) -> None:
    learn(library)
    library.assign((1, 2, 3, 4), "Newcomer")
    assert due(library).newcomers == ()
    library.assign((1, 2, 3, 4, 5), "Newcomer")
    assert due(library).newcomers == ("Newcomer",)
    assert "does not know Newcomer" in due(library).words
    assert due(library).worth
