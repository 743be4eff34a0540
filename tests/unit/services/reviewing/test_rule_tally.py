"""Counts at any limits are those of judging every face; the faces near a limit are the nearest."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from facegui.domain.rules import RULES, SPECS, Limits, MeasureTable, Rule, with_overrides
from facegui.services.reviewing.rule_tally import Tally

NAN = float("nan")
number = st.integers(0, 6).map(float)
limits = st.builds(Limits, **{spec.field: number for spec in RULES})
face = st.fixed_dictionaries({rule: number | st.just(NAN) for rule in Rule})
OPEN = Limits(
    **{spec.field: (99 if spec.at_most else 0) for spec in RULES},  # type: ignore[arg-type]
)


def table(
    faces: list[dict[Rule, float]], people: list[int], undecided: list[bool] | None = None
) -> MeasureTable:
    n = len(faces)
    return MeasureTable(
        face_ids=np.arange(100, 100 + n),
        person_ids=np.array(people[:n], np.int64),
        values={rule: np.array([f[rule] for f in faces], np.float64) for rule in Rule},
        undecided=np.array(undecided or [True] * n, np.bool_),
    )


def by(rule: Rule, *values: float, others: dict[Rule, list[float]] | None = None) -> MeasureTable:
    """Faces of nobody that differ in one measure, and maybe in *others*."""
    columns = {rule: list(values)} | (others or {})
    faces = [
        {each: columns[each][n] if each in columns else NAN for each in Rule}
        for n in range(len(values))
    ]
    return table(faces, [0] * len(values))


@given(
    faces=st.lists(face, max_size=8),
    people=st.lists(st.integers(0, 2), min_size=8, max_size=8),
    undecided=st.lists(st.booleans(), min_size=8, max_size=8),
    steps=st.lists(limits, min_size=1, max_size=4),
    own=st.dictionaries(st.sampled_from([spec.field for spec in RULES]), number, max_size=3),
    person=st.sampled_from([None, 1]),
)
def test_moving_limits_counts_as_judging_everybody_anew(
    faces: list[dict[Rule, float]],
    people: list[int],
    undecided: list[bool],
    steps: list[Limits],
    own: dict[str, float],
    person: int | None,
) -> None:
    whole = table(faces, people, undecided[: len(faces)])
    tally = Tally(whole, steps[0], {1: own}, person)
    if person is not None:
        steps = [with_overrides(steps[0], own), *steps[1:]]
    for now in steps:
        tally.move(now)
        mine = now if person is not None else with_overrides(now, own)
        failing = whole.failing(now, {1: mine})
        scope = whole.undecided & ((whole.person_ids == 1) if person else True)
        number_failed = np.sum(list(failing.values()), axis=0)
        assert tally.count == scope.sum()
        assert tally.kept == (scope & (number_failed == 0)).sum()
        for rule, found in tally.tallies().items():
            assert found.dropped == (scope & failing[rule]).sum()
            assert found.kept == tally.count - found.dropped
            assert found.alone == (scope & failing[rule] & (number_failed == 1)).sum()


def test_decided_faces_are_counted_apart() -> None:
    faces = [dict.fromkeys(Rule, NAN)] * 3
    tally = Tally(table(faces, [0, 1, 1], [True, False, True]), Limits(), {})
    assert (tally.count, tally.decided, tally.kept) == (2, 1, 2)
    ones = Tally(table(faces, [0, 1, 1], [True, False, True]), Limits(), {}, person_id=1)
    assert (ones.count, ones.decided) == (1, 1)


def test_what_was_not_measured_is_counted_but_for_copies() -> None:
    found = Tally(by(Rule.SMILE, 0.5, NAN, NAN), Limits(), {}).tallies()
    assert found[Rule.SMILE].unmeasured == 2
    assert found[Rule.DUPLICATE].unmeasured == 0


@pytest.mark.parametrize(
    ("rule", "limit", "kept", "dropped"),
    [
        (Rule.PAN, 20, [20, 18, 3], [21, 40]),
        (Rule.PAN, 20.5, [20, 18, 3], [21, 40]),
        (Rule.PAN, 1, [], [3, 18, 20]),
        (Rule.SIZE, 20, [20, 21, 40], [18, 3]),
        (Rule.SIZE, 0, [3, 18, 20], []),
    ],
)
def test_the_nearest_of_each_side_come_first(
    rule: Rule, limit: float, kept: list[float], dropped: list[float]
) -> None:
    tally = Tally(by(rule, 40, 3, NAN, 18, 21, 20), OPEN, {})
    tally.move(SPECS[rule].moved(OPEN, limit))
    near = tally.near(rule, 3)
    assert [found.value for found in near.kept] == kept
    assert [found.value for found in near.dropped] == dropped
    ids = {40.0: 100, 3.0: 101, 18.0: 103, 21.0: 104, 20.0: 105}
    assert all(found.face_id == ids[found.value] for found in (*near.kept, *near.dropped))


def test_faces_that_another_rule_drops_come_last_and_are_told_apart() -> None:
    sizes = {Rule.SIZE: [100.0, 5.0, 100.0, 5.0, 100.0]}
    tally = Tally(by(Rule.PAN, 10, 12, 11, 30, 40, others=sizes), OPEN, {})
    tally.move(replace(OPEN, max_pan_deg=20.0, min_size_px=50.0))
    near = tally.near(Rule.PAN, 6)
    assert [(found.value, found.decisive) for found in near.kept] == [
        (11.0, True),
        (10.0, True),
        (12.0, False),
    ]
    assert [(f.value, f.decisive) for f in near.dropped] == [(40.0, True), (30.0, False)]
    assert [f.value for f in tally.near(Rule.PAN, 1).dropped] == [40.0]


def test_people_with_a_limit_of_their_own_are_not_near_everybodys() -> None:
    faces = by(Rule.PAN, 10, 30, 35)
    whole = replace(faces, person_ids=np.array([0, 7, 8]))
    tally = Tally(whole, OPEN, {7: {"max_pan_deg": 33.0}})
    tally.move(replace(OPEN, max_pan_deg=20.0))
    assert [found.value for found in tally.near(Rule.PAN, 5).dropped] == [35.0]
    assert tally.values(Rule.PAN).tolist() == [10.0, 35.0]
    assert tally.tallies()[Rule.PAN].dropped == 1


def test_values_ascend_and_know_no_nan() -> None:
    tally = Tally(by(Rule.PAN, 3, NAN, 1, 2), Limits(), {})
    tally.sort()
    assert tally.values(Rule.PAN).tolist() == [1.0, 2.0, 3.0]


def test_no_faces_at_all() -> None:
    tally = Tally(table([], []), Limits(), {})
    tally.move(OPEN)
    assert (tally.count, tally.kept, tally.decided) == (0, 0, 0)
    near = tally.near(Rule.PAN, 6)
    assert (near.kept, near.dropped) == ((), ())
