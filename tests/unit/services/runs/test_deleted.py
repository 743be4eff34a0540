"""Deleting runs and bringing them back."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from facegui.domain.errors import LibraryError
from facegui.services.runs.deleted import KEPT_S, delete_run, deleted_runs, restore_run
from facegui.services.runs.records import list_runs
from tests.fakes.runs import kept
from tests.fakes.training_library import FakeLibrary


@pytest.fixture
def library(tmp_path: Path) -> FakeLibrary:
    return FakeLibrary(tmp_path)


def files(library: FakeLibrary) -> set[str]:
    return {str(path.relative_to(library.path)) for path in library.path.rglob("*")}


def test_there_and_back(library: FakeLibrary) -> None:
    record, other = kept(library), kept(library)
    before = files(library)
    delete_run(library, record)
    assert list_runs(library) == [other]
    assert not Path(record.bundle).exists()
    assert [path.name for path in deleted_runs(library)] == [record.id]
    restore_run(library, record)
    assert list_runs(library) == [other, record]
    assert files(library) - before == {"deleted-runs"}
    assert Path(record.bundle).read_bytes() == b"weights"


def test_what_is_not_there(library: FakeLibrary) -> None:
    record = kept(library)
    with pytest.raises(LibraryError, match="gone for good"):
        restore_run(library, record)
    delete_run(library, record)
    with pytest.raises(LibraryError, match="not there any more"):
        delete_run(library, record)


def test_long_after_it_goes_for_good(library: FakeLibrary) -> None:
    old, recent, now = kept(library), kept(library), kept(library)
    delete_run(library, old)
    delete_run(library, recent)
    long_ago = time.time() - KEPT_S - 1
    os.utime(deleted_runs(library)[0], (long_ago, long_ago))
    delete_run(library, now)
    assert [path.name for path in deleted_runs(library)] == [recent.id, now.id]
