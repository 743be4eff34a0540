"""What the panels around the grid show: counts, people and reasons, read together."""

from __future__ import annotations

from dataclasses import dataclass

from facegui.domain.entities import Counts, Person
from facegui.domain.queries import StateCounts
from facegui.domain.rules import Rule
from facegui.services.libraries import Library


@dataclass(frozen=True, slots=True)
class Overview:
    """A library at a glance; *reasons* says how many rejected faces fail each rule."""

    counts: Counts
    people: tuple[Person, ...]
    person_counts: dict[int, StateCounts]
    reasons: dict[Rule, int]


def read_overview(library: Library) -> Overview:
    """Ask *library*; a few milliseconds for each 10,000 faces, so off the GUI thread."""
    return Overview(
        library.counts(),
        tuple(library.people()),
        library.person_counts(),
        library.rejected_by_rule(),
    )
