"""The model chooser over a library's models and opened files."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import cast

import pytest
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from facegui.gui.context import AppContext
from facegui.gui.model_bar import ModelBar
from facegui.services.libraries import Library
from facegui.services.runs.models import SUFFIX, active_model
from tests.fakes.bundles import write_colour_bundle
from tests.fakes.faces import fake_tools
from tests.fakes.training_library import FakeLibrary
from tests.fakes.videos import BLUE, GREEN, RED

PEOPLE = {"Ruth": RED, "Gretel": GREEN}


@pytest.fixture
def library(tmp_path: Path) -> Library:
    fake = FakeLibrary(tmp_path)
    fake.models_dir.mkdir()
    write_colour_bundle(fake.models_dir / f"1{SUFFIX}", PEOPLE)
    write_colour_bundle(fake.models_dir / f"2{SUFFIX}", {**PEOPLE, "Bluebeard": BLUE})
    return cast("Library", fake)


@pytest.fixture
def context(qapp: object) -> Iterator[AppContext]:
    context = AppContext(fake_tools())
    yield context
    assert context.lanes.close(timeout_s=30)
    context.tools.close()
    context.deleteLater()


@pytest.fixture
def bar(qtbot: QtBot, context: AppContext, library: Library) -> ModelBar:
    bar = make_bar(qtbot, context)
    with qtbot.waitSignal(bar.changed):
        context.library = library
        context.library_changed.emit(library)
    return bar


def make_bar(qtbot: QtBot, context: AppContext) -> ModelBar:
    bar = ModelBar(context)
    qtbot.addWidget(bar, before_close_func=lambda _: context.lanes.close())
    bar.show()
    return bar


def choose(bar: ModelBar, index: int) -> None:
    bar.chooser.setCurrentIndex(index)
    bar.chooser.activated.emit(index)


def test_without_a_library_there_is_no_model(qtbot: QtBot, context: AppContext) -> None:
    bar = make_bar(qtbot, context)
    bar.refresh()
    qtbot.waitUntil(lambda: not context.lanes.busy())
    assert bar.bundle is None
    assert bar.card is None
    assert bar.chooser.currentText() == "None yet"


def test_the_model_in_use_is_named_with_its_people(bar: ModelBar, library: Library) -> None:
    assert bar.bundle == library.models_dir / f"2{SUFFIX}"
    assert "3 people" in bar.chooser.currentText()
    assert bar.people.text() == "Bluebeard, Gretel, Ruth"
    assert "Ruth" in bar.people.toolTip()
    assert not bar.grab().isNull()


def test_another_model_of_the_library_is_used_from_then_on(
    qtbot: QtBot, bar: ModelBar, library: Library
) -> None:
    with qtbot.waitSignal(bar.changed):
        choose(bar, 1)
    assert bar.bundle == library.models_dir / f"1{SUFFIX}" == active_model(library)


def test_choosing_what_is_chosen_already_changes_nothing(qtbot: QtBot, bar: ModelBar) -> None:
    with qtbot.assertNotEmitted(bar.changed):
        choose(bar, 0)
    assert not bar._context.lanes.busy()


def test_an_opened_file_is_shared_with_the_other_page(
    qtbot: QtBot,
    bar: ModelBar,
    context: AppContext,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    file = write_colour_bundle(tmp_path / "friend.facebundle", PEOPLE)
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(file), ""))
    with qtbot.waitSignal(bar.changed):
        choose(bar, bar.chooser.count() - 2)
    assert bar.bundle == context.model.opened == file
    assert make_bar(qtbot, context).bundle == file


def test_from_an_opened_file_back_to_the_library(
    qtbot: QtBot, bar: ModelBar, context: AppContext, library: Library, tmp_path: Path
) -> None:
    with qtbot.waitSignal(bar.changed):
        bar.open_bundle(write_colour_bundle(tmp_path / "friend.facebundle", PEOPLE))
    with qtbot.waitSignal(bar.changed):
        choose(bar, 1)
    assert context.model.opened is None
    assert bar.bundle == library.models_dir / f"2{SUFFIX}"


def test_no_file_chosen_leaves_everything_as_it_was(
    qtbot: QtBot, bar: ModelBar, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: ("", ""))
    before = bar.chooser.currentText()
    choose(bar, bar.chooser.count() - 2)
    assert bar.chooser.currentText() == before
    assert not bar._context.lanes.busy()


def test_many_names_are_counted(qtbot: QtBot, context: AppContext, tmp_path: Path) -> None:
    bar = make_bar(qtbot, context)
    crowd = {f"Person {n}": (10 * n + 5, 200 - 9 * n, 50) for n in range(9)}
    with qtbot.waitSignal(bar.changed):
        bar.open_bundle(write_colour_bundle(tmp_path / "crowd", crowd))
    assert bar.people.text().endswith("Person 5 and 3 more")


def test_closing_the_library_takes_its_models_along(
    qtbot: QtBot, bar: ModelBar, context: AppContext
) -> None:
    with qtbot.waitSignal(bar.changed):
        context.library = None
        context.library_changed.emit(None)
    assert bar.bundle is None
