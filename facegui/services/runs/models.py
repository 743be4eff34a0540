"""The trained models of a library: ``models/<run>.facebundle``, one of them in use.

A model that was not good enough to be used stays in its run's folder until the owner wants it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from facegui.domain.errors import BundleError
from facegui.domain.text import tr
from facegui.files import file_faults, write_atomic
from facegui.network.bundle import SUFFIX, BundleInfo, load_bundle
from facegui.services.learning.networks import title_of
from facegui.services.libraries import Library
from facegui.services.runs.records import RunRecord

ACTIVE_KEY = "active_model"
UNUSED_NAME = f"model{SUFFIX}"


@dataclass(frozen=True, slots=True)
class Choice:
    """Whether a new model becomes the one in use, and why, in the owner's language."""

    used: bool
    reason: str


def list_models(library: Library) -> list[Path]:
    """The bundles of all published models, newest first."""
    return sorted(library.models_dir.glob(f"*{SUFFIX}"), reverse=True)


def unused_models(library: Library) -> list[Path]:
    """The bundles that lie in their run's folder because they were never used, newest first."""
    published = {path.stem for path in list_models(library)}
    kept = sorted(library.runs_dir.glob(f"*/{UNUSED_NAME}"), reverse=True)
    return [path for path in kept if path.parent.name not in published]


def model_id(model: Path) -> str:
    """The name that one of the library's models goes by: its run's, or the one it came in with."""
    return model.parent.name if model.name == UNUSED_NAME else model.stem


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


def judge(library: Library, new: RunRecord) -> Choice:
    """Whether the model of *new* should be used instead of the one in use.

    Accuracies compare only where the same people are told apart; a model of other people is what
    the owner asked for. Otherwise a worse one is not used. Of two that are right equally often, one
    that has learned from fewer faces is worse.
    """
    active = active_model(library)
    if active is None:
        return Choice(used=True, reason=tr("It is the first model."))
    try:
        old = load_bundle(active).info
    except BundleError:
        return Choice(used=True, reason=tr("The model that was in use cannot be opened any more."))
    if set(new.people) != set(old.labels):
        return Choice(used=True, reason=tr("It knows other people than the model before."))
    worth = (new.accuracy, new.metrics.train_count)
    before = (old.metrics.accuracy, old.metrics.train_count)
    if worth < before:
        return Choice(
            used=False, reason=tr("{model} stays; this one is not as good.", model=_named(old))
        )
    return Choice(
        used=True,
        reason=tr(
            "It is not worse: accuracy {new}, before {old}.",
            new=f"{worth[0]:.1%}",
            old=f"{before[0]:.1%}",
        ),
    )


def _named(info: BundleInfo) -> str:
    made = datetime.fromisoformat(info.created).astimezone()
    return tr(
        "The model of {when} ({network}, {accuracy})",
        when=f"{made:%Y-%m-%d %H:%M}",
        network=title_of(info.config.network),
        accuracy=f"{info.metrics.accuracy:.1%}",
    )


def publish(library: Library, record: RunRecord) -> Path:
    """Make the model of a run the one in use; its bundle in the library's models.

    Raises:
        BundleError: the bundle has been deleted.
        StorageFault: the disk refuses.
    """
    return _use(library, Path(record.bundle), record.id)


def use_model(library: Library, model: Path) -> Path:
    """Recognise with this one of the library's models from now on; where it lies then.

    Raises:
        BundleError: it has been deleted.
        StorageFault: the disk refuses.
    """
    return _use(library, model, model_id(model))


def _use(library: Library, bundle: Path, name: str) -> Path:
    """Copy *bundle* to the published models if it is not there, and make it the one in use."""
    target = model_path(library, name)
    if not target.exists():
        try:
            content = bundle.read_bytes()
        except OSError as error:
            raise BundleError(
                tr("The model {path} is not there any more.", path=bundle),
                tr("Train again, or choose the model of another run."),
            ) from error
        with file_faults(target):
            target.parent.mkdir(parents=True, exist_ok=True)
        write_atomic(target, content)
    library.set_setting(ACTIVE_KEY, target.name)
    return target
