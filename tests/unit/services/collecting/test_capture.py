"""What the coach asks for, and what it takes, without any camera."""

from __future__ import annotations

from dataclasses import replace

import pytest

from facegui.domain.entities import FaceProposal, PhotoHashes
from facegui.domain.geometry import Box, Pose
from facegui.domain.rules import Limits
from facegui.services.collecting.capture import Advice, Verdict, advice, judge_frame, taken_of
from facegui.services.collecting.pose_map import (
    CELLS,
    GOAL,
    STRAIGHT,
    CaptureState,
    Cell,
    Height,
    Light,
    Side,
    Taken,
)
from tests.fakes.proposals import proposal, unit_vector

SIDE_PX = 480
ANN, BOB = unit_vector(1), unit_vector(2)


def face(
    pan: float = 0.0,
    tilt: float = 0.0,
    *,
    brightness: float = 120.0,
    phash: int = 0,
    **changed: object,
) -> FaceProposal:
    """A sharp face, large in the frame, turned so."""
    made = proposal(Box(200, 100, 320, 240), pose=Pose(0.0, pan, tilt), seed=1)
    hashes = PhotoHashes(phash, phash)
    return replace(made, brightness=brightness, hashes=hashes, **changed)  # type: ignore[arg-type]


def another_look(n: int) -> int:
    """Hashes far from one another."""
    return (0x0123_4567_89AB_CDEF * (2 * n + 1)) % (1 << 64)


def give(state: CaptureState, *faces: FaceProposal) -> list[Verdict]:
    """What becomes of faces that come one after the other, taken where wanted."""
    verdicts = []
    for one in faces:
        verdicts.append(judge_frame([one], SIDE_PX, state))
        if verdicts[-1] is Verdict.TAKE:
            state.add(taken_of(one))
    return verdicts


def pose_of(cell: Cell) -> tuple[float, float]:
    """Pan and tilt in the middle of a cell; positive pan is the person's own left."""
    return -14.0 * cell.side.value, -14.0 * cell.height.value


def fill(state: CaptureState, brightness: float = 120.0) -> None:
    """Everything that is wanted in one light."""
    for cell in CELLS:
        pan, tilt = pose_of(cell)
        for n in range(cell.wanted):
            look = another_look(n)
            shown = face(pan, tilt, brightness=brightness, phash=look)
            assert give(state, shown) == [Verdict.TAKE], (cell, n)


@pytest.fixture
def state() -> CaptureState:
    return CaptureState(Limits())


class TestMap:
    @pytest.mark.parametrize(
        ("pan", "tilt", "cell"),
        [
            (0, 0, STRAIGHT),
            (12, 0, Cell(Side.LEFT, Height.MIDDLE)),  # right in the picture is their own left
            (-12, 0, Cell(Side.RIGHT, Height.MIDDLE)),
            (0, 12, Cell(Side.MIDDLE, Height.UP)),
            (-12, -12, Cell(Side.RIGHT, Height.DOWN)),
        ],
    )
    def test_directions_are_the_persons_own(
        self, state: CaptureState, pan: float, tilt: float, cell: Cell
    ) -> None:
        give(state, face())
        assert state.cell(Pose(0.0, pan, tilt)) == cell

    def test_straight_is_what_the_first_photo_says(self, state: CaptureState) -> None:
        """A camera above the screen sees a straight face look down."""
        assert give(state, face(tilt=-6)) == [Verdict.TAKE]
        assert state.cell(Pose(0, 0, -9)) == STRAIGHT
        assert state.cell(Pose(0, 0, 2)).height is Height.UP
        assert state.cell(Pose(0, 0, -14)).height is Height.DOWN

    def test_or_what_most_photos_of_before_say(self) -> None:
        known = [Taken(Pose(0, 0, tilt), 80.0, 0) for tilt in (-8, -6, -6, 10)]
        state = CaptureState(Limits(), known)
        assert state.cell(Pose(0, 0, -10)) == STRAIGHT
        assert state.light(90.0) is Light.FIRST
        assert state.light(120.0) is Light.OTHER

    def test_goal_and_progress(self, state: CaptureState) -> None:
        assert GOAL == 24
        assert state.done == 0
        fill(state)
        assert state.done == 12
        fill(state, brightness=170)
        assert state.done == GOAL

    def test_more_than_is_wanted_does_not_stand_for_what_lacks(self) -> None:
        known = [Taken(Pose(0, 0, 0), 120.0, another_look(n)) for n in range(50)]
        assert CaptureState(Limits(), known).done == STRAIGHT.wanted

    def test_a_photo_thrown_away_lacks_again(self, state: CaptureState) -> None:
        give(state, face())
        state.remove(state.taken[0])
        assert state.done == 0
        assert give(state, face()) == [Verdict.TAKE]

    def test_lenient_rules_do_not_ask_for_a_turned_back(self) -> None:
        state = CaptureState(replace(Limits(), max_pan_deg=180.0, max_tilt_deg=180.0))
        assert give(state, face(), face(pan=25), face(pan=40)) == [
            Verdict.TAKE,
            Verdict.TAKE,
            Verdict.TURNED,
        ]


