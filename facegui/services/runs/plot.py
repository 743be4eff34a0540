"""Curves as SVG 1.1 text, for reports that stand alone."""

from __future__ import annotations

import html
from collections.abc import Callable, Sequence

from facegui.domain.text import tr
from facegui.domain.training import CurvePoint
from facegui.services.judging.judge import Bar

_WIDTH, _HEIGHT, _EDGE = 420, 220, 40
_SIDE = 240
_MOST_POINTS = 400
# Okabe and Ito's blue and vermilion: apart also for the colour-blind.
_TRAIN, _VALIDATION = "#0072b2", "#d55e00"

Points = Sequence[tuple[float, float]]


def curve_svg(curve: Sequence[CurvePoint]) -> str:
    """Loss and accuracy side by side, over the batches; training and validation."""
    loss = _plot(curve, tr("Loss"), lambda p: p.loss, lambda p: p.validation_loss, None)
    accuracy = _plot(
        curve, tr("Accuracy"), lambda p: p.accuracy, lambda p: p.validation_accuracy, 1.0
    )
    return loss + accuracy


def calibration_svg(bars: Sequence[Bar]) -> str:
    """A reliability diagram: accuracy over confidence, a dot for each range."""
    content = [_line([(0, 0), (1, 1)], 1.0, 1.0, _SIDE, "#888", dashed=True)]
    for bar in bars:
        x, y = _place(bar.confidence, bar.accuracy, 1.0, 1.0, _SIDE)
        content.append(
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{3 + min(bar.count, 100) ** 0.5:.1f}" '
            f'fill="{_TRAIN}" fill-opacity=".6"><title>{bar.count}</title></circle>'
        )
    return _frame("".join(content), tr("Right"), "1", tr("sure"), _SIDE)


def _plot(
    curve: Sequence[CurvePoint],
    title: str,
    train: Callable[[CurvePoint], float],
    validation: Callable[[CurvePoint], float | None],
    top: float | None,
) -> str:
    learned: Points = [(point.step, train(point)) for point in curve]
    checked: Points = [
        (point.step, value) for point in curve if (value := validation(point)) is not None
    ]
    wide = max(point.step for point in curve)
    high = top if top is not None else max((y for _, y in (*learned, *checked)), default=1.0) or 1.0
    lines = _line(_thin(learned), wide, high, _WIDTH, _TRAIN)
    lines += _line(checked, wide, high, _WIDTH, _VALIDATION)
    names = ((tr("training"), _TRAIN), (tr("validation"), _VALIDATION))
    for number, (name, colour) in enumerate(names):
        lines += (
            f'<text x="{_WIDTH - 90}" y="{16 + 14 * number}" fill="{colour}" font-size="12">'
            f"{html.escape(name)}</text>"
        )
    return _frame(lines, title, f"{high:.3g}", tr("batch {n}", n=wide), _WIDTH)


def _thin(points: Points) -> Points:
    """Means of as many neighbours as leave a few hundred points."""
    step = -(-len(points) // _MOST_POINTS)
    groups = [points[start : start + step] for start in range(0, len(points), step)]
    return [
        (sum(x for x, _ in group) / len(group), sum(y for _, y in group) / len(group))
        for group in groups
    ]


def _line(
    points: Points, wide: float, high: float, width: int, colour: str, *, dashed: bool = False
) -> str:
    places = (_place(x, y, wide, high, width) for x, y in points)
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
    dashes = ' stroke-dasharray="4 4"' if dashed else ""
    return f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="1.6"{dashes}/>'


def _place(x: float, y: float, wide: float, high: float, width: int) -> tuple[float, float]:
    across = _EDGE + x / wide * (width - _EDGE - 10)
    down = _HEIGHT - _EDGE / 2 - y / high * (_HEIGHT - _EDGE)
    return across, down


def _frame(content: str, title: str, top: str, right: str, width: int) -> str:
    bottom = _HEIGHT - _EDGE / 2
    axes = f"M{_EDGE},{_EDGE / 2} V{bottom} H{width - 10}"
    words = (
        (_EDGE, 14, "start", title),
        (_EDGE - 4, _EDGE / 2 + 8, "end", top),
        (_EDGE - 4, bottom, "end", "0"),
        (width - 10, _HEIGHT - 4, "end", right),
    )
    texts = "".join(
        f'<text x="{x}" y="{y}" text-anchor="{anchor}" font-size="12" fill="currentColor">'
        f"{html.escape(text)}</text>"
        for x, y, anchor, text in words
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{_HEIGHT}" '
        f'viewBox="0 0 {width} {_HEIGHT}" role="img" aria-label="{html.escape(title)}">'
        f'<path d="{axes}" fill="none" stroke="#888"/>{texts}{content}</svg>'
    )
