"""Evaluating: only on what the model has never seen, and counted honestly."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from facegui.domain.control import NullControl, Stop
from facegui.domain.entities import Decision, PhotoHashes
from facegui.domain.errors import BundleError, Cancelled, OwnerError
from facegui.services.judging.evaluate import UNKNOWN, EvaluateRequest, Evaluation, evaluate
from facegui.services.learning.networks import default_config
from facegui.services.learning.train import TrainRequest, train
from tests.fakes.control import RecordingControl
from tests.fakes.faces import fake_tools
from tests.fakes.review_library import write_photo
from tests.fakes.trainer import FakeTrainer
from tests.fakes.training_library import FakeLibrary


@pytest.fixture
def library(tmp_path: Path) -> FakeLibrary:
    library = FakeLibrary(tmp_path / "library")
    for name in ("Zoë", "Ada"):
        library.add(name, 10, alike=0.85)
    return library


@pytest.fixture
def bundle(library: FakeLibrary) -> Path:
    tools = SimpleNamespace(trainer=FakeTrainer())
    request = TrainRequest(default_config("face-transfer"))
    return train(library, tools, request, NullControl()).bundle


def measure(library: FakeLibrary, bundle: Path, control: object = None) -> Evaluation:
    tools = SimpleNamespace(inference=None)
    return evaluate(library, tools, EvaluateRequest(bundle), control or NullControl())


def typical(library: FakeLibrary, face_ids: Iterable[int]) -> np.ndarray:
    """A face like those, but no copy of any."""
    return library.embeddings(list(face_ids)).mean(axis=0)


def noise(seed: int) -> np.ndarray:
    """A unit vector that looks like nobody."""
    vector = np.random.default_rng(1000 + seed).normal(size=128)
    return vector / np.linalg.norm(vector)


def test_nothing_new_nothing_measured(library: FakeLibrary, bundle: Path) -> None:
    found = measure(library, bundle)
    assert (found.faces, found.left_out) == (0, 20)
    assert found.accuracy is found.accuracy_with_unknown is None
    assert [(person.name, person.precision, person.recall) for person in found.people] == [
        ("Ada", None, None),
        ("Zoë", None, None),
    ]


def test_new_faces_are_measured(library: FakeLibrary, bundle: Path) -> None:
    library.add("Ada", 4, alike=0.85)
    library.add("Zoë", 3, alike=0.85)
    found = measure(library, bundle)
    assert (found.faces, found.left_out) == (7, 20)
    assert found.accuracy == 1.0
    assert found.rows == found.columns == ("Ada", "Zoë", UNKNOWN)
    assert [sum(row) for row in found.confusion] == [4, 3, 0]
    assert [person.support for person in found.people] == [4, 3]


def test_the_matrix_says_who_was_taken_for_whom(library: FakeLibrary, bundle: Path) -> None:
    lookalike, nobody = library.add("Ada", 2)
    library.set_embedding(lookalike, typical(library, range(1, 11)) + 0.2 * noise(1))
    library.set_embedding(nobody, noise(2))
    (right,) = library.add("Zoë", 1)
    library.set_embedding(right, typical(library, range(1, 11)) + 0.2 * noise(3))
    found = measure(library, bundle)
    assert found.confusion == ((0, 1, 1), (0, 1, 0), (0, 0, 0))
    people = {person.name: person for person in found.people}
    assert (people["Zoë"].precision, people["Zoë"].recall) == (0.5, 1.0)
    assert (people["Ada"].precision, people["Ada"].recall) == (None, 0.0)
    assert found.accuracy_with_unknown == pytest.approx(1 / 3)
    assert (found.rejected, found.misnamed) == (1, 1)


def test_strangers_have_a_row_of_their_own(library: FakeLibrary, bundle: Path) -> None:
    library.add("Stranger", 5)
    (double,) = library.add("Stranger", 1)
    library.set_embedding(double, typical(library, range(1, 11)))
    found = measure(library, bundle)
    assert (found.faces, found.strangers, found.strangers_named) == (0, 6, 1)
    assert found.confusion[2] == (0, 1, 5)
    assert found.accuracy is None


def test_folders_of_strangers_are_measured_too(
    library: FakeLibrary, bundle: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "Strangers"
    folder.mkdir()
    for n in range(2):
        write_photo(folder / f"{n}.png", (200, 30, 40))
    request = EvaluateRequest(bundle, (folder,))
    found = evaluate(library, fake_tools(), request, NullControl())
    assert found.strangers == sum(found.confusion[2]) >= 2
    assert found.strangers_left_out == 0
    write_photo(folder / "ada" / "1.png", (200, 30, 40))
    with_ada = evaluate(library, fake_tools(), request, NullControl())
    assert (with_ada.strangers, with_ada.strangers_left_out) == (found.strangers, 1)
    gone = EvaluateRequest(bundle, (tmp_path / "absent",))
    with pytest.raises(OwnerError, match="absent"):
        evaluate(library, fake_tools(), gone, NullControl())
    with pytest.raises(Cancelled):
        evaluate(library, fake_tools(), request, RecordingControl(lambda _: Stop.KEEP))


def by_file(library: FakeLibrary, copy: int) -> None:
    library.change_photo(copy, sha256=f"{1:064x}")


def by_photo_hash(library: FakeLibrary, copy: int) -> None:
    (seen,) = library.photos([1])
    assert seen.hashes is not None
    library.change_photo(copy, hashes=PhotoHashes(seen.hashes.phash ^ 0b111, 0))


def by_mirrored_photo_hash(library: FakeLibrary, copy: int) -> None:
    (seen,) = library.photos([1])
    assert seen.hashes is not None
    library.change_photo(copy, hashes=PhotoHashes(0, seen.hashes.phash ^ 0b111))


def by_duplicate_group(library: FakeLibrary, copy: int) -> None:
    library.group(1, copy)


def by_a_group_whose_original_was_thrown_out(library: FakeLibrary, copy: int) -> None:
    library.group(1, copy)
    library.change_face(1, decision=Decision.REJECT)


def by_likeness(library: FakeLibrary, copy: int) -> None:
    library.set_embedding(copy, library.embeddings([1])[0])


@pytest.mark.parametrize(
    "make",
    [
        by_file,
        by_photo_hash,
        by_mirrored_photo_hash,
        by_duplicate_group,
        by_a_group_whose_original_was_thrown_out,
        by_likeness,
    ],
)
def test_copies_of_what_it_was_trained_on_are_left_out(
    library: FakeLibrary, bundle: Path, make: object
) -> None:
    copy, _ = library.add("Zoë", 2)
    make(library, copy)
    assert measure(library, bundle).faces == 1


def test_stopping(library: FakeLibrary, bundle: Path) -> None:
    library.add("Ada", 2)
    with pytest.raises(Cancelled):
        measure(library, bundle, RecordingControl(lambda _: Stop.KEEP))


def test_what_is_no_bundle(library: FakeLibrary, tmp_path: Path) -> None:
    (tmp_path / "model").write_bytes(b"\x89HDF\r\n\x1a\n")
    with pytest.raises(BundleError, match="HDF5"):
        measure(library, tmp_path / "model")
