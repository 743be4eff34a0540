"""The parts of the Train page by themselves: people, settings, figures, result, runs."""

from __future__ import annotations

from dataclasses import fields, replace

import pytest
from PySide6.QtGui import QColor
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from facegui.domain.dataset import Split
from facegui.domain.entities import Person
from facegui.domain.training import (
    Balance,
    CropKind,
    CurvePoint,
    Optimizer,
    Precision,
    RunMetrics,
    Schedule,
    StopReason,
    TrainConfig,
)
from facegui.gui.train.people import PeopleModel, PeoplePanel, describe
from facegui.gui.train.result import ResultCard, stop_words
from facegui.gui.train.settings import NetworkPanel, SettingsPanel
from facegui.gui.train.status import RunStatus, duration, percent, rate
from facegui.services.learning.dataset import PersonShare, Survey
from facegui.services.learning.networks import default_config, network_choices
from facegui.services.runs.models import Choice
from facegui.services.runs.records import RunRecord

CLASSIC = next(c for c in network_choices() if c.config.network == "classic")
ADA = Person(1, "Ada", "#cc0000", 0)
ZOE = Person(2, "Zoë", "#00cc00", 1)
SHARES = (PersonShare(ADA, 10, 9, 6, 2, 2, 1.0), PersonShare(ZOE, 1, 1, 0, 0, 0, 0.0))


def record(run_id: str = "20261122-1-classic", **changes: object) -> RunRecord:
    made = RunRecord(
        id=run_id,
        created="2026-11-22T14:22:33+00:00",
        config=default_config("classic"),
        split=Split(),
        manifest_hash="0" * 64,
        people=("Ada", "Zoë"),
        metrics=RunMetrics(0.9, 0.3, 80, 100, 4, 6.0, 14, 10, None, 0, StopReason.CONVERGED),
        accuracy=0.9,
        accuracy_with_unknown=0.8,
        bundle="/library/models/1.facebundle",
        seconds=65.0,
        warnings=(),
    )
    return replace(made, **changes)


# People


def test_model_contract(qtbot: QtBot, qtmodeltester: ModelTester) -> None:
    model = PeopleModel()
    model.show(SHARES)
    qtmodeltester.check(model)
    assert model.most == 10
    model.show(())
    assert (model.rowCount(), model.most) == (0, 1)


def test_people_in_words() -> None:
    assert describe(SHARES[0]) == (
        "Ada: 10 usable faces; 6 to train, 2 to validate, 2 to test; "
        "balanced by weights, each counts for 1.00"
    )
    assert describe(SHARES[1]) == "Zoë: 1 usable face; left out"


def test_totals_and_warnings(qtbot: QtBot) -> None:
    panel = PeoplePanel()
    qtbot.addWidget(panel)
    panel.show_survey(Survey(SHARES, tuple(f"warning {n}" for n in range(7)), None))
    panel.show()
    assert panel._totals.text() == "1 person · 6 faces to train, 2 to validate, 2 to test"
    assert panel._warnings.text().splitlines()[-1] == "⚠ 3 more"
    assert "warning 6" in panel._warnings.toolTip()
    panel.show_survey(Survey(SHARES, (), None))
    assert not panel._warnings.isVisible()


def test_bars_show_both_sides_in_the_persons_colour(qtbot: QtBot) -> None:
    panel = PeoplePanel()
    qtbot.addWidget(panel)
    panel.resize(400, 200)
    panel.show_survey(Survey(SHARES, (), None))
    panel.show()
    picture = panel._list.viewport().grab().toImage()
    middle = panel._list.visualRect(panel.model.index(0)).center().y()
    colours = [picture.pixelColor(x, middle) for x in range(picture.width())]
    solid = sum(colour == QColor(ADA.colour) for colour in colours)
    pale = sum(colour.red() > 200 and 90 < colour.green() < 160 for colour in colours)
    palest = sum(colour.red() > 200 and 160 <= colour.green() < 240 for colour in colours)
    assert solid / pale == pytest.approx(3, rel=0.2)  # a pixel at each end is mixed
    assert solid / palest == pytest.approx(3, rel=0.2)


# Networks and settings


@pytest.fixture
def settings(qtbot: QtBot) -> SettingsPanel:
    panel = SettingsPanel(network_choices()[0])
    qtbot.addWidget(panel)
    return panel


@pytest.mark.parametrize("choice", network_choices(), ids=lambda choice: choice.title)
def test_untouched_settings_are_the_networks_own(settings: SettingsPanel, choice: object) -> None:
    settings.show_choice(choice)
    assert settings.config() == choice.config
    assert settings.split() == Split()


