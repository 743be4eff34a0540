"""What an owner wants to know of a model before using it, read from its bundle.

The window imports this at its start, so what reads bundles is imported where it is used.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from facegui.domain.errors import BundleError
from facegui.services.judging.score import Score
from facegui.services.libraries import Library

if TYPE_CHECKING:
    from facegui.network.bundle import BundleInfo

_KEPT_CARDS = 256


@dataclass(frozen=True, slots=True)
class ModelCard:
    """One model.

    Attributes:
        network: title of its kind, in the owner's language.
        people: names in label order.
        created: local time.
        score: right ones among the held-back photos it was judged by.
        strangers: those of the strangers it was calibrated with that it gives a name; None where
            that is not known.
        train_count: photos it learned from.
        size_bytes: of its file.
        sha256: of its content, hex; the same wherever the file lies.
        title: what the owner calls it in the library; mostly empty.
    """

    path: Path
    network: str
    people: tuple[str, ...]
    created: datetime
    score: Score
    strangers: Score | None
    train_count: int
    size_bytes: int
    sha256: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class ModelChoices:
    """The models to choose from, the chosen one among them; None while there is none."""

    cards: tuple[ModelCard, ...]
    chosen: Path | None

    @property
    def card(self) -> ModelCard | None:
        """The chosen one."""
        return next((card for card in self.cards if card.path == self.chosen), None)


@dataclass(frozen=True, slots=True)
class ModelRow:
    """One model in the list of them all.

    Attributes:
        card: None for a file that cannot be used; *problem* says why.
        used: it is the one that recognises.
        outside: it is a file that was opened, not one of the library's.
        published: one of those to choose from; the others wait in their run's folder.
    """

    path: Path
    card: ModelCard | None
    problem: str
    used: bool
    outside: bool
    published: bool


def is_bundle(path: Path) -> bool:
    """Whether *path* is named like a model bundle; what is in it is another question."""
    from facegui.network.bundle import SUFFIX

    return path.suffix.lower() == SUFFIX and not path.is_dir()


def describe_model(path: Path) -> ModelCard:
    """Read the bundle at *path*; only once as long as the file stays as it is.

    Raises:
        BundleError: it cannot be used.
    """
    try:
        status = path.stat()
    except (OSError, ValueError):
        return _described(path, 0, 0)  # which says what is wrong
    return _described(path, status.st_mtime_ns, status.st_size)


@lru_cache(maxsize=_KEPT_CARDS)
def _described(path: Path, _mtime_ns: int, size_bytes: int) -> ModelCard:
    from facegui.network.bundle import load_bundle
    from facegui.services.learning.networks import title_of

    bundle = load_bundle(path)
    info, metrics = bundle.info, bundle.info.metrics
    return ModelCard(
        path=path,
        network=title_of(info.config.network),
        people=info.labels,
        created=datetime.fromisoformat(info.created).astimezone(),
        score=Score(round(metrics.accuracy * metrics.judged_count), metrics.judged_count),
        strangers=_strangers(info),
        train_count=metrics.train_count,
        size_bytes=size_bytes,
        sha256=bundle.sha256,
    )


def _strangers(info: BundleInfo) -> Score | None:
    """Only where the thresholds are as they were calibrated."""
    found = info.calibration
    if found is None or not found.strangers or found.thresholds != info.thresholds:
        return None
    return Score(found.strangers_named, found.strangers)


def model_choices(library: Library | None, opened: Path | None) -> ModelChoices:
    """The models of *library*, newest first, after the file *opened*, which is chosen if given.

    Damaged models of the library are passed over.

    Raises:
        BundleError: *opened* cannot be used.
    """
    from facegui.services.runs.models import active_model, list_models

    titles = _titles(library)
    cards = [] if opened is None else [_titled(opened, titles)]
    for path in [] if library is None else list_models(library):
        if path != opened:
            try:
                cards.append(_titled(path, titles))
            except BundleError:
                continue  # it cannot be chosen; the list of all models says why
    active = opened or (active_model(library) if library is not None else None)
    known = [card.path for card in cards]
    return ModelChoices(tuple(cards), active if active in known else next(iter(known), None))


def model_rows(library: Library | None, opened: Path | None) -> list[ModelRow]:
    """Every model: the file *opened*, the library's, and those that were never used; newest first.

    Raises:
        BundleError: *opened* cannot be used.
    """
    from facegui.services.runs.models import list_models, unused_models

    chosen, titles = model_choices(library, opened).chosen, _titles(library)
    published = [] if library is None else list_models(library)
    unused = [] if library is None else unused_models(library)
    outside = [opened] if opened is not None and opened not in published else []
    rows = []
    for path in (*outside, *published, *unused):
        card, problem = None, ""
        try:
            card = _titled(path, titles)
        except BundleError as error:
            problem = error.message
        rows.append(
            ModelRow(path, card, problem, path == chosen, path in outside, path in published)
        )
    return rows


def _titles(library: Library | None) -> Mapping[Path, str]:
    """The titles of the models of *library*, by path."""
    from facegui.services.runs.model_titles import read_titles
    from facegui.services.runs.models import list_models, model_id, unused_models

    if library is None:
        return {}
    by_id = read_titles(library)
    models = (*list_models(library), *unused_models(library))
    return {path: by_id.get(model_id(path), "") for path in models}


def _titled(path: Path, titles: Mapping[Path, str]) -> ModelCard:
    return replace(describe_model(path), title=titles.get(path, ""))
