"""Tasks end in exactly one way, on the GUI thread, and lanes end within a bound."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from facegui.domain.control import Control, Progress, Stop
from facegui.domain.errors import Cancelled, OwnerError
from facegui.gui.lanes import Lane, Lanes
from facegui.gui.task import Task


@pytest.fixture
def lanes(qtbot: QtBot) -> Iterator[Lanes]:
    made = Lanes()
    yield made
    assert made.close()


class Endings:
    """Counts how a task ended and on which thread it was told."""

    def __init__(self, task: Task) -> None:
        self.seen: list[str] = []
        self.threads: set[int] = set()
        task.done.connect(lambda _value: self._note("done"))
        task.failed.connect(lambda _error: self._note("failed"))
        task.cancelled.connect(lambda: self._note("cancelled"))
        task.ended.connect(lambda: self._note("ended"))

    def _note(self, what: str) -> None:
        self.seen.append(what)
        self.threads.add(threading.get_ident())


def test_done_brings_the_result_to_the_gui_thread(qtbot: QtBot, lanes: Lanes) -> None:
    where: list[int] = []

    def job(control: Control) -> int:
        where.append(threading.get_ident())
        return 42

    task = lanes.start(job, "answer", Lane.POOL)
    endings = Endings(task)
    with qtbot.waitSignal(task.done) as got, qtbot.waitSignal(task.ended):
        pass

    assert got.args == [42]
    assert endings.seen == ["done", "ended"]
    assert endings.threads == {threading.get_ident()} != set(where)


@pytest.mark.parametrize(
    ("error", "ending"), [(OwnerError("no"), "failed"), (Cancelled(), "cancelled")]
)
def test_errors_and_cancels_end_a_task_once(
    qtbot: QtBot, lanes: Lanes, error: Exception, ending: str
) -> None:
    def job(control: Control) -> None:
        raise error

    task = lanes.start(job, "fails", Lane.POOL)
    endings = Endings(task)
    failures: list[object] = []
    lanes.task_failed.connect(lambda _task, what: failures.append(what))
    with qtbot.waitSignal(task.ended):
        pass

    assert endings.seen == [ending, "ended"]
    assert failures == ([error] if ending == "failed" else [])


@pytest.mark.parametrize(
    ("error", "elsewhere"), [(OwnerError("no"), False), (ZeroDivisionError(), True)]
)
def test_only_a_bug_is_told_of_elsewhere_when_a_refusal_is_shown_here(
    qtbot: QtBot, lanes: Lanes, error: Exception, elsewhere: bool
) -> None:
    def job(control: Control) -> None:
        raise error

    task = lanes.start(job, "fails", Lane.POOL)
    task.refused_here = True
    failures: list[object] = []
    lanes.task_failed.connect(lambda _task, what: failures.append(what))
    with qtbot.waitSignal(task.failed):
        pass
    qtbot.waitUntil(lambda: not lanes.busy())
    assert failures == ([error] if elsewhere else [])


def test_progress_is_thinned_but_ends_where_the_job_did(qtbot: QtBot, lanes: Lanes) -> None:
    def job(control: Control) -> None:
        for number in range(1, 5001):
            control.report(Progress(number, 5000))

    task = lanes.start(job, "counts", Lane.POOL)
    seen: list[Progress] = []
    task.progressed.connect(seen.append)
    with qtbot.waitSignal(task.ended):
        pass

    assert len(seen) < 50
    assert seen[-1] == Progress(5000, 5000)


def test_no_partial_is_lost(qtbot: QtBot, lanes: Lanes) -> None:
    def job(control: Control) -> None:
        for number in range(1000):
            control.partial(number)

    task = lanes.start(job, "parts", Lane.POOL)
    seen: list[int] = []
    task.partial_arrived.connect(seen.append)
    with qtbot.waitSignal(task.ended):
        pass

    assert seen == list(range(1000))


def test_stop_reaches_the_job(qtbot: QtBot, lanes: Lanes) -> None:
    begun = threading.Event()
    wake = threading.Event()

    def job(control: Control) -> Stop:
        begun.set()
        while not control.cancelled():
            wake.wait(0.01)
        return control.cancelled()

    task = lanes.start(job, "waits", Lane.LONG)
    assert begun.wait(5)
    with qtbot.waitSignal(task.done) as got:
        task.stop(Stop.KEEP)

    assert got.args == [Stop.KEEP]


def test_closing_discards_what_waits_and_ends_what_runs(qtbot: QtBot) -> None:
    lanes = Lanes()
    begun = threading.Event()
    ran: list[str] = []

    def first(control: Control) -> None:
        begun.set()
        while not control.cancelled():
            threading.Event().wait(0.01)

    def second(control: Control) -> None:
        ran.append("second")

    lanes.start(first, "runs", Lane.LONG)
    waiting = Endings(lanes.start(second, "waits", Lane.LONG))
    assert begun.wait(5)

    assert lanes.close(timeout_s=5)
    assert ran == []
    assert waiting.seen == ["cancelled", "ended"]
    assert not lanes.busy()


def test_only_visible_tasks_are_announced(qtbot: QtBot, lanes: Lanes) -> None:
    shown: list[Task] = []
    lanes.task_started.connect(shown.append)
    quiet = lanes.start(lambda control: None, "quiet", Lane.POOL)
    loud = lanes.start(lambda control: None, "loud", Lane.POOL, visible=True)
    with qtbot.waitSignals([quiet.ended, loud.ended]):
        pass
    assert shown == [loud]