def test_every_setting_is_heard(settings: SettingsPanel) -> None:
    """Each control changes its own field; what it can say comes back as it was."""
    wanted = replace(
        CLASSIC.config,
        seed=7,
        crop=CropKind.BOX,
        balance=Balance.WEIGHTS,
        batch_size=16,
        optimizer=Optimizer.SGD,
        momentum=0.85,
        learning_rate=0.00025,
        schedule=Schedule.PLATEAU,
        schedule_patience=3,
        schedule_factor=0.25,
        warmup_epochs=4,
        weight_decay=0.0005,
        label_smoothing=0.2,
        precision=Precision.BFLOAT16,
        fine_tune_blocks=2,
        normalise=False,
        dropout=0.4,
        weight_average=0.999,
        max_epochs=9,
        max_steps=900,
        patience=9,
        target_accuracy=0.95,
        max_seconds=180.0,
    )
    changed = {f.name for f in fields(TrainConfig) if f.name not in ("network", "augmentation")}
    assert all(getattr(wanted, name) != getattr(CLASSIC.config, name) for name in changed)
    settings.show_choice(CLASSIC)
    settings.show_config(wanted)
    settings.seed.setValue(7)
    assert settings.config() == wanted
    settings.show_split(Split(0.3, 0.1, 50))
    assert settings.split() == Split(0.3, 0.1, 50)
    settings.reset()
    assert settings.config() == CLASSIC.config
    assert settings.split() == Split()


def test_the_split_changes_with_share_and_seed_only(qtbot: QtBot, settings: SettingsPanel) -> None:
    with qtbot.waitSignal(settings.split_changed):
        settings.seed.setValue(1)
    with qtbot.waitSignal(settings.split_changed):
        settings.validation.setValue(40)
    with qtbot.assertNotEmitted(settings.split_changed):
        settings.field("batch_size").setValue(8)


def test_what_means_nothing_is_closed(settings: SettingsPanel) -> None:
    def is_open(name: str) -> bool:
        return settings.field(name).isEnabled()

    settings.show()
    assert not is_open("normalise")  # Face transfer looks at no crops
    assert not settings.augment.isVisible()
    settings.show_choice(CLASSIC)
    assert is_open("normalise")
    assert settings.augment.isVisible()
    assert not is_open("momentum")
    assert not is_open("schedule_factor")
    settings.field("optimizer").setCurrentText("SGD")
    settings.field("schedule").setCurrentIndex(1)
    assert is_open("momentum")
    assert is_open("schedule_factor")


def test_what_one_seldom_needs_is_behind_a_button(settings: SettingsPanel) -> None:
    settings.show()
    assert settings.field("batch_size").isVisible()
    assert not settings.field("weight_decay").isVisible()
    settings._more.click()
    assert settings.field("weight_decay").isVisible()


def test_numbers_without_zeros_at_the_end(settings: SettingsPanel) -> None:
    rate = settings.field("learning_rate")
    rate.setValue(0.001)
    assert rate.text() == rate.locale().toString(0.001, "f", 3)
    settings.field("target_accuracy").setValue(49)
    assert settings.field("target_accuracy").text() == "never"


def test_choosing_a_network(qtbot: QtBot) -> None:
    panel = NetworkPanel(network_choices())
    qtbot.addWidget(panel)
    assert panel.choice.config.network == "face-transfer"
    with qtbot.waitSignal(panel.chosen) as heard:
        panel.choose(1)
    assert heard.args == [network_choices()[1]]
    assert panel.choice == network_choices()[1]


# Figures


def points(*validation: float | None) -> list[CurvePoint]:
    """Four batches a second; *validation* are losses, the accuracies fall as they rise."""
    return [
        CurvePoint(
            step, 1 + step // 3, 1.0, 0.5, loss, None if loss is None else 1 - loss, step / 4, 0.01
        )
        for step, loss in enumerate(validation, start=1)
    ]


@pytest.fixture
def status(qtbot: QtBot) -> RunStatus:
    widget = RunStatus()
    qtbot.addWidget(widget)
    widget.show()
    return widget


def figures(status: RunStatus) -> dict[str, str]:
    return {key: label.text() for key, label in status._figures.items()}


def test_figures_follow_the_points(status: RunStatus) -> None:
    status.add(points(None, 0.5, None, 0.25, None, 0.4))
    assert figures(status) == {
        "step": "6",
        "epoch": "3",
        "rate": "4.0",
        "elapsed": "1.5 s",
        "left": "–",
        "best": "75.0 % at batch 4",
        "learning": "0.01",
    }
    status.clear()
    assert set(figures(status).values()) == {"–"}
    status.add([])


