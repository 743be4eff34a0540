"""The Train page over a library and an engine that trains in numpy."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from facegui.domain.control import Control
from facegui.domain.dataset import Subset
from facegui.domain.errors import EngineError
from facegui.domain.queries import Change
from facegui.gui.context import AppContext
from facegui.gui.train.chart.series import Side
from facegui.gui.train.page import TrainPage
from facegui.services.libraries import Library
from facegui.services.runs.models import active_model
from facegui.services.runs.records import list_runs
from tests.fakes.faces import fake_tools
from tests.fakes.trainer import FakeTrainer, killed
from tests.fakes.training_library import FakeLibrary


class Gate(FakeTrainer):
    """Trains when told to: *asked* once it could begin, *go* lets it begin, *end* lets it end."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.asked, self.go, self.end = (threading.Event() for _ in range(3))
        self.before_end = lambda _: self.end.wait(20)

    def run(self, job: str, request: object, control: Control) -> object:
        self.asked.set()
        while not self.go.wait(0.01):
            if control.cancelled():
                break
        return super().run(job, request, control)


@pytest.fixture
def trainer() -> FakeTrainer:
    return FakeTrainer(steps=20)


@pytest.fixture
def context(qtbot: QtBot, trainer: FakeTrainer) -> Iterator[AppContext]:
    made = AppContext(fake_tools(trainer=trainer))
    yield made
    assert made.lanes.close(timeout_s=30)
    made.tools.close()
    made.deleteLater()


@pytest.fixture
def library(tmp_path: Path) -> FakeLibrary:
    library = FakeLibrary(tmp_path)
    library.add("Ada", 10, alike=0.85)
    library.add("Zoë", 10, alike=0.85)
    return library


@pytest.fixture
def page(qtbot: QtBot, context: AppContext) -> TrainPage:
    made = TrainPage(context)
    qtbot.addWidget(made, before_close_func=lambda _: context.lanes.close())
    made.resize(1112, 740)
    made.show()
    return made


def open_on(page: TrainPage, library: FakeLibrary) -> None:
    page.context.library = cast("Library", library)
    page.context.library_changed.emit(library)
    page.activate()


def is_idle(page: TrainPage) -> bool:
    return not page.context.lanes.busy() and not page._refresh_soon.isActive()


@pytest.fixture
def ready(qtbot: QtBot, page: TrainPage, library: FakeLibrary) -> TrainPage:
    open_on(page, library)
    qtbot.waitUntil(lambda: page.watch is not None and is_idle(page))
    return page


def trained(qtbot: QtBot, page: TrainPage) -> None:
    qtbot.mouseClick(page.body.train, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: page.task is None and is_idle(page), timeout=20_000)


# Before


def test_costs_nothing_until_it_is_opened(page: TrainPage, library: FakeLibrary) -> None:
    page.context.library = cast("Library", library)
    page.context.library_changed.emit(library)
    page.context.rows_changed.emit(Change(None))
    assert page._body is None
    page.leave()


def test_who_is_learned_and_a_warm_engine(ready: TrainPage, trainer: FakeTrainer) -> None:
    assert ready._stack.currentWidget() is ready.body
    assert ready.body.people.model.rowCount() == 2
    assert ready.body.train.isEnabled()
    assert ready.body.runs.tree.isHidden()
    assert ready.body.status.state.text() == "Ready to train."
    assert trainer.warmed == 1
    ready.activate()
    assert trainer.warmed == 1


def test_too_few_people_says_what_to_do(qtbot: QtBot, page: TrainPage, tmp_path: Path) -> None:
    library = FakeLibrary(tmp_path)
    library.add("Ada", 3)
    open_on(page, library)
    qtbot.waitUntil(lambda: page._stack.currentWidget() is page.empty)
    assert "3 named" in page.empty.found.text()
    with qtbot.waitSignal(page.context.import_requested):
        page.empty.add.click()
    with qtbot.waitSignal(page.context.page_requested) as asked:
        page.empty.review.click()
    assert asked.args == ["review"]
    library.add("Zoë", 3)
    page.context.rows_changed.emit(Change(None))
    qtbot.waitUntil(lambda: page._stack.currentWidget() is page.body)


def test_a_scan_that_goes_on_does_not_starve_the_counts(
    qtbot: QtBot, ready: TrainPage, library: FakeLibrary
) -> None:
    library.add("Tom", 4)

    def news() -> bool:
        ready.context.rows_changed.emit(Change(None))
        return ready.body.people.model.rowCount() == 3

    qtbot.waitUntil(news)


