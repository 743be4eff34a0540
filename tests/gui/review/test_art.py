"""Shared parts are drawn once, look different where they must, and follow font, palette, scale."""

from __future__ import annotations

from itertools import combinations

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QFont, QFontMetrics, QImage, QPalette, QPixmap
from pytestqt.qtbot import QtBot

from facegui.domain.entities import FaceState
from facegui.gui.review.art import Art
from facegui.gui.review.paint import box_pen, state_colour, text_colour

SIZE = QSize(80, 100)


@pytest.fixture
def art(qtbot: QtBot) -> Art:
    return Art()


def grey(pixmap: QPixmap) -> QImage:
    """Without colour, as somebody who cannot tell red from green sees it."""
    return pixmap.toImage().convertToFormat(QImage.Format.Format_Grayscale8)


def test_a_part_is_drawn_once(art: Art) -> None:
    first = art.card(SIZE, selected=False, current=False)
    assert art.card(SIZE, selected=False, current=False) is first
    assert art.card(SIZE, selected=True, current=False) is not first
    assert art.card(QSize(90, 100), selected=False, current=False).width() == 90


def test_selected_and_current_cards_look_different(art: Art) -> None:
    cards = [
        art.card(SIZE, selected=selected, current=current).toImage()
        for selected in (False, True)
        for current in (False, True)
    ]
    assert all(one != other for one, other in combinations(cards, 2))


@pytest.mark.parametrize("by_owner", [False, True])
def test_marks_differ_without_their_colour(art: Art, by_owner: bool) -> None:
    marks = [grey(art.mark(state, 20, by_owner=by_owner)) for state in FaceState]
    assert all(one != other for one, other in combinations(marks, 2))


@pytest.mark.parametrize("state", list(FaceState))
def test_the_owners_mark_is_filled(art: Art, state: FaceState) -> None:
    mine = art.mark(state, 20, by_owner=True).toImage().pixelColor(4, 11)
    rules = art.mark(state, 20, by_owner=False).toImage().pixelColor(4, 11)
    assert mine == state_colour(state)
    assert rules != mine


def test_outlines_differ_in_their_dashes() -> None:
    styles = {box_pen(state, 2).style() for state in FaceState}
    assert len(styles) == len(FaceState)


def test_a_new_palette_font_or_scale_draws_anew(art: Art) -> None:
    before = art.card(SIZE, selected=False, current=False).toImage()
    dark = QPalette(QColor("#202020"))
    dark.setColor(QPalette.ColorRole.AlternateBase, QColor("#101010"))
    art.match(art.font, dark, 1.0)
    assert art.card(SIZE, selected=False, current=False).toImage() != before
    art.match(art.font, dark, 2.0)
    dense = art.card(SIZE, selected=False, current=False)
    assert dense.width() == 160
    assert dense.deviceIndependentSize().toSize() == SIZE
    height = art.line_height(first=True)
    large = QFont(art.font)
    large.setPointSizeF(art.font.pointSizeF() * 2)
    art.match(large, dark, 2.0)
    assert art.line_height(first=True) > height


def test_matching_the_same_look_keeps_what_is_drawn(art: Art) -> None:
    palette = QPalette()
    art.match(art.font, palette, 1.0)
    card = art.card(SIZE, selected=False, current=False)
    art.match(QFont(art.font), palette, 1.0)
    assert art.card(SIZE, selected=False, current=False) is card


def test_second_lines_are_smaller(art: Art) -> None:
    assert art.small.pointSizeF() < art.font.pointSizeF()
    assert art.line_height(first=False) <= art.line_height(first=True)


def test_long_texts_are_cut_to_their_room(art: Art) -> None:
    text = "A name far longer than any tile has room for"
    for width in (30, 60, 120):
        line = art.text(text, width, first=True)
        assert line.text().endswith("…")
        assert QFontMetrics(art.font).horizontalAdvance(line.text()) <= width
    assert art.text("Ann", 120, first=True).text() == "Ann"
    assert art.text("Ann", 120, first=True) is art.text("Ann", 120, first=True)


def test_texts_that_look_like_markup_are_plain(art: Art) -> None:
    assert art.text("<b>x</b>", 200, first=True).text() == "<b>x</b>"
    assert art.text("<b>x</b>", 200, first=True).textFormat().name == "PlainText"


@pytest.mark.parametrize("background", ["#ffffff", "#14171b"])
@pytest.mark.parametrize("state", [FaceState.KEPT, FaceState.REJECTED])
def test_words_in_a_states_colour_can_be_read(background: str, state: FaceState) -> None:
    """WCAG 2.1 asks for a contrast of 4.5 : 1 for text; 4 is the least here, with a sign beside."""
    palette = QPalette()
    palette.setColor(QPalette.ColorRole.Base, QColor(background))
    ink, paper = _luminance(text_colour(state, palette)), _luminance(QColor(background))
    light, dark = max(ink, paper), min(ink, paper)
    assert (light + 0.05) / (dark + 0.05) >= 4


def _luminance(colour: QColor) -> float:
    def linear(value: float) -> float:
        return value / 12.92 if value <= 0.03928 else ((value + 0.055) / 1.055) ** 2.4

    red, green, blue = (linear(v) for v in (colour.redF(), colour.greenF(), colour.blueF()))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
