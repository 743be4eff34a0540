"""The faces that a model has learned from, out of the files of its run."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import cast

import numpy as np
import pytest

from facegui.domain.dataset import DatasetItem, Subset
from facegui.domain.errors import DatasetError
from facegui.network.bundle import BundleInfo, load_bundle
from facegui.services.judging.judge import read_manifest
from facegui.services.libraries import Library
from facegui.services.recognising.why_faces import LearnedFaces
from facegui.training.fit import FEATURES_NAME
from tests.fakes.finished_run import finished_run
from tests.fakes.training_library import FakeLibrary


@pytest.fixture
def library(tmp_path: Path) -> FakeLibrary:
    library = FakeLibrary(tmp_path / "library")
    for name in ("Zoë", "Ada"):
        library.add(name, 10, folder=tmp_path / "photos", alike=0.8)
    library.write_photos()
    return library


@pytest.fixture
def model(library: FakeLibrary) -> Path:
    return Path(finished_run(library).bundle)


def learned_by(library: FakeLibrary, model: Path, info: BundleInfo | None = None) -> LearnedFaces:
    info = info or load_bundle(model).info
    return LearnedFaces.of_model(cast("Library", library), model, info)


def items(library: FakeLibrary, side: Subset) -> tuple[DatasetItem, ...]:
    (folder,) = library.runs_dir.iterdir()
    return read_manifest(cast("Library", library), folder.name).of(side)


def test_a_face_that_was_learned_is_nearest_to_itself_then_its_person(
    library: FakeLibrary, model: Path
) -> None:
    known = items(library, Subset.TRAIN)[0]
    learned = learned_by(library, model)
    found = learned.nearest(library.embeddings([known.face_id])[0], 4)
    assert [face.likeness for face in found] == sorted((f.likeness for f in found), reverse=True)
    assert found[0].face_id == known.face_id
    assert found[0].likeness == pytest.approx(1)
    assert {face.name for face in found} == {"Ada"}
    assert all(face.image is not None for face in found)


def test_faces_held_back_are_not_among_them(library: FakeLibrary, model: Path) -> None:
    learned = learned_by(library, model)
    found = learned.nearest(library.embeddings([1])[0], 100)
    ids = {face.face_id for face in found}
    assert learned.count == len(found) == len(items(library, Subset.TRAIN)) < 20
    assert not ids & {item.face_id for item in items(library, Subset.TEST)}


def test_a_copy_of_the_model_elsewhere_is_known_by_what_is_in_it(
    library: FakeLibrary, model: Path, tmp_path: Path
) -> None:
    elsewhere = tmp_path / "exported.facebundle"
    shutil.copy(model, elsewhere)
    assert learned_by(library, elsewhere).count == learned_by(library, model).count


def test_a_face_that_has_left_the_library_keeps_its_name_only(
    library: FakeLibrary, model: Path
) -> None:
    known = items(library, Subset.TRAIN)[0]
    feature = library.embeddings([known.face_id])[0]
    learned = learned_by(library, model)
    library.remove_face(known.face_id)
    first, second = learned.nearest(feature, 2)
    assert (first.face_id, first.image, first.name) == (None, None, "Ada")
    assert second.face_id is not None


def test_a_photo_that_has_gone_leaves_its_face_without_a_picture(
    library: FakeLibrary, model: Path
) -> None:
    known = items(library, Subset.TRAIN)[0]
    Path(known.path).unlink()
    first, second = learned_by(library, model).nearest(library.embeddings([known.face_id])[0], 2)
    assert first.image is None
    assert first.face_id == known.face_id
    assert second.image is not None


def test_a_model_of_another_library_says_so(model: Path, tmp_path: Path) -> None:
    other = FakeLibrary(tmp_path / "other")
    with pytest.raises(DatasetError, match="not in a library that is open here"):
        learned_by(other, model)


def test_the_model_of_a_deleted_run_says_so(library: FakeLibrary, model: Path) -> None:
    (run,) = library.runs_dir.iterdir()
    info = load_bundle(model).info
    shutil.rmtree(run)
    with pytest.raises(DatasetError, match="has been deleted"):
        learned_by(library, model, info)


@pytest.mark.parametrize("damage", ["gone", "cut", "foreign"])
def test_a_run_without_its_features_names_the_file(
    library: FakeLibrary, model: Path, damage: str
) -> None:
    (run,) = library.runs_dir.iterdir()
    path = run / FEATURES_NAME
    if damage == "gone":
        path.unlink()
    elif damage == "cut":
        path.write_bytes(path.read_bytes()[:50])
    else:
        np.save(path, np.zeros((3, 128), np.float32))
    with pytest.raises(DatasetError, match=FEATURES_NAME):
        learned_by(library, model)
