"""What an owner wants to know of a model before using it, read from its bundle.

The window imports this at its start, so what reads bundles is imported where it is used.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from facegui.domain.errors import BundleError
from facegui.services.libraries import Library


@dataclass(frozen=True, slots=True)
class ModelCard:
    """One model.

    Attributes:
        network: title of its kind, in the owner's language.
        people: names in label order.
        created: local time.
        accuracy: on held-back photos, 0 to 1.
    """

    path: Path
    network: str
    people: tuple[str, ...]
    created: datetime
    accuracy: float


@dataclass(frozen=True, slots=True)
class ModelChoices:
    """The models to choose from, the chosen one among them; None while there is none."""

    cards: tuple[ModelCard, ...]
    chosen: Path | None


def describe_model(path: Path) -> ModelCard:
    """Read the bundle at *path*.

    Raises:
        BundleError: it cannot be used.
    """
    from facegui.network.bundle import load_bundle
    from facegui.services.learning.networks import title_of

    info = load_bundle(path).info
    return ModelCard(
        path=path,
        network=title_of(info.config.network),
        people=info.labels,
        created=datetime.fromisoformat(info.created).astimezone(),
        accuracy=info.metrics.accuracy,
    )


def model_choices(library: Library | None, opened: Path | None) -> ModelChoices:
    """The models of *library*, newest first, after the file *opened*, which is chosen if given.

    Damaged models of the library are passed over.

    Raises:
        BundleError: *opened* cannot be used.
    """
    from facegui.services.runs.models import active_model, list_models

    cards = [] if opened is None else [describe_model(opened)]
    for path in [] if library is None else list_models(library):
        if path != opened:
            try:
                cards.append(describe_model(path))
            except BundleError:
                continue  # it cannot be chosen; asking for it by name says why
    active = opened or (active_model(library) if library is not None else None)
    known = [card.path for card in cards]
    return ModelChoices(tuple(cards), active if active in known else next(iter(known), None))


def use_model(library: Library, path: Path) -> None:
    """Recognise with this one of the library's models from now on."""
    from facegui.services.runs.models import ACTIVE_KEY

    library.set_setting(ACTIVE_KEY, path.name)
