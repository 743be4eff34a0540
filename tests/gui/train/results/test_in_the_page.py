"""The Results tab as a part of the Train page."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from facegui.gui.context import AppContext
from facegui.gui.train.page import TrainPage
from facegui.gui.train.results.tab import ResultsTab
from facegui.services.runs.records import RunRecord
from tests.fakes.finished_run import finished_run


@pytest.fixture
def page(qtbot: QtBot, context: AppContext, record: RunRecord) -> TrainPage:
    made = TrainPage(context)
    qtbot.addWidget(made, before_close_func=lambda _: context.lanes.close())
    made.resize(1112, 740)
    made.show()
    made.activate()
    qtbot.waitUntil(lambda: bool(made.findChildren(ResultsTab)), timeout=20_000)
    return made


def test_the_run_is_there_and_the_settings_make_room(
    qtbot: QtBot, page: TrainPage, record: RunRecord
) -> None:
    (tab,) = page.findChildren(ResultsTab)
    qtbot.waitUntil(lambda: tab.record == record, timeout=20_000)
    assert page.body.train.isVisible()
    page.body.tabs.setCurrentWidget(tab)
    qtbot.waitUntil(lambda: bool(tab.score.text()), timeout=20_000)
    assert not page.body.train.isVisible()
    page.body.tabs.setCurrentWidget(page.body.learning)
    assert page.body.train.isVisible()


def test_the_result_of_a_run_leads_to_its_mistakes(
    qtbot: QtBot, page: TrainPage, context: AppContext, record: RunRecord
) -> None:
    (tab,) = page.findChildren(ResultsTab)
    assert context.library is not None
    later = finished_run(context.library)
    page.refresh()
    qtbot.waitUntil(lambda: tab.record == later, timeout=20_000)
    page.body.result.show_run(record)
    assert "(95 % interval " in page.body.result.meaning.text()
    page.body.result.judge.click()
    assert page.body.tabs.currentWidget() is tab
    assert tab.record == record
    qtbot.waitUntil(lambda: bool(tab.score.text()), timeout=20_000)


def test_training_again_shows_the_newer_run(
    qtbot: QtBot, page: TrainPage, context: AppContext, record: RunRecord
) -> None:
    (tab,) = page.findChildren(ResultsTab)
    qtbot.waitUntil(lambda: tab.record == record and page.body.train.isEnabled(), timeout=20_000)
    page.body.tabs.setCurrentWidget(tab)
    tab.train_requested.emit()
    assert page.task is not None
    assert page.body.tabs.currentWidget() is page.body.learning
    qtbot.waitUntil(lambda: page.task is None and tab.record not in (None, record), timeout=20_000)
    assert tab.runs.box.count() == 2


def test_another_library_has_no_results_of_this_one(
    qtbot: QtBot, page: TrainPage, context: AppContext, record: RunRecord
) -> None:
    (tab,) = page.findChildren(ResultsTab)
    qtbot.waitUntil(lambda: tab.record == record, timeout=20_000)
    context.set_library(None)
    assert tab.record is None


def told(page: TrainPage) -> dict[str, str]:
    return dict(page.keys())


def test_a_key_is_the_question_s_while_one_is_asked(
    qtbot: QtBot, page: TrainPage, context: AppContext, record: RunRecord
) -> None:
    (tab,) = page.findChildren(ResultsTab)
    qtbot.waitUntil(lambda: tab.record == record, timeout=20_000)
    assert told(page)["P"] == "Pause the training, or go on"
    page.body.tabs.setCurrentWidget(tab)
    assert told(page)["Enter"] == "Show the faces of the cell"
    tab.check_every_face(3)
    tab.views.setCurrentIndex(5)
    qtbot.waitUntil(lambda: bool(tab.wrong_names.list.cases), timeout=20_000)
    assert told(page)["X"] == "Reject the face"
    assert told(page)["P"] == "In Review"
    page.activateWindow()
    qtbot.waitUntil(page.isActiveWindow, timeout=20_000)
    tab.wrong_names.take_focus()
    with qtbot.waitSignal(context.page_requested) as asked:
        qtbot.keyClick(tab.wrong_names.list, Qt.Key.Key_P)
    assert asked.args == ["review"]