def test_the_split_is_counted_anew(qtbot: QtBot, ready: TrainPage) -> None:
    ready.body.settings.validation.setValue(45)
    qtbot.waitUntil(lambda: "8 to validate" in ready.body.people._totals.text())


# A training


def test_from_the_button_to_the_result(
    qtbot: QtBot, ready: TrainPage, library: FakeLibrary
) -> None:
    with qtbot.waitSignal(ready.context.lanes.task_started):
        qtbot.mouseClick(ready.body.train, Qt.MouseButton.LeftButton)
    assert not ready.body.train.isEnabled()
    assert ready.body.status.stop.isVisible()
    qtbot.waitUntil(lambda: ready.task is None and is_idle(ready))
    (run,) = list_runs(library)
    assert ready.body.result.isVisible()
    assert ready.body.result.accuracy.text() == "100 %"
    assert ready.watch is not None
    assert ready.watch.chart.count(Side.TRAIN) == 20
    assert ready.watch.chart.count(Side.VALIDATION) == 4
    assert ready.body.status._figures["step"].text() == "20"
    assert ready.body.train.isEnabled()
    assert not ready.body.status.stop.isVisible()
    assert ready.body.runs.tree.topLevelItemCount() == 1
    assert ready.body.runs.tree.topLevelItem(0).text(7) == "in use"
    active = active_model(library)
    assert active is not None
    assert active.stem == run.id
    qtbot.waitUntil(lambda: ready.context.model.card is not None)
    assert ready.context.model.card.path == active  # and so it is named everywhere
    with qtbot.waitSignal(ready.context.page_requested) as asked:
        ready.body.result.recognise.click()
    assert asked.args == ["recognise"]


def test_a_worse_one_is_not_used_until_the_owner_wants_it(
    qtbot: QtBot, ready: TrainPage, library: FakeLibrary
) -> None:
    trained(qtbot, ready)
    first = active_model(cast("Library", library))
    for face_id in (1, 2):
        library.change_face(face_id, person_id=None)
    trained(qtbot, ready)
    card = ready.body.result
    assert active_model(cast("Library", library)) == first
    assert "stays" in card.standing.text()
    qtbot.mouseClick(card.use, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: card.standing.text() == "In use.")
    second = active_model(cast("Library", library))
    assert second != first
    qtbot.waitUntil(lambda: ready.context.model.card.path == second)


def test_it_says_which_network_learns(qtbot: QtBot, ready: TrainPage) -> None:
    told: list[str] = []
    ready.train()
    assert ready.task is not None
    ready.task.progressed.connect(lambda _: told.append(ready.body.status.state.text()))
    qtbot.waitUntil(lambda: ready.task is None and is_idle(ready))
    assert told
    assert all(text.startswith("Face transfer – ") for text in told)


def test_the_network_is_remembered_for_the_library(
    qtbot: QtBot, ready: TrainPage, library: FakeLibrary
) -> None:
    networks = ready.body.networks
    first = networks.choice
    networks.choose(2)
    qtbot.waitUntil(lambda: is_idle(ready))
    assert library.settings["train_network"] == networks.choices[2].title
    library.settings["train_network"] = first.title
    ready.context.library_changed.emit(library)
    qtbot.waitUntil(lambda: networks.choice is first)
    networks.choose(2)
    library.settings["train_network"] = "one that is no more"
    ready.context.library_changed.emit(library)
    qtbot.waitUntil(lambda: is_idle(ready))
    assert networks.choice is networks.choices[2]


def test_the_key(qtbot: QtBot, ready: TrainPage) -> None:
    ready.activateWindow()
    qtbot.waitUntil(ready.isActiveWindow)
    with qtbot.waitSignal(ready.context.lanes.task_started):
        qtbot.keyClick(ready, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: ready.task is None and is_idle(ready))


def test_settings_reach_the_engine(qtbot: QtBot, ready: TrainPage, trainer: FakeTrainer) -> None:
    ready.body.settings.seed.setValue(9)
    ready.body.settings.validation.setValue(45)
    trained(qtbot, ready)
    (asked,) = trainer.requests
    assert asked.config == ready.body.settings.config()
    assert asked.config.seed == 9
    assert asked.subsets.count(Subset.VALIDATION) == 8


