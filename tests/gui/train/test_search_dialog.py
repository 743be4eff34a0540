"""The search window over an engine that answers with what it is told to."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import cast

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from facegui.domain.control import Control, Stop
from facegui.domain.errors import Cancelled, EngineError
from facegui.domain.search import SearchJob, SearchResult, Trial, Tunable
from facegui.gui.context import AppContext
from facegui.gui.train.search_control import SearchControl
from facegui.gui.train.search_dialog import SearchDialog
from facegui.gui.train.settings import SettingsPanel
from facegui.services.learning.networks import default_config, network_choices
from facegui.services.libraries import Library
from tests.fakes.faces import fake_tools
from tests.fakes.training_library import FakeLibrary

CONFIG = default_config("face-transfer")
TRIALS = (
    Trial(1, CONFIG, 0.5, 0.75, 1.0),
    Trial(2, replace(CONFIG, learning_rate=0.02, dropout=0.5), 0.25, 0.875, 1.5),
    Trial(3, replace(CONFIG, learning_rate=0.9), None, 0.0, 0.5),
)


class Engine:
    """Hands over `TRIALS` and waits until it may end."""

    error: Exception | None = None

    def __init__(self) -> None:
        self.go = threading.Event()

    def run(self, _job: str, request: object, control: Control) -> object:
        self.asked = cast("SearchJob", request)
        if self.error is not None:
            raise self.error
        for trial in TRIALS:
            control.partial(trial)
        while not self.go.wait(0.01):
            if control.cancelled() is Stop.DISCARD:
                raise Cancelled
            if control.cancelled():
                break
        return SearchResult(TRIALS)

    def close(self) -> None:
        self.go.set()


@pytest.fixture
def engine() -> Engine:
    return Engine()


@pytest.fixture
def context(qtbot: QtBot, tmp_path: Path, engine: Engine) -> Iterator[AppContext]:
    library = FakeLibrary(tmp_path)
    for name in ("Ada", "Tom"):
        library.add(name, 10)
    made = AppContext(fake_tools(trainer=engine))
    made.library = cast("Library", library)
    yield made
    engine.close()
    assert made.lanes.close(timeout_s=30)
    made.tools.close()
    made.deleteLater()


@pytest.fixture
def settings(qtbot: QtBot, context: AppContext) -> SettingsPanel:
    panel = SettingsPanel(network_choices()[0])
    qtbot.addWidget(panel, before_close_func=lambda _: context.lanes.close())
    return panel


@pytest.fixture
def dialog(qtbot: QtBot, context: AppContext, settings: SettingsPanel) -> SearchDialog:
    made = SearchDialog(context, settings, settings)  # which takes it along in the end
    made.chosen.connect(settings.show_config)
    made.show()
    return made


def started(qtbot: QtBot, dialog: SearchDialog) -> None:
    dialog.start.click()
    qtbot.waitUntil(lambda: dialog.table.topLevelItemCount() == len(TRIALS))


def texts(dialog: SearchDialog, row: int) -> list[str]:
    item = dialog.table.topLevelItem(row)
    return [item.text(column) for column in range(dialog.table.columnCount())]


def test_a_row_for_each_trial_as_it_comes(
    qtbot: QtBot, dialog: SearchDialog, engine: Engine
) -> None:
    started(qtbot, dialog)
    assert engine.asked.tunables == (
        Tunable.LEARNING_RATE,
        Tunable.DROPOUT,
        Tunable.WEIGHT_DECAY,
    )
    assert engine.asked.seconds == 300.0
    assert texts(dialog, 0)[:3] == ["1", "0.5000", "75.0 %"]
    assert texts(dialog, 0)[4] == "as they are"
    assert texts(dialog, 1)[4] == "Learning rate 0.02, Dropout 0.5"
    assert texts(dialog, 2)[1] == "astray"
    assert dialog.table.topLevelItem(1).font(0).bold()
    assert not dialog.table.topLevelItem(0).font(0).bold()
    assert "trial 2" in dialog.said.text()
    assert not dialog.start.isEnabled()
    dialog.stop.click()
    qtbot.waitUntil(lambda: dialog.task is None)
    assert dialog.start.isEnabled()


@pytest.mark.parametrize(("row", "rate"), [(None, 0.02), (0, CONFIG.learning_rate)])
def test_settings_are_taken_over(
    qtbot: QtBot, dialog: SearchDialog, settings: SettingsPanel, row: int | None, rate: float
) -> None:
    started(qtbot, dialog)
    if row is not None:
        dialog.table.topLevelItem(row).setSelected(True)
    gone: list[bool] = []
    dialog.destroyed.connect(lambda: gone.append(True))
    dialog.take.click()
    qtbot.waitUntil(lambda: bool(gone))
    assert settings.config().learning_rate == pytest.approx(rate)


def test_the_last_search_is_there_again(
    qtbot: QtBot, dialog: SearchDialog, context: AppContext, settings: SettingsPanel
) -> None:
    assert not dialog.take.isEnabled()
    started(qtbot, dialog)
    dialog.stop.click()
    qtbot.waitUntil(lambda: dialog.task is None)
    again = SearchDialog(context, settings, settings)
    qtbot.waitUntil(lambda: again.table.topLevelItemCount() > 0)
    assert [texts(again, row)[0] for row in range(3)] == ["1", "2", "3"]
    assert again.take.isEnabled()


def test_close_ends_the_search_and_the_window(qtbot: QtBot, dialog: SearchDialog) -> None:
    started(qtbot, dialog)
    task = dialog.task
    assert task is not None
    gone: list[str] = []
    task.ended.connect(lambda: gone.append("task"))
    dialog.destroyed.connect(lambda: gone.append("window"))
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: gone == ["task", "window"])


def test_winners_that_cannot_be_told_apart(qtbot: QtBot, dialog: SearchDialog) -> None:
    dialog._add(Trial(1, CONFIG, 0.5, 1.0, 1.0))
    assert "told" not in dialog.said.text()
    assert "hardly" not in dialog.said.text()
    dialog._add(Trial(2, CONFIG, 0.25, 1.0, 1.0))
    assert "hardly tell them apart" in dialog.said.text()


def test_nothing_to_change(dialog: SearchDialog) -> None:
    for tick in dialog.ticks.values():
        tick.setChecked(False)
    assert not dialog.start.isEnabled()


def test_an_engine_that_dies(qtbot: QtBot, dialog: SearchDialog, engine: Engine) -> None:
    engine.error = EngineError("killed", "try again")
    dialog.start.click()
    qtbot.waitUntil(lambda: dialog.task is None)
    assert "killed" in dialog.said.text()


def test_the_button_of_the_panel(
    qtbot: QtBot, context: AppContext, settings: SettingsPanel
) -> None:
    SearchControl(context, settings)
    settings.search.click()
    qtbot.waitUntil(lambda: bool(settings.window().findChildren(SearchDialog)))
    (dialog,) = settings.window().findChildren(SearchDialog)
    assert dialog.isVisible()
    dialog.close()
