"""Pausing a training, and the card of one that was interrupted."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from facegui.domain.control import Control, NullControl, Progress, Stop
from facegui.domain.errors import Diverged, EngineError
from facegui.domain.queries import Change
from facegui.gui.context import AppContext
from facegui.gui.lanes import Lane, Lanes
from facegui.gui.train.page import TrainPage
from facegui.services.learning.dataset import Split
from facegui.services.learning.interrupted import interrupted_runs
from facegui.services.learning.networks import default_config
from facegui.services.learning.train import TrainRequest, train
from facegui.services.libraries import Library
from facegui.services.runs.records import list_runs
from facegui.training.fit import FINISH_JOB, RESUME_JOB
from tests.fakes.faces import fake_tools
from tests.fakes.trainer import FakeTrainer
from tests.fakes.training_library import FakeLibrary


class Waiting(FakeTrainer):
    """Pauses as the real one does: looks, says that it is paused, and waits."""

    def run(self, job: str, request: object, control: Control) -> object:
        return super().run(job, request, _Waits(control))


class _Waits:
    def __init__(self, control: Control) -> None:
        self.partial = control.partial
        self.report = control.report
        self._control = control

    def cancelled(self) -> Stop:
        wake = threading.Event()
        while (stop := self._control.cancelled()) is Stop.PAUSE:
            self.report(Progress(1, 2, "Paused"))
            wake.wait(0.02)
        return stop


class Slow(Waiting):
    """Takes a while for each batch, for somebody to press a button."""

    def run(self, job: str, request: object, control: Control) -> object:
        self.steps = 100_000
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
def page(qtbot: QtBot, context: AppContext, library: FakeLibrary) -> TrainPage:
    """Not yet activated."""
    made = TrainPage(context)
    qtbot.addWidget(made, before_close_func=lambda _: context.lanes.close())
    made.resize(1112, 740)
    made.show()
    context.library = cast("Library", library)
    context.library_changed.emit(library)
    return made


def opened(qtbot: QtBot, page: TrainPage) -> TrainPage:
    page.activate()
    qtbot.waitUntil(lambda: page._data is not None and is_idle(page), timeout=20_000)
    return page


def is_idle(page: TrainPage) -> bool:
    return not page.context.lanes.busy() and not page._refresh_soon.isActive()


def ended(qtbot: QtBot, page: TrainPage) -> None:
    qtbot.waitUntil(lambda: page.task is None and is_idle(page), timeout=20_000)


def interrupt(library: FakeLibrary, trainer: FakeTrainer, error: Exception | None = None) -> str:
    """A run that ended after seven of its batches; its id."""

    def cut(_: Path) -> None:
        raise error or EngineError("")

    whole, trainer.steps, trainer.before_end = trainer.steps, 7, cut
    request = TrainRequest(default_config("face-transfer"), Split())
    with pytest.raises(EngineError):
        train(cast("Library", library), fake_tools(trainer=trainer), request, NullControl())
    trainer.steps, trainer.before_end = whole, None
    trainer.jobs.clear()
    trainer.requests.clear()
    return interrupted_runs(cast("Library", library))[0].id


# The card


def test_no_card_without_an_interrupted_run(qtbot: QtBot, page: TrainPage) -> None:
    assert opened(qtbot, page).body.interrupted.isHidden()


def test_the_card_says_how_far_it_was(
    qtbot: QtBot, page: TrainPage, library: FakeLibrary, trainer: FakeTrainer
) -> None:
    interrupt(library, trainer)
    card = opened(qtbot, page).body.interrupted
    assert card.isVisible()
    assert card.title.text() == "A training was interrupted."
    words = card.details.text()
    assert "Face transfer" in words
    assert "5 batches in 0.5 s" in words
    assert "71.4 %" in words
    assert card.go_on.text() == "Go on"
    assert card.keep.isEnabled()


def test_go_on(qtbot: QtBot, page: TrainPage, library: FakeLibrary, trainer: FakeTrainer) -> None:
    run_id = interrupt(library, trainer)
    body = opened(qtbot, page).body
    qtbot.mouseClick(body.interrupted.go_on, Qt.MouseButton.LeftButton)
    assert body.interrupted.isHidden()
    assert body.status.stop.isVisible()
    ended(qtbot, page)
    assert trainer.jobs == [RESUME_JOB]
    assert [run.id for run in list_runs(cast("Library", library))] == [run_id]
    assert body.status._figures["step"].text() == "20"
    assert body.result.isVisible()
    assert body.interrupted.isHidden()


def test_the_settings_are_those_of_the_run_that_goes_on(
    qtbot: QtBot, page: TrainPage, library: FakeLibrary, trainer: FakeTrainer
) -> None:
    interrupt(library, trainer)
    body = opened(qtbot, page).body
    body.networks.choose_network("classic")
    body.settings.seed.setValue(77)
    body.interrupted.go_on.click()
    assert body.networks.choice.config.network == "face-transfer"
    assert body.settings.config() == default_config("face-transfer")
    ended(qtbot, page)


def test_on_any_page_it_is_said_when_the_library_is_opened(
    qtbot: QtBot, page: TrainPage, library: FakeLibrary, trainer: FakeTrainer
) -> None:
    page.hide()
    with qtbot.assertNotEmitted(page.context.notice_of_page):
        page.context.library_changed.emit(library)
        qtbot.waitUntil(lambda: is_idle(page))
    interrupt(library, trainer)
    with qtbot.waitSignal(page.context.notice_of_page) as told:
        page.context.library_changed.emit(library)
    assert told.args[0] == "A training was interrupted."
    assert "under Train" in told.args[1]
    assert told.args[2] == "train"
    page.show()
    qtbot.waitUntil(lambda: is_idle(page))
    with qtbot.assertNotEmitted(page.context.notice_of_page):  # there the card says so
        page.context.library_changed.emit(library)
        qtbot.waitUntil(lambda: is_idle(page))


def test_keep(qtbot: QtBot, page: TrainPage, library: FakeLibrary, trainer: FakeTrainer) -> None:
    run_id = interrupt(library, trainer)
    body = opened(qtbot, page).body
    qtbot.mouseClick(body.interrupted.keep, Qt.MouseButton.LeftButton)
    ended(qtbot, page)
    assert trainer.jobs == [FINISH_JOB]
    assert [run.id for run in list_runs(cast("Library", library))] == [run_id]
    assert body.result.isVisible()


def test_discard_and_then_the_one_before(
    qtbot: QtBot, page: TrainPage, library: FakeLibrary, trainer: FakeTrainer
) -> None:
    first, second = interrupt(library, trainer), interrupt(library, trainer)
    card = opened(qtbot, page).body.interrupted
    assert "1 more was interrupted" in card.details.text()
    assert card.run is not None
    assert card.run.id == second
    qtbot.mouseClick(card.discard, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: card.run is not None and card.run.id == first)
    qtbot.mouseClick(card.discard, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(card.isHidden)
    assert list(library.runs_dir.iterdir()) == []


def test_gone_astray_the_card_offers_a_lower_rate(
    qtbot: QtBot, page: TrainPage, library: FakeLibrary, trainer: FakeTrainer
) -> None:
    def astray(_: Path) -> None:
        raise Diverged("the loss is no number any more", "lower")

    body = opened(qtbot, page).body
    trainer.before_end = astray
    page.train()
    ended(qtbot, page)
    trainer.before_end = None
    assert body.interrupted.isVisible()
    assert body.interrupted.title.text() == "the loss is no number any more"
    assert "tenth" in body.interrupted.go_on.text()
    trainer.steps = 25
    body.interrupted.go_on.click()
    ended(qtbot, page)
    before, after = trainer.requests
    assert after.config.learning_rate == pytest.approx(before.config.learning_rate / 10)
    assert body.interrupted.isHidden()


def test_it_can_be_dealt_with_when_there_is_nobody_left_to_learn(
    qtbot: QtBot, page: TrainPage, library: FakeLibrary, trainer: FakeTrainer
) -> None:
    interrupt(library, trainer)
    for face_id in range(1, 21):
        library.change_face(face_id, person_id=None)
    assert opened(qtbot, page).body.interrupted.isVisible()


# Pausing


class TestPause:
    @pytest.fixture
    def trainer(self) -> FakeTrainer:
        return Slow()

    @pytest.fixture
    def paused(self, qtbot: QtBot, page: TrainPage) -> TrainPage:
        body = opened(qtbot, page).body
        page.train()
        qtbot.waitUntil(lambda: body.status._figures["step"].text() != "–")
        page.activateWindow()
        qtbot.waitUntil(page.isActiveWindow)
        qtbot.keyClick(page, Qt.Key.Key_P)
        qtbot.waitUntil(lambda: body.status.state.text().endswith("– Paused"))
        return page

    def test_it_waits_and_goes_on(self, qtbot: QtBot, paused: TrainPage) -> None:
        status = paused.body.status
        assert status.pause.text() == "Go on"
        assert paused.task is not None
        with qtbot.waitSignal(paused.task.progressed):
            step = status._figures["step"].text()
        with qtbot.waitSignal(paused.task.progressed):
            pass
        assert status._figures["step"].text() == step
        qtbot.mouseClick(status.pause, Qt.MouseButton.LeftButton)
        assert status.pause.text() == "Pause"
        qtbot.waitUntil(lambda: status._figures["step"].text() != step)
        status.discard.click()
        ended(qtbot, paused)

    def test_what_is_paused_can_be_kept(
        self, qtbot: QtBot, paused: TrainPage, library: FakeLibrary
    ) -> None:
        status = paused.body.status
        status.stop.click()
        assert not status.pause.isEnabled()
        ended(qtbot, paused)
        assert len(list_runs(cast("Library", library))) == 1
        assert status.pause.isHidden()
        assert status.pause.text() == "Pause"

    def test_the_key_does_nothing_without_a_training(self, qtbot: QtBot, page: TrainPage) -> None:
        status = opened(qtbot, page).body.status
        told = status.state.text()
        page.activateWindow()
        qtbot.waitUntil(page.isActiveWindow)
        qtbot.keyClick(page, Qt.Key.Key_P)
        assert status.state.text() == told


def test_a_task_is_paused_and_goes_on_but_not_after_a_stop(qtbot: QtBot) -> None:
    seen: list[Stop] = []
    looked = threading.Event()

    def job(control: Control) -> None:
        while not (stop := control.cancelled()):
            if not seen or seen[-1] is not stop:
                seen.append(stop)
            looked.set()
        seen.append(stop)

    lanes = Lanes()
    task = lanes.start(job, "job", Lane.POOL)
    for number, paused in enumerate((None, True, False), start=1):
        if paused is not None:
            task.pause(paused=paused)
        qtbot.waitUntil(lambda number=number: len(seen) == number)
    with qtbot.waitSignal(task.ended):
        task.stop(Stop.KEEP)
        task.pause(paused=True)
    assert seen == [Stop.NO, Stop.PAUSE, Stop.NO, Stop.KEEP]
    assert lanes.close(timeout_s=30)


class TestWhileItTrains:
    @pytest.fixture
    def trainer(self) -> FakeTrainer:
        return Slow()

    @pytest.fixture
    def training(self, qtbot: QtBot, page: TrainPage) -> TrainPage:
        """Past its first epoch."""
        status = opened(qtbot, page).body.status
        page.train()
        qtbot.waitUntil(lambda: status._figures["best"].text() != "–")
        return page

    def test_closing_the_library_leaves_it_to_go_on_later(
        self, qtbot: QtBot, training: TrainPage, library: FakeLibrary
    ) -> None:
        training.context.library = None
        training.context.library_changed.emit(None)
        ended(qtbot, training)
        assert len(interrupted_runs(cast("Library", library))) == 1

    def test_closing_the_app_leaves_it_to_go_on_later(
        self, training: TrainPage, library: FakeLibrary
    ) -> None:
        assert training.context.lanes.close(timeout_s=30)
        assert len(interrupted_runs(cast("Library", library))) == 1

    def test_the_owner_reviews_meanwhile(
        self, qtbot: QtBot, training: TrainPage, library: FakeLibrary
    ) -> None:
        """What is decided is stored and shown at once; the run goes on with what it began with."""

        def decide(_control: Control) -> None:
            library.add("Eva", 5)

        with qtbot.waitSignal(training.context.lanes.start(decide, "", Lane.WRITER).done):
            pass
        training.context.rows_changed.emit(Change(None))
        qtbot.waitUntil(lambda: training.body.people.model.rowCount() == 3)
        assert training.task is not None
        assert training.task.running
        training.body.status.stop.click()
        ended(qtbot, training)
        (run,) = list_runs(cast("Library", library))
        assert run.people == ("Ada", "Zoë")
