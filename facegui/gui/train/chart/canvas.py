"""The chart's surface: draws the layers when told to, and answers mouse and keys.

The curves are drawn into a picture of their own, so that the line under the mouse moves over it
without drawing them again.
"""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPixmap,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from facegui.domain.text import tr
from facegui.gui.train.chart.cursor import paint_cursor, spoken
from facegui.gui.train.chart.layers import Layer, Plot, View, curves, nearest, whole_span
from facegui.gui.train.chart.painting import Look, arrange, paint
from facegui.gui.train.chart.scale import Span
from facegui.gui.train.chart.series import Quantity, Side

_WHEEL_FACTOR = 1.25
_KEY_FACTOR = 1.5
_WHEEL_NOTCH = 120
_LEAST_DRAG_PX = 5.0
_LEAST_SPAN = 1e-3
_FAR = 10
_HIGHLIGHT_ALPHA = 50


class Canvas(QWidget):
    """Draws *layers* as *view* says.

    Signals:
        menu_requested: show the chart's menu here, in pixels of the screen.
        view_changed: the owner zoomed.
    """

    menu_requested = Signal(object)
    view_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.layers: list[Layer] = []
        self.view = View()
        self._picture: QPixmap | None = None
        self._plots: list[Plot] = []
        self._cursor: float | None = None
        self._dragged: tuple[Plot, QPointF, QPointF] | None = None
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumSize(200, 140)
        self.setAccessibleName(tr("Learning curves"))

    def redraw(self) -> None:
        """The layers or the view have changed."""
        self._picture = None
        self.update()

    def look_at(self, view: View) -> None:
        """Take another view."""
        self.view = view
        self.redraw()
        self.view_changed.emit()

    def paint_on(self, painter: QPainter, area: QRectF) -> list[Plot]:
        """Draw the whole chart in *area*; returns where its plots are."""
        plots = arrange(area, self.fontMetrics().height() + 2.0, self.layers, self.view)
        painter.setFont(self.font())
        paint(painter, plots, self.layers, self.view, Look(self.palette()))
        return plots

    # Drawing

    def paintEvent(self, _event: QPaintEvent) -> None:
        if self._picture is None:
            self._picture = self._drawn()
        painter = QPainter(self)
        painter.drawPixmap(0, 0, self._picture)
        look = Look(self.palette())
        if not any(layer.curves.count(Side.TRAIN) for layer in self.layers):
            painter.setPen(look.quiet)
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self._nothing())
        if self._cursor is not None and self._dragged is None:
            paint_cursor(painter, self._plots, self.layers, self.view, look, self._cursor)
        if self._dragged is not None:
            _, start, end = self._dragged
            colour = QColor(self.palette().highlight().color())
            painter.setPen(colour)
            colour.setAlpha(_HIGHLIGHT_ALPHA)
            painter.setBrush(colour)
            painter.drawRect(QRectF(start, end).normalized())
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(self.palette().highlight().color())
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))

    def _drawn(self) -> QPixmap:
        ratio = self.devicePixelRatioF()
        picture = QPixmap(self.size() * ratio)
        picture.setDevicePixelRatio(ratio)
        picture.fill(Look(self.palette()).base)
        painter = QPainter(picture)
        self._plots = self.paint_on(painter, QRectF(self.rect()).adjusted(4, 2, -4, -4))
        painter.end()
        return picture

    def _nothing(self) -> str:
        return tr("The curves of a training appear here.")

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.redraw()
        super().resizeEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in {QEvent.Type.PaletteChange, QEvent.Type.FontChange}:
            self.redraw()

    # The mouse

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        at = event.position()
        if self._dragged is not None:
            plot, start, _ = self._dragged
            self._dragged = (plot, start, _within(plot, at))
        below = self._plot_at(at)
        self._cursor = None if below is None else below.x.value(at.x())
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        self._cursor = None
        self.update()
        super().leaveEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        plot = self._plot_at(event.position())
        if event.button() is Qt.MouseButton.LeftButton and plot is not None:
            self._dragged = (plot, event.position(), event.position())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() is not Qt.MouseButton.LeftButton or self._dragged is None:
            return
        (plot, start, end), self._dragged = self._dragged, None
        area = QRectF(start, end).normalized()
        self.update()
        if min(area.width(), area.height()) < _LEAST_DRAG_PX:
            return
        span = Span(plot.x.value(area.left()), plot.x.value(area.right()))
        heights = dict(self.view.heights)
        heights[plot.quantity] = Span(plot.y.value(area.bottom()), plot.y.value(area.top()))
        self._zoom_to(span, heights)

    def mouseDoubleClickEvent(self, _event: QMouseEvent) -> None:
        self._dragged = None
        self.look_at(self.view.whole())

    def wheelEvent(self, event: QWheelEvent) -> None:
        plot = self._plot_at(event.position())
        turned = event.angleDelta().y() or event.angleDelta().x()
        if plot is None or not turned:
            event.ignore()
            return
        factor = _WHEEL_FACTOR ** (-turned / _WHEEL_NOTCH)
        self._zoom_to(plot.x.span.scaled(factor, plot.x.value(event.position().x())))
        event.accept()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self._dragged = None
        self.menu_requested.emit(event.globalPos())

    def _plot_at(self, at: QPointF) -> Plot | None:
        return next((plot for plot in self._plots if plot.contains(at.x(), at.y())), None)

    # Keys

    def keyPressEvent(self, event: QKeyEvent) -> None:
        far = _FAR if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1
        match event.key():
            case Qt.Key.Key_Left:
                self._walk(-far)
            case Qt.Key.Key_Right:
                self._walk(far)
            case Qt.Key.Key_Home:
                self._walk(None)
            case Qt.Key.Key_End:
                self._walk(0)
            case Qt.Key.Key_Plus | Qt.Key.Key_Equal:
                self._zoom_by(1 / _KEY_FACTOR)
            case Qt.Key.Key_Minus:
                self._zoom_by(_KEY_FACTOR)
            case Qt.Key.Key_0 | Qt.Key.Key_Escape if self.view.zoomed:
                self.look_at(self.view.whole())
            case _:
                super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        self.setAccessibleDescription(self._spoken())
        super().focusInEvent(event)

    def _walk(self, by: int | None) -> None:
        """Move the line by so many points; None goes to the first, 0 to the last."""
        trace = next((c.trace for c in curves(self.layers[:1], self.view, Quantity.LOSS)), None)
        if trace is None:
            return
        last = len(trace.x) - 1
        here = last if self._cursor is None else nearest(trace, self._cursor)
        place = {None: 0, 0: last}.get(by, here + (by or 0))
        self._cursor = float(trace.x[min(max(place, 0), last)])
        span = self.view.span
        if span is not None and not span.low <= self._cursor <= span.high:
            self._zoom_to(span.moved(self._cursor - (span.low + span.high) / 2))
        self.setAccessibleDescription(self._spoken())
        self.update()

    def _spoken(self) -> str:
        cursor = whole_span(self.layers, self.view).high if self._cursor is None else self._cursor
        return spoken(self.layers, self.view, cursor) or self._nothing()

    # The view

    def _zoom_by(self, factor: float) -> None:
        span = self.view.span or whole_span(self.layers, self.view)
        about = (span.low + span.high) / 2 if self._cursor is None else self._cursor
        self._zoom_to(span.scaled(factor, about))

    def _zoom_to(self, span: Span, heights: dict[Quantity, Span] | None = None) -> None:
        """Show *span*, moved and cut so that it lies within what there is."""
        whole = whole_span(self.layers, self.view)
        size = max(span.size, whole.size * _LEAST_SPAN)
        heights = self.view.heights if heights is None else heights
        if size >= whole.size:
            self.look_at(replace(self.view, span=None, heights=heights))
            return
        low = min(max(span.low, whole.low), whole.high - size)
        self.look_at(replace(self.view, span=Span(low, low + size), heights=heights))


def _within(plot: Plot, at: QPointF) -> QPointF:
    """The place in *plot* nearest to *at*."""
    return QPointF(
        min(max(at.x(), plot.x.first_px), plot.x.last_px),
        min(max(at.y(), plot.y.last_px), plot.y.first_px),
    )
