"""The lines that the owner is moving: everybody's, and those of single people."""

from __future__ import annotations

from dataclasses import replace

from facegui.domain.training import Thresholds


class Lines:
    """Thresholds on their way, not yet those of the model.

    Attributes:
        thresholds: as they are now.
        person: whose line is being moved; None for everybody's.
    """

    def __init__(self, thresholds: Thresholds) -> None:
        self.thresholds = thresholds
        self.person: str | None = None

    @property
    def line(self) -> float:
        """Of the person, or of everybody."""
        return self.thresholds.overall if self.person is None else self.thresholds.of(self.person)

    @property
    def own(self) -> bool:
        """Whether the person has a line of their own."""
        return self.person in self.thresholds.per_person

    def move(self, line: float) -> None:
        """Put the line at *line*; a person gets one of their own by it."""
        if self.person is None:
            self.thresholds = replace(self.thresholds, overall=line)
        else:
            lines = {**self.thresholds.per_person, self.person: line}
            self.thresholds = replace(self.thresholds, per_person=lines)

    def share(self) -> None:
        """Let the person have everybody's line again."""
        lines = {name: at for name, at in self.thresholds.per_person.items() if name != self.person}
        self.thresholds = replace(self.thresholds, per_person=lines)

    def of(self, thresholds: Thresholds) -> float:
        """Where *thresholds* have the line that is being moved."""
        return thresholds.overall if self.person is None else thresholds.of(self.person)
