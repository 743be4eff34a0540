"""Going to any step of the history, backwards and forwards, and stopping on the way."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from facegui.domain.control import NullControl, Progress, Stop
from facegui.domain.entities import Decision
from facegui.services.libraries import Library
from facegui.services.reviewing.history import go_to_step
from tests.fakes.library_dump import dump
from tests.fakes.review_library import review_library

STEPS = 12


class Watch(NullControl):
    """Stops after so many reports."""

    def __init__(self, stop_after: int) -> None:
        self.seen: list[Progress] = []
        self._stop_after = stop_after

    def report(self, progress: Progress) -> None:
        self.seen.append(progress)

    def cancelled(self) -> Stop:
        return Stop.KEEP if len(self.seen) >= self._stop_after else Stop.NO


def rows(library: Library) -> list[str]:
    lines = dump(library)
    return [s for s in lines if s.startswith("INSERT") and "journal" not in s and "sequ" not in s]


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    made = review_library(tmp_path)
    yield made
    made.close()


@pytest.fixture
def states(library: Library) -> list[list[str]]:
    """The library before any step, and after each of them."""
    found = [rows(library)]
    for n in range(STEPS):
        library.decide([n + 1], Decision.REJECT if n % 2 else Decision.KEEP)
        found.append(rows(library))
    return found


def test_every_step_can_be_reached_from_every_other(
    library: Library, states: list[list[str]]
) -> None:
    ids = [None, *(entry.id for entry in reversed(library.history()))]
    for place in (3, 9, 0, STEPS, 5, 5, 6, 0):
        go_to_step(library, ids[place], NullControl())
        assert rows(library) == states[place]
        assert sum(not entry.undone for entry in library.history()) == place
    assert len(library.history()) == STEPS


def test_it_tells_how_far_it_is_and_what_changed(library: Library, states: list[list[str]]) -> None:
    assert len(states) == STEPS + 1
    watch = Watch(100)
    change = go_to_step(library, None, watch)
    assert [(p.done, p.total) for p in watch.seen] == [(n, STEPS) for n in range(STEPS)]
    assert set(range(1, STEPS + 1)) <= set(change.face_ids)
    assert change.entry is not None
    assert change.entry.undone
    assert go_to_step(library, None, NullControl()).entry is None


def test_a_stop_leaves_it_at_a_whole_step(library: Library, states: list[list[str]]) -> None:
    go_to_step(library, None, Watch(4))
    assert rows(library) == states[STEPS - 4]
    library.check()
