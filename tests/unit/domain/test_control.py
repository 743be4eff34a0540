"""A job within a job: what it tells and hears passes through, but for what is told otherwise."""

from __future__ import annotations

import pytest

from facegui.domain.control import Progress, Relay, Stop, all_or_nothing, unheard
from tests.fakes.control import RecordingControl


def test_everything_passes_both_ways() -> None:
    outer = RecordingControl(lambda _: Stop.KEEP)
    relay = Relay(outer)
    relay.report(Progress(1, 2, "half"))
    relay.partial("a part")
    assert outer.progress == [Progress(1, 2, "half")]
    assert outer.partials == ["a part"]
    assert relay.cancelled() is Stop.KEEP


def test_what_is_told_otherwise_does_not_pass() -> None:
    outer = RecordingControl(lambda _: Stop.LEAVE)
    heard: list[Progress] = []
    relay = Relay(outer, report=heard.append, partial=unheard, stop=all_or_nothing)
    relay.report(Progress(1, 2))
    relay.partial("a part")
    assert (outer.progress, outer.partials) == ([], [])
    assert heard == [Progress(1, 2)]
    assert relay.cancelled() is Stop.DISCARD


@pytest.mark.parametrize(
    ("asked", "heard"),
    [
        (Stop.NO, Stop.NO),
        (Stop.PAUSE, Stop.NO),
        (Stop.KEEP, Stop.DISCARD),
        (Stop.LEAVE, Stop.DISCARD),
        (Stop.DISCARD, Stop.DISCARD),
    ],
)
def test_all_or_nothing(asked: Stop, heard: Stop) -> None:
    assert all_or_nothing(asked) is heard
