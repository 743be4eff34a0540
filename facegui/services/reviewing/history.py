"""Going back and forth in the owner's history, many steps at a time."""

from __future__ import annotations

from facegui.domain.control import Control, Progress
from facegui.domain.entities import JournalEntry
from facegui.domain.queries import Change
from facegui.domain.text import tr
from facegui.services.libraries import Library

LONGEST = 1000
"""More steps than a library remembers are never asked for."""


def go_to_step(library: Library, step_id: int | None, control: Control) -> Change:
    """Undo or redo until the step *step_id* is the last that stands; None is before all of them.

    Each step is whole, so a stop leaves the library at one of them.

    Returns:
        All that changed on the way, with the last step taken.
    """
    entries = library.history(LONGEST)
    back = _back(entries, step_id)
    total = back or _forth(entries, step_id)
    taken: list[Change] = []
    for done in range(total):
        if control.cancelled():
            break
        label = tr("Going back") if back else tr("Going forward")
        control.report(Progress(done, total, label))
        change = library.undo() if back else library.redo()
        if change is None:
            break
        taken.append(change)
    return _together(taken)


def _back(entries: list[JournalEntry], step_id: int | None) -> int:
    """How many steps that stand came after *step_id*."""
    return sum(not entry.undone and entry.id > (step_id or 0) for entry in entries)


def _forth(entries: list[JournalEntry], step_id: int | None) -> int:
    """How many steps that were undone lie on the way up to *step_id*."""
    return sum(entry.undone and entry.id <= (step_id or 0) for entry in entries)


def _together(changes: list[Change]) -> Change:
    """One change that tells of all."""
    return Change(
        changes[-1].entry if changes else None,
        tuple(sorted({n for change in changes for n in change.face_ids})),
        tuple(sorted({n for change in changes for n in change.photo_ids})),
        tuple(sorted({n for change in changes for n in change.person_ids})),
        any(change.limits_changed for change in changes),
        any(change.copies_changed for change in changes),
    )
