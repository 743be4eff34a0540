"""Deleting trainings, and taking that back.

A deleted run waits in ``deleted-runs/`` with its model beside it for thirty days. It goes for good
when another is deleted after that, or with a person whom it names.
"""

from __future__ import annotations

import shutil
import time
from pathlib import Path

from facegui.domain.errors import LibraryError
from facegui.domain.text import tr
from facegui.files import file_faults
from facegui.services.libraries import Library
from facegui.services.runs.models import model_path
from facegui.services.runs.records import RunRecord

FOLDER = "deleted-runs"
KEPT_S = 30 * 24 * 3600.0
_MODEL_NAME = "published.facebundle"


def delete_run(library: Library, record: RunRecord) -> None:
    """Set a run and its published model aside.

    Raises:
        LibraryError: it is not there any more.
        StorageFault: the disk refuses.
    """
    purge_old(library.path / FOLDER)
    here, there = library.runs_dir / record.id, library.path / FOLDER / record.id
    if not here.is_dir():
        raise LibraryError(tr("The run {id} is not there any more.", id=record.id))
    model = model_path(library, record.id)
    with file_faults(here):
        there.parent.mkdir(parents=True, exist_ok=True)
        if model.is_file():
            model.rename(here / _MODEL_NAME)
        here.rename(there)
        there.touch()


def restore_run(library: Library, record: RunRecord) -> None:
    """Bring back a run that `delete_run` set aside.

    Raises:
        LibraryError: it has gone for good.
        StorageFault: the disk refuses.
    """
    here, there = library.runs_dir / record.id, library.path / FOLDER / record.id
    if not there.is_dir():
        raise LibraryError(tr("The run {id} has gone for good.", id=record.id))
    with file_faults(here):
        there.rename(here)
        model = here / _MODEL_NAME
        if model.is_file():
            library.models_dir.mkdir(exist_ok=True)
            model.rename(model_path(library, record.id))


def deleted_runs(library: Library) -> list[Path]:
    """The folders of the runs that are set aside."""
    return sorted((library.path / FOLDER).glob("*/"))


def purge_old(folder: Path) -> None:
    """Forget for good what was put into *folder* more than thirty days ago."""
    for aside in folder.glob("*/"):
        if time.time() - aside.stat().st_mtime > KEPT_S:
            shutil.rmtree(aside, ignore_errors=True)
