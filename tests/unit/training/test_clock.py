"""Seconds at work: on top of those before, without those that were waited."""

from __future__ import annotations

import pytest

from facegui.training import clock
from facegui.training.clock import Clock


def test_pauses_do_not_count(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [50.0]
    monkeypatch.setattr(clock.time, "monotonic", lambda: now[0])
    watch = Clock(10.0)
    now[0] += 2.0
    assert watch.seconds == pytest.approx(12.0)
    with watch.stopped():
        now[0] += 100.0
    now[0] += 1.0
    assert watch.seconds == pytest.approx(13.0)
