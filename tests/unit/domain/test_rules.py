"""Rules judge one face and a whole table alike, and nobody is judged by what was not measured."""

from __future__ import annotations

from dataclasses import fields, replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from facegui.domain.rules import (
    PRESETS,
    RULES,
    SPECS,
    Limits,
    MeasureTable,
    Preset,
    Rule,
    RuleSpec,
    judge,
    with_overrides,
)

NAN = float("nan")
MEASURED = [spec for spec in RULES if spec.rule is not Rule.DUPLICATE]
FIELDS = [spec.field for spec in RULES]

# Few different numbers, so that values often lie exactly on a limit.
number = st.integers(-2, 12).map(float)
measured = st.fixed_dictionaries({rule: number | st.just(NAN) for rule in Rule})
limits = st.builds(Limits, **dict.fromkeys(FIELDS, number))


def face(**changed: float) -> dict[Rule, float]:
    """Measures of a face that passes the classic rules; some changed, by rule's value."""
    good = dict.fromkeys(Rule, NAN) | {
        Rule.ONE_FACE: 1.0,
        Rule.ROLL: 1.0,
        Rule.PAN: 2.0,
        Rule.TILT: 3.0,
        Rule.SIZE: 120.0,
        Rule.SHARPNESS: 40.0,
        Rule.DARK: 120.0,
        Rule.BRIGHT: 120.0,
        Rule.CONTRAST: 50.0,
        Rule.SUNGLASSES: 0.01,
        Rule.OCCLUSION: 0.9,
        Rule.EYES: 0.1,
        Rule.MOUTH: 0.1,
        Rule.SMILE: 0.8,
        Rule.GREYSCALE: 9.0,
    }
    return good | {Rule(name): value for name, value in changed.items()}


def table(*faces: dict[Rule, float], people: list[int] | None = None) -> MeasureTable:
    n = len(faces)
    return MeasureTable(
        face_ids=np.arange(1, n + 1),
        person_ids=np.array(people or [0] * n),
        values={rule: np.array([one[rule] for one in faces]) for rule in Rule},
        undecided=np.ones(n, np.bool_),
    )


def failed(values: dict[Rule, float], limits: Limits = Limits()) -> list[Rule]:  # noqa: B008
    return [result.rule for result in judge(values, limits) if not result.passed]


def test_every_rule_has_one_line_and_one_field() -> None:
    assert [spec.rule for spec in RULES] == list(Rule)
    assert sorted(FIELDS) == sorted(field.name for field in fields(Limits))
    assert SPECS[Rule.PAN].limit(Limits(max_pan_deg=7)) == 7.0


@given(faces=st.lists(measured, min_size=1, max_size=6), limits=limits)
def test_a_table_is_judged_as_its_faces_are(faces: list[dict[Rule, float]], limits: Limits) -> None:
    failing = table(*faces).failing(limits)
    for n, one in enumerate(faces):
        assert [rule for rule in Rule if failing[rule][n]] == failed(one, limits)


@given(faces=st.lists(measured, min_size=3, max_size=3), own=limits, base=limits)
def test_people_are_judged_by_their_own_limits(
    faces: list[dict[Rule, float]], own: Limits, base: Limits
) -> None:
    failing = table(*faces, people=[5, 0, 6]).failing(base, {5: own, 6: base, 99: own})
    for n, (one, theirs) in enumerate(zip(faces, (own, base, base), strict=True)):
        assert [rule for rule in Rule if failing[rule][n]] == failed(one, theirs)


@given(limits=limits)
def test_what_was_not_measured_passes(limits: Limits) -> None:
    results = judge(dict.fromkeys(Rule, NAN), limits)
    assert all(result.passed and result.value is None for result in results)


@given(values=measured, limits=limits)
def test_results_tell_value_and_limit_in_order(values: dict[Rule, float], limits: Limits) -> None:
    results = judge(values, limits)
    assert [result.rule for result in results] == list(Rule)
    for result in results:
        assert result.limit == SPECS[result.rule].limit(limits)
        assert result.value is None or result.value == values[result.rule]


@pytest.mark.parametrize("spec", MEASURED, ids=lambda spec: spec.rule.value)
def test_the_limit_itself_passes_and_a_step_beyond_fails(spec: RuleSpec) -> None:
    limits = spec.moved(Limits(), 5)
    beyond = 6.0 if spec.at_most else 4.0
    on, past = (spec.passes(np.array([value]), 5.0)[0] for value in (5.0, beyond))
    assert (bool(on), bool(past)) == (True, False)
    assert spec.rule in failed(face(**{spec.rule.value: beyond}), limits)


@pytest.mark.parametrize("spec", MEASURED, ids=lambda spec: spec.rule.value)
def test_off_lets_everything_pass(spec: RuleSpec) -> None:
    possible = {Rule.ONE_FACE: 300.0, Rule.BRIGHT: 255.0, Rule.ROLL: 180.0}
    worst = possible.get(spec.rule, 90.0 if spec.off > 1 else 1.0) if spec.at_most else 0.0
    assert spec.passes(np.array([worst]), spec.off).all()


def test_only_copies_fail_as_copies_whatever_their_distance() -> None:
    assert failed(face()) == []
    assert failed(face(duplicate=0)) == [Rule.DUPLICATE]
    assert failed(face(duplicate=3), Limits(duplicate_distance=0)) == [Rule.DUPLICATE]


def test_a_moved_limit_keeps_its_kind_and_the_others() -> None:
    moved = SPECS[Rule.ONE_FACE].moved(Limits(max_pan_deg=33), 3.0)
    assert moved == Limits(max_pan_deg=33, max_faces=3)
    assert isinstance(moved.max_faces, int)
    assert isinstance(SPECS[Rule.ROLL].moved(moved, 7).max_roll_deg, float)


def test_overrides_take_the_place_of_what_they_name() -> None:
    own = with_overrides(Limits(max_pan_deg=30), {"max_tilt_deg": 5.0, "no_such_rule": 1.0})
    assert own == Limits(max_pan_deg=30, max_tilt_deg=5.0)
    assert with_overrides(own, {}) == own


def test_classic_is_what_the_tutorial_asked_for() -> None:
    assert PRESETS[Preset.CLASSIC] == Limits()
    assert failed(face()) == []
    assert failed(face(pan=21, one_face=2, sunglasses=0.9)) == [
        Rule.ONE_FACE,
        Rule.PAN,
        Rule.SUNGLASSES,
    ]


def test_presets_go_from_lenient_to_strict_in_every_rule() -> None:
    assert set(PRESETS) == set(Preset)
    lenient, classic, strict = (PRESETS[p] for p in (Preset.LENIENT, Preset.CLASSIC, Preset.STRICT))
    for spec in RULES:
        way = 1 if spec.at_most else -1
        lines = [way * spec.limit(limits) for limits in (strict, classic, lenient)]
        assert lines == sorted(lines), spec.rule
        assert way * spec.off >= lines[-1] or spec.rule is Rule.DUPLICATE
    assert lenient.duplicate_distance == strict.duplicate_distance == classic.duplicate_distance


def test_strict_wants_light_and_nothing_before_the_face() -> None:
    strict = PRESETS[Preset.STRICT]
    assert 0 < strict.min_brightness < strict.max_brightness < 255
    assert strict.min_contrast > 0
    assert strict.min_presence > 0
    assert max(strict.max_eyes_closed, strict.max_mouth_open, strict.max_sunglasses) < 1


def test_limits_are_values() -> None:
    assert replace(Limits(), max_smile=0.5) == Limits(max_smile=0.5)
    assert Limits() != Limits(max_smile=0.5)
