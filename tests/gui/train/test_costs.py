"""Sizes and times in the list of networks."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from facegui.domain.errors import EngineError
from facegui.domain.training import NetworkCost
from facegui.gui.context import AppContext
from facegui.gui.train import costs
from facegui.gui.train.costs import CostsControl, size_in_words, time_in_words
from facegui.gui.train.settings import NetworkPanel
from facegui.services.learning.networks import network_choices


@pytest.fixture
def panel(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> NetworkPanel:
    monkeypatch.setattr(costs, "measured_costs", dict)
    made = NetworkPanel(network_choices())
    qtbot.addWidget(made)
    return made


def sentences(panel: NetworkPanel) -> list[str]:
    return [label.text() for label in panel.findChildren(QLabel)]


def test_times_are_told_once_they_were_measured(
    qtbot: QtBot, context: AppContext, panel: NetworkPanel, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = {choice.config.network: NetworkCost(100.0, 1.0) for choice in panel.choices}
    monkeypatch.setattr(costs, "measure_costs", lambda _tools, _control: found)
    control = CostsControl(context, panel)
    control.show_faces(240)
    assert all("parameters" in text and "240" not in text for text in sentences(panel))
    panel.measure.click()
    assert not panel.measure.isEnabled()
    qtbot.waitUntil(panel.measure.isEnabled, timeout=20_000)
    assert all("for your 240 faces" in text for text in sentences(panel))
    control.show_faces(0)
    assert not any("for your" in text for text in sentences(panel))


def test_a_failure_lets_the_owner_try_again(
    qtbot: QtBot, context: AppContext, panel: NetworkPanel, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_tools: object, _control: object) -> object:
        raise EngineError("too large", "Close other programs.")

    monkeypatch.setattr(costs, "measure_costs", fail)
    CostsControl(context, panel).show_faces(5)
    with qtbot.waitSignal(context.lanes.task_failed, timeout=20_000):
        panel.measure.click()
    qtbot.waitUntil(panel.measure.isEnabled, timeout=20_000)
    assert not any("for your" in text for text in sentences(panel))


def test_words() -> None:
    assert size_in_words(1290) == "1,290 parameters"
    assert size_in_words(58_476_901) == "58.5 million parameters"
    assert size_in_words(3_000_000) == "3 million parameters"
    told = [time_in_words(seconds) for seconds in (0.2, 80, 118, 5300, 9000)]
    assert told == ["1 s", "80 s", "2 min", "88 min", "2.5 h"]
