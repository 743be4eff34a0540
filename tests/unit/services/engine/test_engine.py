"""The engine's protocol, with jobs that need no TensorFlow."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from facegui.domain import text
from facegui.domain.control import NullControl, Progress, Stop
from facegui.domain.errors import Cancelled, DatasetError, EngineError, FaceGuiError, ImageError
from facegui.services.engine import Engine, RemoteBug, supervisor
from tests.fakes import engine_jobs
from tests.fakes.control import RecordingControl

ROOT = Path(__file__).parents[4]


def job(function: Callable[..., object]) -> str:
    return f"{engine_jobs.MODULE}:{function.__name__}"


class Recorder(RecordingControl):
    """Asks for *stop* once the job has handed over a partial."""

    def __init__(self, stop: Stop = Stop.NO) -> None:
        super().__init__(lambda control: self.stop if control.partials else Stop.NO)
        self.stop = stop


@pytest.fixture(scope="module")
def shared() -> Iterator[Engine]:
    """One engine for the tests that leave it alive."""
    engine = Engine("test")
    yield engine
    engine.close()


@pytest.fixture
def engine() -> Iterator[Engine]:
    engine = Engine("test")
    yield engine
    engine.close()


@pytest.fixture
def short_grace(monkeypatch: pytest.MonkeyPatch) -> float:
    monkeypatch.setattr(supervisor, "STOP_GRACE_S", 0.3)
    return 0.3


def pid_of(engine: Engine) -> object:
    facts = engine.run(job(engine_jobs.process_facts), None, NullControl())
    assert isinstance(facts, dict)
    return facts["pid"]


def test_result_and_reuse_of_the_process(shared: Engine) -> None:
    assert shared.run(job(engine_jobs.square), 7, NullControl()) == 49
    assert pid_of(shared) == pid_of(shared) != os.getpid()


def test_child_is_a_quiet_helper(shared: Engine) -> None:
    facts = shared.run(job(engine_jobs.process_facts), None, NullControl())
    assert isinstance(facts, dict)
    assert not facts["qt"]
    assert not facts["tensorflow"]
    assert facts["sigint_ignored"]
    assert facts["log_level"] == "2"


def test_child_speaks_the_owners_language(shared: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    for language in ("ko_KR", "en"):
        monkeypatch.setattr(text, "_language", language)
        assert shared.run(job(engine_jobs.language), None, NullControl()) == language


def test_every_point_arrives_in_order_in_few_messages(shared: Engine) -> None:
    control = Recorder()
    assert shared.run(job(engine_jobs.curve), 2000, control) == 2000
    points = [point for batch in control.partials for point in batch]  # type: ignore[attr-defined]
    assert [point.step for point in points] == list(range(2000))
    assert len(control.partials) < 200
    assert control.progress[-1] == Progress(2000, 2000, "steps")


def test_single_values_are_not_joined(shared: Engine) -> None:
    control = Recorder()
    shared.run(job(engine_jobs.single_values), 3, control)
    assert control.partials == [0, 1, 2]


def test_keep_returns_what_the_job_kept(shared: Engine) -> None:
    assert shared.run(job(engine_jobs.until_stopped), None, Recorder(Stop.KEEP)) == "kept"


def test_discard_is_cancelled_and_the_process_lives(shared: Engine) -> None:
    before = pid_of(shared)
    with pytest.raises(Cancelled):
        shared.run(job(engine_jobs.until_stopped), None, Recorder(Stop.DISCARD))
    assert pid_of(shared) == before


def test_a_stop_does_not_leak_into_the_next_job(shared: Engine) -> None:
    shared.run(job(engine_jobs.until_stopped), None, Recorder(Stop.KEEP))
    assert shared.run(job(engine_jobs.square), 3, NullControl()) == 9


def test_discard_wins_over_a_job_that_finishes(shared: Engine) -> None:
    with pytest.raises(Cancelled):
        shared.run(job(engine_jobs.ignore_discard), None, Recorder(Stop.DISCARD))


def test_hang_is_killed_on_discard(engine: Engine, short_grace: float) -> None:
    before = pid_of(engine)
    with pytest.raises(Cancelled):
        engine.run(job(engine_jobs.hang), None, Recorder(Stop.DISCARD))
    assert pid_of(engine) != before


def test_hang_is_killed_on_keep_with_a_message(engine: Engine, short_grace: float) -> None:
    with pytest.raises(EngineError, match="saved so far is kept"):
        engine.run(job(engine_jobs.hang), None, Recorder(Stop.KEEP))


def test_keep_waits_for_a_job_that_reports(engine: Engine, short_grace: float) -> None:
    control = Recorder(Stop.KEEP)
    assert engine.run(job(engine_jobs.finish_slowly), 4 * short_grace, control) == "kept late"


def test_keep_can_become_discard(engine: Engine) -> None:
    class Impatient(Recorder):
        def report(self, progress: Progress) -> None:
            self.stop = Stop.DISCARD

    with pytest.raises(Cancelled):
        engine.run(job(engine_jobs.finish_slowly), 1.0, Impatient(Stop.KEEP))


class Wishes(RecordingControl):
    """Wants one thing after the other, each once the job has seen the last."""

    def __init__(self, *wishes: Stop) -> None:
        super().__init__(
            lambda control: wishes[min(max(len(control.partials), 1), len(wishes)) - 1]
        )


def test_a_pause_and_its_end_reach_the_job(shared: Engine) -> None:
    control = Wishes(Stop.PAUSE, Stop.NO, Stop.PAUSE, Stop.KEEP)
    seen = shared.run(job(engine_jobs.told_of_pauses), 9, control)
    assert seen == [Stop.PAUSE, Stop.NO, Stop.PAUSE, Stop.KEEP]


def test_a_paused_job_may_take_its_time(engine: Engine, short_grace: float) -> None:
    begun = time.monotonic()

    def wish(control: RecordingControl) -> Stop:
        return Stop.PAUSE if time.monotonic() - begun < 4 * short_grace else Stop.KEEP

    seen = engine.run(job(engine_jobs.told_of_pauses), 2, RecordingControl(wish))
    assert seen == [Stop.PAUSE, Stop.KEEP]


def test_after_a_stop_there_is_no_pausing(shared: Engine) -> None:
    control = Wishes(Stop.KEEP, Stop.PAUSE)
    assert shared.run(job(engine_jobs.told_of_pauses), 2, control) == [Stop.KEEP]


@pytest.mark.parametrize(
    ("stop", "ends"),
    [
        (Stop.NO, False),
        (Stop.PAUSE, False),
        (Stop.KEEP, True),
        (Stop.DISCARD, True),
        (Stop.LEAVE, True),
    ],
)
def test_a_job_that_knows_no_pause_goes_on(stop: Stop, ends: bool) -> None:
    assert bool(stop) is ends


def test_kill_is_told_as_memory_and_the_next_run_works(engine: Engine) -> None:
    with pytest.raises(EngineError, match="memory ran out"):
        engine.run(job(engine_jobs.kill_self), signal.SIGKILL, NullControl())
    assert engine.run(job(engine_jobs.square), 2, NullControl()) == 4


@pytest.mark.parametrize(
    ("function", "argument", "code"),
    [(engine_jobs.kill_self, signal.SIGSEGV, "-11"), (engine_jobs.exit_with, 3, "3")],
)
def test_death_is_told_with_its_code(
    engine: Engine, function: Callable[..., object], argument: int, code: str
) -> None:
    with pytest.raises(EngineError, match=rf"exit code {code}\)"):
        engine.run(job(function), argument, NullControl())


def test_a_process_that_died_idle_is_replaced(engine: Engine) -> None:
    pid = pid_of(engine)
    assert isinstance(pid, int)
    os.kill(pid, signal.SIGKILL)
    while engine._child is not None and engine._child.process.is_alive():
        time.sleep(0.01)
    assert engine.run(job(engine_jobs.square), 5, NullControl()) == 25


def test_owner_errors_arrive_as_themselves(shared: Engine) -> None:
    with pytest.raises(DatasetError, match="too few") as caught:
        shared.run(job(engine_jobs.refuse), "too few faces", NullControl())
    assert caught.value.remedy == "add photos"
    with pytest.raises(ImageError) as image:
        shared.run(job(engine_jobs.refuse_image), "/a/b.jpg", NullControl())
    assert image.value.path == Path("/a/b.jpg")
    assert image.value.unsupported


def test_an_error_that_does_not_pickle_keeps_its_words(shared: Engine) -> None:
    with pytest.raises(FaceGuiError) as caught:
        shared.run(job(engine_jobs.refuse_stubbornly), "no", NullControl())
    assert (caught.value.message, caught.value.remedy) == ("no", "remedy")


@pytest.mark.parametrize("function", [engine_jobs.bug, engine_jobs.unpicklable])
def test_bugs_bring_the_childs_traceback(shared: Engine, function: Callable[..., object]) -> None:
    with pytest.raises(RemoteBug) as caught:
        shared.run(job(function), None, NullControl())
    assert "Traceback" in caught.value.report
    assert not isinstance(caught.value, FaceGuiError)


def test_bug_names_its_line(shared: Engine) -> None:
    with pytest.raises(RemoteBug, match="a bug in a job") as caught:
        shared.run(job(engine_jobs.bug), None, NullControl())
    assert "engine_jobs.py" in caught.value.report
    assert "engine_jobs.py" in str(caught.value)


def test_memory_error_is_the_machines_fault(shared: Engine) -> None:
    with pytest.raises(EngineError, match="not enough memory"):
        shared.run(job(engine_jobs.out_of_memory), None, NullControl())


def test_a_control_that_raises_ends_the_process(engine: Engine) -> None:
    class Broken(Recorder):
        def partial(self, value: object) -> None:
            raise KeyError("bug in the caller")

    with pytest.raises(KeyError):
        engine.run(job(engine_jobs.hang), None, Broken())
    assert engine._child is None


def test_close_ends_a_running_job(engine: Engine) -> None:
    control = Recorder()
    raised: list[BaseException] = []

    def work() -> None:
        try:
            engine.run(job(engine_jobs.until_stopped), None, control)
        except Cancelled as error:
            raised.append(error)

    thread = threading.Thread(target=work)
    thread.start()
    while not control.partials:
        time.sleep(0.01)
    engine.close()
    thread.join(10)
    assert not thread.is_alive()
    assert len(raised) == 1
    with pytest.raises(Cancelled):
        engine.run(job(engine_jobs.square), 1, NullControl())


def test_close_twice_and_without_a_child(engine: Engine) -> None:
    engine.close()
    engine.close()


def test_waiting_for_ones_turn_can_be_cancelled(engine: Engine) -> None:
    running = Recorder()
    thread = threading.Thread(
        target=engine.run, args=(job(engine_jobs.until_stopped), None, running)
    )
    thread.start()
    while not running.partials:
        time.sleep(0.01)
    waiting = Recorder(Stop.DISCARD)
    waiting.partials.append("already impatient")
    with pytest.raises(Cancelled):
        engine.run(job(engine_jobs.square), 1, waiting)
    running.stop = Stop.KEEP
    thread.join(10)
    assert not thread.is_alive()


def test_the_childs_prints_do_not_reach_standard_output(
    engine: Engine, capfd: pytest.CaptureFixture[str]
) -> None:
    engine.run(job(engine_jobs.print_to_stdout), "for nobody's JSON", NullControl())
    captured = capfd.readouterr()
    assert captured.out == ""
    assert captured.err.count("for nobody's JSON") == 2


PARENT = """
import os, signal, sys
from facegui.domain.control import NullControl
from facegui.services.engine import Engine
from tests.fakes import engine_jobs
from tests.fakes.control import RecordingControl

class Announce(NullControl):
    def partial(self, value):
        print(engine._child.process.pid, flush=True)

if __name__ == "__main__":
    engine = Engine("orphan")
    engine.run(f"{engine_jobs.MODULE}:hang", None, Announce())
"""


def test_the_child_dies_with_its_parent(tmp_path: Path) -> None:
    script = tmp_path / "parent.py"
    script.write_text(PARENT)
    with subprocess.Popen(
        [sys.executable, str(script)],
        stdout=subprocess.PIPE,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    ) as parent:
        assert parent.stdout is not None
        child_pid = int(parent.stdout.readline())
        parent.kill()
    deadline = time.monotonic() + 20
    while _alive(child_pid) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not _alive(child_pid)


def _alive(pid: int) -> bool:
    """Whether *pid* runs; a zombie, which waits for a reaper, does not."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"
