"""Whole frames now and then, known faces in between."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from facegui.domain.entities import RgbImage
from facegui.domain.geometry import Box
from facegui.domain.ports import FoundFace
from facegui.services.recognising import live_finding
from facegui.services.recognising.live_finding import FrameFinder
from tests.fakes.faces import SquareFinder, picture
from tests.fakes.videos import BLUE, RED

ONE = picture((20, 30, RED))
TWO = picture((20, 30, RED), (100, 30, BLUE))
NONE = picture()


class Clock:
    now = 100.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(live_finding, "time", clock)
    return clock


class CountingFinder(SquareFinder):
    """Counts looks at whole frames; may be too strict for them."""

    def __init__(self) -> None:
        super().__init__()
        self.whole = 0
        self.strict = False

    def find(self, image: RgbImage) -> Sequence[FoundFace]:
        self.whole += 1
        return [] if self.strict else super().find(image)

    def find_again(self, image: RgbImage, box: Box) -> FoundFace | None:
        found = max(super().find(image), key=lambda face: face.box.iou(box), default=None)
        return found if found is not None and found.box.iou(box) > 0 else None


@pytest.fixture
def finder() -> CountingFinder:
    return CountingFinder()


def test_between_whole_frames_only_known_faces_are_looked_for(
    clock: Clock, finder: CountingFinder
) -> None:
    frames = FrameFinder(finder)
    assert len(frames.find(ONE)) == 1
    clock.now += 0.03
    assert len(frames.find(TWO)) == 1  # the new one waits
    assert finder.whole == 1
    clock.now += live_finding.WHOLE_EVERY_S
    assert len(frames.find(TWO)) == 2
    assert finder.whole == 2


def test_a_face_that_moved_is_found_where_it_is(clock: Clock, finder: CountingFinder) -> None:
    frames = FrameFinder(finder)
    frames.find(ONE)
    clock.now += 0.03
    [face] = frames.find(picture((27, 33, RED)))
    assert face.box.x1 == 27


def test_when_somebody_is_lost_the_next_frame_is_looked_at_whole(
    clock: Clock, finder: CountingFinder
) -> None:
    frames = FrameFinder(finder)
    frames.find(ONE)
    clock.now += 0.03
    assert frames.find(picture((110, 60, RED))) == []  # too far to be followed
    clock.now += 0.03
    assert len(frames.find(picture((110, 60, RED)))) == 1
    assert finder.whole == 2


def test_nobody_is_looked_for_in_an_empty_picture(clock: Clock, finder: CountingFinder) -> None:
    frames = FrameFinder(finder)
    for _ in range(3):
        assert frames.find(NONE) == []
        clock.now += live_finding.EMPTY_EVERY_S / 3.1
    assert finder.whole == 1
    clock.now += live_finding.EMPTY_EVERY_S
    assert len(frames.find(ONE)) == 1


def test_a_known_face_that_a_whole_look_misses_is_still_there(
    clock: Clock, finder: CountingFinder
) -> None:
    frames = FrameFinder(finder)
    frames.find(ONE)
    finder.strict = True
    clock.now += 1.0
    assert len(frames.find(ONE)) == 1


def test_two_that_cross_do_not_become_one_face_twice(clock: Clock, finder: CountingFinder) -> None:
    frames = FrameFinder(finder)
    frames.find(picture((20, 30, RED), (60, 30, BLUE)))
    clock.now += 0.03
    assert len(frames.find(picture((40, 30, RED)))) == 1


def test_a_slow_machine_looks_at_whole_frames_less_often(
    clock: Clock, finder: CountingFinder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def slow(image: RgbImage) -> Sequence[FoundFace]:
        finder.whole += 1
        clock.now += 0.2
        return []

    monkeypatch.setattr(finder, "find", slow)
    frames = FrameFinder(finder)
    for _ in range(8):
        frames.find(ONE)
        clock.now += 0.05
    assert finder.whole == 1