class TestStopping:
    @pytest.fixture
    def trainer(self) -> FakeTrainer:
        return Gate(steps=50)

    def test_stop_and_keep(
        self, qtbot: QtBot, ready: TrainPage, trainer: Gate, library: FakeLibrary
    ) -> None:
        qtbot.mouseClick(ready.body.train, Qt.MouseButton.LeftButton)
        trainer.go.set()
        qtbot.waitUntil(lambda: ready.watch.chart.count(Side.TRAIN) > 0)
        ready.body.status.stop.click()
        assert "Stopping" in ready.body.status.state.text()
        trainer.end.set()
        qtbot.waitUntil(lambda: ready.task is None and is_idle(ready))
        assert len(list_runs(library)) == 1
        assert ready.body.result.isVisible()

    def test_discard(
        self, qtbot: QtBot, ready: TrainPage, trainer: Gate, library: FakeLibrary
    ) -> None:
        qtbot.mouseClick(ready.body.train, Qt.MouseButton.LeftButton)
        ready.body.status.discard.click()
        trainer.end.set()
        qtbot.waitUntil(lambda: ready.task is None and is_idle(ready))
        assert list_runs(library) == []
        assert "nothing was kept" in ready.body.status.state.text()
        assert ready.body.result.isHidden()
        assert ready.body.train.isEnabled()

    def test_closing_the_library_discards(
        self, qtbot: QtBot, ready: TrainPage, trainer: Gate, library: FakeLibrary
    ) -> None:
        qtbot.mouseClick(ready.body.train, Qt.MouseButton.LeftButton)
        ready.context.library = None
        ready.context.library_changed.emit(None)
        trainer.end.set()
        qtbot.waitUntil(lambda: ready.task is None and is_idle(ready))
        assert list_runs(library) == []

    def test_one_at_a_time(self, qtbot: QtBot, ready: TrainPage, trainer: Gate) -> None:
        qtbot.mouseClick(ready.body.train, Qt.MouseButton.LeftButton)
        task = ready.task
        ready.train()
        assert ready.task is task
        trainer.go.set()
        trainer.end.set()
        qtbot.waitUntil(lambda: ready.task is None and is_idle(ready))
        assert len(trainer.jobs) == 1

    def test_news_during_a_training_leave_the_page_alone(
        self, qtbot: QtBot, ready: TrainPage, trainer: Gate, library: FakeLibrary
    ) -> None:
        qtbot.mouseClick(ready.body.train, Qt.MouseButton.LeftButton)
        qtbot.waitUntil(trainer.asked.is_set)  # until then it still collects the faces named
        for face_id in range(1, 21):
            library.change_face(face_id, person_id=None)
        ready.refresh()
        qtbot.waitUntil(
            lambda: (
                not ready.body.people.model.data(
                    ready.body.people.model.index(0), Qt.ItemDataRole.UserRole
                ).faces
            )
        )
        assert ready._stack.currentWidget() is ready.body
        trainer.go.set()
        trainer.end.set()
        qtbot.waitUntil(lambda: ready.task is None and is_idle(ready))


def test_an_engine_that_dies_is_told_and_the_page_goes_on(
    qtbot: QtBot, ready: TrainPage, trainer: FakeTrainer, library: FakeLibrary
) -> None:
    trainer.before_end = killed
    with qtbot.waitSignal(ready.context.lanes.task_failed) as failed:
        ready.train()
    assert isinstance(failed.args[1], EngineError)
    qtbot.waitUntil(lambda: ready.task is None and is_idle(ready))
    assert ready.body.status.state.text() == "killed"
    assert ready.body.train.isEnabled()
    trainer.before_end = None
    trained(qtbot, ready)
    assert len(list_runs(library)) == 1


# Earlier runs


def test_an_earlier_run_is_shown_and_used_again(
    qtbot: QtBot, ready: TrainPage, library: FakeLibrary, trainer: FakeTrainer
) -> None:
    trained(qtbot, ready)
    trainer.steps = 5
    trained(qtbot, ready)
    newest, oldest = list_runs(library)
    runs = ready.body.runs
    runs.tree.setCurrentItem(runs.tree.topLevelItem(1))
    qtbot.waitUntil(lambda: ready.watch.chart.count(Side.TRAIN) == 20)
    assert oldest.bundle in ready.body.result.details.text()
    runs.use.click()
    qtbot.waitUntil(lambda: runs.tree.topLevelItem(1).text(7) == "in use")
    active = active_model(library)
    assert active is not None
    assert active.stem == oldest.id != newest.id


def test_another_library_starts_clean(qtbot: QtBot, ready: TrainPage, tmp_path: Path) -> None:
    trained(qtbot, ready)
    other = FakeLibrary(tmp_path / "other")
    for name in ("Tom", "Eve", "Kim"):
        other.add(name, 4)
    ready.context.library = cast("Library", other)
    ready.context.library_changed.emit(other)
    qtbot.waitUntil(lambda: ready.body.people.model.rowCount() == 3)
    assert ready.body.result.isHidden()
    assert ready.body.runs.tree.isHidden()
    assert ready.watch.chart.count(Side.TRAIN) == 0
