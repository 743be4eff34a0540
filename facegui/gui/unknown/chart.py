"""Histograms of scores, one below the other over one axis, and the line that is dragged over them.

Painted by hand, because they are repainted at every move of the mouse. Bars of faces that get a
name are solid, of those that do not hatched. Their height goes by the square root of the count, so
that a tail of a few faces is seen beside a peak of thousands.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

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

from facegui.domain.text import tr

BINS = 80
_STEP = 0.005
_MARGIN_PX = 10
_LEAST_BAND_PX, _BAND_PX = 44, 84
_GRIP_PX = 7.0
_TITLE_GAP_PX = 4
_LEAST_PX = 2.0
_MARKS = 6
_SMALL = 0.85
_ROLE = QPalette.ColorRole


@dataclass(frozen=True, slots=True, eq=False)
class Band:
    """One histogram.

    Attributes:
        title: what faces these are, with their number.
        scores: ascending.
        colour: of the bars, readable on light and dark.
    """

    title: str
    scores: NDArray[np.float32]
    colour: QColor


class ScoreChart(QSlider):
    """Bands of scores with one line over all of them; the slider's value is its place in steps."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._bands: Sequence[Band] = ()
        self._heights: list[NDArray[np.float64]] = []
        self._low, self._high = 0.0, 1.0
        self._line = 0.0
        self._found: float | None = None
        self.setSingleStep(1)
        self.setPageStep(10)
        self.setAccessibleName(tr("Score from which a face gets a name"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.SplitHCursor)
        self.valueChanged.connect(self._moved)
        self._span()

    def show_bands(self, bands: Sequence[Band]) -> None:
        """Draw the histograms of *bands*; the axis spans all of their scores."""
        self._bands = bands
        known = [band.scores for band in bands if len(band.scores)]
        lows, highs = [float(s[0]) for s in known], [float(s[-1]) for s in known]
        self._low = np.floor(10 * min([0.0, *lows])) / 10
        self._high = np.ceil(10 * max([self._low + 0.1, *highs])) / 10
        self._span()
        edges = np.linspace(self._low, self._high, BINS + 1)
        counts = [np.histogram(band.scores, edges)[0] for band in bands]
        self._heights = [np.sqrt(each / max(1, each.max(initial=0))) for each in counts]
        self.setMinimumHeight(self.minimumSizeHint().height())
        self.updateGeometry()

    def show_line(self, line: float, found: float | None) -> None:
        """Draw the line at *line*, and a thin dashed one where the calibration had *found* it."""
        self._line, self._found = line, found
        with QSignalBlocker(self):
            self.setValue(round((line - self._low) / _STEP))
        self._describe()

    def titles(self) -> list[str]:
        """What stands over the histograms."""
        return [band.title for band in self._bands]

    def line(self) -> float:
        """Where the line is."""
        return self._line

    # painting

    def sizeHint(self) -> QSize:
        return QSize(560, self._around_px() + _BAND_PX * max(1, len(self._bands)))

    def minimumSizeHint(self) -> QSize:
        return QSize(320, self._around_px() + _LEAST_BAND_PX * max(1, len(self._bands)))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for number in range(len(self._bands)):
            self._paint_band(painter, number)
        self._paint_axis(painter)
        self._paint_line(painter)
        for number in range(len(self._bands)):
            self._paint_title(painter, number)
        painter.end()

    def _paint_band(self, painter: QPainter, number: int) -> None:
        band, area = self._bands[number], self._area(number)
        line_px = painter.fontMetrics().height()
        bars, edge = self._bars(number, area.adjusted(0, line_px + 2, 0, 0)), self._x(self._line)
        for named in (False, True):
            painter.save()
            left, right = (edge, area.right()) if named else (area.left(), edge)
            painter.setClipRect(QRectF(left, area.top(), right - left, area.height()))
            painter.setPen(Qt.PenStyle.NoPen if named else QPen(band.colour, 1))
            pattern = Qt.BrushStyle.SolidPattern if named else Qt.BrushStyle.BDiagPattern
            painter.setBrush(QBrush(band.colour, pattern))
            painter.drawRects(bars)
            painter.restore()
        painter.setPen(self.palette().color(_ROLE.Mid))
        painter.drawLine(area.bottomLeft(), area.bottomRight())

    def _paint_title(self, painter: QPainter, number: int) -> None:
        """In a band of its own, as wide as the text, which the lines do not cross."""
        text, area, metrics = self._bands[number].title, self._area(number), painter.fontMetrics()
        width_px = metrics.horizontalAdvance(text) + 2 * _TITLE_GAP_PX
        left = area.left() - _TITLE_GAP_PX
        title = QRectF(left, area.top(), width_px, metrics.height())
        painter.fillRect(title, self.palette().color(_ROLE.Window))
        painter.setPen(self.palette().color(_ROLE.WindowText))
        painter.drawText(title, Qt.AlignmentFlag.AlignCenter, text)

    def _bars(self, number: int, area: QRectF) -> list[QRectF]:
        width = area.width() / BINS
        heights = self._heights[number]
        tall = np.where(heights, np.maximum(heights * area.height(), _LEAST_PX), 0)
        return [
            QRectF(area.left() + n * width, area.bottom() - each, max(1.0, width - 1), each)
            for n, each in enumerate(tall.tolist())
            if each
        ]

    def _paint_axis(self, painter: QPainter) -> None:
        font = self.font()
        font.setPointSizeF(font.pointSizeF() * _SMALL)
        painter.setFont(font)
        metrics = painter.fontMetrics()
        painter.setPen(self.palette().color(_ROLE.PlaceholderText))
        top = self.height() - self._axis_px() + _GRIP_PX + 2
        for value in np.linspace(self._low, self._high, _MARKS).tolist():
            text = f"{value:.2f}"
            width = metrics.horizontalAdvance(text)
            x = min(max(self._x(value) - width / 2, 0.0), self.width() - width)
            painter.drawText(QPointF(x, top + metrics.ascent()), text)
        painter.setFont(self.font())

    def _paint_line(self, painter: QPainter) -> None:
        bottom = self.height() - self._axis_px()
        if self._found is not None:
            faint = self.palette().color(_ROLE.PlaceholderText)
            painter.setPen(QPen(faint, 1, Qt.PenStyle.DashLine))
            x = self._x(self._found)
            painter.drawLine(QPointF(x, _GRIP_PX), QPointF(x, bottom))
        x = self._x(self._line)
        painter.setPen(QPen(self.palette().color(_ROLE.WindowText), 2))
        painter.drawLine(QPointF(x, _GRIP_PX), QPointF(x, bottom))
        fill = _ROLE.Highlight if self.hasFocus() else _ROLE.Base
        painter.setBrush(self.palette().color(fill))
        painter.drawEllipse(QPointF(x, _GRIP_PX + 1), _GRIP_PX, _GRIP_PX)

    def _area(self, number: int) -> QRectF:
        """Where the title and the bars of a band are."""
        top = 2 * _GRIP_PX + 4
        height = (self.height() - self._axis_px() - top) / max(1, len(self._bands))
        width = self.width() - 2 * _MARGIN_PX
        return QRectF(_MARGIN_PX, top + number * height, width, height - 6)

    def _around_px(self) -> int:
        """What the grip above the bands and the axis below them take."""
        return self._axis_px() + round(2 * _GRIP_PX) + 4

    def _axis_px(self) -> int:
        return round(self.fontMetrics().height() * _SMALL) + round(_GRIP_PX) + 4

    # the line

    def _span(self) -> None:
        with QSignalBlocker(self):
            self.setRange(0, round((self._high - self._low) / _STEP))

    def _moved(self, value: int) -> None:
        self._line = round(self._low + value * _STEP, 4)
        self._describe()

    def _describe(self) -> None:
        self.setAccessibleDescription(f"{self._line:.3f}")
        self.update()

    def _x(self, score: float) -> float:
        share = (score - self._low) / (self._high - self._low)
        return _MARGIN_PX + min(max(share, 0.0), 1.0) * (self.width() - 2 * _MARGIN_PX)

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
        """Scrolling past must not move the line."""
        event.ignore()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def _drag_to(self, x: float) -> None:
        share = (x - _MARGIN_PX) / max(1, self.width() - 2 * _MARGIN_PX)
        self.setValue(round(min(max(share, 0.0), 1.0) * self.maximum()))
