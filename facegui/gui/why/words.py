"""The sentences of an explanation."""

from __future__ import annotations

from collections.abc import Sequence

from facegui.domain.rules import RuleResult
from facegui.domain.text import tr, trn
from facegui.gui.rules.words import measure, measured_word, why
from facegui.gui.why.heat import Heat
from facegui.services.recognising.why import Closeness, Learned, NearFace

SAME_PICTURE = 0.98
"""Likeness from which a face and one that was learned from are most likely one picture."""

_LITTLE = 0.02  # a map of smaller losses is mostly noise


def closeness_words(closeness: Closeness) -> str:
    """The candidate against the threshold and the runner-up: one or two sentences."""
    identity = closeness.identity
    own, other = round(identity.similarity, 2), round(closeness.runner_up_similarity, 2)
    figures = {
        "candidate": identity.candidate,
        "similarity": f"{own:.2f}",
        "threshold": f"{identity.threshold:.2f}",
        "other": closeness.runner_up,
        "value": f"{other:.2f}",
        "margin": f"{own - other:.2f}",  # of what is shown, so that the sum is right
    }
    if identity.similarity < closeness.runner_up_similarity:
        return tr(
            "{candidate} has {similarity} of the {threshold} needed. {other} is more alike with "
            "{value}, but the network finds {candidate} likelier.",
            **figures,
        )
    if identity.name is None:
        return tr(
            "{candidate} is nearest with {similarity}, but needs {threshold}. Next is {other} "
            "with {value}, {margin} behind.",
            **figures,
        )
    return tr(
        "{candidate} has {similarity} and needs {threshold}. Next is {other} with {value}, "
        "{margin} behind.",
        **figures,
    )


def learned_words(learned: Learned) -> str:
    """What the nearest faces are, or why there are none."""
    if learned.missing:
        return learned.missing
    told = trn(
        "Most like it, of the {n} face that the model has learned from:",
        "Most like it, of the {n} faces that the model has learned from:",
        learned.count,
    )
    if _is_same(learned.faces):
        return tr("The model has learned from this very picture.") + " " + told
    return told


def warnings(results: Sequence[RuleResult]) -> list[str]:
    """What makes the answer less certain: ``pan 31° > 20°``, as Review says it."""
    return [why(result) for result in results if not result.passed]


def quality_words(results: Sequence[RuleResult]) -> str:
    """What was measured and is as it should be; or that nothing could be measured."""
    if not results:
        return tr("No face could be made out to be measured.")
    fine = {
        f"{measured_word(result.rule).lower()} {measure(result.rule, result.value or 0.0)}": None
        for result in results
        if result.passed
    }  # light is held against two limits, and told once
    return tr("Good: {measures}.", measures=", ".join(fine)) if fine else ""


def heat_words(heat: Heat, candidate: str) -> str:
    """What the map says in figures."""
    if heat.most < _LITTLE:
        return tr("No single part decides: covering any costs next to nothing.")
    return tr(
        "Covering the place that speaks most for {candidate} costs {most} of similarity.",
        candidate=candidate,
        most=f"{heat.most:.2f}",
    )


def _is_same(faces: Sequence[NearFace]) -> bool:
    return bool(faces) and faces[0].likeness >= SAME_PICTURE
