"""The slider over a histogram: bins, where the line falls, and what is painted on each side."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QWheelEvent
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from facegui.domain.entities import FaceState
from facegui.domain.rules import RULES, SPECS, Rule
from facegui.gui.review.paint import state_colour
from facegui.gui.rules.limit_slider import LimitSlider
from facegui.gui.rules.scale import SCALES, Scale

MEASURED = [spec.rule for spec in RULES if spec.rule is not Rule.DUPLICATE]


@pytest.mark.parametrize("rule", MEASURED)
def test_every_step_of_a_scale_has_its_value(rule: Rule) -> None:
    scale = SCALES[rule]
    assert scale.value(0) == scale.low
    assert scale.value(scale.steps) == scale.high
    assert all(scale.position(scale.value(n)) == n for n in range(scale.steps + 1))
    assert scale.position(scale.high + 1e6) == scale.steps
    assert scale.position(-1e6) == 0
    assert (scale.labels()[0], scale.labels()[-1]) == (scale.low, scale.high)


@pytest.mark.parametrize("rule", MEASURED)
def test_every_value_is_in_one_bin(rule: Rule) -> None:
    scale = SCALES[rule]
    rng = np.random.default_rng(1)
    values = np.sort(rng.uniform(scale.low - 5, scale.high + 5, 1000))
    counts = scale.count(values)
    assert len(counts) == len(scale.edges()) - 1
    assert counts.sum() == 1000
    assert scale.count(np.zeros(0)).sum() == 0


def test_whole_numbers_have_bins_around_them_and_lines_between() -> None:
    scale = Scale(1, 4, whole=True)
    assert scale.count(np.array([1.0, 1.0, 2.0, 4.0, 9.0])).tolist() == [2, 1, 0, 2]
    assert scale.share(1, at_most=True) == pytest.approx(0.25)
    assert scale.share(2, at_most=False) == pytest.approx(0.25)
    assert scale.share(1000, at_most=True) == 1.0


def make(qtbot: QtBot, rule: Rule, values: list[float]) -> LimitSlider:
    slider = LimitSlider(rule)
    qtbot.addWidget(slider)
    slider.resize(376, slider.sizeHint().height())
    slider.show_values(np.array(values))
    return slider


def colours(slider: LimitSlider, left: int, right: int) -> set[FaceState]:
    """Which states' colours are painted between two columns."""
    image = slider.grab().toImage()
    found = set()
    for x in range(left, right):
        for y in range(image.height()):
            colour = QColor(image.pixel(x, y))
            for state in (FaceState.KEPT, FaceState.REJECTED):
                if colour == state_colour(state):
                    found.add(state)
    return found


@pytest.mark.parametrize("rule", [Rule.PAN, Rule.SHARPNESS])
def test_kept_and_dropped_parts_differ(qtbot: QtBot, rule: Rule) -> None:
    scale = SCALES[rule]
    slider = make(qtbot, rule, np.linspace(scale.low, scale.high, 600).tolist())
    slider.show_limit((scale.low + scale.high) / 2)
    low, high = colours(slider, 8, 180), colours(slider, 196, 368)
    kept, dropped = (low, high) if SPECS[rule].at_most else (high, low)
    assert kept == {FaceState.KEPT}
    assert FaceState.KEPT not in dropped
    slider.show_limit(SPECS[rule].off)
    assert FaceState.REJECTED not in colours(slider, 8, 368)


def test_a_tail_of_one_face_is_seen_beside_a_peak(qtbot: QtBot) -> None:
    slider = make(qtbot, Rule.PAN, [5.0] * 100_000 + [80.0])
    assert sum(bar.height() >= 2 for bar in slider._bars()) == 2


def test_no_values_paint_an_axis_only(qtbot: QtBot) -> None:
    slider = make(qtbot, Rule.SMILE, [])
    slider.show_limit(0.5)
    assert not slider.grab().isNull()
    assert slider._bars() == []


@pytest.mark.parametrize("rule", MEASURED)
def test_the_loose_end_is_off_and_the_other_is_not(qtbot: QtBot, rule: Rule) -> None:
    slider = make(qtbot, rule, [])
    spec = SPECS[rule]
    slider.setValue(slider.maximum() if spec.at_most else slider.minimum())
    assert slider.limit() == spec.off
    slider.setValue(slider.minimum() if spec.at_most else slider.maximum())
    assert slider.limit() == (SCALES[rule].low if spec.at_most else SCALES[rule].high)


def test_a_limit_between_steps_stays_until_it_is_moved(qtbot: QtBot) -> None:
    slider = make(qtbot, Rule.PAN, [])
    with qtbot.assertNotEmitted(slider.valueChanged):
        slider.show_limit(20.4)
    assert slider.accessibleDescription() == "at most 20.4°"
    QTest.keyClick(slider, Qt.Key.Key_Right)
    assert slider.limit() == 21


@pytest.mark.parametrize("rule", [Rule.PAN, Rule.ONE_FACE, Rule.DARK])
def test_the_handle_goes_where_the_mouse_presses(qtbot: QtBot, rule: Rule) -> None:
    slider = make(qtbot, rule, [])
    slider.show_limit(SPECS[rule].off)
    for x in (90, 200, 300):
        QTest.mousePress(slider, Qt.MouseButton.LeftButton, pos=QPoint(x, 20))
        slider.show_limit(slider.limit())
        step_px = 360 / max(1, len(SCALES[rule].edges()) - 1)
        assert abs(slider._line() - x) <= max(2.0, step_px / 2)
        assert slider.isSliderDown()
        with qtbot.waitSignal(slider.sliderReleased):
            QTest.mouseRelease(slider, Qt.MouseButton.LeftButton, pos=QPoint(x, 20))


def test_other_buttons_and_the_wheel_leave_it_alone(qtbot: QtBot) -> None:
    slider = make(qtbot, Rule.PAN, [])
    slider.show_limit(20)
    QTest.mousePress(slider, Qt.MouseButton.RightButton, pos=QPoint(300, 20))
    turn = QWheelEvent(
        QPointF(100, 20),
        QPointF(100, 20),
        QPoint(),
        QPoint(0, 120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    slider.wheelEvent(turn)
    assert not turn.isAccepted()
    assert slider.value() == 20
    assert not slider.isSliderDown()
