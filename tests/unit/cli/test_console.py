"""Progress on standard error, and Ctrl+C."""

from __future__ import annotations

import io
import os
import signal

import pytest

from facegui.cli.console import ConsoleControl, describe, interruptible
from facegui.domain.control import Progress, Stop


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_terminal_gets_one_line_that_is_drawn_over_and_taken_away() -> None:
    stream, clock = Terminal(), Clock()
    control = ConsoleControl(stream, clock)
    for done in range(1, 4):
        clock.now = float(done)
        control.report(Progress(done, 4, "Scanning"))
    control.finish()
    lines = stream.getvalue().split("\r\x1b[K")
    assert [line.split(" ·")[0] for line in lines] == [
        "",
        "Scanning 1/4",
        "Scanning 2/4",
        "Scanning 3/4",
        "",
    ]
    assert "\n" not in stream.getvalue()


def test_a_terminal_is_drawn_at_most_ten_times_a_second() -> None:
    stream, clock = Terminal(), Clock()
    control = ConsoleControl(stream, clock)
    for step in range(100):
        clock.now = step / 100
        control.report(Progress(step, 100, "Scanning"))
    assert stream.getvalue().count("Scanning") == 10


def test_a_line_is_cut_to_the_width_of_the_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "20")
    stream = Terminal()
    ConsoleControl(stream).report(Progress(0, 0, "x" * 100))
    assert stream.getvalue().count("x") == 19


def test_a_log_gets_a_line_now_and_then() -> None:
    stream, clock = io.StringIO(), Clock()
    control = ConsoleControl(stream, clock)
    for second in range(25):
        clock.now = float(second)
        control.report(Progress(second, 100, "Scanning"))
    control.report(Progress(1, 2, "Training"))
    control.finish()
    told = [line.split(" ·")[0] for line in stream.getvalue().splitlines()]
    assert told == ["Scanning 0/100", "Scanning 10/100", "Scanning 20/100", "Training 1/2"]
    assert "\x1b" not in stream.getvalue()


def test_a_message_takes_the_place_of_the_progress() -> None:
    stream = Terminal()
    control = ConsoleControl(stream)
    control.report(Progress(1, 2, "Scanning"))
    control.say("Done.")
    control.finish()
    assert stream.getvalue().endswith("\r\x1b[KDone.\n")


@pytest.mark.parametrize(
    ("progress", "elapsed_s", "expected"),
    [
        (Progress(0, 0, "Importing"), 1.0, "Importing"),
        (Progress(1200, 0, "Importing"), 1.0, "Importing 1,200"),
        (Progress(0, 50, "Scanning"), 3.0, "Scanning 0/50"),
        (Progress(10, 50, "Scanning"), 0.0, "Scanning 10/50"),
        (Progress(10, 50, "Scanning"), 4.0, "Scanning 10/50 · 2.5/s · 0:16 left"),
        (Progress(100, 1500, "Scanning"), 10.0, "Scanning 100/1,500 · 10.0/s · 2:20 left"),
        (Progress(50, 50, "Scanning"), 4.0, "Scanning 50/50 · 12.5/s · 0:00 left"),
    ],
)
def test_what_is_told(progress: Progress, elapsed_s: float, expected: str) -> None:
    assert describe(progress, elapsed_s) == expected


@pytest.mark.parametrize(("done", "total"), [(10, 10), (9, 20)])
def test_the_rate_starts_anew_with_each_phase(done: int, total: int) -> None:
    stream, clock = io.StringIO(), Clock()
    control = ConsoleControl(stream, clock)
    control.report(Progress(done, total, "Scanning"))
    clock.now = 100.0
    control.report(Progress(0, 10, "Measuring"))
    clock.now = 110.0
    control.report(Progress(5, 10, "Measuring"))
    assert stream.getvalue().splitlines()[-1] == "Measuring 5/10 · 0.5/s · 0:10 left"


def test_a_label_may_change_within_a_phase() -> None:
    stream, clock = io.StringIO(), Clock()
    control = ConsoleControl(stream, clock)
    for second in range(21):
        clock.now = float(second)
        control.report(Progress(second, 100, f"Training, epoch {1 + second // 3}"))
    assert stream.getvalue().splitlines() == [
        "Training, epoch 1 0/100",
        "Training, epoch 4 10/100 · 1.0/s · 1:30 left",
        "Training, epoch 7 20/100 · 1.0/s · 1:20 left",
    ]


def test_interrupt_asks_to_stop_and_keep_and_a_second_one_to_discard() -> None:
    control = ConsoleControl(io.StringIO())
    with interruptible(control):
        assert control.cancelled() is Stop.NO
        os.kill(os.getpid(), signal.SIGINT)
        assert control.cancelled() is Stop.KEEP
        os.kill(os.getpid(), signal.SIGINT)
        assert control.cancelled() is Stop.DISCARD


def test_interrupt_is_itself_again_afterwards() -> None:
    before = signal.getsignal(signal.SIGINT)
    with pytest.raises(ZeroDivisionError), interruptible(ConsoleControl(io.StringIO())):
        raise ZeroDivisionError
    assert signal.getsignal(signal.SIGINT) is before
