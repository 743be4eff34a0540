"""What a model is called in lists and bars."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QDateTime, QLocale

from facegui.domain.text import tr, trn
from facegui.services.runs.model_cards import ModelCard

_MOST_NAMES = 6
_MOST_LISTED = 40


def when(moment: datetime) -> str:
    """A time in the owner's format."""
    shown = QDateTime.fromSecsSinceEpoch(int(moment.timestamp()))
    return QLocale().toString(shown, QLocale.FormatType.ShortFormat)


def model_name(card: ModelCard, *, opened: bool = False) -> str:
    """Title or network, with how many people and when; for a file that was *opened*, its name."""
    people = trn("{n} person", "{n} people", len(card.people))
    name = card.path.name if opened else card.title
    kind = f"{name}: {card.network}" if name else card.network
    return f"{kind} · {people} · {when(card.created)}"


def short_name(card: ModelCard, *, opened: bool = False) -> str:
    """The least that tells one model from the others."""
    if opened or card.title:
        return card.path.name if opened else card.title
    return f"{card.network} · {when(card.created)}"


def file_size(size_bytes: int) -> str:
    """In kB or MB."""
    if size_bytes < 1e6:  # noqa: PLR2004
        return tr("{kb} kB", kb=f"{size_bytes / 1e3:.0f}")
    return tr("{mb} MB", mb=f"{size_bytes / 1e6:.1f}")


def some_names(people: tuple[str, ...]) -> str:
    """The first few names and how many more there are."""
    named = ", ".join(people[:_MOST_NAMES])
    more = len(people) - _MOST_NAMES
    return named if more <= 0 else tr("{names} and {n} more", names=named, n=more)


def listed_names(people: tuple[str, ...]) -> str:
    """A name in each line, as many as a tip has room for."""
    more = len(people) - _MOST_LISTED
    rest = [tr("and {n} more", n=more)] if more > 0 else []
    return "\n".join([*people[:_MOST_LISTED], *rest])
