"""The reasons for a face of a live picture, in a window of their own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from facegui.domain.recognition import Identity
from facegui.gui.context import AppContext
from facegui.gui.correct.live_card import LiveCard
from facegui.gui.live.clicked import ClickedFace
from facegui.services.tools import Tools
from tests.fakes.analysers import SquareAnalyser
from tests.fakes.bundles import write_colour_bundle
from tests.fakes.faces import fake_tools, picture, square
from tests.fakes.videos import GREEN, RED
from tests.gui.conftest import Settle


@pytest.fixture
def tools() -> Tools:
    return fake_tools(analyser=SquareAnalyser)


@pytest.fixture
def card(qtbot: QtBot, context: AppContext, tmp_path: Path) -> Iterator[LiveCard]:
    page = QWidget()
    page.resize(900, 700)
    qtbot.addWidget(page)
    made = LiveCard(context, page)
    with qtbot.waitExposed(page):
        page.show()
    bundle = write_colour_bundle(tmp_path / "people.facebundle", {"Ruth": RED, "Gretel": GREEN})
    face = square(30, 20, 60)
    identity = Identity("Ruth", "Ruth", 0.9, {"Ruth": 0.9, "Gretel": 0.1}, 0.99, 0.95)
    frame = picture((30, 20, RED), side=60)
    made.show_clicked(ClickedFace(frame, face.box, face.landmarks, identity, "a film"), bundle)
    yield made
    made.reasons.close()


def test_the_face_is_explained_in_the_frame_that_was_clicked(qtbot: QtBot, card: LiveCard) -> None:
    card.why.click()
    reasons = card.reasons
    assert reasons.isVisible()
    assert reasons.state.text() == "Looking for reasons…"
    qtbot.waitUntil(lambda: reasons.answers.heat.heat is not None, timeout=20_000)
    qtbot.waitUntil(lambda: reasons.state.text() == "")
    assert reasons.answers.closeness.text().startswith("Ruth has 1.00")
    assert reasons.height() < card.window().height()


def test_closed_it_looks_no_further(qtbot: QtBot, card: LiveCard, settle: Settle) -> None:
    card.why.click()
    card.reasons.close()
    settle()
    assert card.reasons.answers.heat.heat is None


def test_another_library_closes_it(card: LiveCard, context: AppContext, settle: Settle) -> None:
    card.why.click()
    context.library_changed.emit(None)
    assert not card.reasons.isVisible()
    settle()
