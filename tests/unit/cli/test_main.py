"""Running the command line: statuses, messages, and what goes to which stream."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from argparse import Namespace
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from facegui.cli import main
from facegui.cli.outcome import Outcome, UsageError, Verb
from facegui.domain.control import Control, Progress
from facegui.domain.errors import Cancelled, EnvironmentFault, LibraryError
from facegui.services.tools import Tools
from tests.fakes.faces import fake_tools


class Window:
    """Remembers what it was asked to show."""

    def __init__(self) -> None:
        self.opened: list[tuple[Path | None, bool]] = []

    def __call__(self, library: Path | None, *, sample: bool) -> int:
        self.opened.append((library, sample))
        return 7


class Runner:
    """Runs command lines whose verbs all are one given function."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.window = Window()
        self.ran: list[str] = []
        self._patch = monkeypatch

    def __call__(self, line: str, verb: Verb | None = None) -> int:
        def named(name: str) -> Verb:
            self.ran.append(name)
            assert verb is not None, f"{name} ran"
            return verb

        self._patch.setattr(main, "_verb", named)
        return main.run(line.split(), fake_tools, self.window, lambda: None)


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Runner:
    return Runner(monkeypatch)


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FACEGUI_LANGUAGE", "en")


def ending_with(outcome: Outcome | BaseException) -> Verb:
    def verb(arguments: Namespace, tools: Tools, control: Control) -> Outcome:
        if isinstance(outcome, BaseException):
            raise outcome
        return outcome

    return verb


GOOD = Outcome({"answer": [42, None]}, "forty-two")
PARTLY = Outcome({"answer": []}, "nothing", failed=True)


