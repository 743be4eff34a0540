"""Which views of a face are usable, and which few of many are kept."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from facegui.domain.geometry import Box, Pose
from facegui.domain.rules import Limits, Rule
from facegui.services.collecting.shots import BestShots, Shot, difference, failing
from tests.fakes.proposals import proposal

CROP = np.zeros((4, 4, 3), np.uint8)


def shot(
    time_s: float = 0.0,
    *,
    pan: float = 0.0,
    tilt: float = 0.0,
    sharpness: float = 30.0,
    brightness: float = 120.0,
    phash: int = 0,
) -> Shot:
    """A view as a test wants it."""
    box, pose = Box(0, 0, 50, 60), Pose(0.0, pan, tilt)
    return Shot(time_s, box, pose, sharpness, brightness, phash, CROP)


class TestDifference:
    def test_the_same_view_is_no_other(self) -> None:
        assert difference(shot(), shot(5.0)) == 0

    @pytest.mark.parametrize(
        ("other", "another"),
        [
            (shot(pan=-5.0), False),
            (shot(pan=-7.0), True),
            (shot(tilt=5.0), False),
            (shot(tilt=7.0), True),
            (shot(brightness=100.0), False),
            (shot(brightness=90.0), True),
            (shot(phash=(1 << 10) - 1), False),
            (shot(phash=(1 << 14) - 1), True),
        ],
    )
    def test_turn_light_and_look_count(self, other: Shot, another: bool) -> None:
        assert (difference(shot(), other) >= 1) is another
        assert difference(other, shot()) == difference(shot(), other)


class TestBestShots:
    def test_near_copies_are_kept_once_the_sharpest(self) -> None:
        best = BestShots(5)
        first, blurred, crisp = shot(0), shot(1, sharpness=20), shot(2, pan=2, sharpness=40)
        assert best.offer(first) == ()
        assert best.offer(blurred) == (blurred,)
        assert best.offer(crisp) == (first,)
        assert best.shots == [crisp]

    def test_one_sharp_view_may_stand_for_two(self) -> None:
        best = BestShots(5)
        left, right = shot(0, pan=-4), shot(1, pan=4)
        best.offer(left)
        best.offer(right)
        between = shot(2, sharpness=50)
        assert set(best.offer(between)) == {left, right}
        assert best.shots == [between]

    def test_of_too_many_the_most_alike_compete(self) -> None:
        best = BestShots(3)
        for n, pan in enumerate((-20, -13, 20)):
            assert best.offer(shot(n, pan=pan, sharpness=30 + n)) == ()
        middle = shot(3, pan=0, sharpness=25)
        [let_go] = best.offer(middle)
        assert let_go.pose.pan == -20  # nearer to -13 than anything else, and less sharp
        assert [kept.pose.pan for kept in best.shots] == [-13, 20, 0]

    def test_what_is_let_go_may_be_what_was_offered(self) -> None:
        best = BestShots(2)
        best.offer(shot(0, pan=-20))
        best.offer(shot(1, pan=20))
        late = shot(2, pan=12, sharpness=29)
        assert best.offer(late) == (late,)

    def test_many_views_spread_over_what_there_was(self) -> None:
        best = BestShots(5)
        rng = np.random.default_rng(0)
        for n, pan in enumerate(rng.uniform(-20, 20, 500)):
            best.offer(shot(n, pan=float(pan), sharpness=float(rng.uniform(25, 40))))
        pans = sorted(kept.pose.pan for kept in best.shots)
        assert len(pans) >= 4
        assert pans[0] < -10
        assert pans[-1] > 10
        assert min(np.diff(pans)) >= 6

    def test_next_to_a_sharp_view_blurred_ones_are_not_kept(self) -> None:
        best = BestShots(5)
        soft, sharp = shot(0, pan=-20, sharpness=18), shot(1, pan=20, sharpness=32)
        assert best.offer(soft) == ()  # there is nothing better yet
        assert best.offer(sharp) == (soft,)
        again = shot(2, pan=-20, sharpness=18)
        assert best.offer(again) == (again,)
        assert best.shots == [sharp]

    def test_they_come_in_order_of_time(self) -> None:
        best = BestShots(5)
        for time_s, pan in ((3.0, 20), (1.0, 0), (2.0, -20)):
            best.offer(shot(time_s, pan=pan))
        assert [kept.time_s for kept in best.shots] == [1.0, 2.0, 3.0]


class TestFailing:
    def test_a_good_face_fails_nothing(self) -> None:
        assert failing(proposal(), Limits()) == ()

    def test_what_was_not_measured_does_not_fail(self) -> None:
        assert failing(proposal(), replace(Limits(), min_presence=0.9)) == ()

    @pytest.mark.parametrize(
        ("changed", "rule"),
        [
            ({"pose": Pose(0.0, -25.0, 0.0)}, Rule.PAN),
            ({"pose": Pose(0.0, 0.0, 25.0)}, Rule.TILT),
            ({"pose": Pose(-25.0, 0.0, 0.0)}, Rule.ROLL),
            ({"sharpness": 10.0}, Rule.SHARPNESS),
            ({"box": Box(0, 0, 20, 90)}, Rule.SIZE),
            ({"sunglasses": 0.9}, Rule.SUNGLASSES),
        ],
    )
    def test_each_rule_by_its_name(self, changed: dict[str, object], rule: Rule) -> None:
        assert failing(replace(proposal(), **changed), Limits()) == (rule,)  # type: ignore[arg-type]

    @pytest.mark.parametrize(
        ("changed", "limits", "rule"),
        [
            ({"brightness": 40.0}, {"min_brightness": 50.0}, Rule.DARK),
            ({"brightness": 240.0}, {"max_brightness": 220.0}, Rule.BRIGHT),
            ({"contrast": 4.0}, {"min_contrast": 8.0}, Rule.CONTRAST),
            ({"eyes_closed": 0.8}, {"max_eyes_closed": 0.5}, Rule.EYES),
            ({"mouth_open": 0.8}, {"max_mouth_open": 0.5}, Rule.MOUTH),
            ({"smile": 0.8}, {"max_smile": 0.5}, Rule.SMILE),
            ({"presence": 0.2}, {"min_presence": 0.5}, Rule.OCCLUSION),
            ({"chroma_spread": 0.1}, {"min_chroma_spread": 2.0}, Rule.GREYSCALE),
        ],
    )
    def test_rules_that_the_owner_has_switched_on(
        self, changed: dict[str, float], limits: dict[str, float], rule: Rule
    ) -> None:
        face = replace(proposal(), **changed)  # type: ignore[arg-type]
        assert failing(face, Limits()) == ()
        assert failing(face, replace(Limits(), **limits)) == (rule,)  # type: ignore[arg-type]
