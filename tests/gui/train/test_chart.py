"""The live chart: every point is kept, drawing waits for the timer, colours follow the palette."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtGui import QColor, QPalette
from pytestqt.qtbot import QtBot

from facegui.domain.training import CurvePoint
from facegui.gui.train.chart.widget import LearningChart, Series


def point(step: int) -> CurvePoint:
    checked = step % 10 == 0
    return CurvePoint(
        step=step,
        epoch=1,
        loss=2 / step,
        accuracy=0.5,
        validation_loss=3 / step if checked else None,
        validation_accuracy=0.25 if checked else None,
        seconds=step / 10,
        learning_rate=0.01,
    )


@pytest.fixture
def chart(qtbot: QtBot) -> LearningChart:
    made = LearningChart()
    qtbot.addWidget(made)
    made.resize(600, 400)
    made.show()
    return made


def drawn(chart: LearningChart, quantity: str, side: str) -> np.ndarray:
    """What the plot was given, 2 × n."""
    steps, values = chart._curves[quantity, side].getOriginalDataset()
    return np.empty((2, 0)) if steps is None else np.stack([steps, values])


def test_series_grow() -> None:
    series = Series()
    for step in range(1000):
        series.append(step, -step)
    np.testing.assert_array_equal(series.points(), [np.arange(1000), -np.arange(1000)])
    series.clear()
    assert len(series) == 0
    series.append(5, 6)
    np.testing.assert_array_equal(series.points(), [[5], [6]])


def test_every_point_is_drawn_by_the_timer(qtbot: QtBot, chart: LearningChart) -> None:
    chart.add([point(step) for step in range(1, 301)])
    assert drawn(chart, "loss", "train").shape == (2, 0), "not before the next tick"
    qtbot.waitUntil(lambda: drawn(chart, "loss", "train").shape == (2, 300))
    np.testing.assert_allclose(drawn(chart, "loss", "train")[1], 2 / np.arange(1, 301))
    np.testing.assert_allclose(drawn(chart, "accuracy", "train")[1], 50)
    assert drawn(chart, "loss", "validation")[0].tolist() == list(range(10, 301, 10))
    np.testing.assert_allclose(drawn(chart, "accuracy", "validation")[1], 25)
    assert chart.count("accuracy", "validation") == 30


def test_the_timer_rests_when_nothing_comes(qtbot: QtBot, chart: LearningChart) -> None:
    chart.add([point(1)])
    assert chart._timer.isActive()
    qtbot.waitUntil(lambda: not chart._timer.isActive())


def test_points_already_drawn_do_not_change(qtbot: QtBot, chart: LearningChart) -> None:
    chart.add([point(1), point(2)])
    chart.redraw()
    before = drawn(chart, "loss", "train").copy()
    chart.clear()
    chart.add([point(7)])
    chart.redraw()
    assert before.tolist() == [[1, 2], [2, 1]]
    assert drawn(chart, "loss", "train")[0].tolist() == [7]


def test_clear(chart: LearningChart) -> None:
    chart.add([point(10)])
    chart.redraw()
    chart.clear()
    assert all(
        drawn(chart, quantity, side).size == 0
        for quantity in ("loss", "accuracy")
        for side in ("train", "validation")
    )


def test_axes_say_what_they_are(chart: LearningChart) -> None:
    labels = {name: plot.getAxis("left").label.toPlainText() for name, plot in chart._plots.items()}
    assert "Accuracy" in labels["accuracy"]
    assert "%" in labels["accuracy"]
    assert "nat" in labels["loss"]
    assert "Batch" in chart._plots["loss"].getAxis("bottom").label.toPlainText()


@pytest.mark.parametrize("colour", ["#101418", "#fafafa"])
def test_the_palette_is_followed(qtbot: QtBot, chart: LearningChart, colour: str) -> None:
    palette = chart.palette()
    palette.setColor(QPalette.ColorRole.Base, QColor(colour))
    chart.setPalette(palette)
    chart.add([point(step) for step in range(1, 50)])
    chart.redraw()
    assert chart._view.backgroundBrush().color() == QColor(colour)
    picture = chart.grab().toImage()
    assert picture.pixelColor(picture.width() - 5, 5) == QColor(colour)
    curve = chart._curves["loss", "validation"].opts["pen"].color()
    legend = chart._plots["accuracy"].titleLabel.text
    assert "Training" in legend
    assert f"color:{curve.name()}'>●━● Validation" in legend
    assert abs(curve.lightness() - QColor(colour).lightness()) > 90
