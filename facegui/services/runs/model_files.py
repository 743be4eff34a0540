"""Models that come into a library, leave it as a file, or are deleted, and taking that back.

Deleted models wait in ``deleted-models/<name>/`` for thirty days. They go for good when another is
deleted after that, or with a person whom they can name.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from facegui.domain.errors import BundleError, LibraryError
from facegui.domain.text import tr
from facegui.files import file_faults
from facegui.network.bundle import SUFFIX, load_bundle, save_bundle
from facegui.services.libraries import Library
from facegui.services.runs.deleted import purge_old
from facegui.services.runs.model_cards import ModelCard, describe_model
from facegui.services.runs.model_titles import forget_titles, read_titles, set_title
from facegui.services.runs.models import (
    UNUSED_NAME,
    list_models,
    model_id,
    model_path,
    unused_models,
)
from facegui.storage.names import safe_name

FOLDER = "deleted-models"
_PUBLISHED_NAME = f"published{SUFFIX}"


class ModelIsThere(BundleError):
    """A model that is to be imported is in the library already.

    Attributes:
        model: where it lies there.
    """

    def __init__(self, path: Path, model: Path, name: str) -> None:
        super().__init__(
            tr("{path} is in this library already, as {name}.", path=path, name=name),
            tr("Choose it in the list of models."),
        )
        self.model = model


def import_model(library: Library, path: Path) -> Path:
    """Check the bundle at *path* and put what it says among the library's models; where it is.

    What is written is what was understood of the file, not the file. Its name becomes the title.

    Raises:
        BundleError: it cannot be used.
        ModelIsThere: the library has it already.
        LibraryError: the library is open for viewing only.
        StorageFault: the disk refuses.
    """
    bundle = load_bundle(path)
    same = next((own for own in _all(library) if _is(own, bundle.sha256)), None)
    if same is not None:
        raise ModelIsThere(path, same, _listed_as(library, same))
    stamp = datetime.now(UTC).strftime("%Y%m%d-%H%M%S-%f")[:-3]
    target = model_path(library, f"{stamp}-imported")
    with file_faults(target):
        target.parent.mkdir(parents=True, exist_ok=True)
    save_bundle(target, bundle)
    set_title(library, target, path.stem)
    return target


def suggested_name(card: ModelCard) -> str:
    """What to call the file of a model that is exported."""
    return safe_name(card.title or f"{card.network} {card.created:%Y-%m-%d}") + SUFFIX


def export_model(model: Path, out: Path) -> None:
    """Write *model* to the file *out*, replacing what is there; it can be opened anywhere.

    Raises:
        BundleError: *model* is damaged or has gone.
        StorageFault: the disk refuses; *out* is as it was.
    """
    save_bundle(out, load_bundle(model))


def delete_model(library: Library, model: Path) -> None:
    """Set one of the library's models aside; its run, and what is known of it, stay.

    Raises:
        LibraryError: it is not there any more.
        StorageFault: the disk refuses.
    """
    purge_old(library.path / FOLDER)
    name = model_id(model)
    there = library.path / FOLDER / name
    files = {own: there / aside for own, aside in _places(library, name) if own.is_file()}
    if not files:
        raise LibraryError(tr("The model {name} is not there any more.", name=name))
    with file_faults(there):
        there.mkdir(parents=True, exist_ok=True)
        for own, aside in files.items():
            own.replace(aside)
        there.touch()


def restore_model(library: Library, model: Path) -> None:
    """Bring back a model that `delete_model` set aside.

    Raises:
        LibraryError: it has gone for good.
        StorageFault: the disk refuses.
    """
    name = model_id(model)
    there = library.path / FOLDER / name
    if not there.is_dir():
        raise LibraryError(tr("The model {name} has gone for good.", name=name))
    with file_faults(there):
        library.models_dir.mkdir(exist_ok=True)
        for own, aside in _places(library, name):
            if (there / aside).is_file() and own.parent.is_dir():  # its run may have gone
                (there / aside).replace(own)
    shutil.rmtree(there, ignore_errors=True)


def forget_in_models(library: Library, name: str) -> None:
    """Forget for good whoever is called *name*: in deleted models that know them, and in titles.

    Raises:
        StorageFault: the disk refuses.
    """
    for folder in (library.path / FOLDER).glob("*/"):
        if any(knows(model, name) for model in folder.glob(f"*{SUFFIX}")):
            with file_faults(folder):
                shutil.rmtree(folder)
    forget_titles(library, name)


def knows(model: Path, name: str) -> bool:
    """Whether *model* can name the person *name*; one that cannot be opened can name nobody."""
    try:
        return name in describe_model(model).people
    except BundleError:
        return False


def _all(library: Library) -> list[Path]:
    return [*list_models(library), *unused_models(library)]


def _is(model: Path, sha256: str) -> bool:
    try:
        return describe_model(model).sha256 == sha256
    except BundleError:
        return False


def _listed_as(library: Library, model: Path) -> str:
    """Its title; without one, what kind it is and when it was made."""
    card = describe_model(model)
    title = read_titles(library).get(model_id(model), "")
    made = f"{card.created:%Y-%m-%d %H:%M}"
    return title or tr("{network} of {date}", network=card.network, date=made)


def _places(library: Library, name: str) -> Iterator[tuple[Path, str]]:
    """Where a model may lie, and what it is called when it is set aside."""
    yield model_path(library, name), _PUBLISHED_NAME
    yield library.runs_dir / name / UNUSED_NAME, UNUSED_NAME
