"""The face in question, large, beside the faces that it is compared with."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QSizePolicy, QWidget

from facegui.domain.text import tr
from facegui.gui.lanes import Lanes
from facegui.gui.people.cases import paint_crop
from facegui.gui.people.loader import FaceLoader
from facegui.services.libraries import Library

_GAP_PX = 8
_LOADED_PX = 320
_ROLE = QPalette.ColorRole


class Comparison(QWidget):
    """One face at the left, up to four others in a square at the right, headings above."""

    def __init__(self, lanes: Lanes, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._loader = FaceLoader(lanes, self)
        self._face_id: int | None = None
        self._others: tuple[int, ...] = ()
        self._heading = ""
        self._colour = QColor()
        self._loader.changed.connect(self.update)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(2 * 120 + _GAP_PX, 120 + 40)
        self.setMaximumHeight(_LOADED_PX + self.fontMetrics().height() + 8)

    def set_library(self, library: Library | None) -> None:
        """Show nothing; faces come from *library* from now on."""
        self._loader.set_library(library)
        self.show_faces(None, (), "")

    def show_faces(
        self, face_id: int | None, others: Sequence[int], heading: str, colour: str = ""
    ) -> None:
        """Compare *face_id* with *others*, who are *heading*."""
        self._face_id, self._others = face_id, tuple(others)
        self._heading, self._colour = heading, QColor(colour)
        wanted = [] if face_id is None else [face_id, *self._others]
        self._loader.want(wanted, _LOADED_PX, self.devicePixelRatioF())
        self.setAccessibleName(tr("The face beside faces of {name}", name=heading))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(640, 340)

    def paintEvent(self, _event: QPaintEvent) -> None:
        if self._face_id is None:
            return
        painter = QPainter(self)
        line = self.fontMetrics().height() + 8
        side = min((self.width() - 3 * _GAP_PX) // 2, self.height() - line, _LOADED_PX)
        painter.setPen(self.palette().color(_ROLE.WindowText))
        left = QRect(0, line, side, side)
        right = left.translated(side + 3 * _GAP_PX, 0)
        self._head(painter, left, line, tr("This face"))
        paint_crop(painter, left, self._loader, self._face_id, self.palette())
        if not self._others:
            return
        indent = 0
        if self._colour.isValid():
            painter.setBrush(self._colour)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.drawEllipse(right.left(), line // 2 - 8, 10, 10)
            painter.setPen(self.palette().color(_ROLE.WindowText))
            indent = 16
        self._head(painter, right.adjusted(indent, 0, 0, 0), line, self._heading)
        for n, place in enumerate(_places(right, len(self._others))):
            paint_crop(painter, place, self._loader, self._others[n], self.palette())

    def _head(self, painter: QPainter, below: QRect, line: int, text: str) -> None:
        cut = self.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, below.width())
        painter.drawText(QRect(below.left(), 0, below.width(), line - 6), 0, cut)


def _places(area: QRect, count: int) -> list[QRect]:
    """One place that fills *area*, or up to four in two columns."""
    if count == 1:
        return [area]
    side = (area.width() - _GAP_PX) // 2
    step = side + _GAP_PX
    corners = [(n % 2 * step, n // 2 * step) for n in range(min(count, 4))]
    return [QRect(area.left() + x, area.top() + y, side, side) for x, y in corners]
