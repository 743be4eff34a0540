"""The live chart: what is drawn, and what mouse, keys and controls do to it."""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, QSizeF, Qt
from PySide6.QtGui import QColor, QImage, QPalette, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QToolButton
from pytestqt.qtbot import QtBot

from facegui.domain.training import CurvePoint
from facegui.gui.train.chart import LearningChart
from facegui.gui.train.chart.canvas import Canvas
from facegui.gui.train.chart.cursor import _covered, _places, headline, readings, spoken
from facegui.gui.train.chart.layers import curves
from facegui.gui.train.chart.painting import OTHERS_MOST, Look, polygon
from facegui.gui.train.chart.series import Quantity, Side


def point(step: int) -> CurvePoint:
    checked = step % 10 == 0
    return CurvePoint(
        step, 1 + (step - 1) // 10, 2 / step, 0.5, 3 / step if checked else None,
        0.25 if checked else None, step / 10, 0.001,
    )  # fmt: skip


def run(steps: int) -> Iterator[CurvePoint]:
    return (point(step) for step in range(1, steps + 1))


@pytest.fixture
def chart(qtbot: QtBot) -> LearningChart:
    made = LearningChart()
    qtbot.addWidget(made)
    made.resize(700, 480)
    made.show()
    qtbot.waitExposed(made)
    return made


@pytest.fixture
def full(chart: LearningChart) -> LearningChart:
    chart.add(run(200))
    chart.canvas.redraw()
    chart.canvas.repaint()
    return chart


def place(canvas: Canvas, quantity: Quantity, x: float, y: float) -> QPoint:
    plot = next(plot for plot in canvas._plots if plot.quantity is quantity)
    return QPoint(round(plot.x.pixel(x)), round(plot.y.pixel(y)))


def colours(image: QImage) -> set[str]:
    return {
        image.pixelColor(x, y).name() for x in range(image.width()) for y in range(image.height())
    }


# Drawing


def test_points_are_drawn_by_the_timer_which_then_rests(qtbot: QtBot, chart: LearningChart) -> None:
    blue = Look(chart.palette()).curve(0, Side.VALIDATION).name()
    assert blue not in colours(chart.canvas.grab().toImage())
    chart.add(run(30))
    assert chart._timer.isActive()
    qtbot.waitUntil(lambda: not chart._timer.isActive())
    assert blue in colours(chart.canvas.grab().toImage())
    assert chart.count(Side.TRAIN) == 30
    assert chart.count(Side.VALIDATION) == 3
    chart.clear()
    assert chart.count(Side.TRAIN) == 0
    assert blue not in colours(chart.canvas.grab().toImage())


def test_a_slow_picture_makes_the_next_one_wait(
    chart: LearningChart, monkeypatch: pytest.MonkeyPatch
) -> None:
    chart.add(run(3))
    clock = iter([0.0, 0.020])
    monkeypatch.setattr("facegui.gui.train.chart.widget.time.perf_counter", lambda: next(clock))
    chart._tick()
    assert chart._timer.interval() == 1000


def test_moving_the_mouse_does_not_draw_the_curves_again(full: LearningChart) -> None:
    picture = full.canvas._picture
    QTest.mouseMove(full.canvas, place(full.canvas, Quantity.LOSS, 50, 1))
    full.canvas.repaint()
    assert full.canvas._cursor == pytest.approx(50, abs=1)
    assert full.canvas._picture is picture


@pytest.mark.parametrize("base", ["#101418", "#fafafa"])
def test_the_palette_is_followed(full: LearningChart, base: str) -> None:
    palette = full.palette()
    palette.setColor(QPalette.ColorRole.Base, QColor(base))
    for widget in (full, full.canvas):  # a style sheet of the program would keep it from the second
        widget.setPalette(palette)
    picture = full.canvas.grab().toImage()
    assert picture.pixelColor(picture.width() - 2, 2) == QColor(base)
    look = Look(palette)
    for number in range(OTHERS_MOST + 1):
        for side in Side:
            assert abs(look.curve(number, side).lightness() - QColor(base).lightness()) > 60
    assert look.faint(QColor("#ff0000")).alpha() == 255


def test_runs_have_colours_of_their_own(chart: LearningChart) -> None:
    look = Look(chart.palette())
    found = {look.curve(number, Side.VALIDATION).name() for number in range(OTHERS_MOST + 1)}
    assert len(found) == OTHERS_MOST + 1


