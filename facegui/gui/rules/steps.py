"""What a change of limits is: a preset, one rule moved, what a person has otherwise."""

from __future__ import annotations

from dataclasses import asdict, replace

from facegui.domain.rules import PRESETS, RULES, Limits, Preset
from facegui.domain.text import tr
from facegui.gui.rules import words
from facegui.gui.rules.snapshot import Snapshot


def with_distance(limits: Limits, other: Limits) -> Limits:
    """*limits*, but for the distance of copies, which is chosen on a page of its own."""
    return replace(limits, duplicate_distance=other.duplicate_distance)


def preset_of(limits: Limits) -> Preset | None:
    """The preset that *limits* are, if they are one."""
    return next((p for p, its in PRESETS.items() if with_distance(its, limits) == limits), None)


def differing(limits: Limits, base: Limits) -> dict[str, float]:
    """The fields of *limits* that are other than in *base*."""
    fields = asdict(limits)
    return {name: value for name, value in fields.items() if value != getattr(base, name)}


def step_label(snapshot: Snapshot, before: Limits, after: Limits) -> str | None:
    """What the history calls the step: the one rule that moved, a preset, or None for a change."""
    moved = [spec for spec in RULES if spec.limit(before) != spec.limit(after)]
    text = None
    if len(moved) == 1:
        rule = moved[0].rule
        text = f"{words.rule_word(rule)} {words.limit_words(rule, moved[0].limit(after))}"
    elif (preset := preset_of(after)) is not None:
        text = tr("{preset} rules", preset=words.preset_word(preset))
    names = {person.id: person.name for person in snapshot.people}
    name = names.get(snapshot.person_id or 0)
    return f"{name}: {text}" if name and text else text