class TestAdvice:
    def test_it_begins_straight_and_goes_on_to_the_sides(self, state: CaptureState) -> None:
        assert advice(state, None) == Advice(STRAIGHT)
        for n in range(STRAIGHT.wanted):
            assert advice(state, 120.0) == Advice(STRAIGHT, nth=n)
            give(state, face(phash=another_look(n)))
        assert advice(state, 120.0).cell == Cell(Side.LEFT, Height.MIDDLE)

    def test_what_came_by_itself_is_not_asked_for(self, state: CaptureState) -> None:
        give(state, face(), face(pan=12))
        for n in range(1, STRAIGHT.wanted):
            give(state, face(phash=another_look(n)))
        assert advice(state, 120.0).cell == Cell(Side.RIGHT, Height.MIDDLE)

    def test_then_another_light_and_all_again(self, state: CaptureState) -> None:
        fill(state)
        assert advice(state, 120.0) == Advice(None, light=Light.OTHER)
        assert advice(state, 160.0) == Advice(STRAIGHT)
        assert advice(state, 80.0) == Advice(STRAIGHT)

    def test_and_back_where_the_other_light_was_first(self, state: CaptureState) -> None:
        give(state, face())
        for cell in CELLS:
            pan, tilt = pose_of(cell)
            for n in range(cell.wanted):
                give(state, face(pan, tilt, brightness=180, phash=another_look(n)))
        assert advice(state, 180.0) == Advice(None, light=Light.FIRST)

    def test_nothing_when_all_is_there(self, state: CaptureState) -> None:
        fill(state)
        fill(state, brightness=170)
        assert advice(state, 120.0) == Advice(None)
        assert give(state, face(phash=another_look(9))) == [Verdict.HAVE_IT]


class TestVerdicts:
    @pytest.mark.parametrize(
        ("shown", "verdict"),
        [
            (face(), Verdict.TAKE),
            (face(sharpness=9.0), Verdict.BLURRED),
            (face(box=Box(0, 0, 40, 40)), Verdict.SMALL),
            (face(pan=24), Verdict.TURNED),
            (face(tilt=-24), Verdict.TURNED),
            (face(pan=15), Verdict.TURNED),  # not for the first one
            (face(pose=Pose(30.0, 0.0, 0.0)), Verdict.TILTED),
            (face(sunglasses=0.9), Verdict.HIDDEN),
            (face(eyes_closed=0.9), Verdict.EYES),
        ],
    )
    def test_the_reason_comes_with_the_refusal(
        self, state: CaptureState, shown: FaceProposal, verdict: Verdict
    ) -> None:
        assert judge_frame([shown], SIDE_PX, state) is verdict

    def test_the_library_rules_hold(self) -> None:
        strict = replace(Limits(), min_brightness=150.0)
        assert judge_frame([face()], SIDE_PX, CaptureState(strict)) is Verdict.DARK
        strict = replace(Limits(), max_brightness=100.0)
        assert judge_frame([face()], SIDE_PX, CaptureState(strict)) is Verdict.BRIGHT
        strict = replace(Limits(), max_smile=0.2)
        shown = face(smile=0.9)
        assert judge_frame([shown], SIDE_PX, CaptureState(strict)) is Verdict.UNFIT

    def test_nobody_and_several(self, state: CaptureState) -> None:
        assert judge_frame([], SIDE_PX, state) is Verdict.NOBODY
        neighbour = face(box=Box(10, 100, 100, 210))
        assert judge_frame([face(), neighbour], SIDE_PX, state) is Verdict.SEVERAL

    def test_a_picture_on_the_wall_does_not_count(self, state: CaptureState) -> None:
        portrait = face(box=Box(10, 10, 40, 45), embedding=BOB)
        assert judge_frame([portrait, face()], SIDE_PX, state) is Verdict.TAKE

    def test_near_copies_are_refused_and_another_look_is_not(self, state: CaptureState) -> None:
        look = another_look(0)
        assert give(
            state,
            face(phash=look),
            face(pan=2, phash=look ^ 0b1011),
            face(pan=2, phash=look ^ ((1 << 20) - 1)),
            face(pan=6, phash=look),
        ) == [Verdict.TAKE, Verdict.COPY, Verdict.TAKE, Verdict.TAKE]

    def test_a_pose_that_is_there_is_refused(self, state: CaptureState) -> None:
        assert give(state, face(), face(pan=10), face(pan=18, phash=another_look(3))) == [
            Verdict.TAKE,
            Verdict.TAKE,
            Verdict.HAVE_IT,
        ]

    def test_somebody_else_is_noticed(self, state: CaptureState) -> None:
        give(state, face(embedding=ANN))
        other = face(pan=12, embedding=BOB)
        assert judge_frame([other], SIDE_PX, state) is Verdict.SOMEBODY_ELSE
