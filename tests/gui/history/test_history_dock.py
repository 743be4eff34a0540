"""The history at the window's edge: live, empty, greyed, and one click to any step."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QMainWindow
from pytestqt.qtbot import QtBot

from facegui.domain.entities import Decision, JournalEntry
from facegui.gui.context import AppContext
from facegui.gui.history.dock import HistoryDock
from facegui.gui.history.model import HistoryModel
from facegui.services.libraries import Library, create_library
from tests.fakes.faces import fake_tools
from tests.fakes.review_library import review_library


@pytest.fixture
def context(qtbot: QtBot) -> Iterator[AppContext]:
    made = AppContext(fake_tools())
    yield made
    assert made.lanes.close(timeout_s=30)
    made.set_library(None)
    made.tools.close()


@pytest.fixture
def library(tmp_path: Path) -> Library:
    return review_library(tmp_path)


@pytest.fixture
def dock(qtbot: QtBot, context: AppContext) -> Iterator[HistoryDock]:
    window = QMainWindow()
    qtbot.addWidget(window)
    window.resize(900, 600)
    made = HistoryDock(context, window)
    window.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, made)
    with qtbot.waitExposed(window):
        window.show()
    yield made
    window.close()  # held until here


def settle(qtbot: QtBot, context: AppContext) -> None:
    qtbot.waitUntil(lambda: not context.lanes.busy(), timeout=20_000)


def labels(dock: HistoryDock) -> list[str]:
    model = dock._model
    return [model.index(row, 0).data() for row in range(model.rowCount())]


def decide(context: AppContext, library: Library, count: int) -> None:
    for n in range(count):
        decision = Decision.REJECT if n % 2 else Decision.KEEP
        context.write("", partial(library.decide, [n + 1], decision, f"step {n}"))


def click(dock: HistoryDock, row: int) -> None:
    place = dock.steps.visualRect(dock._model.index(row, 0)).center()
    QTest.mouseClick(dock.steps.viewport(), Qt.MouseButton.LeftButton, pos=place)


def test_the_model_is_sound() -> None:
    model = HistoryModel()
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    assert model.rowCount() == 0
    model.show([JournalEntry(2, "two", undone=True), JournalEntry(1, "one", undone=False)])
    assert [model.index(n, 0).data() for n in range(3)] == ["two", "one", "Before these steps"]
    assert model.standing_row == 1
    bold = [model.index(n, 0).data(Qt.ItemDataRole.FontRole).bold() for n in range(3)]
    assert bold == [False, True, False]
    greyed = [model.index(n, 0).data(Qt.ItemDataRole.ForegroundRole) for n in range(3)]
    assert [colour is not None for colour in greyed] == [True, False, False]
    told = [model.index(n, 0).data(Qt.ItemDataRole.ToolTipRole) for n in range(3)]
    assert told[1] == "The library stands here"
    assert len(set(told)) == 3
    model.show([])
    assert model.rowCount() == 0


def test_without_steps_it_says_what_will_be_here(
    qtbot: QtBot, dock: HistoryDock, context: AppContext, library: Library
) -> None:
    context.set_library(library)
    settle(qtbot, context)
    assert dock._empty.isVisible()
    assert "Nothing to take back yet" in dock._empty.text()


def test_steps_come_as_they_are_taken(
    qtbot: QtBot, dock: HistoryDock, context: AppContext, library: Library
) -> None:
    context.set_library(library)
    decide(context, library, 3)
    settle(qtbot, context)
    assert labels(dock) == ["step 2", "step 1", "step 0", "Before these steps"]
    assert dock.steps.currentIndex().row() == 0


def test_a_click_goes_back_and_forward(
    qtbot: QtBot, dock: HistoryDock, context: AppContext, library: Library
) -> None:
    context.set_library(library)
    decide(context, library, 6)
    settle(qtbot, context)
    click(dock, 4)
    settle(qtbot, context)
    assert [entry.undone for entry in library.history()] == [True] * 4 + [False] * 2
    assert dock._model.standing_row == 4
    assert len(labels(dock)) == 7
    click(dock, 1)
    settle(qtbot, context)
    assert [entry.undone for entry in library.history()] == [True] + [False] * 5
    click(dock, 6)
    settle(qtbot, context)
    assert all(entry.undone for entry in library.history())
    assert dock.steps.isEnabled()


def test_enter_goes_to_the_current_step(
    qtbot: QtBot, dock: HistoryDock, context: AppContext, library: Library
) -> None:
    context.set_library(library)
    decide(context, library, 3)
    settle(qtbot, context)
    dock.steps.setFocus()
    QTest.keyClick(dock.steps, Qt.Key.Key_Down)
    QTest.keyClick(dock.steps, Qt.Key.Key_Return)
    settle(qtbot, context)
    assert [entry.undone for entry in library.history()] == [True, False, False]


def test_a_click_on_where_the_library_stands_is_no_journey(
    qtbot: QtBot, dock: HistoryDock, context: AppContext, library: Library
) -> None:
    context.set_library(library)
    decide(context, library, 2)
    settle(qtbot, context)
    click(dock, 0)
    assert not context.lanes.busy()


def test_hidden_it_reads_nothing_and_catches_up_when_it_is_shown(
    qtbot: QtBot, dock: HistoryDock, context: AppContext, library: Library
) -> None:
    context.set_library(library)
    settle(qtbot, context)
    dock.hide()
    decide(context, library, 2)
    settle(qtbot, context)
    assert labels(dock) == []
    dock.show()
    qtbot.waitUntil(lambda: len(labels(dock)) == 3, timeout=20_000)


def test_another_library_brings_its_own_steps(
    qtbot: QtBot, dock: HistoryDock, context: AppContext, library: Library, tmp_path: Path
) -> None:
    context.set_library(library)
    decide(context, library, 2)
    settle(qtbot, context)
    context.set_library(create_library(tmp_path / "other.facegui"))
    settle(qtbot, context)
    assert labels(dock) == []
    context.set_library(None)
    assert dock._empty.isVisible()