def test_points_for_qt() -> None:
    x, y = np.array([1.0, 2.5]), np.array([-3.0, 4.0])
    made = polygon(x, y)
    assert [made.at(n).toTuple() for n in range(made.size())] == [(1, -3), (2.5, 4)]


def test_a_low_chart_leaves_the_learning_rate_out(qtbot: QtBot, full: LearningChart) -> None:
    assert [plot.quantity for plot in full.canvas._plots][-1] is Quantity.RATE
    full.resize(500, 240)
    full.canvas.repaint()
    assert [plot.quantity for plot in full.canvas._plots][-1] is Quantity.LOSS


def test_it_fits_a_narrow_place(full: LearningChart) -> None:
    assert full.minimumSizeHint().width() <= 300


# Reading values


def test_values_at_a_batch(full: LearningChart) -> None:
    canvas = full.canvas
    full.smoothing.setValue(0)
    found = readings(canvas.layers, canvas.view, Quantity.LOSS, Look(full.palette()), 20)
    assert [reading.text for reading in found] == ["Validation  0.1500", "Training  0.1000"]
    full.smoothing.setValue(50)
    found = readings(canvas.layers, canvas.view, Quantity.ACCURACY, Look(full.palette()), 20)
    assert found[1].text == "Training  50.0 % (smoothed 50.0 %)"
    (rate,) = readings(canvas.layers, canvas.view, Quantity.RATE, Look(full.palette()), 20)
    assert rate.text == "Learning rate  0.001"
    assert headline(canvas.layers, canvas.view, 20.2) == "Batch 20 · epoch 2 · 2.0 s"


def test_values_are_spoken(full: LearningChart) -> None:
    canvas = full.canvas
    canvas.setFocus()
    QTest.keyClick(canvas, Qt.Key.Key_Home)
    assert "Batch 1 ·" in canvas.accessibleDescription()
    QTest.keyClick(canvas, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    QTest.keyClick(canvas, Qt.Key.Key_Left)
    said = canvas.accessibleDescription()
    assert "Batch 10 ·" in said
    assert "Loss: Validation 0.3000, Training 0.2000" in said
    QTest.keyClick(canvas, Qt.Key.Key_End)
    assert "Batch 200 ·" in canvas.accessibleDescription()
    assert canvas.accessibleName() == "Learning curves"


def test_an_empty_chart_says_so(chart: LearningChart) -> None:
    assert spoken(chart.canvas.layers, chart.canvas.view, 0) == ""
    QTest.keyClick(chart.canvas, Qt.Key.Key_Right)
    assert chart.canvas._cursor is None
    assert "appear here" in chart.canvas._spoken()
    assert chart.canvas.grab().toImage() != QImage()


# Zoom


def test_a_drawn_rectangle_is_zoomed_to_and_a_double_click_shows_all(full: LearningChart) -> None:
    canvas = full.canvas
    start, end = (place(canvas, Quantity.LOSS, *at) for at in ((50, 1.5), (100, 0.5)))
    QTest.mousePress(canvas, Qt.MouseButton.LeftButton, pos=start)
    QTest.mouseMove(canvas, end)
    QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=end)
    assert canvas.view.span is not None
    assert canvas.view.span.low == pytest.approx(50, abs=1)
    assert canvas.view.span.high == pytest.approx(100, abs=1)
    loss = canvas.view.heights[Quantity.LOSS]
    assert (loss.low, loss.high) == (pytest.approx(0.5, abs=0.05), pytest.approx(1.5, abs=0.05))
    canvas.repaint()
    assert {plot.x.span for plot in canvas._plots} == {canvas.view.span}
    QTest.mouseDClick(canvas, Qt.MouseButton.LeftButton, pos=end)
    assert not canvas.view.zoomed


def test_a_click_zooms_nothing(full: LearningChart) -> None:
    QTest.mouseClick(
        full.canvas, Qt.MouseButton.LeftButton, pos=place(full.canvas, Quantity.LOSS, 50, 1)
    )
    assert not full.canvas.view.zoomed


def turn_wheel(canvas: Canvas, at: QPoint, turned: int) -> None:
    event = QWheelEvent(
        QPointF(at), QPointF(canvas.mapToGlobal(at)), QPoint(), QPoint(0, turned),
        Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase,
        False,
    )  # fmt: skip
    QApplication.sendEvent(canvas, event)


