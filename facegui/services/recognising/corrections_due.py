"""Whether training again is worth it, for what the owner has said since the model in use.

The rule is plain. It is worth it once `ENOUGH` wrong answers were corrected after the training of
the model in use began, or once somebody whom that model does not know has `NEWCOMER_FACES` kept
faces. So many are enough for a first model of a person: prototypes of five photos each name the
other two hundred of the AT&T/ORL faces without an error.

The window imports this at its start, so what reads bundles is imported where it is used.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from facegui.domain.corrections import Correction
from facegui.domain.errors import BundleError
from facegui.domain.text import tr, trn
from facegui.services.libraries import Library

ENOUGH = 5
NEWCOMER_FACES = 5
_NAMED = 3  # newcomers told by name


@dataclass(frozen=True, slots=True)
class Due:
    """What the model in use has not learned.

    Attributes:
        corrections: that stand, were made after its training began, and say something else than
            the model that was asked.
        newcomers: names of people whom it does not know and who have faces enough.
    """

    corrections: int = 0
    newcomers: tuple[str, ...] = ()

    @property
    def worth(self) -> bool:
        """Whether to train again."""
        return self.corrections >= ENOUGH or bool(self.newcomers)

    @property
    def words(self) -> str:
        """Why training again is worth it; empty where it is not."""
        if not self.worth:
            return ""
        told = []
        if self.corrections:
            told.append(
                trn(
                    "{n} correction since the model in use was trained",
                    "{n} corrections since the model in use was trained",
                    self.corrections,
                )
            )
        if self.newcomers:
            told.append(tr("it does not know {names}", names=_listed(self.newcomers)))
        return tr("Training again is worth it: {why}.", why="; ".join(told))


def due(library: Library) -> Due:
    """What there is to learn for the model in use; nothing while there is no model."""
    from facegui.services.runs.model_cards import describe_model
    from facegui.services.runs.models import active_model
    from facegui.services.runs.records import list_runs

    active = active_model(library)
    if active is None:
        return Due()
    try:
        card = describe_model(active)
    except BundleError:
        return Due()  # whoever uses it is told
    began = card.created
    for record in list_runs(library):
        if record.id == active.stem:
            began = datetime.fromisoformat(record.created)
    since = sum(_teaches(one) and one.made_at > began for one in library.corrections())
    return Due(since, _newcomers(library, card.people))


def _teaches(one: Correction) -> bool:
    """Whether what stands of it is more than a nod to the model's answer."""
    return one.truth is not None and not one.truth.allows(one.provenance.answer.name)


def _newcomers(library: Library, known: Collection[str]) -> tuple[str, ...]:
    counts = library.person_counts()
    return tuple(
        person.name
        for person in library.people()
        if person.name not in known and counts[person.id].kept >= NEWCOMER_FACES
    )


def _listed(names: tuple[str, ...]) -> str:
    told = ", ".join(names[:_NAMED])
    more = len(names) - _NAMED
    return told if more <= 0 else tr("{names} and {n} more", names=told, n=more)
