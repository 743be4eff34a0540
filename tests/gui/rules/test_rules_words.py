"""Rules, values and reasons read as the owner would say them."""

from __future__ import annotations

import pytest

from facegui.domain.rules import RULES, Preset, Rule, RuleResult
from facegui.gui.rules import words


def failed(rule: Rule, value: float, limit: float) -> RuleResult:
    return RuleResult(rule, value, limit, passed=False)


@pytest.mark.parametrize(
    ("result", "text"),
    [
        (failed(Rule.PAN, 31.0, 20.0), "pan 31° > 20°"),
        (failed(Rule.ROLL, 20.04, 20.0), "roll 20° > 20°"),
        (failed(Rule.TILT, 21.27, 20.0), "tilt 21.3° > 20°"),
        (failed(Rule.SIZE, 27.6, 32.0), "size 28 px < 32 px"),
        (failed(Rule.SHARPNESS, 12.34, 18.0), "sharpness 12.3 < 18"),
        (failed(Rule.DARK, 40.2, 50.0), "brightness 40.2 < 50"),
        (failed(Rule.BRIGHT, 230.0, 215.0), "brightness 230 > 215"),
        (failed(Rule.OCCLUSION, 0.4, 0.5), "face seen 40% < 50%"),
        (failed(Rule.GREYSCALE, 0.5, 2.0), "colours 0.5 < 2"),
        (failed(Rule.SUNGLASSES, 0.97, 0.5), "sunglasses 97% > 50%"),
        (failed(Rule.ONE_FACE, 3, 1), "3 faces in photo"),
        (failed(Rule.DUPLICATE, 4, 10), "copy of another"),
        (failed(Rule.DUPLICATE, 0, 10), "copy of another"),
    ],
)
def test_reasons_name_the_value_and_the_limit(result: RuleResult, text: str) -> None:
    assert words.why(result) == text


@pytest.mark.parametrize(
    ("rule", "limit", "text"),
    [
        (Rule.PAN, 20, "at most 20°"),
        (Rule.SIZE, 32, "at least 32 px"),
        (Rule.SUNGLASSES, 0.25, "at most 25%"),
        (Rule.SUNGLASSES, 1, "off"),
        (Rule.ONE_FACE, 1000, "off"),
        (Rule.DUPLICATE, 0, "at most 0 bits"),
    ],
)
def test_limits_have_a_direction_or_are_off(rule: Rule, limit: float, text: str) -> None:
    assert words.limit_words(rule, limit) == text


def test_every_rule_and_preset_has_words_of_its_own() -> None:
    assert len({words.rule_word(rule) for rule in Rule}) == len(Rule)
    assert len({words.rule_hint(rule) for rule in Rule}) == len(Rule)
    assert all(words.measured_word(rule) for rule in Rule)
    assert len({words.preset_word(preset) for preset in Preset}) == len(Preset)
    assert len({words.preset_hint(preset) for preset in Preset}) == len(Preset)


def test_the_page_lists_every_rule_once() -> None:
    listed = [rule for _, rules in words.groups() for rule in rules]
    assert sorted(listed, key=list(Rule).index) == [spec.rule for spec in RULES]
