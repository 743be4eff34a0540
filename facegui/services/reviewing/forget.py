"""Deleting a person for good: what would go, and its going. The one act that cannot be undone.

Photos of the owner stay where they are. Everything in the library that names the person goes, but
for photos in which others are named too: of those their rows and paths stay. Files go first and the
person's own row last, so whatever interrupts it, it can be asked for again.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path

from facegui.domain.control import Control, Progress
from facegui.domain.entities import Person, Photo
from facegui.domain.errors import LibraryError
from facegui.domain.queries import Change
from facegui.domain.text import tr
from facegui.files import file_faults
from facegui.services.cloud.answers import Answers
from facegui.services.cloud.ledger import Ledger
from facegui.services.collecting.folders import folders
from facegui.services.collecting.folders import forget as forget_folder
from facegui.services.collecting.web_list import forget_person as forget_in_lists
from facegui.services.collecting.web_list_files import QUARANTINE
from facegui.services.libraries import Library
from facegui.services.recognising.corrections import kept_pictures, sweep
from facegui.services.runs.deleted import deleted_runs
from facegui.services.runs.model_files import forget_in_models, knows
from facegui.services.runs.models import list_models
from facegui.services.scanning.thumbnails import Thumbnails
from facegui.storage.names import safe_name


@dataclass(frozen=True, slots=True)
class Leaving:
    """What goes with a person, for the owner to agree to.

    Attributes:
        faces: how many faces are named after them.
        photos: photos that leave the library; their files stay.
        shared: photos that stay in the library because others are named in them too.
        own_files: folders with copies that FaceGUI fetched or recorded of them, and files with
            pictures that were kept when they were corrected.
        runs: folders of trainings that learned them.
        models: models that can name them.
        backups: backups of the library that still name them.
    """

    person: Person
    faces: int
    photos: tuple[Photo, ...]
    shared: tuple[Photo, ...]
    own_files: tuple[Path, ...]
    runs: tuple[Path, ...]
    models: tuple[Path, ...]
    backups: tuple[Path, ...]


@dataclass(frozen=True, slots=True)
class Agreed:
    """What the owner agreed to beyond the library's rows.

    Attributes:
        own_files: also delete the copies that FaceGUI fetched or recorded.
        backups: also delete the backups that name them.
        models: which of the models to delete.
    """

    own_files: bool
    backups: bool
    models: Collection[Path]


def what_goes(library: Library, person_id: int, control: Control) -> Leaving:
    """What deleting a person would take, read through without changing anything.

    Raises:
        LibraryError: nobody has that id.
    """
    person = next((p for p in library.people() if p.id == person_id), None)
    if person is None:
        raise LibraryError(tr("That person is no longer in the library."))
    control.report(Progress(0, 0, tr("Looking for what names {name}", name=person.name)))
    theirs = library.their_photos(person_id)
    named = _naming(person.name)
    folder = safe_name(person.name)
    own = (library.photos_dir / folder, library.path / QUARANTINE / folder)
    alone = library.photos(theirs.alone)
    kept = [path for path in kept_pictures(library) if str(path) in {one.path for one in alone}]
    backups = (library.path / "backups").glob("*.sqlite3*")
    return Leaving(
        person,
        sum(library.person_counts()[person_id]),
        tuple(alone),
        tuple(library.photos(theirs.shared)),
        (*(path for path in own if path.is_dir()), *kept),
        tuple(run for run in _runs(library) if _run_names(run, named)),
        tuple(path for path in list_models(library) if knows(path, person.name)),
        tuple(path for path in sorted(backups) if named.search(path.read_bytes())),
    )


def forget_person(library: Library, leaving: Leaving, agreed: Agreed, control: Control) -> Change:
    """Delete the person and all that *leaving* lists and the owner *agreed* to.

    Raises:
        LibraryError: the library is open for viewing only.
        StorageFault: a file cannot be deleted, or the disk is full; it can be asked for again.
    """
    name = leaving.person.name
    control.report(Progress(0, 0, tr("Deleting {name}", name=name)))
    _require_writable(library)
    photos = list(leaving.photos)
    if agreed.own_files:
        photos += [p for p in leaving.shared if _below(p.path, leaving.own_files)]
        _delete(leaving.own_files)
    _delete(leaving.runs)
    _delete(path for path in leaving.models if path in agreed.models)
    forget_in_models(library, name)
    if agreed.backups:
        _delete(leaving.backups)
    Ledger(library).forget({photo.path for photo in photos})
    for photo in photos:
        if photo.sha256 is not None:
            Answers(library).forget(photo.sha256)
    Thumbnails(library.cache_dir).forget((*leaving.photos, *leaving.shared))
    _delete([library.cache_dir / "training"])  # arrays of crops, theirs among them
    forget_in_lists(library, name)
    for folder in folders(library):
        if name in (folder.person, folder.path.name):
            forget_folder(library, folder.path)
    change = library.forget_person(leaving.person.id, [photo.id for photo in photos])
    if agreed.own_files:
        sweep(library, kept_pictures(library))  # of corrections that were undone
    return change


def _require_writable(library: Library) -> None:
    if library.read_only:
        raise LibraryError(
            tr("{file} is open for viewing only.", file=library.path),
            tr("Copy the library to a folder that you may write to and open that."),
        )


def _naming(name: str) -> re.Pattern[bytes]:
    """Finds *name* as a word, as it is or as JSON writes it."""
    forms = {name.encode("utf-8", "surrogatepass"), json.dumps(name)[1:-1].encode()}
    either = b"|".join(re.escape(form) for form in sorted(forms))
    return re.compile(rb"(?<!\w)(?:" + either + rb")(?!\w)")


def _runs(library: Library) -> list[Path]:
    """The folders of all runs, also of those that wait to be brought back."""
    return [*sorted(library.runs_dir.iterdir()), *deleted_runs(library)]


def _run_names(run: Path, named: re.Pattern[bytes]) -> bool:
    return any(named.search(file.read_bytes()) for file in run.glob("*.json"))


def _below(path: str, folders: Iterable[Path]) -> bool:
    return any(Path(path).is_relative_to(folder) for folder in folders)


def _delete(paths: Iterable[Path]) -> None:
    for path in paths:
        with file_faults(path):
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink(missing_ok=True)
