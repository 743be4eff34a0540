"""A room for bytes: never more than it holds, first come first served, nobody waits for ever."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest

from facegui.services.scanning.room import Room

WAIT_S = 30.0


class Guest:
    """A thread that takes what it is told and stays until it is let go."""

    def __init__(self, room: Room, *sizes: int) -> None:
        self.inside = threading.Event()
        self.leave = threading.Event()
        self._thread = threading.Thread(target=self._stay, args=(room, sizes))
        self._thread.start()

    def _stay(self, room: Room, sizes: tuple[int, ...]) -> None:
        with room.share() as share:
            for size in sizes:
                share.resize(size)
            self.inside.set()
            assert self.leave.wait(WAIT_S)

    def go(self) -> None:
        self.leave.set()
        self._thread.join(WAIT_S)
        assert not self._thread.is_alive()


Enter = Callable[..., Guest]


@pytest.fixture
def enter() -> Enter:
    return Guest


def test_who_fits_enters_and_who_does_not_waits_until_there_is_room(enter: Enter) -> None:
    room = Room(100)
    first, second = enter(room, 60), enter(room, 40)
    assert first.inside.wait(WAIT_S)
    assert second.inside.wait(WAIT_S)
    third = enter(room, 50)
    assert not third.inside.wait(0.1)
    second.go()
    assert not third.inside.wait(0.1)
    first.go()
    assert third.inside.wait(WAIT_S)
    third.go()


def test_one_that_needs_more_than_there_is_comes_in_alone(enter: Enter) -> None:
    room = Room(100)
    small = enter(room, 10)
    assert small.inside.wait(WAIT_S)
    huge = enter(room, 500)
    assert not huge.inside.wait(0.1)
    small.go()
    assert huge.inside.wait(WAIT_S)
    huge.go()


def test_small_ones_do_not_keep_a_large_one_out_for_ever(enter: Enter) -> None:
    room = Room(100)
    first = enter(room, 60)
    assert first.inside.wait(WAIT_S)
    large = enter(room, 90)
    assert not large.inside.wait(0.1)
    later = enter(room, 10)  # would fit, but came after
    assert not later.inside.wait(0.1)
    first.go()
    assert large.inside.wait(WAIT_S)
    assert later.inside.wait(WAIT_S)
    large.go()
    later.go()


def test_two_who_want_more_do_not_wait_for_each_other(enter: Enter) -> None:
    room = Room(100)
    one, other = enter(room, 50, 90), enter(room, 50, 90)
    for _ in range(2):
        assert one.inside.wait(WAIT_S) or other.inside.wait(WAIT_S)
        if one.inside.is_set():
            one.go()
        if other.inside.is_set():
            other.go()
    one.go()
    other.go()


def test_room_is_given_back_whatever_happens(enter: Enter) -> None:
    room = Room(100)

    def fails() -> None:
        with room.share() as share:
            share.resize(100)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fails()
    guest = enter(room, 100)
    assert guest.inside.wait(WAIT_S)
    guest.go()
