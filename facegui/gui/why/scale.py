"""How near a face is to its candidate, to the runner-up and to the threshold, on one line."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from facegui.domain.text import tr
from facegui.gui.overlay import colour_of
from facegui.services.recognising.why import Closeness

_DOT_PX, _TICK_PX, _LINE_PX = 5.0, 7.0, 4.0
_PAD_PX = 4
_ROLE = QPalette.ColorRole


class ClosenessScale(QWidget):
    """A line from nothing alike to the same: candidate above it, threshold and runner-up below."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._closeness: Closeness | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(3 * self._row + round(2 * _TICK_PX) + 2 * _PAD_PX)

    def show_closeness(self, closeness: Closeness | None, words: str = "") -> None:
        """Show *closeness*; *words* say the same to who cannot see it. None shows a bare line."""
        self._closeness = closeness
        self.setAccessibleName(words)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(240, self.height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        middle = self._row + _PAD_PX + _TICK_PX
        track = QRectF(0, middle - _LINE_PX / 2, self.width(), _LINE_PX)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self.palette().color(_ROLE.Mid))
        painter.drawRoundedRect(track, _LINE_PX / 2, _LINE_PX / 2)
        if self._closeness is None:
            return
        identity, faint = self._closeness.identity, self.palette().color(_ROLE.PlaceholderText)
        needed, other = self._x(identity.threshold), self._x(self._closeness.runner_up_similarity)
        painter.setPen(QPen(self.palette().color(_ROLE.WindowText), 2))
        painter.drawLine(QPointF(needed, middle - _TICK_PX), QPointF(needed, middle + _TICK_PX))
        below = middle + _TICK_PX + _PAD_PX
        limit = f"{identity.threshold:.2f}"
        self._label(painter, needed, below, tr("needs {limit}", limit=limit), faint)
        self._label(painter, other, below + self._row, self._closeness.runner_up, faint)
        self._dot(painter, other, middle, faint, hollow=True)
        here, strong = self._x(identity.similarity), self.palette().color(_ROLE.WindowText)
        self._dot(painter, here, middle, colour_of(identity), hollow=False)
        self._label(painter, here, 0, identity.candidate, strong)

    @property
    def _row(self) -> int:
        return self.fontMetrics().height()

    def _x(self, similarity: float) -> float:
        """Its place; what is less alike than nothing stands at the left end."""
        room = self.width() - 2 * _DOT_PX
        return _DOT_PX + min(max(similarity, 0.0), 1.0) * room

    def _dot(self, painter: QPainter, x: float, y: float, colour: QColor, *, hollow: bool) -> None:
        painter.setPen(QPen(colour, 2))
        painter.setBrush(self.palette().color(_ROLE.Window) if hollow else colour)
        painter.drawEllipse(QPointF(x, y), _DOT_PX, _DOT_PX)

    def _label(self, painter: QPainter, x: float, top: float, text: str, colour: QColor) -> None:
        """*text* in the row at *top*, about *x*, as far as the widget has room on both sides."""
        cut = self.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, self.width())
        width = self.fontMetrics().horizontalAdvance(cut)
        left = min(max(x - width / 2, 0.0), self.width() - width)
        painter.setPen(colour)
        place = QRectF(left, top, width + 1, self._row)
        painter.drawText(place, int(Qt.AlignmentFlag.AlignVCenter), cut)
