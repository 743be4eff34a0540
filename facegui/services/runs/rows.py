"""The list of a library's trainings as the owner sees it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from facegui.services.libraries import Library
from facegui.services.runs.models import active_model
from facegui.services.runs.records import RunRecord, list_runs, read_notes


@dataclass(frozen=True, slots=True)
class RunRow:
    """One run.

    Attributes:
        notes: what the owner wrote about it.
        used: whether its model is the one in use.
        has_model: whether its model is still there.
    """

    record: RunRecord
    notes: str
    used: bool
    has_model: bool


def run_rows(library: Library) -> list[RunRow]:
    """All finished runs, newest first."""
    active = active_model(library)
    return [
        RunRow(
            record,
            read_notes(library, record.id),
            active is not None and active.stem == record.id,
            Path(record.bundle).exists(),
        )
        for record in list_runs(library)
    ]
