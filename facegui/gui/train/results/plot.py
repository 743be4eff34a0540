"""A small chart in percent, painted plainly: axes, bars of error, lines and dots."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

_ROLE = QPalette.ColorRole
_TICKS = 5


@dataclass(frozen=True, slots=True)
class Dot:
    """One measured value.

    Attributes:
        x: in units of the axis.
        y: 0 to 1.
        low, high: of its interval; both *y* for none.
    """

    x: float
    y: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Line:
    """Dots joined by a line; a faint one stays behind the others."""

    dots: Sequence[Dot]
    faint: bool = False


class Plot(QWidget):
    """Lines over an x axis from *low* to *high*; y goes from *bottom* to 100 %.

    Args:
        x_title, y_title: what the axes are.
        diagonal: also draw where x and y are the same.
    """

    def __init__(
        self, x_title: str, y_title: str, *, diagonal: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._titles = (x_title, y_title)
        self._diagonal = diagonal
        self._lines: Sequence[Line] = ()
        self._x_ticks: Sequence[tuple[float, str]] = ()
        self._range = (0.0, 1.0)
        self._bottom = 0.0
        self.setMinimumSize(240, 200)
        self.setMaximumHeight(420)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def sizeHint(self) -> QSize:
        return QSize(460, 320)

    def show_lines(
        self,
        lines: Sequence[Line],
        x_ticks: Sequence[tuple[float, str]],
        *,
        bottom: float = 0.0,
        words: str = "",
    ) -> None:
        """Show *lines*; the axis spans the ticks. *words* say the same to who cannot see it."""
        self._lines, self._x_ticks, self._bottom = lines, x_ticks, bottom
        self._range = (x_ticks[0][0], x_ticks[-1][0])
        self.setAccessibleName(words)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        if not self._x_ticks:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        line = self.fontMetrics().height()
        left = self.fontMetrics().horizontalAdvance("100 %") + 10
        area = QRectF(left, line + 10, self.width() - left - 14, self.height() - 3 * line - 22)
        self._axes(painter, area, line)
        for drawn in self._lines:
            self._line(painter, area, drawn)

    def _axes(self, painter: QPainter, area: QRectF, line: int) -> None:
        grid, words = self.palette().color(_ROLE.Mid), self.palette().color(_ROLE.PlaceholderText)
        for n in range(_TICKS + 1):
            share = self._bottom + (1 - self._bottom) * n / _TICKS
            y = self._place(area, Dot(self._range[0], share, 0, 0)).y()
            painter.setPen(QPen(grid, 1))
            painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))
            painter.setPen(words)
            place = QRectF(0, y - line / 2, area.left() - 6, line)
            painter.drawText(place, Qt.AlignmentFlag.AlignRight, f"{share * 100:.0f} %")
        for value, text in self._x_ticks:
            x = self._place(area, Dot(value, 1, 0, 0)).x()
            width = self.fontMetrics().horizontalAdvance(text) + 4
            start = min(max(x - width / 2, 0), self.width() - width)
            place = QRectF(start, area.bottom() + 4, width, line)
            painter.drawText(place, Qt.AlignmentFlag.AlignCenter, text)
        painter.setPen(self.palette().color(_ROLE.Text))
        below = QRectF(area.left(), area.bottom() + line + 6, area.width(), line + 4)
        painter.drawText(below, Qt.AlignmentFlag.AlignCenter, self._titles[0])
        painter.drawText(QRectF(0, 0, self.width(), line + 2), 0, self._titles[1])
        if self._diagonal:
            painter.setPen(QPen(words, 1, Qt.PenStyle.DashLine))
            painter.drawLine(area.bottomLeft(), area.topRight())

    def _line(self, painter: QPainter, area: QRectF, line: Line) -> None:
        colour = QColor(self.palette().color(_ROLE.Highlight))
        if line.faint:
            colour = QColor(self.palette().color(_ROLE.Dark))
        places = [self._place(area, dot) for dot in line.dots]
        painter.setPen(QPen(colour, 1 if line.faint else 2))
        painter.setBrush(colour)
        painter.drawPolyline(places)
        for place, dot in zip(places, line.dots, strict=True):
            if dot.high > dot.low:
                top = self._place(area, Dot(dot.x, dot.high, 0, 0))
                base = self._place(area, Dot(dot.x, max(dot.low, self._bottom), 0, 0))
                painter.setPen(QPen(colour, 1))
                painter.drawLine(top, base)
            if not line.faint:
                painter.drawEllipse(place, 4, 4)

    def _place(self, area: QRectF, dot: Dot) -> QPointF:
        low, high = self._range
        across = (dot.x - low) / ((high - low) or 1)
        up = (max(dot.y, self._bottom) - self._bottom) / (1 - self._bottom)
        return QPointF(area.left() + across * area.width(), area.bottom() - up * area.height())
