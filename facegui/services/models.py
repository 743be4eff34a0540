"""The trained models of a library: ``models/<run>.facebundle``, one of them in use."""

from __future__ import annotations

from pathlib import Path

from facegui.domain.errors import BundleError
from facegui.domain.text import tr
from facegui.files import file_faults, write_atomic
from facegui.network.bundle import SUFFIX
from facegui.services.libraries import Library
from facegui.services.runs import RunRecord

ACTIVE_KEY = "active_model"


def list_models(library: Library) -> list[Path]:
    """The bundles of all published models, newest first."""
    return sorted(library.models_dir.glob(f"*{SUFFIX}"), reverse=True)


def active_model(library: Library) -> Path | None:
    """The bundle to recognise with: the one published last, else the newest, else None."""
    chosen = library.setting(ACTIVE_KEY)
    if isinstance(chosen, str):
        path = library.models_dir / Path(chosen).name
        if path.is_file():
            return path
    return next(iter(list_models(library)), None)


def model_path(library: Library, run_id: str) -> Path:
    """Where the published bundle of a run lies."""
    return library.models_dir / f"{run_id}{SUFFIX}"


def publish(library: Library, record: RunRecord) -> Path:
    """Make the model of a run the one in use; its bundle in the library's models.

    Raises:
        BundleError: the bundle has been deleted.
        StorageFault: the disk refuses.
    """
    target = model_path(library, record.id)
    if not target.exists():
        try:
            content = Path(record.bundle).read_bytes()
        except OSError as error:
            raise BundleError(
                tr("The model {path} is not there any more.", path=record.bundle),
                tr("Train again, or choose the model of another run."),
            ) from error
        with file_faults(target):
            target.parent.mkdir(parents=True, exist_ok=True)
        write_atomic(target, content)
    library.set_setting(ACTIVE_KEY, target.name)
    return target