def test_the_wheel_zooms_about_the_mouse(full: LearningChart) -> None:
    canvas = full.canvas
    at = place(canvas, Quantity.ACCURACY, 100, 50)
    turn_wheel(canvas, at, 120)
    canvas.repaint()
    assert canvas.view.span is not None
    assert canvas.view.span.size == pytest.approx(160)
    plot = canvas._plots[0]
    assert plot.x.value(at.x()) == pytest.approx(100, abs=1)
    for _ in range(3):
        turn_wheel(canvas, at, -120)
    assert canvas.view.span is None, "no further out than all there is"


def test_keys_zoom(full: LearningChart) -> None:
    canvas = full.canvas
    QTest.keyClick(canvas, Qt.Key.Key_Plus)
    assert canvas.view.span is not None
    QTest.keyClick(canvas, Qt.Key.Key_End)
    assert canvas.view.span.high == pytest.approx(200), "the view goes along with the line"
    QTest.keyClick(canvas, Qt.Key.Key_Escape)
    assert not canvas.view.zoomed


def test_another_run_is_shown_whole(full: LearningChart) -> None:
    QTest.keyClick(full.canvas, Qt.Key.Key_Plus)
    full.clear()
    assert not full.canvas.view.zoomed


# Controls


def test_controls_change_the_view(full: LearningChart) -> None:
    full.log.setChecked(True)
    full.axis.setCurrentIndex(1)
    full.canvas.repaint()
    loss = full.canvas._plots[1]
    assert loss.y.log
    assert loss.x.span.high == pytest.approx(20), "seconds"
    full.smoothing.setValue(0)
    assert not full.canvas.view.smooth
    full.smoothing.setValue(90)
    trace = full.canvas.layers[0].curves.trace(Quantity.LOSS, Side.TRAIN, by_time=False)
    assert trace.smooth[-1] > trace.raw[-1], "it remembers the larger past"


def legend_buttons(chart: LearningChart) -> dict[str, QToolButton]:
    return {b.accessibleName(): b for b in chart.legend._buttons.values()}


def test_the_legend_switches_curves(full: LearningChart) -> None:
    button = legend_buttons(full)["Show the curve Validation"]
    button.click()
    assert full.canvas.view.hidden == {(0, Side.VALIDATION)}
    blue = Look(full.palette()).curve(0, Side.VALIDATION).name()
    assert blue not in colours(full.canvas.grab().toImage())
    button.click()
    assert not full.canvas.view.hidden


# Other runs


@pytest.fixture
def compared(qtbot: QtBot, full: LearningChart) -> LearningChart:
    full.offer_runs({"b": "Second", "a": "First"})
    with qtbot.waitSignal(full.compare_requested) as asked:
        full.compare.model.item(1).setCheckState(Qt.CheckState.Checked)
    assert asked.args == ["a"]
    full.compare_with("a", run(400))
    full.canvas.repaint()
    return full


def test_an_earlier_run_lies_over_this_one(compared: LearningChart) -> None:
    assert compared.canvas._plots[0].x.span.high == 400
    assert "Show the curve First" in legend_buttons(compared)
    assert Look(compared.palette()).curve(1, Side.TRAIN).name() in colours(
        compared.canvas.grab().toImage()
    )
    found = readings(
        compared.canvas.layers, compared.canvas.view, Quantity.LOSS, Look(compared.palette()), 400
    )
    assert [reading.text.split("  ")[0] for reading in found] == [
        "Validation", "Training", "Validation, First", "Training, First",
    ]  # fmt: skip


def test_it_goes_when_it_is_unticked_or_deleted(compared: LearningChart) -> None:
    compared.offer_runs({"b": "Second", "a": "First"})
    assert len(compared.canvas.layers) == 2, "still ticked"
    compared.compare.model.item(1).setCheckState(Qt.CheckState.Unchecked)
    assert len(compared.canvas.layers) == 1
    compared.compare.model.item(0).setCheckState(Qt.CheckState.Checked)
    compared.compare_with("b", run(20))
    compared.offer_runs({})
    assert len(compared.canvas.layers) == 1
    assert not compared.compare.isEnabled()


def test_a_curve_that_comes_too_late_is_left_out(compared: LearningChart) -> None:
    compared.compare_with("b", run(20))
    assert len(compared.canvas.layers) == 2


