"""A live face that was clicked is frozen, corrected, and kept in the library with its frame."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from facegui.domain.corrections import Source, Truth, Verdict
from facegui.gui.context import AppContext
from facegui.gui.correct.live_card import LiveCard
from facegui.gui.live.clicked import ClickedFace
from facegui.services.libraries import Library
from facegui.services.tools import Tools
from tests.fakes.analysers import SquareAnalyser
from tests.fakes.bundles import write_colour_bundle
from tests.fakes.corrections import BOB
from tests.fakes.faces import fake_tools, picture, square
from tests.fakes.square_library import ALONE, COLOURS, square_library
from tests.gui.conftest import Settle, press, put_on_screen

FRAME = picture((20, 20, COLOURS["Ann"]), side=40)
CLICKED = ClickedFace(FRAME, ALONE, square(20, 20, 40).landmarks, BOB, "camera 0")


@pytest.fixture
def tools() -> Tools:
    return fake_tools(analyser=SquareAnalyser)


@pytest.fixture
def library(tmp_path: Path, context: AppContext) -> Library:
    made = square_library(tmp_path)
    context.set_library(made)
    return made


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    people = {name: COLOURS[name] for name in ("Ann", "Bob")}
    return write_colour_bundle(tmp_path / "two.facebundle", people)


@pytest.fixture
def page(qtbot: QtBot) -> QWidget:
    made = QWidget()
    put_on_screen(qtbot, made)
    return made


@pytest.fixture
def card(page: QWidget, context: AppContext) -> LiveCard:
    return LiveCard(context, page)


def test_one_click_keeps_the_frame_and_who_it_is(
    card: LiveCard, library: Library, bundle: Path, settle: Settle
) -> None:
    card.show_clicked(CLICKED, bundle)
    settle()
    assert card.isVisible()
    assert card.name.text() == "Bob"
    ann = next(button for button in card.panel.choices if button.text().startswith("Ann"))
    ann.click()
    settle()
    (one,) = library.corrections()
    assert one.truth == Truth(Verdict.IS, "Ann")
    assert (one.provenance.source, one.provenance.origin) == (Source.LIVE, "camera 0")
    assert Path(one.path).parent == library.path / "corrections"
    assert card.panel.said.text() == "You said: it is Ann."


def test_it_stays_inside_the_page_and_esc_closes_it(
    page: QWidget, card: LiveCard, library: Library, bundle: Path, settle: Settle
) -> None:
    card.show_clicked(CLICKED, bundle)
    settle()
    assert page.rect().contains(card.geometry())
    page.resize(640, 480)
    assert page.rect().contains(card.geometry())
    page.setFocus()
    press(Qt.Key.Key_Escape)
    assert card.isHidden()
    press(Qt.Key.Key_I)  # nothing is in question any more
    settle()
    assert library.corrections() == []


def test_keys_work_while_it_is_open(
    page: QWidget, card: LiveCard, library: Library, bundle: Path, settle: Settle
) -> None:
    card.show_clicked(CLICKED, bundle)
    settle()
    page.setFocus()
    press(Qt.Key.Key_N)
    settle()
    (one,) = library.corrections()
    assert one.truth == Truth(Verdict.NOT, "Bob")


@pytest.mark.parametrize("named", [True, False])
def test_a_face_without_an_answer_cannot_be_corrected(
    qtbot: QtBot, context: AppContext, card: LiveCard, bundle: Path, named: bool
) -> None:
    with qtbot.waitSignal(context.told) as told:
        if named:
            card.show_clicked(CLICKED, None)
        else:
            card.show_clicked(replace(CLICKED, identity=None), bundle)
    assert "No name for this face yet" in told.args[0]
    assert card.isHidden()
