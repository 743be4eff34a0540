"""Lines of widgets: a new one where the width is used up, and nothing where nothing shows."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from facegui.domain.rules import Rule
from facegui.gui.flow import FlowLayout
from facegui.gui.review.commands import Command
from facegui.gui.review.filters import Mode
from facegui.gui.review.page import ReviewPage
from tests.gui.conftest import Settle

DIRECT = Qt.FindChildOption.FindDirectChildrenOnly
WIDEST = 700
"""Room for a page beside the sidebar of a window 900 pixels wide, and a little less."""


def boxes(qtbot: QtBot, width: int, *, centred: bool = False) -> tuple[QWidget, list[QWidget]]:
    """Five boxes, 100 by 20, 10 apart, in a widget of *width*."""
    outer = QWidget()
    qtbot.addWidget(outer)
    flow = FlowLayout(10, centred=centred)
    children = [QWidget() for _ in range(5)]
    for child in children:
        child.setFixedSize(100, 20)
        flow.addWidget(child)
    column = QVBoxLayout(outer)
    column.setContentsMargins(0, 0, 0, 0)
    column.addLayout(flow)
    column.addStretch(1)
    outer.resize(width, 200)
    outer.show()
    return outer, children


def corners(children: list[QWidget]) -> list[tuple[int, int]]:
    return [(child.x(), child.y()) for child in children]


def test_lines_break_where_the_width_is_used_up(qtbot: QtBot) -> None:
    _, children = boxes(qtbot, 320)
    assert corners(children) == [(0, 0), (110, 0), (220, 0), (0, 30), (110, 30)]


def test_one_pixel_less_takes_another_line(qtbot: QtBot) -> None:
    _, children = boxes(qtbot, 319)
    assert corners(children)[2] == (0, 30)


def test_lines_can_stand_in_the_middle(qtbot: QtBot) -> None:
    _, children = boxes(qtbot, 340, centred=True)
    assert corners(children) == [(10, 0), (120, 0), (230, 0), (65, 30), (175, 30)]


def test_what_is_hidden_takes_no_room(qtbot: QtBot) -> None:
    outer, children = boxes(qtbot, 320)
    children[0].hide()
    qtbot.waitUntil(lambda: children[1].x() == 0)
    assert corners(children[1:]) == [(0, 0), (110, 0), (220, 0), (0, 30)]
    assert outer.minimumSizeHint().width() == 100


def test_widgets_can_come_between_and_go(qtbot: QtBot) -> None:
    outer, children = boxes(qtbot, 320)
    layout = outer.layout()
    assert layout is not None
    flow = layout.itemAt(0)
    assert isinstance(flow, FlowLayout)
    new = QWidget()
    new.setFixedSize(50, 40)
    flow.insertWidget(1, new)
    new.show()
    qtbot.waitUntil(lambda: new.x() == 110)
    assert children[0].y() == 10  # in the middle of a line that is 40 high
    flow.removeWidget(new)
    assert flow.count() == 5
    assert flow.itemAt(5) is None
    assert flow.takeAt(5) is None


@pytest.mark.parametrize("mode", Mode)
def test_every_view_of_the_page_fits_a_narrow_window(
    page: ReviewPage, settle: Settle, mode: Mode
) -> None:
    page.filter_bar.set_mode(mode)
    settle()
    page._strip.tell("Kept a face of somebody with an uncommonly long name " * 3)
    assert page.minimumSizeHint().width() <= WIDEST
    page.run(Command.OPEN)
    settle()
    assert page.stage.viewing_photo
    assert page.minimumSizeHint().width() <= WIDEST


def test_fast_review_and_the_reasons_fit_too(page: ReviewPage, settle: Settle) -> None:
    page.run(Command.FAST_REVIEW)
    settle()
    assert page.stage.reviewing_fast
    assert page.minimumSizeHint().width() <= WIDEST
    page.filter_bar.choose_rule(Rule.SHARPNESS)
    settle()
    assert page.minimumSizeHint().width() <= WIDEST


def test_nothing_of_the_filter_bar_is_cut_off(page: ReviewPage, settle: Settle) -> None:
    bar = page.filter_bar
    height = bar.height()
    page.resize(WIDEST, 560)
    settle()
    assert page.width() == WIDEST
    assert bar.height() > height  # another line of chips
    for button in bar.findChildren(QAbstractButton, options=DIRECT):
        if not button.isVisible():
            continue
        assert bar.rect().contains(button.geometry())
        assert button.width() >= button.sizeHint().width()
