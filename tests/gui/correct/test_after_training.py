"""A training that has ended is offered the corrections that were made before it."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from facegui.domain.corrections import Truth, Verdict
from facegui.gui.context import AppContext
from facegui.gui.correct.bar import CorrectionBar
from facegui.gui.train.page import TrainPage
from facegui.services.runs.models import active_model
from facegui.services.tools import Tools
from tests.fakes.corrections import provenance
from tests.fakes.faces import fake_tools
from tests.fakes.people_library import SWAPPED, people_library
from tests.fakes.trainer import FakeTrainer
from tests.gui.conftest import at_work


@pytest.fixture
def tools() -> Tools:
    return fake_tools(trainer=FakeTrainer(steps=20))


def test_the_new_model_is_offered_what_was_corrected(
    qtbot: QtBot, context: AppContext, tmp_path: Path
) -> None:
    library = people_library(tmp_path)
    library.correct(SWAPPED, Truth(Verdict.IS, "Bob"), provenance("Ann"))
    context.set_library(library)
    page = TrainPage(context)
    qtbot.addWidget(page, before_close_func=lambda _: context.lanes.close(timeout_s=30))
    page.resize(1112, 740)
    page.show()
    page.activate()
    qtbot.waitUntil(lambda: page.watch is not None and not at_work(context), timeout=20_000)
    (bar,) = page.body.findChildren(CorrectionBar)
    assert bar.isHidden()  # there is no model yet that could learn from it
    page.train()
    qtbot.waitUntil(lambda: page.task is None and not at_work(context), timeout=20_000)
    qtbot.waitUntil(bar.isVisible)
    assert "You have corrected 1 answer" in bar.text.text()
    assert bar.train.isHidden()  # this is the page where trainings begin
    with qtbot.waitSignal(context.corrections_requested) as asked:
        bar.show_list.click()
    assert asked.args == [active_model(library)]
    page.leave()