def test_a_hidden_run_comes_back_visible(compared: LearningChart) -> None:
    legend_buttons(compared)["Show the curve First"].click()
    assert (1, Side.TRAIN) in compared.canvas.view.hidden
    item = compared.compare.model.item(1)
    item.setCheckState(Qt.CheckState.Unchecked)
    item.setCheckState(Qt.CheckState.Checked)
    compared.compare_with("a", run(400))
    assert not compared.canvas.view.hidden


def test_no_more_runs_than_colours(chart: LearningChart) -> None:
    names = [f"run {n}" for n in range(OTHERS_MOST + 2)]
    chart.offer_runs(dict(zip(names, names, strict=True)))
    model = chart.compare.model
    for row in range(OTHERS_MOST):
        model.item(row).setCheckState(Qt.CheckState.Checked)
    assert not model.item(OTHERS_MOST).isEnabled()
    assert model.item(0).isEnabled()
    model.item(0).setCheckState(Qt.CheckState.Unchecked)
    assert model.item(OTHERS_MOST).isEnabled()


def test_runs_are_ticked_by_keyboard(qtbot: QtBot, chart: LearningChart) -> None:
    chart.offer_runs({"a": "First"})
    view = chart.compare._list
    view.setCurrentIndex(chart.compare.model.index(0, 0))
    with qtbot.waitSignal(chart.compare_requested):
        view.activated.emit(view.currentIndex())
    assert chart.compare.ticked() == ["a"]


# Files


def saved(qtbot: QtBot, chart: LearningChart, kind: str) -> object:
    action = next(a for a in chart.save.menu().actions() if kind.upper() in a.text())
    with qtbot.waitSignal(chart.export_ready) as told:
        action.trigger()
    assert told.args[0] == kind
    return told.args[1]


def test_a_picture_at_twice_the_size(qtbot: QtBot, full: LearningChart) -> None:
    content = saved(qtbot, full, "png")
    assert isinstance(content, bytes)
    image = QImage.fromData(content)
    assert image.size() == full.canvas.size() * 2
    assert Look(full.palette()).curve(0, Side.VALIDATION).name() in colours(image)


def test_a_drawing(qtbot: QtBot, full: LearningChart) -> None:
    content = saved(qtbot, full, "svg")
    assert isinstance(content, bytes)
    text = content.decode()
    assert text.startswith("<?xml")
    assert "Learning rate" in text
    assert len(re.findall("<polyline", text)) >= 5


def test_a_table(qtbot: QtBot, compared: LearningChart) -> None:
    rows = saved(qtbot, compared, "csv")
    assert isinstance(rows, list)
    head, *rest = rows
    assert len(rest) == 200 + 400
    row = dict(zip(head, rest[9], strict=True))
    assert (row["batch"], row["epoch"], row["loss"], row["accuracy"]) == ("10", "1", "0.2", "0.5")
    assert (row["validation_loss"], row["validation_accuracy"]) == ("0.3", "0.25")
    assert rest[8][-2:] == ("", "")
    assert {line[0] for line in rest} == {"This run", "First"}


def test_the_menu_comes_by_a_right_click_too(
    full: LearningChart, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[QPoint] = []
    monkeypatch.setattr(full.save.menu(), "popup", asked.append)
    full.canvas.menu_requested.emit(QPoint(3, 4))
    assert asked == [QPoint(3, 4)]


def test_all_is_shown_again_with_a_button_of_its_own(full: LearningChart) -> None:
    assert full.whole.isHidden()
    QTest.keyClick(full.canvas, Qt.Key.Key_Plus)
    assert full.whole.isVisible()
    full.whole.click()
    assert not full.canvas.view.zoomed
    assert full.whole.isHidden()


@pytest.mark.parametrize("share", [0.02, 0.25, 0.5, 0.75, 0.98])
def test_the_values_keep_off_the_curves(full: LearningChart, share: float) -> None:
    canvas = full.canvas
    plot = next(one for one in canvas._plots if one.quantity is Quantity.LOSS)
    drawn = list(curves(canvas.layers, canvas.view, Quantity.LOSS))
    at = plot.x.first_px + share * (plot.x.last_px - plot.x.first_px)
    size = QSizeF(110, 30)
    places = _places(plot, size, at)
    hidden = [_covered(place, plot, drawn, canvas.view) for place in places]
    assert min(hidden) == 0  # there is a corner without a curve
    assert max(hidden) > 0
    for place in places:
        assert plot.contains(place.left(), place.top())
        assert plot.contains(place.right(), place.bottom())
    canvas.repaint()
