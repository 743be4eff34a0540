"""A limit as a slider over the histogram of what it judges: kept bars solid, dropped ones hatched.

Painted by hand, because it is repainted at every move of the mouse. The bars' height goes by the
square root of the count, so that a tail of a few faces is seen beside a peak of thousands.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSignalBlocker, QSize, Qt
from PySide6.QtGui import (
    QBrush,
    QColor,
    QFocusEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QSlider, QWidget

from facegui.domain.entities import FaceState
from facegui.domain.rules import SPECS, Rule
from facegui.gui.review.paint import state_colour
from facegui.gui.rules import words
from facegui.gui.rules.scale import SCALES

_BARS_PX = 40
_MARGIN_PX = 8
_GRIP_PX = 6.0
_SMALL = 0.82
_LEAST_PX = 2.0
_MUTED = 110


class LimitSlider(QSlider):
    """One rule's limit; the slider's positions are the steps of the rule's `Scale`.

    Attributes:
        muted: paint it pale: the limit shown is not this person's own.
    """

    def __init__(self, rule: Rule, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.muted = False
        self._rule = rule
        self._scale = SCALES[rule]
        self._limit = 0.0
        self._heights: NDArray[np.float64] = np.zeros(0)
        self.setRange(0, self._scale.steps)
        self.setPageStep(max(1, self._scale.steps // 10))
        self.setAccessibleName(f"{words.rule_word(rule)}, {words.bound_word(rule)}")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def show_values(self, values: NDArray[np.float64]) -> None:
        """Count *values*, which ascend, into the histogram."""
        counts = self._scale.count(values)
        self._heights = np.sqrt(counts / max(1, counts.max(initial=0)))
        self.update()

    def show_limit(self, limit: float) -> None:
        """Draw the line at *limit*, which may lie between two steps or beyond the ends."""
        self._limit = limit
        with QSignalBlocker(self):
            self.setValue(self._scale.position(limit))
        self.setAccessibleDescription(words.limit_words(self._rule, limit))
        self.update()

    def limit(self) -> float:
        """Where the handle is; moved all the way to what passes most, the rule is off."""
        spec, position = SPECS[self._rule], self.value()
        loose_end = self.maximum() if spec.at_most else self.minimum()
        return spec.off if position == loose_end else self._scale.value(position)

    # painting

    def sizeHint(self) -> QSize:
        return QSize(240, self._bottom() + self._label_height())

    def minimumSizeHint(self) -> QSize:
        return QSize(120, self.sizeHint().height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        left, right = _MARGIN_PX, self.width() - _MARGIN_PX
        line = self._line()
        low = QRectF(left, self._top(), line - left, _BARS_PX)
        high = QRectF(line, self._top(), right - line, _BARS_PX)
        kept, dropped = (low, high) if SPECS[self._rule].at_most else (high, low)
        bars = self._bars()
        self._paint_bars(painter, bars, kept, FaceState.KEPT)
        self._paint_bars(painter, bars, dropped, FaceState.REJECTED)
        self._paint_axis(painter)
        self._paint_handle(painter, line)
        painter.end()

    def _bars(self) -> list[QRectF]:
        width = (self.width() - 2 * _MARGIN_PX) / max(1, len(self._heights))
        heights = np.where(self._heights, np.maximum(self._heights * _BARS_PX, _LEAST_PX), 0)
        bottom = self._bottom()
        return [
            QRectF(_MARGIN_PX + n * width, bottom - tall, max(1.0, width - 1), tall)
            for n, tall in enumerate(heights.tolist())
            if tall
        ]

    def _paint_bars(
        self, painter: QPainter, bars: list[QRectF], side: QRectF, state: FaceState
    ) -> None:
        colour = QColor(state_colour(state))
        if self.muted or not self.isEnabled():
            colour.setAlpha(_MUTED)
        painter.save()
        painter.setClipRect(side)
        if state is FaceState.KEPT:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour)
        else:
            painter.setPen(QPen(colour, 1))
            painter.setBrush(QBrush(colour, Qt.BrushStyle.BDiagPattern))
        painter.drawRects(bars)
        painter.restore()

    def _paint_axis(self, painter: QPainter) -> None:
        palette, bottom = self.palette(), self._bottom()
        painter.setPen(palette.color(QPalette.ColorRole.Mid))
        painter.drawLine(_MARGIN_PX, bottom, self.width() - _MARGIN_PX, bottom)
        font = self.font()
        font.setPointSizeF(font.pointSizeF() * _SMALL)
        painter.setFont(font)
        painter.setPen(palette.color(QPalette.ColorRole.PlaceholderText))
        span = self.width() - 2 * _MARGIN_PX
        scale, at_most = self._scale, SPECS[self._rule].at_most
        for value in scale.labels():
            text = words.measure(self._rule, value)
            place = value - (0.5 if at_most else -0.5) if scale.whole else value
            x = _MARGIN_PX + scale.share(place, at_most=at_most) * span
            width = painter.fontMetrics().horizontalAdvance(text)
            x = min(max(x - width / 2, 0.0), self.width() - width)
            painter.drawText(QPointF(x, bottom + painter.fontMetrics().ascent() + 1), text)

    def _paint_handle(self, painter: QPainter, x: float) -> None:
        role = QPalette.ColorRole
        colour = self.palette().color(role.PlaceholderText if self.muted else role.WindowText)
        top, bottom = self._top() - 2, self._bottom()
        painter.setPen(QPen(colour, 2))
        painter.drawLine(QPointF(x, top), QPointF(x, bottom))
        fill = role.Highlight if self.hasFocus() else role.Base
        painter.setBrush(self.palette().color(fill))
        painter.drawEllipse(QPointF(x, top), _GRIP_PX, _GRIP_PX)

    def _label_height(self) -> int:
        return round(self.fontMetrics().height() * _SMALL) + 3

    def _top(self) -> int:
        return round(_GRIP_PX) + 3

    def _bottom(self) -> int:
        return self._top() + _BARS_PX

    def _line(self) -> float:
        span = self.width() - 2 * _MARGIN_PX
        at_most = SPECS[self._rule].at_most
        return _MARGIN_PX + self._scale.share(self._limit, at_most=at_most) * span

    # mouse

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is not Qt.MouseButton.LeftButton:
            event.ignore()
            return
        self.setSliderDown(True)
        self._drag_to(event.position().x())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self.isSliderDown():
            self._drag_to(event.position().x())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self.isSliderDown() and event.button() is Qt.MouseButton.LeftButton:
            self.setSliderDown(False)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scrolling past must not move a limit."""
        event.ignore()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def _drag_to(self, x: float) -> None:
        share = (x - _MARGIN_PX) / max(1, self.width() - 2 * _MARGIN_PX)
        edges = self._scale.edges()
        value = float(edges[0] + share * (edges[-1] - edges[0]))
        if self._scale.whole:
            value -= 0.5 if SPECS[self._rule].at_most else -0.5
        self.setValue(self._scale.position(value))
