"""The sentences of an explanation."""

from __future__ import annotations

import numpy as np
from PySide6.QtGui import QImage

from facegui.domain.recognition import Identity
from facegui.domain.rules import Rule, RuleResult
from facegui.gui.why.heat import Heat
from facegui.gui.why.words import (
    closeness_words,
    heat_words,
    learned_words,
    quality_words,
    warnings,
)
from facegui.services.recognising.why import Closeness, Learned, NearFace


def closeness(similarity: float, runner_up: float, threshold: float = 0.5) -> Closeness:
    named = "Ruth" if similarity >= threshold else None
    identity = Identity(named, "Ruth", 0.9, {"Ruth": 0.9, "Rose": 0.1}, similarity, threshold)
    return Closeness(np.zeros((4, 4, 3), np.uint8), identity, "Rose", runner_up)


def test_a_name_is_told_with_its_margin() -> None:
    told = closeness_words(closeness(0.71, 0.31))
    assert told == "Ruth has 0.71 and needs 0.50. Next is Rose with 0.31, 0.40 behind."


def test_an_unknown_face_is_told_with_what_it_lacks() -> None:
    told = closeness_words(closeness(0.41, 0.31))
    assert told.startswith("Ruth is nearest with 0.41, but needs 0.50.")


def test_a_network_that_overrules_the_nearest_is_told_of() -> None:
    told = closeness_words(closeness(0.61, 0.64))
    assert "Rose is more alike with 0.64" in told


def test_what_fails_is_told_as_review_does_and_what_is_good_once() -> None:
    results = [
        RuleResult(Rule.PAN, 31.2, 20.0, passed=False),
        RuleResult(Rule.DARK, 132.0, 50.0, passed=True),
        RuleResult(Rule.BRIGHT, 132.0, 215.0, passed=True),
        RuleResult(Rule.SUNGLASSES, 0.02, 0.5, passed=True),
    ]
    assert warnings(results) == ["pan 31.2° > 20°"]
    assert quality_words(results) == "Good: brightness 132, sunglasses 2%."
    assert quality_words(results[:1]) == ""
    assert "No face" in quality_words([])


def test_a_picture_that_was_learned_from_is_told_of() -> None:
    same = NearFace(1, "Ruth", 0.995, None)
    other = NearFace(2, "Ruth", 0.8, None)
    assert "this very picture" in learned_words(Learned((same, other), 12))
    told = learned_words(Learned((other,), 12))
    assert "12 faces" in told
    assert "this very picture" not in told
    assert learned_words(Learned((), 0, "not here")) == "not here"


def test_a_map_of_next_to_nothing_is_not_made_much_of() -> None:
    assert "No single part" in heat_words(Heat(QImage(), 0.004), "Ruth")
    assert "for Ruth costs 0.31" in heat_words(Heat(QImage(), 0.31), "Ruth")
