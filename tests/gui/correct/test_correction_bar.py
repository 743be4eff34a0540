"""The line that says when training again is worth it, and offers a replay after a training."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest
from PySide6.QtWidgets import QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from facegui.domain.corrections import Truth, Verdict
from facegui.gui.context import AppContext
from facegui.gui.correct.bar import CorrectionBar
from facegui.services.libraries import Library
from facegui.services.recognising.corrections_due import ENOUGH
from facegui.services.runs.models import ACTIVE_KEY
from tests.fakes.bundles import write_colour_bundle
from tests.fakes.corrections import provenance
from tests.fakes.people_library import people_library
from tests.gui.conftest import Settle, put_on_screen

COLOURS = {"Ann": (200, 20, 20), "Bob": (20, 20, 200)}


@pytest.fixture
def library(tmp_path: Path, context: AppContext) -> Library:
    """Ann and Bob, whom the model in use knows."""
    made = people_library(tmp_path)
    write_colour_bundle(made.models_dir / "one.facebundle", COLOURS)
    made.set_setting(ACTIVE_KEY, "one.facebundle")
    context.set_library(made)
    return made


@pytest.fixture
def page() -> QWidget:
    return QWidget()


@pytest.fixture
def bar(qtbot: QtBot, context: AppContext, page: QWidget) -> CorrectionBar:
    made = CorrectionBar(context, leads_to_train=True)
    QVBoxLayout(page).addWidget(made)
    put_on_screen(qtbot, page)
    return made


def correct(context: AppContext, library: Library, count: int) -> None:
    for face_id in range(1, count + 1):
        say = partial(library.correct, face_id, Truth(Verdict.STRANGER), provenance())
        context.write("Correct", say)


def test_the_page_says_when_training_again_is_worth_it(
    bar: CorrectionBar, context: AppContext, library: Library, settle: Settle, qtbot: QtBot
) -> None:
    correct(context, library, ENOUGH - 1)
    settle()
    assert bar.isHidden()
    context.write("Correct", lambda: library.correct(9, Truth(Verdict.STRANGER), provenance()))
    settle()
    assert bar.isVisible()
    assert "5 corrections since the model in use was trained" in bar.text.text()
    assert bar.train.text() == "Go to Train"
    with qtbot.waitSignal(context.page_requested) as asked:
        bar.train.click()
    assert asked.args == ["train"]
    with qtbot.waitSignal(context.corrections_requested) as asked:
        bar.show_list.click()
    assert asked.args == [None]
    context.write("Undo", library.undo)
    settle()
    assert bar.isHidden()


def test_after_a_training_the_new_model_can_be_asked(
    bar: CorrectionBar, context: AppContext, library: Library, settle: Settle, qtbot: QtBot
) -> None:
    new = Path("/models/new.facebundle")
    bar.offer(new)
    settle()
    assert bar.isHidden()  # nothing was corrected
    correct(context, library, 1)
    settle()
    assert "corrected 1 answer" in bar.text.text()
    with qtbot.waitSignal(context.corrections_requested) as asked:
        bar.show_list.click()
    assert asked.args == [new]
    bar.withdraw()
    settle()
    assert bar.isHidden()


def test_another_library_starts_without_a_word(
    bar: CorrectionBar, context: AppContext, library: Library, settle: Settle
) -> None:
    correct(context, library, ENOUGH)
    settle()
    assert bar.isVisible()
    context.set_library(None)
    settle()
    assert bar.isHidden()