def test_text_goes_to_standard_output(run: Runner, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("scan L", ending_with(GOOD)) == 0
    assert capsys.readouterr().out == "forty-two\n"


def test_json_is_the_one_document_on_standard_output(
    run: Runner, capsys: pytest.CaptureFixture[str]
) -> None:
    def verb(arguments: Namespace, tools: Tools, control: Control) -> Outcome:
        control.report(Progress(1, 2, "Scanning"))
        return GOOD

    assert run("scan L --json", verb) == 0
    told = capsys.readouterr()
    assert json.loads(told.out) == GOOD.document
    assert told.err == "Scanning 1/2\n"


def test_json_is_ascii_whatever_the_names(run: Runner, capsys: pytest.CaptureFixture[str]) -> None:
    name = "한글 – \udcff"
    assert run("models --json", ending_with(Outcome({name: 1}, ""))) == 0
    told = capsys.readouterr().out
    assert told.isascii()
    assert json.loads(told) == {name: 1}


def test_what_no_json_reader_takes_is_a_bug(run: Runner) -> None:
    with pytest.raises(ValueError, match="JSON compliant"):
        run("models --json", ending_with(Outcome(float("nan"), "")))


def test_failed_inputs_are_status_1(run: Runner, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("scan L --json", ending_with(PARTLY)) == 1
    assert json.loads(capsys.readouterr().out) == PARTLY.document


def test_an_error_is_told_with_its_remedy(run: Runner, capsys: pytest.CaptureFixture[str]) -> None:
    error = LibraryError("L is no library.", "Choose another folder.")
    assert run("scan L", ending_with(error)) == 1
    told = capsys.readouterr()
    assert told.err == "facegui: L is no library.\nChoose another folder.\n"
    assert told.out == ""


def test_with_json_the_document_tells_the_error_too(
    run: Runner, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("scan L --json", ending_with(LibraryError("No.", "Do."))) == 1
    assert json.loads(capsys.readouterr().out) == {"error": "No.", "remedy": "Do."}


def test_arguments_that_do_not_fit_are_status_2(
    run: Runner, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("train L --network x", ending_with(UsageError("no network x"))) == 2
    told = capsys.readouterr()
    assert told.err.startswith("usage: facegui")
    assert "no network x" in told.err
    assert told.out == ""


def test_wrong_grammar_is_status_2_and_runs_nothing(run: Runner) -> None:
    assert run("train L --epochs none") == 2
    assert run.ran == []


def test_a_bug_is_not_hidden(run: Runner) -> None:
    with pytest.raises(ZeroDivisionError):
        run("scan L", ending_with(ZeroDivisionError()))


def test_tools_are_closed_however_it_ends(
    run: Runner, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    closed: list[bool] = []
    monkeypatch.setattr(Tools, "close", lambda _: closed.append(True))
    run("scan L", ending_with(GOOD))
    run("scan L", ending_with(LibraryError("No.")))
    with pytest.raises(ZeroDivisionError):
        run("scan L", ending_with(ZeroDivisionError()))
    assert len(closed) == 3


def interrupted(then: Callable[[Control], Outcome]) -> Verb:
    def verb(arguments: Namespace, tools: Tools, control: Control) -> Outcome:
        os.kill(os.getpid(), signal.SIGINT)
        return then(control)

    return verb


def test_ctrl_c_keeps_what_is_done_and_is_status_130(
    run: Runner, capsys: pytest.CaptureFixture[str]
) -> None:
    def keep(control: Control) -> Outcome:
        assert control.cancelled()
        return GOOD

    assert run("scan L --json", interrupted(keep)) == 130
    told = capsys.readouterr()
    assert json.loads(told.out) == GOOD.document
    assert told.err == "Stopped; what was done is kept.\n"


def test_ctrl_c_is_the_proper_end_of_what_has_no_other(
    run: Runner, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("scan L", interrupted(lambda _: replace(GOOD, endless=True))) == 130
    assert capsys.readouterr().err == ""


def test_ctrl_c_with_nothing_to_keep(run: Runner, capsys: pytest.CaptureFixture[str]) -> None:
    def discard(control: Control) -> Outcome:
        raise Cancelled

    assert run("models fetch", interrupted(discard)) == 130
    assert capsys.readouterr().err == "Stopped.\n"


def test_a_missing_system_library_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def no_library(name: str) -> Verb:
        raise ImportError("libodd.so.1: cannot open shared object file: No such file or directory")

    monkeypatch.setattr(main, "_verb", no_library)
    assert main.run(["scan", "L"], fake_tools, Window(), lambda: None) == 1
    assert "apt-get install" in capsys.readouterr().err


def test_the_window_opens_what_is_asked_for(run: Runner, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    assert [run(line) for line in ("", "--sample", "My.facegui")] == [7, 7, 7]
    assert run.window.opened == [(None, False), (None, True), (Path("My.facegui"), False)]


@pytest.fixture
def headless(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.skipif(sys.platform in {"win32", "darwin"}, reason="always has a display")
@pytest.mark.usefixtures("headless")
@pytest.mark.parametrize("line", ["", "--sample"])
def test_without_a_display_the_sample_runs_in_the_terminal(
    line: str, run: Runner, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(line, ending_with(Outcome(None, "s1 (99 %)"))) == 0
    told = capsys.readouterr()
    assert told.err.startswith("There is no display")
    assert told.out == "s1 (99 %)\n"
    assert run.ran == ["demo"]
    assert run.window.opened == []


@pytest.mark.skipif(sys.platform in {"win32", "darwin"}, reason="always has a display")
@pytest.mark.usefixtures("headless")
def test_without_a_display_no_library_is_opened(
    run: Runner, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("My.facegui") == 1
    assert "facegui --help" in capsys.readouterr().err
    assert run.window.opened == []


def test_a_window_that_lacks_libraries_says_which(
    run: Runner, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def lacking(environ: object) -> None:
        raise EnvironmentFault("Lacks.", "apt-get install libegl1")

    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    monkeypatch.setattr(main, "require_window_libraries", lacking)
    assert run("") == 1
    assert "libegl1" in capsys.readouterr().err
    assert run.window.opened == []


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        ({}, "en"),
        ({"LANG": "ko_KR.UTF-8"}, "ko_KR.UTF-8"),
        ({"LANG": "ko_KR.UTF-8", "LC_ALL": "C"}, "C"),
        ({"LANG": "en_US", "FACEGUI_LANGUAGE": "ko", "LC_ALL": "C"}, "ko"),
        ({"LC_ALL": "", "LANG": "ko"}, "ko"),
    ],
)
def test_the_language_comes_from_the_environment(environ: dict[str, str], expected: str) -> None:
    assert main._language(environ) == expected


def test_every_verb_has_its_function() -> None:
    from facegui.cli.parser import VERBS

    for name in (*VERBS, "demo", "self-test"):
        assert callable(main._verb(name))


def test_no_verb_imports_qt_or_tensorflow() -> None:
    script = """
import sys
from facegui.cli import main
from facegui.cli.parser import VERBS
for name in VERBS:
    main._verb(name)
print(sorted({"PySide6", "tensorflow", "keras"} & set(sys.modules)))
"""
    ended = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert ended.stdout == "[]\n"