def test_stop_and_discard(qtbot: QtBot, status: RunStatus) -> None:
    assert not status.stop.isVisible()
    status.set_running(running=True)
    with qtbot.waitSignal(status.keep_requested):
        status.stop.click()
    assert not status.stop.isEnabled()
    assert status.discard.isEnabled(), "who changes their mind may still discard"
    with qtbot.waitSignal(status.discard_requested):
        status.discard.click()
    assert not status.discard.isEnabled()
    status.set_running(running=True)
    assert status.stop.isEnabled()


@pytest.mark.parametrize(
    ("seconds", "told"),
    [(0.04, "0.0 s"), (59.94, "59.9 s"), (65, "1:05 min"), (7384, "2:03:04 h")],
)
def test_durations(seconds: float, told: str) -> None:
    assert duration(seconds) == told


def test_percents_and_rates() -> None:
    assert [percent(value) for value in (0.0, 0.9987, 1.0)] == ["0.0 %", "99.9 %", "100 %"]
    assert rate(points(None)) == "–"
    assert rate([replace(points(None)[0], step=n, seconds=n / 500) for n in (1, 51)]) == "500"


# Result and runs


def test_result(qtbot: QtBot) -> None:
    card = ResultCard()
    qtbot.addWidget(card)
    assert card.isHidden()
    card.show_run(record(), Choice(used=True, reason="It is the first model."))
    assert card.standing.text() == "In use. It is the first model."
    assert card.accuracy.text() == "90.0 %"
    assert "of 10 faces" in card.meaning.text()
    assert "80.0 %" in card.meaning.text()
    for part in ("Classic CNN", "2 people", "100 batches", "1:05 min", "1.facebundle"):
        assert part in card.details.text()
    with qtbot.waitSignal(card.recognise_requested):
        card.recognise.click()


def test_a_result_that_is_not_in_use_says_why_and_can_be_used(qtbot: QtBot) -> None:
    card = ResultCard()
    qtbot.addWidget(card)
    run = record()
    card.show_run(run, Choice(used=False, reason="The model of yesterday stays."))
    assert card.standing.text() == "Not in use. The model of yesterday stays."
    assert card.recognise.isHidden()
    with qtbot.waitSignal(card.use_requested) as asked:
        card.use.click()
    assert asked.args == [run]
    card.show_used(run.id)
    assert card.standing.text() == "In use."
    assert card.use.isHidden()
    assert not card.recognise.isHidden()


def test_a_folded_result_keeps_what_must_be_seen(qtbot: QtBot) -> None:
    card = ResultCard()
    qtbot.addWidget(card)
    card.show_run(record(), Choice(used=True, reason="It is the first model."))
    whole = card.sizeHint().height()
    card.fold(folded=True)
    assert card.sizeHint().height() < whole
    assert card.standing.isHidden()
    assert "of 10 faces" in card.toolTip()
    card.show_run(record("2"), Choice(used=False, reason="The other one stays."))
    assert not card.standing.isHidden()
    assert not card.use.isHidden()


def test_every_reason_to_stop_has_words() -> None:
    assert len({stop_words(reason) for reason in StopReason}) == len(StopReason)


@pytest.mark.parametrize("width", [348, 728])
def test_nothing_jumps_when_a_training_begins_or_ends(
    qtbot: QtBot, status: RunStatus, width: int
) -> None:
    status.resize(width, 300)
    heights = [status.layout().heightForWidth(width)]
    status.set_running(running=True)
    status.tell("Modern CNN – Training, epoch 42, and a text that is longer than any line " * 4)
    status.follow(replace(default_config("modern"), max_epochs=900))
    status.add(
        [
            CurvePoint(n, 1 + n // 50, 1.0, 0.5, 1 / n, 0.5, n / 4, 0.000125)
            for n in range(1, 40_000, 50)
        ]
    )
    heights.append(status.layout().heightForWidth(width))
    status.set_running(running=False)
    heights.append(status.layout().heightForWidth(width))
    assert len(set(heights)) == 1
    assert status.minimumSizeHint().width() <= 348


def test_status_and_result_fit_beside_the_settings_in_a_small_window(qtbot: QtBot) -> None:
    for panel in (RunStatus(), ResultCard()):
        qtbot.addWidget(panel)
        panel.show()
        assert panel.minimumSizeHint().width() <= 348
