"""The chart's numbers: smoothing as TensorBoard does it, thinning that loses no peak, ticks."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from facegui.domain.training import CurvePoint
from facegui.gui.train.chart.layers import Layer, View, curves, height, nearest, whole_span
from facegui.gui.train.chart.scale import Scale, Span, padded, spell, ticks
from facegui.gui.train.chart.series import (
    LOSS,
    STEP,
    Quantity,
    RunCurves,
    Side,
    envelope,
    sampled,
)


def point(step: int, loss: float = 1.0, checked: float | None = None) -> CurvePoint:
    right = None if checked is None else 0.25
    return CurvePoint(step, 1 + step // 10, loss, 0.5, checked, right, step / 10, 0.01)


def filled(losses: list[float], weight: float = 0.0) -> RunCurves:
    made = RunCurves(weight)
    made.add(point(step, loss) for step, loss in enumerate(losses, start=1))
    return made


def loss(made: RunCurves, side: Side = Side.TRAIN, *, by_time: bool = False):
    return made.trace(Quantity.LOSS, side, by_time=by_time)


# Series


def test_points_of_both_sides_over_batches_and_over_time() -> None:
    made = RunCurves()
    made.add([point(1, 4.0), point(2, 3.0, checked=3.5)])
    made.add([point(3, 2.0)])
    assert loss(made).x.tolist() == [1, 2, 3]
    assert loss(made).raw.tolist() == [4, 3, 2]
    assert loss(made, by_time=True).x == pytest.approx([0.1, 0.2, 0.3])
    assert loss(made, Side.VALIDATION).x.tolist() == [2]
    assert loss(made, Side.VALIDATION).raw.tolist() == [3.5]
    accuracy = made.trace(Quantity.ACCURACY, Side.VALIDATION, by_time=False)
    assert accuracy.raw.tolist() == [25], "in per cent"
    assert made.trace(Quantity.RATE, Side.TRAIN, by_time=False).raw.tolist() == [0.01] * 3


def test_a_thousand_points_one_by_one() -> None:
    made = RunCurves()
    for step in range(1, 1001):
        made.add([point(step, 1 / step)])
    assert made.count(Side.TRAIN) == 1000
    np.testing.assert_array_equal(made.table(Side.TRAIN)[:, STEP], np.arange(1, 1001))
    np.testing.assert_allclose(made.table(Side.TRAIN)[:, LOSS], 1 / np.arange(1, 1001))
    made.clear()
    assert made.count(Side.TRAIN) == 0


def test_smoothing_is_a_mean_without_its_bias_to_zero() -> None:
    # 2 and 4 with weight 0.5: 1 / 0.5, then (0.5 + 2) / 0.75
    assert loss(filled([2.0, 4.0], 0.5)).smooth == pytest.approx([2.0, 2.5 / 0.75])
    assert loss(filled([5.0] * 20, 0.9)).smooth == pytest.approx([5.0] * 20)
    rough = [3.0, 1.0, 2.0]
    assert loss(filled(rough, 0.0)).smooth.tolist() == rough


def test_smoothing_comes_out_the_same_however_points_arrive() -> None:
    losses = np.random.default_rng(1).random(50).tolist()
    once, later = filled(losses, 0.8), filled(losses)
    later.smooth(0.8)
    pieces = RunCurves(0.8)
    for step, value in enumerate(losses, start=1):
        pieces.add([point(step, value)])
    np.testing.assert_allclose(loss(once).smooth, loss(pieces).smooth)
    np.testing.assert_allclose(loss(once).smooth, loss(later).smooth)
    pieces.clear()
    pieces.add([point(1, 7.0)])
    assert loss(pieces).smooth.tolist() == [7], "a new run remembers nothing of the last"


# Thinning


def test_no_peak_is_lost() -> None:
    x = np.arange(10_000.0)
    y = np.zeros(10_000)
    y[[1234, 7777]] = 9, -5
    thin_x, thin_y = envelope(x, y, 0, 9999, 300)
    assert len(thin_x) == len(thin_y) <= 600
    assert thin_y.max() == 9
    assert thin_y.min() == -5
    assert abs(thin_x[thin_y.argmax()] - 1234) < 10_000 / 300


def test_few_points_stay_as_they_are() -> None:
    x, y = np.arange(50.0), np.arange(50.0)
    assert envelope(x, y, 0, 49, 40)[0].tolist() == x.tolist()
    assert sampled(x, y, 0, 49, 60)[0].tolist() == x.tolist()


def test_a_zoom_keeps_a_point_beyond_either_end() -> None:
    x = np.arange(100.0)
    kept, _ = envelope(x, x, 10.5, 12.5, 300)
    assert kept.tolist() == [10, 11, 12, 13]


def test_a_sample_ends_where_the_curve_ends() -> None:
    x = np.arange(1000.0)
    kept, values = sampled(x, 2 * x, 0, 999, 100)
    assert len(kept) <= 102
    assert kept[-1] == 999
    np.testing.assert_array_equal(values, 2 * kept)


@given(
    count=st.integers(1, 400),
    columns=st.integers(1, 50),
    low=st.floats(-10, 300),
    size=st.floats(0.5, 500),
)
def test_thinning_never_leaves_what_it_was_given(
    count: int, columns: int, low: float, size: float
) -> None:
    x = np.arange(float(count))
    y = np.cos(x)
    for thin in (envelope, sampled):
        kept, values = thin(x, y, low, low + size, columns)
        assert set(values.tolist()) <= set(y.tolist())
        assert (np.diff(kept) >= 0).all()


# Scales


@given(st.floats(-1e6, 1e6), st.floats(1e-3, 1e6), st.integers(2, 12))
def test_ticks_are_within_and_not_too_many(low: float, size: float, most: int) -> None:
    found = ticks(Span(low, low + size), most)
    assert len(found) <= most + 1
    slack = size * 1e-6 + abs(low) * 1e-9
    assert all(low - slack <= value <= low + size + slack for value in found)


def test_round_ticks() -> None:
    assert ticks(Span(0, 100), 5) == [0, 20, 40, 60, 80, 100]
    assert Scale(Span(0.01, 10), 0, 100, log=True).ticks(4) == [0.01, 0.1, 1, 10]
    assert Scale(Span(1, 10), 0, 100, log=True).ticks(6) == [1, 2, 5, 10]
    assert [spell(value) for value in (0, 2.5, 1500, 0.0001)] == ["0", "2.5", "1,500", "1e-4"]


@pytest.mark.parametrize("log", [False, True])
def test_pixels_and_back(log: bool) -> None:
    scale = Scale(Span(0.5, 50), 300, 20, log)
    assert scale.pixel(0.5) == pytest.approx(300)
    assert scale.pixel(50) == pytest.approx(20)
    assert scale.value(scale.pixel(7)) == pytest.approx(7)
    assert scale.pixel(5) == pytest.approx(160 if log else 300 - 280 * 4.5 / 49.5)


def test_a_logarithm_of_nothing_is_at_the_bottom() -> None:
    scale = Scale(Span(0.1, 10), 100, 0, log=True)
    assert scale.pixels(np.array([0.0, -1.0])).tolist() == [100, 100]


def test_room_around_values() -> None:
    assert padded(1, 1, log=False).size > 0
    assert padded(2, 2, log=True).low < 2 < padded(2, 2, log=True).high
    span = padded(0, 10, log=False)
    assert span.low < 0
    assert span.high > 10


# Layers


def test_hidden_and_empty_curves_are_not_drawn() -> None:
    made = RunCurves()
    made.add([point(1, 2.0, checked=1.0)])
    layers = [Layer(0, "this", made), Layer(1, "that", filled([3.0])), Layer(2, "", RunCurves())]
    found = [(c.layer.number, c.side) for c in curves(layers, View(), Quantity.LOSS)]
    assert found == [(1, Side.TRAIN), (0, Side.TRAIN), (0, Side.VALIDATION)], "ours on top"
    hidden = View(hidden=frozenset({(0, Side.TRAIN), (1, Side.TRAIN)}))
    (left,) = curves(layers, hidden, Quantity.LOSS)
    assert left.side is Side.VALIDATION
    assert all(c.side is Side.TRAIN for c in curves(layers, View(), Quantity.RATE))


def test_spans_cover_the_longest_run_and_all_its_values() -> None:
    layers = [Layer(0, "", filled([4.0, 2.0])), Layer(1, "", filled([1.0, 1.0, 0.5]))]
    span = whole_span(layers, View())
    assert (span.low, span.high) == (0, 3)
    shown = height(layers, View(), Quantity.LOSS, span)
    assert shown.low == 0
    assert 4 < shown.high < 5
    log = height(layers, View(log=True), Quantity.LOSS, span)
    assert 0 < log.low < 0.5
    assert height(layers, View(), Quantity.LOSS, Span(2.6, 3)).high > 1
    own = Span(1, 2)
    assert height(layers, View(heights={Quantity.LOSS: own}), Quantity.LOSS, span) is own
    assert whole_span([], View()).size > 0


def test_nearest() -> None:
    trace = loss(filled([1.0, 2.0, 3.0]))
    assert [nearest(trace, x) for x in (-5, 1.4, 1.6, 2, 99)] == [0, 0, 1, 1, 2]
