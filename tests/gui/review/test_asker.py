"""The latest question wins, repeated ones become one, a closed library is no error."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from facegui.domain.errors import LibraryError
from facegui.gui.context import AppContext
from facegui.gui.review.asker import Asker, Question
from facegui.services.libraries import Library, create_library


@pytest.fixture
def library(tmp_path: Path) -> Library:
    return create_library(tmp_path / "a.facegui")


@pytest.fixture
def asker(context: AppContext, library: Library) -> Asker:
    context.set_library(library)
    made = Asker(context.lanes)
    made.set_library(library)
    return made


@pytest.fixture
def answers(asker: Asker) -> list[object]:
    seen: list[object] = []
    asker.answered.connect(seen.append)
    return seen


def test_an_answer_comes_back(
    qtbot: QtBot, asker: Asker, answers: list[object], library: Library
) -> None:
    asker.ask(lambda asked: asked.path)
    qtbot.waitUntil(lambda: answers == [library.path])


def test_only_the_latest_question_is_answered(
    qtbot: QtBot, asker: Asker, answers: list[object], context: AppContext
) -> None:
    gate = threading.Event()
    asker.ask(lambda _: gate.wait(10))
    asker.ask(lambda _: "late")
    gate.set()
    qtbot.waitUntil(lambda: not context.lanes.busy())
    assert answers == ["late"]


def test_questions_that_pile_up_become_one(
    qtbot: QtBot, asker: Asker, answers: list[object], context: AppContext
) -> None:
    gate, made = threading.Event(), []

    def make() -> Question:
        made.append(None)
        return lambda _: "again"

    asker.ask(lambda _: gate.wait(10))
    for _ in range(5):
        asker.ask_again(make)
    gate.set()
    qtbot.waitUntil(lambda: not asker.busy)
    assert answers == [True, "again"]
    assert len(made) == 1


def test_without_a_library_nothing_is_asked(context: AppContext) -> None:
    asker = Asker(context.lanes)
    asker.ask(lambda library: library.path)
    assert not context.lanes.busy()


def test_a_library_that_closes_meanwhile_is_no_error(
    qtbot: QtBot, asker: Asker, answers: list[object], context: AppContext
) -> None:
    gate, failures = threading.Event(), []
    context.lanes.task_failed.connect(lambda *told: failures.append(told))

    def question(library: Library) -> object:
        gate.wait(10)
        return library.counts()

    asker.ask(question)
    asker.set_library(None)
    context.set_library(None)
    gate.set()
    qtbot.waitUntil(lambda: not context.lanes.busy())
    assert not failures
    assert not answers


def test_a_failing_question_is_told(
    qtbot: QtBot, asker: Asker, answers: list[object], context: AppContext
) -> None:
    def question(_library: Library) -> object:
        raise LibraryError("damaged")

    with qtbot.waitSignal(context.lanes.task_failed):
        asker.ask(question)
    asker.ask(lambda _: "goes on")
    qtbot.waitUntil(lambda: answers == ["goes on"])


def test_a_repeated_question_lets_others_work_in_between(
    qtbot: QtBot, asker: Asker, answers: list[object], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What follows an answer at once waits; a new question does not."""
    monkeypatch.setattr("facegui.gui.review.asker._REST_TIMES", 10_000)
    asker.ask(lambda _: threading.Event().wait(0.01))
    qtbot.waitUntil(lambda: answers == [False])
    qtbot.waitUntil(lambda: not asker.busy)
    asker.ask_again(lambda: lambda _: "repeated")
    assert asker.busy
    assert answers == [False]
    asker.ask(lambda _: "new")
    qtbot.waitUntil(lambda: answers == [False, "new"])
