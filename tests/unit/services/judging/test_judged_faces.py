"""Two accuracies are compared with care where they are not about the same faces."""

from __future__ import annotations

from pathlib import Path
from typing import cast

import pytest

from facegui.domain.dataset import Subset
from facegui.domain.errors import DatasetError
from facegui.services.judging.judge import MANIFEST_NAME, read_manifest
from facegui.services.judging.judged_faces import JudgedFaces, judged_faces
from facegui.services.libraries import Library
from tests.fakes.runs import kept
from tests.fakes.training_library import FakeLibrary


@pytest.fixture
def library(tmp_path: Path) -> FakeLibrary:
    return FakeLibrary(tmp_path)


def test_the_same_faces_need_no_word(library: FakeLibrary) -> None:
    found = judged_faces(cast("Library", library), kept(library), kept(library))
    assert found.one == found.other == found.both > 0
    assert found.words == ""


def test_other_faces_are_told(library: FakeLibrary) -> None:
    one = kept(library)
    library.add("Tom", 20)
    other = kept(library)
    found = judged_faces(cast("Library", library), one, other)
    tested = [
        {item.face_id for item in read_manifest(cast("Library", library), run.id).of(Subset.TEST)}
        for run in (one, other)
    ]
    assert found == JudgedFaces(*map(len, tested), len(tested[0] & tested[1]))
    assert found.words == (
        f"judged on {found.one} and on {found.other} faces, {found.both} of them the same: the "
        "difference may be chance"
    )


def test_as_many_others_are_told_too() -> None:
    assert JudgedFaces(4, 4, 4).words == ""
    assert "3 of them the same" in JudgedFaces(4, 4, 3).words


def test_a_run_without_its_manifest(library: FakeLibrary) -> None:
    one, other = kept(library), kept(library)
    (library.runs_dir / other.id / MANIFEST_NAME).unlink()
    with pytest.raises(DatasetError):
        judged_faces(cast("Library", library), one, other)
