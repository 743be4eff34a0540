"""The Results tab over a real library of made-up people, with an engine that trains in numpy."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from facegui.gui.context import AppContext
from facegui.gui.review.asker import Asker
from facegui.gui.train.results.tab import ResultsTab
from facegui.services.libraries import Library
from facegui.services.runs.records import RunRecord
from tests.fakes.faces import fake_tools
from tests.fakes.finished_run import finished_run
from tests.fakes.people_library import people_library
from tests.fakes.trainer import FakeTrainer

Settle = Callable[[], None]


@pytest.fixture
def library(tmp_path: Path) -> Library:
    """Ann and Bob, and one wrong name; see `people_library`."""
    return people_library(tmp_path)


@pytest.fixture
def record(library: Library) -> RunRecord:
    return finished_run(library)


@pytest.fixture
def trainer() -> FakeTrainer:
    return FakeTrainer()


@pytest.fixture
def context(qtbot: QtBot, trainer: FakeTrainer, library: Library) -> Iterator[AppContext]:
    made = AppContext(fake_tools(trainer=trainer))
    made.set_library(library)
    yield made
    assert made.lanes.close(timeout_s=30)
    made.set_library(None)
    made.tools.close()


@pytest.fixture
def empty_tab(qtbot: QtBot, context: AppContext) -> ResultsTab:
    """The tab on the screen before it knows of any run."""
    made = ResultsTab(context)
    qtbot.addWidget(made)
    made.resize(700, 560)
    with qtbot.waitExposed(made):
        made.show()
    made.activateWindow()
    return made


@pytest.fixture
def settle(qtbot: QtBot, context: AppContext, empty_tab: ResultsTab) -> Settle:
    """Waits until nothing runs and every question is answered."""

    def at_work() -> bool:
        askers = empty_tab.findChildren(Asker)
        return context.lanes.busy() or any(asker.busy for asker in askers)

    return lambda: qtbot.waitUntil(lambda: not at_work(), timeout=20_000)


@pytest.fixture
def tab(empty_tab: ResultsTab, record: RunRecord, settle: Settle) -> ResultsTab:
    """The tab with a run in it."""
    empty_tab.show_runs([record])
    settle()
    return empty_tab
